// The one place where a decision comes from: Sluicegate's verdict, or what stands in for it.

import type { Client } from "./client.ts";
import type { Event, Verdict } from "./event.ts";
import type { Logger } from "./host.ts";
import { Unreachable } from "./http.ts";
import type { Settings } from "./settings.ts";

/** The same trouble is told of once in this time, in milliseconds. */
const QUIET_MS = 30_000;

export class Gate {
  readonly #client: Pick<Client, "check">;
  readonly #settings: Settings;
  readonly #log: Logger;
  readonly #notify: (notice: string) => void;
  #told = "";
  #toldAt = 0;

  constructor(
    client: Pick<Client, "check">,
    settings: Settings,
    log: Logger,
    notify: (notice: string) => void = () => {},
  ) {
    this.#client = client;
    this.#settings = settings;
    this.#log = log;
    this.#notify = notify;
  }

  /** Never throws: the host lets pass what a handler that throws was asked about. */
  async judge(event: Event): Promise<Verdict> {
    try {
      const verdict = await this.#client.check(event);
      for (const notice of verdict.notices ?? []) if (notice.to === "owner") this.#notify(notice.text);
      return verdict;
    } catch (error) {
      return this.#standIn(event, error);
    }
  }

  /**
   * Only a Sluicegate that cannot be reached may be stood in for by an open decision. One that refuses is there, and what
   * it refuses may be what an attacker made for that: a message too long for a request, say.
   */
  #standIn(event: Event, error: unknown): Verdict {
    const open = error instanceof Unreachable && this.#settings.whenUnreachable[event.kind] === "open";
    const why = error instanceof Error ? error.message : "unknown trouble";
    const now = Date.now();
    if (why !== this.#told || now - this.#toldAt > QUIET_MS) {
      this.#told = why;
      this.#toldAt = now;
      this.#log.error(`sluicegate: a ${event.kind} was ${open ? "let pass unjudged" : "stopped"}: ${why}`);
    }
    return { decision: open ? "allow" : "drop", reason: "Sluicegate gave no verdict" };
  }
}
