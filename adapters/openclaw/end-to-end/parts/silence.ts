// Whether those who are not heard could find out why: by what they are shown, byte for byte, or by when.

import type { Far } from "../far.ts";
import { PROBES, RATE, probes, reasons } from "../people.ts";
import type { Reason } from "../people.ts";
import { until } from "../processes.ts";
import type { Report } from "../report.ts";
import type { Person } from "../telegram.ts";
import type { World } from "../world.ts";
import { ASKED } from "./holds.ts";
import { ATTACK } from "./messages.ts";

/** What each of them writes, and what Sluicegate says of it. */
const writes: Record<Reason, { text: string; says: string }> = {
  unknown: { text: "Hello, I am new", says: "unknown sender" },
  blocked: { text: "Hello, it is me", says: "blocked sender" },
  rate: { text: "Hello, once more", says: "too many messages" },
  held: { text: ASKED, says: "looks like an attack" },
  attack: { text: ATTACK, says: "attack" },
};

/** Whose messages take Sluicegate the same work, where they are nobody's business. */
const nobody: Person = { id: 600, name: "Nobody" };

/** Milliseconds from writing until something was. */
interface Times {
  /** The typing cue was shown. */
  cue: number[];
  /** OpenClaw was done with the message, by its own records. */
  done: number[];
}

export async function silence(world: World, far: Far, report: Report): Promise<void> {
  report.part("Not heard, for five reasons");
  const began = Date.now();
  const none = (): Times => ({ cue: [], done: [] });
  const times: Record<Reason, Times> = { unknown: none(), blocked: none(), rate: none(), held: none(), attack: none() };
  const written: Array<{ reason: Reason; to: Person; since: number }> = [];
  const wrong: unknown[] = [];
  for (let round = 0; round < PROBES; round += 1) {
    for (const turn of reasons.keys()) {
      // Each reason comes first, last and in between as often as any other.
      const reason = reasons[(turn + round) % reasons.length] as Reason;
      const to = probes(reason)[round] as Person;
      const { text, says } = writes[reason];
      await earlier(world, reason === "rate" ? to : nobody);
      const since = Date.now();
      const { verdict } = await far.write(to, text);
      if (verdict.reason !== says || verdict.decision !== (reason === "held" ? "hold" : "drop")) wrong.push(verdict);
      times[reason].cue.push((await far.cue(to, since)) - since);
      written.push({ reason, to, since });
    }
  }
  report.check(`Sluicegate says of each of ${written.length} messages what it should`, wrong.length === 0, wrong);

  let records: Processed[] = [];
  await until("OpenClaw has a record of each message", async () => {
    records = await processed(world, began);
    return records.length >= written.length;
  }).catch(() => {});
  const done = written.map(({ since }, index) => (records[index]?.occurredAt ?? NaN) - since);
  report.check(
    "OpenClaw was done with each of them",
    records.length === written.length && done.every((ms) => ms > 0),
    done,
  );
  for (const [index, { reason }] of written.entries()) times[reason].done.push(done[index] ?? NaN);

  const last = written.at(-1);
  if (last !== undefined)
    await far.silent("silence, to the last of them", last.to, writes[last.reason].text, last.since);
  const shown = written.map(({ to, since }) => far.shown(to, since).join("\n"));
  report.check("what they are shown is the same, byte for byte", new Set(shown).size === 1, [...new Set(shown)]);
  report.note(`it is: ${shown[0] ?? ""}`);
  const heard = reasons.filter((reason) =>
    probes(reason).some(({ id }) => far.said({ id, name: "" }, began).length > 0),
  );
  report.check("and nobody is sent a word", heard.length === 0, heard);

  // What is held waits for the disk, as it must; nobody sees that: the cue is sent before Sluicegate is asked.
  const undelayed = reasons.filter((reason) => reason !== "held");
  for (const [what, of, among] of [
    ["until the cue is shown", (reason: Reason) => times[reason].cue, reasons],
    ["until OpenClaw is done", (reason: Reason) => times[reason].done, undelayed],
  ] as const) {
    const rows = reasons.map((reason) => `${reason} ${spread(of(reason))}`);
    report.note(`${what}, in ms, median and extremes: ${rows.join(", ")}`);
    // Alike times come sooner in half of all comparisons, whatever the machine does meanwhile: it does so to all of them. Beyond
    // these bounds chance leads once in a million runs; a delay that is longer than the times are apart leads there always.
    const compared = pairs(among).map(([one, other]) => ({ one, other, sooner: sooner(of(one), of(other)) }));
    report.check(
      `${what}: no two of ${among.join(", ")} can be told apart`,
      compared.every((pair) => pair.sooner > 0.05 && pair.sooner < 0.95),
      compared,
    );
  }
}

/** Each with each other one. */
function pairs(among: readonly Reason[]): Array<[Reason, Reason]> {
  return among.flatMap((one, index) => among.slice(index + 1).map((other): [Reason, Reason] => [one, other]));
}

/** How often a time of the one is shorter than one of the other, of all comparisons: 0 to 1, and 0.5 where they are alike. */
function sooner(one: number[], other: number[]): number {
  const points: number[] = one.flatMap((a) => other.map((b) => (a < b ? 1 : a === b ? 0.5 : 0)));
  return points.reduce((sum, point) => sum + point, 0) / points.length;
}

/** As many messages as somebody may write, from just before; all at once and past OpenClaw, to save its model the trouble. */
async function earlier(world: World, from: Person): Promise<void> {
  const sender = { id: String(from.id) };
  const chat = { id: sender.id, group: false, mentioned: false };
  const event = { kind: "message", channel: "telegram", account: "allowlist", sender, chat };
  const events = Array.from({ length: RATE }, (_, count) => ({ ...event, text: `Hello, number ${count}` }));
  const answer = await world.sluicegate.ask("gateway", "/v1/check", events);
  if (!answer.ok) throw new Error(`the sidecar answers ${answer.status}: ${await answer.text()}`);
}

/** A message that OpenClaw is done with. */
interface Processed {
  occurredAt: number;
  durationMs: number;
  /** A pseudonym of the chat. */
  conversationRef: string;
}

/** OpenClaw's own records of messages since then, in chats that it did not know before, in the order in which they came. */
async function processed(world: World, since: number): Promise<Processed[]> {
  const filters = ["--kind", "message", "--direction", "inbound", "--channel", "telegram", "--limit", "500"];
  const { events } = JSON.parse(await world.openclaw.run("audit", ...filters, "--json")) as { events: Processed[] };
  const known = new Set(events.filter((one) => one.occurredAt < since).map((one) => one.conversationRef));
  const came = (one: Processed) => one.occurredAt - one.durationMs;
  return events.filter((one) => !known.has(one.conversationRef)).sort((one, other) => came(one) - came(other));
}

function spread(times: number[]): string {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return `${at(0.5)} (${at(0)}–${at(1)})`;
}
