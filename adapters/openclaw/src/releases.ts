// Messages and replies that the owner has approved, delivered. Held tool calls are not waited for here: the call itself
// waits (hooks/tools.ts).

import { Refused } from "./client.ts";
import type { Client } from "./client.ts";
import type { Delivery } from "./delivery.ts";
import type { Event, Hold } from "./event.ts";
import type { Logger } from "./host.ts";
import { Unreachable } from "./http.ts";
import { Latest } from "./origin.ts";
import { sleep } from "./sleep.ts";

/** How long one question waits, in seconds. */
const WAIT_SECONDS = 25;
const FIRST_PAUSE_MS = 250;
/** What is approved and not delivered from here is told of at once, whenever it is asked for: a pause between two questions. */
const OTHERS_PAUSE_MS = 1000;
/** How long an approval is left alone that could not be acted on, since the policy in force stops it, say. */
const LATER_MS = 60_000;
/** OpenClaw takes no turn while it starts: how long is waited before each further try to hand over a message. */
const RETRIES_MS = [1000, 2000, 4000, 8000, 16_000, 32_000];
const LONGEST_PAUSE_MS = 5000;

type Answers = Pick<Client, "approved" | "release" | "redeem">;

export class Releases {
  readonly #client: Answers;
  readonly #delivery: Delivery;
  readonly #log: Logger;
  #stop: AbortController | undefined;
  #done: Promise<void> = Promise.resolve();
  /** Until when which holds are left alone. */
  readonly #later = new Latest<number>();
  #told = "";

  constructor(client: Answers, delivery: Delivery, log: Logger) {
    this.#client = client;
    this.#delivery = delivery;
    this.#log = log;
  }

  start(): void {
    if (this.#stop !== undefined) return;
    this.#stop = new AbortController();
    this.#done = this.#run(this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop?.abort();
    this.#stop = undefined;
    await this.#done;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        const began = Date.now();
        const approved = await this.#client.approved(WAIT_SECONDS, signal);
        let delivered = 0;
        for (const hold of approved) if (await this.#deliver(hold, signal)) delivered += 1;
        pause = FIRST_PAUSE_MS;
        const early = approved.length === 0 && Date.now() - began < OTHERS_PAUSE_MS;
        if (early || delivered < approved.length) await sleep(OTHERS_PAUSE_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#tell(error);
        await sleep(pause, signal);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  /**
   * An approval is used up before anything is delivered. So nothing is ever delivered twice; what fails after that is lost,
   * and told of.
   */
  async #deliver(hold: Hold, signal: AbortSignal): Promise<boolean> {
    if (hold.kind !== "message" && hold.kind !== "reply") return false;
    if (Date.now() < (this.#later.get(hold.id) ?? 0)) return false;
    this.#later.set(hold.id, Date.now() + LATER_MS);
    let redeeming = false;
    try {
      const { verdict, event, token } = await this.#client.release(hold.id);
      if (verdict.decision !== "allow") {
        this.#log.warn(`sluicegate: hold ${hold.id} was approved, and the policy in force stops it: ${verdict.reason}`);
        return false;
      }
      // What was held for another gateway is left to it.
      if (hold.kind === "message" && event.session === undefined) return false;
      if (!(await this.#delivery.serves(event.channel))) return false;
      redeeming = true;
      await this.#client.redeem(token, event);
      redeeming = false;
      const text = verdict.redacted ?? event.text ?? "";
      if (hold.kind === "message") await this.#handOver(event, withQuoted(event, text), hold.id, signal);
      else await this.#delivery.reply(event, text);
      this.#log.info(`sluicegate: hold ${hold.id} was released and delivered`);
      return true;
    } catch (error) {
      if (error instanceof Unreachable) {
        // The approval may be there still: it is looked at again as soon as Sluicegate is back.
        this.#later.set(hold.id, 0);
        if (redeeming)
          this.#log.error(
            `sluicegate: hold ${hold.id}: whether its approval was used up is not known; if \`sluicegate hold list --all\` says so, it is lost`,
          );
        throw error;
      }
      this.#log.error(
        `sluicegate: hold ${hold.id} was approved and could not be delivered: ${(error as Error).message}`,
      );
      return false;
    }
  }

  /** The host knows a turn by the hold's id, and so takes it once, however often it is tried. */
  async #handOver(event: Event, text: string, id: string, signal: AbortSignal): Promise<void> {
    for (const pause of [...RETRIES_MS, undefined]) {
      try {
        return await this.#delivery.message(event, text, id);
      } catch (error) {
        if (pause === undefined || signal.aborted) throw error;
        await sleep(pause, signal);
      }
    }
  }

  /** Tells of a trouble once, until it is another. */
  #tell(error: unknown): void {
    const missing = error instanceof Refused && error.status === 404;
    const why = missing ? "this Sluicegate keeps no holds" : (error as Error).message;
    if (why === this.#told) return;
    this.#told = why;
    this.#log.warn(`sluicegate: what you approve is not delivered: ${why}`);
  }
}

/** The model gets what the sender quoted too: the owner has seen and approved both. */
function withQuoted(event: Event, text: string): string {
  return event.quoted ? `${text}\n\n[Quoted by the sender]\n${event.quoted}` : text;
}
