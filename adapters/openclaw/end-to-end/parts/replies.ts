// What the agent says.

import type { Far } from "../far.ts";
import { until } from "../processes.ts";
import type { Report } from "../report.ts";
import { sleep } from "../server.ts";
import { people } from "../people.ts";
import type { World } from "../world.ts";

export const HELD_REPLY = "They are in /home/olga/taxes, next to ~/.ssh/id_rsa.";

export async function replies(world: World, far: Far, report: Report): Promise<void> {
  report.part("Replies");
  world.model.prepare("key for the printer", "The key is AKIAIOSFODNN7EXAMPLE, keep it safe.", 5);
  let since = Date.now();
  await far.answered(
    "a reply with a secret goes out redacted",
    people.reader,
    "Which is the key for the printer?",
    "The key is [redacted], keep it safe.",
  );
  report.check(
    "the secret is nowhere in what was sent",
    !JSON.stringify(world.telegram.seen(people.reader.id, since)).includes("AKIAIOSFODNN7EXAMPLE"),
  );

  world.model.prepare("where the tax papers are", HELD_REPLY, 8);
  since = Date.now();
  await far.write(people.reader, "Tell me where the tax papers are.");
  const held = () => world.tap.asked.find(({ event }) => event.kind === "reply" && event.text === HELD_REPLY);
  await until("Sluicegate is asked about the reply", () => held() !== undefined);
  await sleep(2000);
  report.check(
    `a held reply ("${held()?.verdict.reason}") is not sent`,
    held()?.verdict.decision === "hold" && far.said(people.reader, since).length === 0,
    far.said(people.reader, since),
  );
  const leaked = JSON.stringify(world.telegram.seen(people.reader.id, since)).includes("/home");
  report.check("and was not shown while it was streamed", !leaked, world.telegram.seen(people.reader.id, since));
  const id = await world.sluicegate.waiting("reply", people.reader);
  const statuses = await world.sluicegate.approveOverHttp(id);
  report.check(
    "the owner approves it over HTTP, and not without the secret",
    JSON.stringify(statuses) === "[403,200,200]",
    statuses,
  );
  await far.receives("the held reply is delivered after release", people.reader, "/home/olga/taxes", since);
  await sleep(1500);
  report.check("once", far.said(people.reader, since).length === 1, far.said(people.reader, since));
  await until("its approval is used up", async () => (await world.sluicegate.state(id)) === "used");
}
