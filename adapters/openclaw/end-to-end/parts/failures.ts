// Sluicegate stopped, killed, hanging, slow, and back again; and an owner who does not answer. Nothing stands between OpenClaw
// and Sluicegate here, and everything is told by what the far end sees.

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Far } from "../far.ts";
import { people } from "../people.ts";
import { until } from "../processes.ts";
import type { Report } from "../report.ts";
import { sleep } from "../server.ts";
import type { Person } from "../telegram.ts";
import { CHECK_TIMEOUT_MS, RETRY_AFTER_MS } from "../world.ts";
import type { World } from "../world.ts";

export async function unanswered(world: World, far: Far, report: Report): Promise<void> {
  report.part("Nobody answers a held tool call");
  const { sluicegate, model } = world;
  const folder = join(world.at("home"), "papers-late");
  mkdirSync(folder);
  model.prepareCall("papers of last year", "exec", { command: "rm -rf ~/papers-late" });
  const before = model.results.length;
  far.send(people.worker, "Please tidy up the papers of last year.");
  const id = await sluicegate.waiting("tool_call", people.worker);
  await until("the model gets a result", () => model.results.length > before);
  const result = model.results.at(-1) ?? "";
  report.check(
    "when `toolWaitSeconds` are over it is denied",
    existsSync(folder) && result.includes("not allowed this tool call"),
    result,
  );
  // The plugin has said that nobody waits for it any more.
  const told = await sluicegate.approve(id).then(String, (error: Error) => error.message);
  report.check("the owner is not taken at a word that comes too late", told.includes("denied already"), told);
  await sleep(1500);
  report.check("approved later, it does not run any more", existsSync(folder) && model.results.length === before + 1);
}

export async function failures(world: World, far: Far, report: Report): Promise<void> {
  const { sluicegate, model } = world;
  const unheard = async (what: string, from: Person, text: string) => {
    const since = Date.now();
    far.send(from, text);
    await far.cue(from, since);
    await far.silent(what, from, text, since);
  };
  /** Somebody has asked, and the model is about to do as it was prepared to when `due` is called. */
  const underWay = async (from: Person, text: string) => {
    const before = model.times(text);
    far.send(from, text);
    await until("the model hears it", () => model.times(text) > before);
  };
  const back = async () => sleep(RETRY_AFTER_MS + 200);

  report.part("Sluicegate stopped");
  const due = Promise.withResolvers<void>();
  const since = Date.now();
  model.prepare("something about gates", "Gates are made of wood.", 1, due.promise);
  model.prepareCall("what day it is", "exec", { command: "touch ~/ran-unjudged" }, due.promise);
  await underWay(people.reader, "Tell me something about gates.");
  await underWay(people.worker, "Please look up what day it is.");
  await sluicegate.stop();
  const before = model.results.length;
  due.resolve();
  await until("the model gets a result", () => model.results.length > before);
  const result = model.results.at(-1) ?? "";
  report.check(
    "a tool call is blocked",
    !existsSync(join(world.at("home"), "ran-unjudged")) && result.includes("not allowed this tool call"),
    result,
  );
  await unheard("a message is stopped, silently", people.stopped, "Are you there, though Sluicegate is not?");
  const said = [...far.said(people.reader, since), ...far.said(people.worker, since)];
  report.check("replies that were under way are not sent, nor anything in their place", said.length === 0, said);
  await sluicegate.start();
  await back();
  await far.answered("started again: the next message is heard", people.stopped, "And are you there now?", "heard you");

  report.part("Sluicegate killed");
  const waits = (await sluicegate.held()).map(({ hold }) => hold);
  await sluicegate.kill();
  await unheard("a message is stopped, silently", people.killed, "Are you there, though Sluicegate is dead?");
  await sluicegate.start();
  await back();
  await far.answered("started again: the next message is heard", people.killed, "And are you alive now?", "heard you");
  const still = (await sluicegate.held()).map(({ hold }) => hold);
  report.check(`what waited for the owner waits still: ${waits.length} holds`, waits.length > 0 && same(waits, still), {
    waits,
    still,
  });
  await unheard("and who was blocked is blocked", people.blocked, "Have you forgotten me?");

  report.part("Sluicegate hangs");
  sluicegate.freeze(true);
  await unheard("a message is stopped, silently", people.hung, "Are you there, though it hangs?");
  const late = () => world.openclaw.logs("a message was stopped: no answer in time");
  await until("the time is up", late).catch(() => {});
  report.check("when the time is up", late());
  await unheard("and so is another's", people.friend, "Do you hear me?");
  // Its time has to be up too: else it would be heard, and rightly, as soon as Sluicegate runs again.
  await sleep(CHECK_TIMEOUT_MS);
  sluicegate.freeze(false);
  await back();
  await far.answered("running again: the next message is heard", people.hung, "Back again?", "heard you");

  report.part("Sluicegate slow");
  const slow = Date.now();
  sluicegate.freeze(true);
  far.send(people.slow, "Take your time.");
  await far.cue(people.slow, slow);
  await sleep(700);
  report.check("a message waits for its verdict", !model.hears("Take your time."));
  sluicegate.freeze(false);
  await far.receives("and is heard with it", people.slow, "heard you", slow);
}

function same(one: string[], other: string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}
