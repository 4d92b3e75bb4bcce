// Sluicegate over HTTP. Every call is bounded in time.

import { Circuit } from "./circuit.ts";
import { deadline } from "./deadline.ts";
import { asVerdict } from "./event.ts";
import type { Event, Hold, HoldState, Released, Verdict } from "./event.ts";
import { Connection, Unreachable } from "./http.ts";
import type { Answer } from "./http.ts";
import { targetOf } from "./settings.ts";
import type { Settings } from "./settings.ts";
import { readToken } from "./token.ts";

/** Sluicegate answered, and what it answered is a refusal. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, why: string) {
    super(why);
    this.status = status;
  }
}

/** How long an answer to a long question may be late, in milliseconds. */
const LATE_MS = 5000;

export class Client {
  readonly #settings: Settings;
  readonly #circuit: Circuit;
  #connection: Connection | undefined;
  #token: string | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#circuit = new Circuit(settings.retryAfterMs, settings.maxInFlight);
  }

  close(): void {
    this.#connection?.close();
  }

  /** Judges an event. Throws `Unreachable` or `Refused`. */
  async check(event: Event): Promise<Verdict> {
    // A flood is no reason to let pass what comes with it.
    if (this.#circuit.full)
      throw new Refused(0, "too many questions at once: raise `maxInFlight`, if that was no flood");
    const verdict = await this.#circuit.through(
      async () => {
        const answer = await this.#ask("POST", "/v1/check", event, this.#settings.checkTimeoutMs);
        // A gate that has too much to do answers 503, and its closed verdict with it.
        const verdict = answer.status === 200 || answer.status === 503 ? asVerdict(answer.body) : undefined;
        if (verdict !== undefined) return verdict;
        throw trouble(answer);
      },
      (error) => error instanceof Unreachable,
    );
    if (verdict === undefined) throw new Unreachable("not asked, since the last question was not answered");
    return verdict;
  }

  /** Waits until a hold waits no longer, at most so many seconds. */
  async hold(id: string, seconds: number, signal?: AbortSignal): Promise<Hold> {
    const path = `/v1/holds/${encodeURIComponent(id)}?wait=${seconds}`;
    return (await this.#fetch("GET", path, undefined, seconds * 1000 + LATE_MS, signal)) as Hold;
  }

  /** Takes out what the owner has approved. */
  async release(id: string): Promise<Released> {
    const path = `/v1/holds/${encodeURIComponent(id)}/release`;
    return (await this.#fetch("POST", path, {}, this.#settings.checkTimeoutMs)) as Released;
  }

  /** Uses up an approval: from here on it may be acted on, once. */
  async redeem(token: string, event: Event): Promise<void> {
    await this.#fetch("POST", "/v1/holds/redeem", { token, event }, this.#settings.checkTimeoutMs);
  }

  /** Nobody waits for the owner's answer any more: it is denied, whatever the owner says afterwards. */
  async withdraw(id: string): Promise<void> {
    const path = `/v1/holds/${encodeURIComponent(id)}/withdraw`;
    await this.#fetch("POST", path, {}, this.#settings.checkTimeoutMs);
  }

  /**
   * Waits until something is approved, at most so many seconds. What was given out and never used up is among it: whoever had
   * it, this gateway before its end perhaps, has not acted on it.
   */
  async approved(seconds: number, signal: AbortSignal): Promise<Hold[]> {
    const released = await this.#holds("released", 0, signal);
    return [...released, ...(await this.#holds("approved", released.length > 0 ? 0 : seconds, signal))];
  }

  async #holds(state: HoldState, seconds: number, signal: AbortSignal): Promise<Hold[]> {
    const path = `/v1/holds?state=${state}&wait=${seconds}`;
    const answer = (await this.#fetch("GET", path, undefined, seconds * 1000 + LATE_MS, signal)) as { holds?: Hold[] };
    return answer.holds ?? [];
  }

  /** What is loaded, and whether the token works. */
  async status(): Promise<unknown> {
    return this.#fetch("GET", "/v1/status", undefined, this.#settings.checkTimeoutMs);
  }

  async #fetch(
    method: "GET" | "POST",
    path: string,
    body: unknown,
    ms: number,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const answer = await this.#ask(method, path, body, ms, signal);
    if (answer.status === 200) return answer.body;
    throw trouble(answer);
  }

  async #ask(method: "GET" | "POST", path: string, body: unknown, ms: number, signal?: AbortSignal): Promise<Answer> {
    const late = deadline(ms);
    const bound = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
    try {
      const answer = await this.#asked(method, path, body, bound);
      if (answer.status !== 401) return answer;
      this.#token = undefined;
      return await this.#asked(method, path, body, bound);
    } finally {
      late.clear();
    }
  }

  async #asked(method: "GET" | "POST", path: string, body: unknown, signal: AbortSignal): Promise<Answer> {
    try {
      this.#connection ??= new Connection(targetOf(this.#settings.url));
      this.#token ??= readToken(this.#settings.tokenFile);
    } catch (error) {
      // Settings that cannot be used: closed whatever `whenUnreachable` says, and said at every event.
      throw new Refused(0, (error as Error).message);
    }
    return this.#connection.request(method, path, this.#token, body, signal);
  }
}

/** What an answer that is none means to whoever can mend it. */
function trouble(answer: Answer): Error {
  const { status } = answer;
  const body = (answer.body ?? {}) as { error?: unknown; verdict?: { reason?: unknown } };
  const why = body.error ?? body.verdict?.reason;
  const told = typeof why === "string" ? `: ${why}` : "";
  if (status === 401)
    return new Refused(
      status,
      "Sluicegate does not know the token: run `sluicegate keys token NAME` anew, for a name in `[[serve.token]]`",
    );
  if (status === 403)
    return new Refused(status, "the token may not do this: add `check` to its `scopes` in sluicegate.toml");
  if (status === 421)
    return new Refused(status, "Sluicegate is not served under this host name: add it to `[serve] hosts`");
  if (status >= 400 && status < 500) return new Refused(status, `Sluicegate refused with status ${status}${told}`);
  return new Unreachable(`what answers is not Sluicegate, or it is broken: status ${status}${told}`);
}
