import assert from "node:assert/strict";
import { test } from "node:test";
import { context, dispatch, world } from "./stub.ts";

test("a message is asked about as Sluicegate reads events", async (t) => {
  const { sidecar, host } = await world(t);
  host.handler("message_received")(
    {
      messageId: "7",
      metadata: { senderName: "Fred" },
      media: [{ path: "/media/in/photo.jpg", contentType: "image/jpeg" }],
    },
    context,
  );
  const passed = await host.handler("before_dispatch")(
    { ...dispatch, body: "hello\n[Forwarded] look here", replyToBody: "earlier", isGroup: true },
    context,
  );
  assert.equal(passed, undefined);
  const [event] = sidecar.events;
  assert.ok(event && Math.abs(event.at - Date.now()) < 5000);
  assert.deepEqual(
    { ...event, at: 0 },
    {
      id: "7",
      kind: "message",
      at: 0,
      channel: "telegram",
      account: "main",
      session: "agent:main:telegram:direct:200",
      chat: { id: "200", group: true, mentioned: true },
      sender: { id: "200", name: "Fred" },
      text: "hello",
      quoted: "earlier\n[Forwarded] look here",
      attachments: [{ name: "photo.jpg", mime: "image/jpeg" }],
    },
  );
  assert.equal(sidecar.requests[0]?.token, "secret-token");
});

test("what the host does not tell is left out, and nobody is guessed", async (t) => {
  const { sidecar, host } = await world(t);
  await host.handler("before_dispatch")({ content: "hello" }, {});
  const { at: _, ...event } = sidecar.events[0] as object & { at: number };
  assert.deepEqual(event, {
    kind: "message",
    channel: "",
    account: "",
    chat: { id: "", group: false, mentioned: false },
    text: "hello",
  });
});

test("drop and hold are claimed without a text; a text only where the verdict has one", async (t) => {
  const { sidecar, host } = await world(t);
  for (const decision of ["drop", "hold"]) {
    sidecar.decide(decision);
    assert.deepEqual(await host.handler("before_dispatch")(dispatch, context), { handled: true });
    sidecar.decide(decision, { reply: "Later." });
    assert.deepEqual(await host.handler("before_dispatch")(dispatch, context), { handled: true, text: "Later." });
  }
});

test("a redacted message goes to the model redacted, since the host cannot change the first", async (t) => {
  const { sidecar, host } = await world(t);
  sidecar.decide("allow", { redacted: "my card is [redacted]" });
  assert.deepEqual(await host.handler("before_dispatch")(dispatch, context), { handled: true });
  const [turn, ...more] = host.turns;
  assert.ok(turn);
  assert.ok(turn.idempotencyKey.startsWith("sluicegate-redacted-"));
  const { idempotencyKey: _, ...rest } = turn;
  assert.deepEqual(rest, { sessionKey: dispatch.sessionKey, message: "my card is [redacted]", deliver: true });
  assert.deepEqual(more, []);
  // And where that fails, nothing goes.
  host.broken = new Error("no gateway");
  assert.deepEqual(await host.handler("before_dispatch")(dispatch, context), { handled: true });
  assert.match(host.log.join("\n"), /a message was stopped: no gateway/);
});

test("whatever is answered that is no verdict stops a message", async (t) => {
  const { sidecar, host } = await world(t, { retryAfterMs: 1 });
  for (const answer of [
    { body: { decision: "maybe" } },
    { body: [] },
    { raw: "not json" },
    { status: 500, body: { error: "a part of the sidecar failed" } },
    { status: 404, body: { error: "there is nothing here" } },
    { status: 503, body: { error: "busy" } },
  ]) {
    sidecar.answer = () => answer;
    assert.deepEqual(
      await host.handler("before_dispatch")(dispatch, context),
      { handled: true },
      JSON.stringify(answer),
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  sidecar.answer = () => ({ status: 503, body: { decision: "allow", reason: "observe" } });
  assert.equal(await host.handler("before_dispatch")(dispatch, context), undefined);
});

test("the owner's notices go where the owner is, and to nobody else", async (t) => {
  const { sidecar, host } = await world(t, { notify: { channel: "telegram", to: "telegram:100", account: "main" } });
  sidecar.decide("hold", {
    notices: [
      { to: "owner", text: "hold ab12 waits" },
      { to: "sender", text: "no" },
    ],
  });
  await host.handler("before_dispatch")(dispatch, context);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(host.sent, [
    { channel: "telegram", to: "telegram:100", text: "hold ab12 waits", accountId: "main" },
  ]);
});
