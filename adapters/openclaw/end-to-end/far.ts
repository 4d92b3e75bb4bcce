// What the far end does and sees: somebody writes, and something comes back, or nothing does.

import { bots } from "./people.ts";
import { until } from "./processes.ts";
import type { Report } from "./report.ts";
import { sleep } from "./server.ts";
import type { Asked } from "./tap.ts";
import type { Person } from "./telegram.ts";
import type { World } from "./world.ts";

/** How long nothing has to come for it to be silence. What comes later is found when the run ends. */
const SILENCE_MS = 2500;
/** All that OpenClaw's Telegram channel shows by itself, to everybody whom it admits, before any plugin is asked. */
const CUE = 'sendChatAction {"chat_id":"…","action":"typing"}';

export class Far {
  readonly #world: World;
  readonly #report: Report;
  /** Who may not have been sent anything, from when until when. */
  readonly #silent: Array<{ what: string; to: Person; since: number; until: number }> = [];
  /** What was to be said to whom, and once. */
  readonly #once: Array<{ what: string; to: Person; since: number; until: number; text: string }> = [];

  constructor(world: World, report: Report) {
    this.#world = world;
    this.#report = report;
  }

  /** Writes, and answers what Sluicegate was asked about it. */
  async write(
    from: Person,
    text: string,
    more: Record<string, unknown> = {},
    bot: string = bots.allowlist,
  ): Promise<Asked> {
    const before = this.#world.tap.asked.length;
    this.send(from, text, more, bot);
    const asked = () =>
      this.#world.tap.asked.slice(before).find(({ event }) => event.kind === "message" && event.text === text);
    await until(`Sluicegate is asked about "${text}"`, () => asked() !== undefined);
    return asked() as Asked;
  }

  /** Writes, and waits for nothing. */
  send(from: Person, text: string, more: Record<string, unknown> = {}, bot: string = bots.allowlist): void {
    this.over(from);
    this.#world.telegram.write(bot, from, text, more);
  }

  /** What somebody was to see of an earlier message is over: they write again, or what was held is released. */
  over(who: Person): void {
    const now = Date.now();
    for (const one of [...this.#silent, ...this.#once]) if (one.to === who) one.until = Math.min(one.until, now);
  }

  /** Somebody writes and gets this answer. */
  async answered(what: string, from: Person, text: string, answer: string): Promise<void> {
    const since = Date.now();
    this.send(from, text);
    await this.receives(what, from, answer, since);
  }

  /** Somebody is sent this, and, as the end of the run will show, once. */
  async receives(what: string, by: Person, text: string, since: number): Promise<void> {
    const said = () => this.said(by, since);
    const got = () => said().some((one) => one.includes(text));
    await until(what, got).catch(() => {});
    this.#report.check(what, got(), { wanted: text, said: said() });
    this.#once.push({ what, to: by, since, until: Infinity, text });
  }

  /** Texts that somebody was sent. */
  said(to: Person, since: number, end = Infinity): string[] {
    return this.#world.telegram
      .seen(to.id, since)
      .filter((call) => call.at < end && typeof call.body["text"] === "string")
      .map((call) => String(call.body["text"]));
  }

  /** What somebody was sent or shown, byte for byte, but for the number of the chat. */
  shown(to: Person, since: number, end = Infinity): string[] {
    const seen = this.#world.telegram.seen(to.id, since).filter((call) => call.at < end);
    return seen.map((call) => `${call.method} ${call.raw.replace(/"chat_id":"?\d+"?/, '"chat_id":"…"')}`);
  }

  /** Nothing comes back but the typing cue, and the model hears nothing. Answers what was shown. */
  async silent(what: string, to: Person, text: string, since: number): Promise<string[]> {
    await sleep(SILENCE_MS);
    const shown = this.shown(to, since);
    const heard = this.#world.model.hears(text, since);
    this.#report.check(what, !heard && shown.every((one) => one === CUE), { shown, heard });
    this.#silent.push({ what, to, since, until: Infinity });
    return shown;
  }

  /** Waits for the typing cue, and answers when it was shown. */
  async cue(to: Person, since: number): Promise<number> {
    const cue = () => this.#world.telegram.seen(to.id, since).find((call) => call.method === "sendChatAction");
    await until("the typing cue", () => cue() !== undefined);
    return cue()?.at ?? 0;
  }

  /** Looks again, at the end of the run, at everything that was to stay silent or to be said once. */
  ends(): void {
    const loud = this.#silent.filter(
      ({ to, since, until }) => !this.shown(to, since, until).every((one) => one === CUE),
    );
    this.#report.check("nobody who was to meet silence has been sent anything since", loud.length === 0, loud);
    const repeated = this.#once.filter(({ to, since, until, text }) => {
      return this.said(to, since, until).filter((one) => one.includes(text)).length !== 1;
    });
    this.#report.check("and nothing was said twice", repeated.length === 0, repeated);
  }
}
