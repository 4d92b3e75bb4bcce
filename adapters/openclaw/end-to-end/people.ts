// Who writes to the bots, and what Sluicegate and OpenClaw know of them.

import type { Person } from "./telegram.ts";

/** The accounts of the bot: one in the documented mode, and one for each of the others. */
export const bots = { allowlist: "11:allowlist", open: "12:open", pairing: "13:pairing" } as const;

export const people = {
  owner: { id: 100, name: "Olga" },
  friend: { id: 200, name: "Fred" },
  keeper: { id: 205, name: "Kim" },
  reader: { id: 210, name: "Rita" },
  worker: { id: 220, name: "Walt" },
  helper: { id: 225, name: "Hans" },
  waiter: { id: 230, name: "Wilma" },
  caller: { id: 235, name: "Carl" },
  patient: { id: 240, name: "Pat" },
  survivor: { id: 245, name: "Sue" },
  chatty: { id: 250, name: "Cleo" },
  attacker: { id: 260, name: "Andy" },
  teller: { id: 270, name: "Tess" },
  sleeper: { id: 280, name: "Sly" },
  stopped: { id: 291, name: "Stu" },
  killed: { id: 292, name: "Kai" },
  hung: { id: 293, name: "Hal" },
  slow: { id: 294, name: "Sol" },
  blocked: { id: 300, name: "Bert" },
  unknown: { id: 400, name: "Una" },
  stranger: { id: 500, name: "Stan" },
} satisfies Record<string, Person>;

/** A group that Sluicegate's settings list. */
export const group = -900;

/** Messages that a sender may write in ten minutes: none of this run gets old. */
export const RATE = 10;

/** Why somebody is not heard. */
export const reasons = ["unknown", "blocked", "rate", "held", "attack"] as const;
export type Reason = (typeof reasons)[number];

/** How many people are not heard for each reason, and write once. */
export const PROBES = 20;

/** The people who are not heard for this reason. */
export function probes(reason: Reason): Person[] {
  const first = 1000 + 100 * reasons.indexOf(reason);
  return Array.from({ length: PROBES }, (_, count) => ({ id: first + count, name: "Pim" }));
}

/** Everybody whom OpenClaw knows: all but the stranger. */
export function allowed(): string[] {
  const known = Object.values(people).filter((person) => person !== people.stranger);
  return [...known, ...reasons.flatMap(probes)].map(({ id }) => String(id));
}

/** Whom Sluicegate knows, and how, and where it listens, as its settings have it. */
export function standings(): string {
  const { owner, worker, blocked, unknown, stranger, ...approved } = people;
  const jobs = 'capabilities = ["chat", "run_jobs", "files"]\n';
  const known = [...Object.values(approved), ...probes("rate"), ...probes("held"), ...probes("attack")];
  return [
    block(owner, "owner"),
    block(worker, "approved") + jobs,
    ...known.map((person) => block(person, "approved")),
    ...[blocked, ...probes("blocked")].map((person) => block(person, "blocked")),
    `[[group]]\nchannel = "telegram"\nid = "${group}"\n`,
  ].join("\n");
}

function block({ id }: Person, standing: string): string {
  return `[[sender]]\nchannel = "telegram"\nid = "${id}"\nstanding = "${standing}"\n`;
}
