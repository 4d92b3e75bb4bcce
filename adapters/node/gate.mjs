// Sluicegate as a child process of a Node gateway: `await gate.check(event)` gives a verdict, always and in time.
import { Child } from "./child.mjs";
import { closedDecisions, closedVerdict } from "./closed.mjs";

/** Milliseconds before a child that ended is started again; twice as long each time, until one answers. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;

export class Gate {
  #command;
  #options;
  #closed;
  #timeout;
  #startTimeout;
  #limit;
  #onFault;
  #child = null;
  #pause = 0;
  #restartAt = 0;
  #isClosed = false;

  /**
   * Starts the child.
   *
   * - `command`: the program and its arguments; `["sluicegate", "check", "--json", "-"]` unless given
   * - `cwd`, `env`: where and with what environment it runs; its settings are `./sluicegate.toml` or `SLUICEGATE_CONFIG`
   * - `closed`: "drop" or "hold" for each kind of event, where there is no answer
   * - `timeout`: milliseconds until no answer is the closed one, and the child is started again (5,000)
   * - `startTimeout`: the same for a child that has not answered yet, since it may still load its rules (30,000)
   * - `limit`: events that may wait at once; more are answered by the closed decision (1,000)
   * - `onFault(error)`: hears of whatever goes wrong; writes to standard error unless given
   */
  constructor(options = {}) {
    const { command = ["sluicegate", "check", "--json", "-"], cwd, env, closed } = options;
    const { timeout = 5_000, startTimeout = 30_000, limit = 1_000 } = options;
    this.#command = command;
    this.#options = { cwd, env };
    this.#closed = closedDecisions(closed);
    this.#timeout = timeout;
    this.#startTimeout = startTimeout;
    this.#limit = limit;
    this.#onFault = options.onFault ?? ((error) => console.error(`sluicegate: ${error.message}`));
    this.#start();
  }

  /**
   * The verdict on an event. Never rejects: what goes wrong is answered by the closed decision, with `degraded`. Events are
   * judged in the order of the calls, whether or not each is waited for. An event without `at` happens now.
   */
  check(event) {
    if (this.#isClosed) return Promise.resolve(this.#refuse(event, "the gate is closed"));
    let line;
    try {
      line = JSON.stringify({ at: Date.now(), ...event });
    } catch (error) {
      this.#tell(`an event cannot be written as JSON: ${error.message}`);
      return Promise.resolve(this.#refuse(event, "the event cannot be written as JSON"));
    }
    const child = this.#running();
    if (child === null) return Promise.resolve(this.#refuse(event, "the gate is not running"));
    if (child.waiting >= this.#limit) return Promise.resolve(this.#refuse(event, "too many events at once"));
    return new Promise((resolve) => {
      let timer;
      const asked = child.ask(event?.id, line, (verdict) => {
        clearTimeout(timer);
        if (verdict !== null) this.#pause = 0;
        resolve(verdict ?? this.#refuse(event, "the gate has ended"));
      });
      timer = setTimeout(() => {
        asked.settle = () => {};
        resolve(this.#refuse(event, "the gate has not answered in time"));
        this.#late(child);
      }, this.#timeout);
    });
  }

  /** Waits for the answers to what was asked, as long as a time-out, and ends the child. */
  async close() {
    this.#isClosed = true;
    const child = this.#child;
    if (child !== null && child.fault === null) await child.end(this.#timeout);
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }

  /** The child that can be asked; null while a new one must not be started yet. */
  #running() {
    if (this.#child.fault === null) return this.#child;
    if (Date.now() < this.#restartAt) return null;
    this.#start();
    return this.#child;
  }

  #start() {
    this.#child = new Child(this.#command, this.#options, (child) => this.#failed(child));
  }

  #failed(child) {
    if (this.#isClosed) return;
    this.#pause = Math.min(Math.max(this.#pause * 2, FIRST_PAUSE), LONGEST_PAUSE);
    this.#restartAt = Date.now() + this.#pause;
    const again = `it is started again with an event in ${this.#pause} ms or later. What it had not kept in the store is gone`;
    this.#tell(`${child.fault}; ${again}`);
  }

  #late(child) {
    if (!child.answered && Date.now() < child.started + this.#startTimeout) return;
    child.kill(`it has not answered in ${this.#timeout} ms`);
  }

  #refuse(event, why) {
    return closedVerdict(this.#closed, event, why);
  }

  #tell(message) {
    try {
      this.#onFault(new Error(message));
    } catch {
      // Whoever listens must not keep an answer back.
    }
  }
}
