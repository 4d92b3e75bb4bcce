// The check command.

import type { Report } from "../report.ts";
import type { World } from "../world.ts";

export async function posture(world: World, report: Report): Promise<void> {
  const said = await world.openclaw.run("sluicegate", "check");
  report.check(
    "`openclaw sluicegate check` finds Sluicegate, and the token works",
    said.includes("ok: Sluicegate answers and knows the token"),
    said,
  );
  report.check(
    "it knows the documented DM mode from the others",
    /ok: channels\.telegram\.accounts\.allowlist\.dmPolicy/.test(said) &&
      /warn: channels\.telegram\.accounts\.open\.dmPolicy/.test(said) &&
      /warn: channels\.telegram\.accounts\.pairing\.dmPolicy/.test(said),
    said,
  );
}
