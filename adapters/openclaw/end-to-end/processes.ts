// The processes of a run: the sidecar, the host and their commands, each ended with the run whatever happens.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, createWriteStream, openSync } from "node:fs";
import { sleep } from "./server.ts";

/** How long anything is waited for that has to come. On an idle machine most of it takes less than a second. */
export const PATIENCE_MS = 120_000;

const running = new Set<ChildProcess>();

export interface Options {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** A file that the process may read at file descriptor 3. */
  secret?: string;
}

export class Process {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly name: string;

  constructor(name: string, command: string, args: string[], options: Options & { log: string }) {
    this.name = name;
    this.#child = started(command, args, options);
    const file = createWriteStream(options.log, { flags: "a" });
    this.#child.stdout?.pipe(file, { end: false });
    this.#child.stderr?.pipe(file, { end: false });
    this.#ended = new Promise((resolve) => this.#child.once("exit", () => resolve()));
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  signal(signal: NodeJS.Signals): void {
    kill(this.#child, signal);
  }

  async stop(): Promise<void> {
    this.signal("SIGCONT");
    this.signal("SIGTERM");
    await Promise.race([this.#ended, sleep(10_000)]);
    await this.kill();
  }

  /** As a machine does that loses its power. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.#ended;
  }
}

export function stopAll(): void {
  for (const child of running) kill(child, "SIGKILL");
}

function started(command: string, args: string[], { cwd, env, secret }: Options): ChildProcess {
  const third = secret === undefined ? [] : [openSync(secret, "r")];
  // A group of its own, so that what it has started ends with it.
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe", ...third], detached: true });
  for (const descriptor of third) closeSync(descriptor);
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Runs a command to its end and answers what it said. The stub servers go on answering meanwhile. */
export async function ran(command: string, args: string[], options: Options): Promise<string> {
  const child = started(command, args, options);
  let said = "";
  let complained = "";
  child.stdout?.on("data", (part: Buffer) => (said += part.toString("utf8")));
  child.stderr?.on("data", (part: Buffer) => (complained += part.toString("utf8")));
  const late = setTimeout(() => kill(child, "SIGKILL"), 2 * PATIENCE_MS);
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearTimeout(late);
  if (code === 0) return said;
  throw new Error(`${[command, ...args].join(" ")} ended with ${String(code)}\n${said}${complained}`);
}

/** Waits until something is so. */
export async function until(what: string, so: () => boolean | Promise<boolean>, ms = PATIENCE_MS): Promise<void> {
  const end = Date.now() + ms;
  while (!(await so())) {
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s in vain: ${what}`);
    await sleep(20);
  }
}
