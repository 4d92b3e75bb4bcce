import assert from "node:assert/strict";
import { test } from "node:test";
import { context, dispatch, world } from "./stub.ts";
import type { Sidecar, StubHost } from "./stub.ts";

interface Held {
  id: string;
  kind: string;
  event: object;
  state?: string;
}

const message = {
  kind: "message",
  channel: "telegram",
  account: "main",
  session: dispatch.sessionKey,
  chat: { id: "200" },
  sender: { id: "200" },
  text: "hello",
};

/** A Sluicegate with these holds, each approved. */
function approved(sidecar: Sidecar, held: Held[], released: object = { decision: "allow", reason: "" }): void {
  sidecar.answer = async ({ path, body }) => {
    const ready = () =>
      held
        .filter(({ state }) => state === undefined)
        .map(({ id, kind }) => ({ id, kind, state: "approved", expires: 0 }));
    if (path.startsWith("/v1/holds?")) {
      for (let count = 0; count < 20 && ready().length === 0; count += 1)
        await new Promise((resolve) => setTimeout(resolve, 5));
      return { body: { holds: ready() } };
    }
    if (path === "/v1/holds/redeem") {
      const one = held.find(({ id }) => `token-${id}` === (body as { token: string }).token);
      if (one?.state !== "released") return { status: 409, body: { error: "used" } };
      one.state = "used";
      return { body: { redeemed: true } };
    }
    const one = held.find(({ id }) => path === `/v1/holds/${id}/release`);
    if (one === undefined) return { body: { decision: "allow", reason: "" } };
    one.state = "released";
    return { body: { verdict: released, event: one.event, token: `token-${one.id}` } };
  };
}

