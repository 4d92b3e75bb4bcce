// Everything around the plugin, set up in a folder of its own: Sluicegate and its owner, OpenClaw with its channel, the stub
// model and the stub Bot API.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Model } from "./model.ts";
import { OpenClaw } from "./openclaw.ts";
import type { Connection, Places } from "./openclaw.ts";
import { Sluicegate } from "./sidecar.ts";
import { Tap } from "./tap.ts";
import { Telegram } from "./telegram.ts";

/** How long the plugin asks nothing after a question without an answer. */
export const RETRY_AFTER_MS = 500;
/** How long the plugin waits for a verdict, and for the owner's answer to a tool call, where nothing stands in between. */
export const CHECK_TIMEOUT_MS = 3000;
const TOOL_WAIT_SECONDS = 4;

export class World {
  readonly folder = mkdtempSync(join(tmpdir(), "sluicegate-openclaw-"));
  readonly telegram = new Telegram();
  readonly model = new Model();
  readonly tap = new Tap();
  readonly sluicegate: Sluicegate;
  readonly openclaw: OpenClaw;

  constructor(places: Places & { sluicegate: string }) {
    const home = join(this.folder, "home");
    // Nothing of the settings of whoever runs this gets in.
    const env = {
      PATH: process.env["PATH"],
      HOME: home,
      TMPDIR: join(this.folder, "tmp"),
      OPENCLAW_STATE_DIR: join(home, ".openclaw"),
      OPENCLAW_GATEWAY_TOKEN: "end-to-end",
      NO_COLOR: "1",
    };
    this.sluicegate = new Sluicegate(places.sluicegate, this.folder, env);
    this.openclaw = new OpenClaw(places, this.folder, env);
  }

  /** A folder below this run's. */
  at(name: string): string {
    return join(this.folder, name);
  }

  async prepare(): Promise<void> {
    for (const name of ["home", "tmp", "workspace", "plugin"]) mkdirSync(this.at(name));
    await Promise.all([this.telegram.start(), this.model.start()]);
    await this.sluicegate.prepare();
    await this.sluicegate.start();
    await this.tap.start(this.sluicegate.url);
    // Whoever waits for the owner, and on a busy machine Sluicegate, shall have time.
    await this.openclaw.install(this.model.url, this.telegram.url, this.#connection(this.tap.url, 10_000, 300));
  }

  /** From the next start of OpenClaw on, nothing stands between it and Sluicegate, and nobody is waited for long. */
  connectDirectly(): void {
    this.openclaw.reconnect(this.#connection(this.sluicegate.url, CHECK_TIMEOUT_MS, TOOL_WAIT_SECONDS));
  }

  #connection(url: string, checkTimeoutMs: number, toolWaitSeconds: number): Connection {
    const { tokenFile } = this.sluicegate;
    return { url, tokenFile, checkTimeoutMs, retryAfterMs: RETRY_AFTER_MS, toolWaitSeconds };
  }

  /** The ends of the logs. */
  lastWords(): string {
    const ends = ["gateway.log", "sidecar.log"].map((name) => {
      const lines = existsSync(this.at(name)) ? readFileSync(this.at(name), "utf8").trimEnd().split("\n") : [];
      return [`\nThe end of ${name}:`, ...lines.slice(-40).map((line) => line.slice(0, 300))].join("\n");
    });
    return ends.join("\n");
  }

  async end(keep: boolean): Promise<void> {
    await Promise.all([this.openclaw.stop(), this.sluicegate.stop()]);
    this.telegram.stop();
    this.model.stop();
    this.tap.stop();
    if (!keep) return rmSync(this.folder, { recursive: true, force: true });
    const { asked } = this.tap;
    const { heard, results } = this.model;
    writeFileSync(this.at("seen.json"), JSON.stringify({ asked, heard, results, sent: this.telegram.calls }, null, 1));
  }
}
