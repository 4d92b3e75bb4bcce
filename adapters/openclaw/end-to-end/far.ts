// What the far end does and sees: somebody writes, and something comes back, or nothing does.

import { until } from "./processes.ts";
import type { Report } from "./report.ts";
import { sleep } from "./server.ts";
import { bots } from "./world.ts";
import type { Person } from "./telegram.ts";
import type { Asked } from "./holds.ts";
import type { World } from "./world.ts";

/** How long nothing has to come for it to be silence. */
const SILENCE_MS = 2500;

export class Far {
  readonly #world: World;
  readonly #report: Report;

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
    const before = this.#world.holds.asked.length;
    this.#world.telegram.write(bot, from, text, more);
    const asked = () =>
      this.#world.holds.asked.slice(before).find(({ event }) => event.kind === "message" && event.text === text);
    await until(`Sluicegate is asked about "${text}"`, () => asked() !== undefined);
    return asked() as Asked;
  }

  /** Somebody writes and gets this answer. */
  async answered(what: string, from: Person, text: string, answer: string): Promise<void> {
    const since = Date.now();
    this.#world.telegram.write(bots.allowlist, from, text);
    await this.receives(what, from, answer, since);
  }

  async receives(what: string, by: Person, text: string, since: number, ms = 45_000): Promise<void> {
    const said = () => this.said(by, since);
    await until(what, () => said().some((one) => one.includes(text)), ms).catch(() => {});
    this.#report.check(
      what,
      said().some((one) => one.includes(text)),
      { wanted: text, said: said() },
    );
  }

  /** Texts that somebody was sent. */
  said(to: Person, since: number): string[] {
    return this.#world.telegram
      .seen(to.id, since)
      .filter((call) => typeof call.body["text"] === "string")
      .map((call) => String(call.body["text"]));
  }

  /**
   * Nothing comes back but the typing cue, which OpenClaw's Telegram channel shows to everybody whom it admits, before any
   * plugin is asked; and the model hears nothing. Answers what was shown.
   */
  async silent(what: string, to: Person, text: string, since: number): Promise<string[]> {
    await sleep(SILENCE_MS);
    const shown = this.#world.telegram
      .seen(to.id, since)
      .map((call) => `${call.method} ${String(call.body["action"] ?? call.body["text"] ?? "")}`);
    const heard = this.#world.model.hears(text);
    this.#report.check(what, !heard && shown.every((one) => one === "sendChatAction typing"), { shown, heard });
    return shown;
  }
}
