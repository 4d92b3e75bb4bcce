// Sluicegate stopped, slow, refusing: the configured decision, and soon.

import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { Circuit } from "../src/circuit.ts";
import { targetOf } from "../src/settings.ts";
import { context, dispatch, world } from "./stub.ts";
import type { StubHost } from "./stub.ts";

const all = { message: "open", reply: "open", tool_call: "open", tool_result: "open" };
const call = { toolName: "exec", params: { command: "date" }, toolCallId: "c1" };
const result = { toolCallId: "c1", toolName: "exec", args: {}, result: { content: [{ type: "text", text: "2026" }] } };

async function passes(host: StubHost): Promise<boolean[]> {
  const payload = { payload: { text: "hi" }, kind: "final" };
  return [
    (await host.handler("before_dispatch")(dispatch, context)) === undefined,
    (await host.handler("message_sending")({ to: "200", content: "hi" }, context)) === undefined,
    (await host.handler("reply_payload_sending")(payload, context)) === undefined,
    (await host.handler("before_tool_call")(call, {})) === undefined,
    (await host.result?.(result, {})) === undefined,
  ];
}

test("stopped: everything is closed by default, and what is set open is open", async (t) => {
  const closed = await world(t);
  closed.sidecar.stop();
  assert.deepEqual(await passes(closed.host), [false, false, false, false, false]);
  assert.match(
    closed.host.log.join("\n"),
    /stopped: nobody listens at http:\/\/127.0.0.1:\d+; start `sluicegate serve`/,
  );
  const open = await world(t, { whenUnreachable: all });
  open.sidecar.stop();
  assert.deepEqual(await passes(open.host), [true, true, true, true, true]);
  const one = await world(t, { whenUnreachable: { reply: "open" } });
  one.sidecar.stop();
  assert.deepEqual(await passes(one.host), [false, true, true, false, false]);
});

test("a refusal is never open: an attacker may have made it, with a message that is too long for a request", async (t) => {
  const { sidecar, host } = await world(t, { whenUnreachable: all });
  for (const status of [400, 401, 403, 408, 413, 421]) {
    sidecar.answer = () => ({ status, body: { error: "no" } });
    assert.deepEqual(await passes(host), [false, false, false, false, false], String(status));
  }
});

test("hanging: the first question takes its time, the next are not asked, and a later one tries again", async (t) => {
  const { sidecar, host } = await world(t);
  sidecar.answer = () => ({ never: true });
  const ask = () => host.handler("before_dispatch")(dispatch, context);
  assert.deepEqual(await ask(), { handled: true });
  const asked = sidecar.requests.length;
  const began = performance.now();
  for (let count = 0; count < 100; count += 1) assert.deepEqual(await ask(), { handled: true });
  assert.ok(performance.now() - began < 200, "a hundred decisions without waiting");
  assert.equal(sidecar.requests.length, asked);
  sidecar.decide("allow");
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal(await ask(), undefined);
});

test("a connection that Sluicegate has closed meanwhile stops nothing; a Sluicegate that closes all does", async (t) => {
  let closes = (_used: number) => false;
  let connections = 0;
  const used = new WeakMap<object, number>();
  const server = http.createServer((request, response) => {
    const count = used.get(request.socket) ?? 0;
    used.set(request.socket, count + 1);
    if (closes(count)) request.socket.destroy();
    else response.end('{"decision":"allow","reason":""}');
  });
  server.on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const { host } = await world(t, { url: `http://127.0.0.1:${port}` });
  const ask = () => host.handler("before_dispatch")(dispatch, context);
  assert.equal(await ask(), undefined);
  closes = (count) => count > 0;
  assert.equal(await ask(), undefined);
  assert.equal(connections, 2);
  closes = () => true;
  assert.deepEqual(await ask(), { handled: true });
  assert.ok(connections <= 4, `${connections} connections`);
});

test("an answer that was there in time counts, though the host was too busy to read it", async (t) => {
  // A Sluicegate with a thread of its own, which answers a moment after it says that it was asked.
  const code = `const { parentPort } = require("node:worker_threads");
    const answer = (request, response) => {
      parentPort.postMessage("asked");
      setTimeout(() => response.end('{"decision":"allow","reason":""}'), 50);
    };
    const server = require("node:http").createServer(answer);
    server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));`;
  const sidecar = new Worker(code, { eval: true });
  t.after(() => sidecar.terminate());
  const [port] = (await once(sidecar, "message")) as [number];
  const { host } = await world(t, { url: `http://127.0.0.1:${port}`, checkTimeoutMs: 300 });
  const asked = once(sidecar, "message");
  const answer = host.handler("before_dispatch")(dispatch, context);
  await asked;
  // The host does something else for longer than an answer may take.
  for (const end = performance.now() + 600; performance.now() < end;);
  assert.equal(await answer, undefined);
});

