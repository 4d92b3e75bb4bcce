import assert from "node:assert/strict";
import { test } from "node:test";
import { context, dispatch, world } from "./stub.ts";
import type { Sidecar } from "./stub.ts";

const call = { toolName: "exec", params: { command: "rm -rf old" }, toolCallId: "c1", runId: "r1" };
const requester = { channel: "telegram", accountId: "main", senderId: "200" };
const around = { sessionKey: dispatch.sessionKey, requester };
const denied = { block: true, blockReason: "The owner has not allowed this tool call." };

/** A Sluicegate that holds every call, and whose owner answers like this. */
function holding(
  sidecar: Sidecar,
  state: string,
  { expires = Date.now() + 60_000, released = "allow", redeemed = 200 } = {},
): void {
  sidecar.answer = ({ path }) => {
    if (path === "/v1/check") return { body: { decision: "hold", reason: "deletes", hold: { id: "h1", expires } } };
    if (path === "/v1/holds/h1/release")
      return { body: { verdict: { decision: released, reason: "" }, event: {}, token: "t1" } };
    if (path === "/v1/holds/redeem")
      return redeemed === 200 ? { body: { redeemed: true } } : { status: redeemed, body: { error: "used" } };
    return { body: { id: "h1", kind: "tool_call", state, expires } };
  };
}

test("a call is asked about as its requester's, in the chat that the session is", async (t) => {
  const { sidecar, host } = await world(t);
  await host.handler("before_dispatch")(dispatch, context);
  assert.equal(await host.handler("before_tool_call")(call, around), undefined);
  const { at: _, ...event } = sidecar.events[1] as object & { at: number };
  assert.deepEqual(event, {
    id: "c1",
    kind: "tool_call",
    channel: "telegram",
    account: "main",
    chat: { id: "200", group: false, mentioned: false },
    sender: { id: "200" },
    session: dispatch.sessionKey,
    tool: { name: "exec", arguments: { command: "rm -rf old" } },
  });
});

test("without a requester there is no sender, whoever wrote last in the session", async (t) => {
  const { sidecar, host } = await world(t);
  await host.handler("before_dispatch")(dispatch, context);
  await host.handler("before_tool_call")(call, { sessionKey: dispatch.sessionKey });
  assert.equal(sidecar.events[1]?.sender, undefined);
});

test("a dropped call is blocked at once", async (t) => {
  const { sidecar, host } = await world(t);
  sidecar.decide("drop");
  assert.deepEqual(await host.handler("before_tool_call")(call, around), denied);
  assert.equal(sidecar.requests.length, 1);
});

test("a held call waits, and runs when the approval was used up for exactly this call", async (t) => {
  const { sidecar, host } = await world(t);
  holding(sidecar, "waiting");
  const running = host.handler("before_tool_call")(call, around);
  await new Promise((resolve) => setTimeout(resolve, 50));
  holding(sidecar, "approved");
  assert.equal(await running, undefined);
  const redeemed = sidecar.requests.at(-1);
  assert.equal(redeemed?.path, "/v1/holds/redeem");
  assert.deepEqual(redeemed?.body, { token: "t1", event: sidecar.events[0] });
});

test("denied, expired, used by another, stopped when judged again, not redeemed: blocked", async (t) => {
  const { sidecar, host } = await world(t);
  for (const state of ["denied", "expired", "used", "released", "nonsense"]) {
    holding(sidecar, state);
    assert.deepEqual(await host.handler("before_tool_call")(call, around), denied, state);
  }
  holding(sidecar, "approved", { released: "drop" });
  assert.deepEqual(await host.handler("before_tool_call")(call, around), denied);
  holding(sidecar, "approved", { redeemed: 409 });
  assert.deepEqual(await host.handler("before_tool_call")(call, around), denied);
});

test("Sluicegate starts anew while a call waits: it goes on waiting", async (t) => {
  const { sidecar, host } = await world(t);
  holding(sidecar, "approved");
  const answer = sidecar.answer;
  let away = 2;
  sidecar.answer = (request) =>
    request.path.includes("wait=") && away-- > 0 ? { status: 500, body: {} } : answer(request);
  assert.equal(await host.handler("before_tool_call")(call, around), undefined);
});

test("Sluicegate starts anew between the owner's yes and its use: the call runs, once at most", async (t) => {
  for (const [path, redeemed, runs] of [
    ["/release", 200, true],
    ["/redeem", 200, true],
    ["/redeem", 409, false],
  ] as const) {
    const { sidecar, host } = await world(t);
    holding(sidecar, "approved", { redeemed });
    const answer = sidecar.answer;
    let away = 1;
    sidecar.answer = (request) =>
      request.path.endsWith(path) && away-- > 0 ? { status: 500, body: {} } : answer(request);
    assert.deepEqual(await host.handler("before_tool_call")(call, around), runs ? undefined : denied, path);
  }
});

test("nobody answers: blocked when the time is up, when the hold expires, or when the call is cancelled", async (t) => {
  const { sidecar, host } = await world(t, { toolWaitSeconds: 1 });
  const slowly = (sidecar: Sidecar) => {
    const answer = sidecar.answer;
    sidecar.answer = async (request) => {
      if (request.path.includes("wait=")) await new Promise((resolve) => setTimeout(resolve, 20));
      return answer(request);
    };
  };
  for (const options of [{}, { expires: Date.now() + 100 }]) {
    holding(sidecar, "waiting", options);
    slowly(sidecar);
    const began = performance.now();
    assert.deepEqual(await host.handler("before_tool_call")(call, around), denied);
    assert.ok(performance.now() - began < 30_000, "long before the hold lapses");
    assert.equal(sidecar.requests.at(-1)?.path, "/v1/holds/h1/withdraw", "the owner is not kept waiting for nothing");
  }
  holding(sidecar, "waiting");
  slowly(sidecar);
  const cancelled = { ...around, abortSignal: AbortSignal.timeout(100) };
  const began = performance.now();
  assert.deepEqual(await host.handler("before_tool_call")(call, cancelled), denied);
  assert.ok(performance.now() - began < 30_000, "long before the hold lapses");
  assert.ok((host.options["before_tool_call"]?.timeoutMs ?? 0) > 1000, "the host waits longer than the plugin");
});

test("a result is withheld, redacted or passed; the model is told nothing of why", async (t) => {
  const { sidecar, host } = await world(t);
  await host.handler("before_tool_call")(call, around);
  const event = {
    toolCallId: "c1",
    toolName: "exec",
    args: call.params,
    result: { content: [{ type: "text", text: "done" }], details: { code: 0 } },
  };
  assert.equal(await host.result?.(event, around), undefined);
  assert.equal(sidecar.events[1]?.sender?.id, "200");
  assert.deepEqual(sidecar.events[1]?.tool, { name: "exec", arguments: call.params, result: "done" });
  for (const decision of ["drop", "hold"]) {
    sidecar.decide(decision);
    const answer = await host.result?.(event, around);
    assert.deepEqual(answer?.result, {
      content: [{ type: "text", text: "[The result of this tool is withheld.]" }],
      details: { status: "withheld" },
    });
  }
  sidecar.decide("allow", { redacted: "" });
  assert.equal(await host.result?.(event, around), undefined);
  sidecar.decide("allow", { redacted: "d[redacted]" });
  assert.deepEqual((await host.result?.(event, around))?.result.content, [{ type: "text", text: "d[redacted]" }]);
});
