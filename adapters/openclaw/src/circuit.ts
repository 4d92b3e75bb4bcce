// Keeps questions from piling up while nobody answers them. After a failure nothing is asked for a while; then a single
// question tries, and its answer opens the way for all.

export class Circuit {
  readonly #retryAfterMs: number;
  readonly #maxInFlight: number;
  readonly #now: () => number;
  #closedUntil = 0;
  #failed = false;
  #trying = false;
  #inFlight = 0;

  constructor(retryAfterMs: number, maxInFlight: number, now: () => number = () => performance.now()) {
    this.#retryAfterMs = retryAfterMs;
    this.#maxInFlight = maxInFlight;
    this.#now = now;
  }

  /** Whether as many questions are open as may be. */
  get full(): boolean {
    return this.#inFlight >= this.#maxInFlight;
  }

  /** Asks, unless it is known that nobody answers: then undefined, at once. Throws what `ask` throws. */
  async through<T>(ask: () => Promise<T>, failed: (error: unknown) => boolean): Promise<T | undefined> {
    if (this.full) return undefined;
    const trial = this.#failed;
    if (trial && (this.#trying || this.#now() < this.#closedUntil)) return undefined;
    if (trial) this.#trying = true;
    this.#inFlight += 1;
    try {
      const answer = await ask();
      this.#failed = false;
      return answer;
    } catch (error) {
      if (failed(error)) {
        this.#failed = true;
        this.#closedUntil = this.#now() + this.#retryAfterMs;
      }
      throw error;
    } finally {
      this.#inFlight -= 1;
      if (trial) this.#trying = false;
    }
  }
}
