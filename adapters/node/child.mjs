// One child process, from its start to its end: lines in, one verdict for each, in the same order.
import { spawn } from "node:child_process";

const NEWLINE = 0x0a;
/** Bytes of the longest answer; one that is longer never ends. */
const LONGEST = 64 * 1024 * 1024;
const DECISIONS = new Set(["allow", "drop", "hold"]);

export class Child {
  /** Whether it has answered yet. Until then it may still be loading its rules. */
  answered = false;
  /** Why it is of no use any more; null as long as it is. */
  fault = null;
  started = Date.now();

  // Events without an answer, oldest first: {id, line, settle}. One whose answer nobody waits for any more keeps its place, or
  // the next one would be given its answer.
  #waiting = [];
  #lines = 0;
  #pieces = [];
  #length = 0;
  #process;
  #ended;
  #onFault;

  /** `onFault(child)` hears once, as soon as it is of no use any more. */
  constructor(command, options, onFault) {
    this.#onFault = onFault;
    this.#process = spawn(command[0], command.slice(1), { ...options, stdio: ["pipe", "pipe", "inherit"] });
    this.#ended = new Promise((resolve) => {
      const end = (why) => {
        this.#fail(why);
        resolve();
      };
      this.#process.once("error", (error) => end(`cannot start ${command[0]}: ${error.message}`));
      this.#process.once("exit", (code, signal) => end(`${command[0]} ended with ${signal ?? code}`));
    });
    // What breaks a pipe ends the process too, and that is told.
    this.#process.stdin.on("error", () => {});
    this.#process.stdout.on("error", () => {});
    this.#process.stdout.on("data", (bytes) => this.#read(bytes));
  }

  get waiting() {
    return this.#waiting.length;
  }

  /** Sends a line. `settle(verdict)` is called at most once, with null where there will be none. */
  ask(id, line, settle) {
    this.#lines += 1;
    const asked = { id: id ?? null, line: this.#lines, settle };
    this.#waiting.push(asked);
    this.#process.stdin.write(`${line}\n`);
    return asked;
  }

  /** Ends it at once. Whoever waits is answered. */
  kill(why) {
    this.#fail(why);
    this.#process.kill("SIGKILL");
  }

  /** Lets it answer what it was asked and end; kills it where that takes longer. */
  async end(milliseconds) {
    this.#process.stdin.end();
    const timer = setTimeout(() => this.kill("it did not end in time"), milliseconds);
    await this.#ended;
    clearTimeout(timer);
  }

  #read(bytes) {
    let start = 0;
    // By byte and not with `readline`, for which more than a line feed ends a line.
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      this.#pieces.push(bytes.subarray(start, end));
      const line = Buffer.concat(this.#pieces).toString("utf8");
      [this.#pieces, this.#length, start] = [[], 0, end + 1];
      if (this.fault === null) this.#answer(line);
    }
    this.#pieces.push(bytes.subarray(start));
    this.#length += bytes.length - start;
    if (this.#length > LONGEST) this.kill("its answer does not end");
  }

  #answer(line) {
    const asked = this.#waiting[0];
    const verdict = readVerdict(line);
    if (asked === undefined || verdict === null || !fits(verdict, asked)) {
      // Whatever it writes next cannot be trusted to be about what was asked.
      this.kill(asked === undefined ? "it said something unasked" : "its answer is no verdict on what was asked");
      return;
    }
    this.answered = true;
    this.#waiting.shift();
    asked.settle(verdict);
  }

  #fail(why) {
    if (this.fault !== null) return;
    this.fault = why;
    this.#onFault(this);
    for (const asked of this.#waiting.splice(0)) asked.settle(null);
  }
}

function readVerdict(line) {
  try {
    const verdict = JSON.parse(line);
    return DECISIONS.has(verdict?.decision) ? verdict : null;
  } catch {
    return null;
  }
}

/** A verdict names the event's id; one on a line that was no event names the line. */
function fits(verdict, asked) {
  return verdict.error === undefined ? (verdict.id ?? null) === asked.id : verdict.line === asked.line;
}