test("questions do not pile up: beyond maxInFlight the answer is no, at once, since it may be a flood", async (t) => {
  const { sidecar, host } = await world(t, { maxInFlight: 2, whenUnreachable: all });
  let let_go = () => {};
  const gone = new Promise<void>((resolve) => (let_go = resolve));
  sidecar.answer = async () => {
    await gone;
    return { body: { decision: "allow", reason: "" } };
  };
  const ask = () => host.handler("before_dispatch")(dispatch, context);
  const waiting = [ask(), ask()];
  assert.deepEqual(await ask(), { handled: true });
  let_go();
  assert.deepEqual(await Promise.all(waiting), [undefined, undefined]);
});

test("after a failure a single question tries", async () => {
  let now = 0;
  const circuit = new Circuit(100, 10, () => now);
  const fails = () => Promise.reject(new Error("down"));
  await assert.rejects(circuit.through(fails, () => true));
  assert.equal(
    await circuit.through(
      async () => 1,
      () => true,
    ),
    undefined,
  );
  now = 100;
  let done = () => {};
  const trial = circuit.through(
    () => new Promise<number>((resolve) => (done = () => resolve(2))),
    () => true,
  );
  assert.equal(
    await circuit.through(
      async () => 3,
      () => true,
    ),
    undefined,
    "one tries already",
  );
  done();
  assert.equal(await trial, 2);
  assert.equal(
    await circuit.through(
      async () => 4,
      () => true,
    ),
    4,
  );
});

test("a token file that others may read, that is empty or missing, is not used, and the log says what to do", async (t) => {
  const { host, sidecar } = await world(t, { whenUnreachable: all });
  const file = host.pluginConfig["tokenFile"] as string;
  chmodSync(file, 0o644);
  assert.deepEqual(await passes(host), [false, false, false, false, false]);
  assert.match(host.log.join("\n"), /others may read the token file: chmod 600/);
  writeFileSync(file, "");
  chmodSync(file, 0o600);
  assert.deepEqual(await passes(host), [false, false, false, false, false]);
  rmSync(file);
  assert.deepEqual(await passes(host), [false, false, false, false, false]);
  assert.match(host.log.join("\n"), /cannot be read \(ENOENT\)/);
  assert.equal(sidecar.requests.length, 0);
  writeFileSync(file, "new-token", { mode: 0o600 });
  assert.deepEqual(await passes(host), [true, true, true, true, true]);
});

test("a token that was made anew is read anew", async (t) => {
  const { sidecar, host } = await world(t);
  sidecar.answer = ({ token }) =>
    token === "newer"
      ? { body: { decision: "allow", reason: "" } }
      : { status: 401, body: { error: "a bearer token is needed" } };
  assert.deepEqual(await host.handler("before_dispatch")(dispatch, context), { handled: true });
  writeFileSync(host.pluginConfig["tokenFile"] as string, "newer");
  assert.equal(await host.handler("before_dispatch")(dispatch, context), undefined);
});

test("a Unix socket does as well", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "sluicegate-test-"));
  const socket = join(folder, "gate.sock");
  const hosts: unknown[] = [];
  const server = http.createServer((request, response) => {
    hosts.push(request.headers.host);
    response.end('{"decision":"allow","reason":""}');
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  const { host } = await world(t, { url: `unix:${socket}` });
  assert.equal(await host.handler("before_dispatch")(dispatch, context), undefined);
  assert.deepEqual(hosts, ["localhost"]);
});

test("the token crosses no network in the clear, and a bad address is said", () => {
  assert.throws(() => targetOf("http://gate.example:8787"), /without TLS/);
  assert.throws(() => targetOf("gate"), /write http:\/\/127/);
  assert.equal(targetOf("https://gate.example").protocol, "https:");
  assert.equal(targetOf("http://[::1]:8787").hostname, "::1");
  assert.equal(targetOf("unix:/run/gate.sock").socketPath, "/run/gate.sock");
});
