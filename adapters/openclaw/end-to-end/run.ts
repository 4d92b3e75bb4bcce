// The run: real traffic through the real host, and what the far end sees of it. Started by `bash adapters/openclaw/e2e`.

import { access } from "node:fs/promises";
import { Far } from "./far.ts";
import { stopAll } from "./processes.ts";
import { Report } from "./report.ts";
import { messages, modes } from "./parts/messages.ts";
import { failures, unanswered } from "./parts/failures.ts";
import { holds, startedAnew } from "./parts/holds.ts";
import { posture } from "./parts/posture.ts";
import { replies } from "./parts/replies.ts";
import { silence } from "./parts/silence.ts";
import { tools } from "./parts/tools.ts";
import { World } from "./world.ts";

/** Longer than this is a failure of its own. An idle machine with two cores takes less than a third of it. */
const MOST_MS = Number(process.env["E2E_SECONDS"] ?? 1200) * 1000;

function wanted(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; run bash adapters/openclaw/e2e`);
  return value;
}

const places = { adapter: wanted("ADAPTER"), openclaw: wanted("OPENCLAW"), sluicegate: wanted("SLUICEGATE") };
await access(places.sluicegate);
const report = new Report();
const world = new World(places);
const keep = process.env["KEEP"] === "1";

const late = setTimeout(() => {
  console.error(`the run took longer than ${MOST_MS / 1000} s`);
  stopAll();
  process.exit(1);
}, MOST_MS);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stopAll();
    process.exit(130);
  });
}

try {
  report.part("Setting up, as the README says");
  await world.prepare();
  await posture(world, report);
  await world.openclaw.start(world.telegram);
  report.note("OpenClaw runs with the plugin");
  const far = new Far(world, report);
  for (const part of [messages, modes, silence, replies, tools, holds, startedAnew, unanswered, failures])
    await part(world, far, report);
  far.ends();
} catch (error) {
  report.check("the run came to its end", false, (error as Error).message);
} finally {
  // Where it ran on a machine that is gone afterwards, its words have to be enough.
  if (!report.good) console.log(world.lastWords());
  await world.end(keep || !report.good);
  stopAll();
  if (keep || !report.good) console.log(`logs and settings: ${world.folder}`);
  clearTimeout(late);
}
report.end();
process.exitCode = report.good ? 0 : 1;
