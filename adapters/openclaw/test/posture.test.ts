import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { posture } from "../src/posture.ts";
import { settingsOf } from "../src/settings.ts";
import { world } from "./stub.ts";

const up = { status: async () => ({}) };
const good = { session: { dmScope: "per-account-channel-peer" }, channels: { telegram: { dmPolicy: "allowlist" } } };

async function found(config: unknown, settings: Record<string, unknown> = {}): Promise<string[]> {
  const findings = await posture(up, settingsOf(settings), config);
  return findings
    .filter(({ severity }) => severity !== "info")
    .map(({ severity, checkId }) => `${severity} ${checkId}`);
}

test("nothing is found where everything is as the README has it", async () => {
  assert.deepEqual(await found(good), []);
});

test("each thing that should be otherwise is found", async () => {
  assert.deepEqual(await found({ ...good, channels: { telegram: {} } }), ["warn sluicegate.dm_policy"]);
  assert.deepEqual(await found({ ...good, channels: { telegram: { dmPolicy: "open" } } }), [
    "warn sluicegate.dm_policy",
  ]);
  assert.deepEqual(await found({ ...good, channels: { telegram: { dmPolicy: "open", enabled: false } } }), []);
  const accounts = { telegram: { dmPolicy: "allowlist", accounts: { a: {}, b: { dmPolicy: "open" } } } };
  assert.deepEqual(await found({ ...good, channels: accounts }), ["warn sluicegate.dm_policy"]);
  assert.deepEqual(await found({ channels: good.channels }), ["critical sluicegate.dm_scope"]);
  assert.deepEqual(await found(good, { whenUnreachable: { message: "open" } }), ["warn sluicegate.when_unreachable"]);
  const http = { endpoints: { chatCompletions: { enabled: true } } };
  assert.deepEqual(await found({ ...good, gateway: { http } }), ["warn sluicegate.http_endpoints"]);
});

test("the check command says it all, and exits with 1 when Sluicegate cannot be asked", async (t) => {
  const { sidecar, host } = await world(t);
  host.config = good;
  const said: string[] = [];
  t.mock.method(console, "log", (line: string) => said.push(line));
  await host.command?.();
  assert.match(said.join("\n"), /ok: Sluicegate answers and knows the token/);
  assert.equal(process.exitCode, undefined);
  sidecar.answer = () => ({ status: 401, body: {} });
  await host.command?.();
  assert.match(said.join("\n"), /critical: Sluicegate cannot be asked \(Sluicegate does not know the token/);
  assert.equal(process.exitCode, 1);
  process.exitCode = undefined;
});

test("the schema knows every setting, and no other", () => {
  const manifest = JSON.parse(readFileSync(new URL("../openclaw.plugin.json", import.meta.url), "utf8")) as {
    configSchema: { properties: Record<string, unknown> };
  };
  const known = Object.keys(manifest.configSchema.properties).sort();
  assert.deepEqual(known, [...Object.keys(settingsOf()), "notify"].sort());
});