async function until(so: () => boolean): Promise<void> {
  for (let count = 0; count < 400 && !so(); count += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(so());
}

const start = (host: StubHost) => host.services[0]?.start();

test("a released message is a turn of its session, once, and its tool calls are its sender's", async (t) => {
  const { sidecar, host } = await world(t);
  const held = [{ id: "h1", kind: "message", event: { ...message, quoted: "look at this" } }];
  approved(sidecar, held);
  start(host);
  await until(() => host.turns.length === 1);
  assert.deepEqual(host.turns[0], {
    sessionKey: dispatch.sessionKey,
    message: "hello\n\n[Quoted by the sender]\nlook at this",
    deliver: true,
    idempotencyKey: "sluicegate-h1",
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(host.turns.length, 1);
  await host.handler("before_tool_call")(
    { toolName: "exec", params: {}, runId: "sluicegate-h1" },
    { sessionKey: dispatch.sessionKey },
  );
  assert.deepEqual(sidecar.events[0]?.sender, { id: "200" });
});

test("a released reply is sent to its chat, past the hooks", async (t) => {
  const { sidecar, host } = await world(t);
  const reply = {
    kind: "reply",
    channel: "telegram",
    account: "main",
    chat: { id: "telegram:200" },
    to: "200",
    text: "the answer",
  };
  approved(sidecar, [{ id: "h2", kind: "reply", event: reply }], {
    decision: "allow",
    reason: "",
    redacted: "the [redacted]",
  });
  start(host);
  await until(() => host.sent.length === 1);
  assert.deepEqual(host.sent, [{ channel: "telegram", to: "telegram:200", text: "the [redacted]", accountId: "main" }]);
});

test("what the policy stops when it judges again, and what is used up already, is not delivered", async (t) => {
  for (const [path, answer, why] of [
    [
      "/release",
      { status: 409, body: { verdict: { decision: "drop", reason: "blocked sender" } } },
      /409: blocked sender/,
    ],
    ["/release", { body: { verdict: { decision: "drop", reason: "attack" }, event: message, token: "t" } }, /: attack/],
    ["/redeem", { status: 409, body: { error: "the token is for another event" } }, /another event/],
  ] as const) {
    const { sidecar, host } = await world(t);
    approved(sidecar, [{ id: "h3", kind: "message", event: message }]);
    const otherwise = sidecar.answer;
    sidecar.answer = (request) => (request.path.endsWith(path) ? answer : otherwise(request));
    start(host);
    await until(() => host.log.some((line) => why.test(line)));
    assert.deepEqual([host.turns, host.sent], [[], []]);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const tries = sidecar.requests.filter((request) => request.path.endsWith("/release")).length;
    assert.equal(tries, 1, "it is left alone for a while");
  }
});

test("used up before it is delivered: what the host does not take is tried again, and told of in the end", async (t) => {
  const { sidecar, host } = await world(t);
  host.broken = new Error("agent unavailable during gateway startup");
  const held: Held[] = [{ id: "h4", kind: "message", event: message }];
  approved(sidecar, held);
  start(host);
  await until(() => held[0]?.state === "used");
  host.broken = undefined;
  await until(() => host.turns.length === 1);
  host.broken = new Error("no such session");
  held.push({ id: "h5", kind: "message", event: message });
  await until(() => held[1]?.state === "used");
  await host.services[0]?.stop();
  assert.match(host.log.join("\n"), /h5 was approved and could not be delivered: no such session/);
  assert.equal(host.turns.length, 1);
});

test("what a gateway was given and never used up, since it or Sluicegate ended in between, is taken up again", async (t) => {
  const { sidecar, host } = await world(t);
  let used = 0;
  const held = { id: "h6", kind: "message", state: "released", expires: 0 };
  sidecar.answer = ({ path }) => {
    if (path.startsWith("/v1/holds?")) return { body: { holds: path.includes(`state=${held.state}&`) ? [held] : [] } };
    if (path.endsWith("/release")) return { body: { verdict: { decision: "allow" }, event: message, token: "t" } };
    held.state = "used";
    used += 1;
    return { body: { redeemed: true } };
  };
  start(host);
  await until(() => host.turns.length === 1);
  assert.equal(used, 1);
});

test("Sluicegate goes away between giving out and using up: delivered once it is back, and once", async (t) => {
  for (const away of ["/release", "/redeem"]) {
    const { sidecar, host } = await world(t);
    approved(sidecar, [{ id: "h7", kind: "message", event: message }]);
    const back = sidecar.answer;
    // Its word that the hold is given out is on its disk, and the answer is lost.
    const list = { holds: [{ id: "h7", kind: "message", state: "released", expires: 0 }] };
    let lost = 0;
    sidecar.answer = (request) => {
      if (lost === 0 && request.path.endsWith(away)) {
        lost += 1;
        return { raw: "cut", status: 502 };
      }
      return lost === 1 && host.turns.length === 0 && request.path.includes("state=released")
        ? { body: list }
        : back(request);
    };
    start(host);
    await until(() => host.turns.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(host.turns.length, 1, away);
    const warned = host.log.some((line) => line.includes("hold h7: whether its approval was used up is not known"));
    assert.equal(warned, away === "/redeem");
  }
});

test("approved tool calls of others, and a Sluicegate without holds, are no reason to ask without a pause", async (t) => {
  const { sidecar, host } = await world(t);
  approved(sidecar, [{ id: "h5", kind: "tool_call", event: {} }]);
  start(host);
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.ok(sidecar.requests.length <= 4, `${sidecar.requests.length} questions`);
  assert.ok(!sidecar.requests.some(({ path }) => path.endsWith("/release")));
  sidecar.answer = () => ({ status: 404, body: { error: "there is nothing here" } });
  await until(() => host.log.some((line) => line.includes("this Sluicegate keeps no holds")));
});

test("it stops with the gateway, in the middle of a question", async (t) => {
  const { sidecar, host } = await world(t);
  sidecar.answer = () => ({ never: true });
  start(host);
  await until(() => sidecar.requests.length === 1);
  const began = performance.now();
  await host.services[0]?.stop();
  assert.ok(performance.now() - began < 20_000, "long before the question would have been answered");
});

test("deliverReleased: false asks for nothing", async (t) => {
  const { sidecar, host } = await world(t, { deliverReleased: false });
  start(host);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(sidecar.requests.length, 0);
  assert.ok(host.handlers.before_dispatch && context);
});
