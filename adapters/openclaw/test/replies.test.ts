import assert from "node:assert/strict";
import { test } from "node:test";
import { context, dispatch, world } from "./stub.ts";

const outbound = {
  channelId: "telegram",
  accountId: "main",
  conversationId: "telegram:200",
  sessionKey: dispatch.sessionKey,
};

test("a reply is asked about with its recipient, its media and on whose behalf it is", async (t) => {
  const { sidecar, host } = await world(t);
  await host.handler("before_dispatch")(dispatch, context);
  const sending = { to: "telegram:200", content: "hi", metadata: { mediaUrls: ["/out/plan.pdf"] } };
  assert.equal(await host.handler("message_sending")(sending, outbound), undefined);
  const { at: _, ...event } = sidecar.events[1] as object & { at: number };
  assert.deepEqual(event, {
    kind: "reply",
    channel: "telegram",
    account: "main",
    session: dispatch.sessionKey,
    chat: { id: "telegram:200", group: false, mentioned: false },
    sender: { id: "200" },
    to: "200",
    text: "hi",
    attachments: [{ name: "plan.pdf", mime: "" }],
  });
});

test("everything of a payload is asked about, not its text alone", async (t) => {
  const { sidecar, host } = await world(t);
  const payload = {
    text: "hi",
    replyToTag: false,
    presentation: { buttons: [{ label: "press me" }] },
    mediaUrls: ["/out/a.png"],
  };
  await host.handler("reply_payload_sending")({ payload, kind: "final" }, outbound);
  const { text, attachments } = sidecar.events[0] ?? {};
  assert.equal(text, "hi");
  assert.deepEqual(attachments, [
    { name: "a.png", mime: "" },
    { name: "payload.json", mime: "application/json", text: '{"presentation":{"buttons":[{"label":"press me"}]}}' },
  ]);
});

test("drop and hold cancel; redacted text takes the place of the first", async (t) => {
  const { sidecar, host } = await world(t);
  const sending = () => host.handler("message_sending")({ to: "200", content: "the key is K" }, outbound);
  const payload = () =>
    host.handler("reply_payload_sending")(
      { payload: { text: "the key is K", replyToId: "7" }, kind: "final" },
      outbound,
    );
  for (const decision of ["drop", "hold"]) {
    sidecar.decide(decision);
    assert.equal((await sending())?.cancel, true);
    assert.equal((await payload())?.cancel, true);
  }
  sidecar.decide("allow", { redacted: "the key is [redacted]" });
  assert.deepEqual(await sending(), { content: "the key is [redacted]" });
  assert.deepEqual(await payload(), { payload: { text: "the key is [redacted]", replyToId: "7" } });
});

test("a payload that cannot be put into words is cancelled: the host would let it pass", async (t) => {
  const { host } = await world(t);
  const around: { self?: unknown; text: string } = { text: "hi" };
  around.self = around;
  const answer = await host.handler("reply_payload_sending")({ payload: around, kind: "final" }, outbound);
  assert.equal(answer?.cancel, true);
});

test("the host's own text in place of a stopped reply is stopped too, and only there", async (t) => {
  const { sidecar, host } = await world(t);
  const send = (text: string, runId: string) =>
    host.handler("reply_payload_sending")({ payload: { text }, kind: "final", runId }, outbound);
  sidecar.decide("hold");
  await send("the plan", "run-1");
  sidecar.decide("allow");
  assert.equal((await send("No reply could be delivered. Reference: run-1.", "run-1"))?.cancel, true);
  assert.equal(await send("No reply could be delivered. Reference: run-2.", "run-2"), undefined);
  assert.equal(await send("And one thing more.", "run-1"), undefined);
});

test("who is not heard is not the one on whose behalf the agent speaks", async (t) => {
  const { sidecar, host } = await world(t);
  await host.handler("before_dispatch")(dispatch, context);
  sidecar.decide("drop");
  await host.handler("before_dispatch")({ ...dispatch, senderId: "666" }, { ...context, senderId: "666" });
  await host.handler("message_sending")({ to: "200", content: "hi" }, outbound);
  assert.equal(sidecar.events[2]?.sender?.id, "200");
});
