// The processes of a run: the sidecar and the host, each ended with the run whatever happens.

import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { promisify } from "node:util";
import { sleep } from "./server.ts";

const running = new Set<ChildProcess>();

export interface Options {
  cwd: string;
  env: NodeJS.ProcessEnv;
  log: string;
}

export class Process {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly name: string;

  constructor(name: string, command: string, args: string[], { cwd, env, log }: Options) {
    this.name = name;
    // A group of its own, so that what it has started ends with it.
    this.#child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const file = createWriteStream(log, { flags: "a" });
    this.#child.stdout?.pipe(file, { end: false });
    this.#child.stderr?.pipe(file, { end: false });
    this.#ended = new Promise((resolve) => this.#child.once("exit", () => resolve()));
    running.add(this.#child);
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  signal(signal: NodeJS.Signals): void {
    kill(this.#child, signal);
  }

  async stop(): Promise<void> {
    this.signal("SIGTERM");
    await Promise.race([this.#ended, sleep(8000)]);
    this.signal("SIGKILL");
    await this.#ended;
    running.delete(this.#child);
  }
}

export function stopAll(): void {
  for (const child of running) kill(child, "SIGKILL");
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
export async function ran(command: string, args: string[], options: Omit<Options, "log">): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, { ...options, timeout: 120_000 });
    return stdout + stderr;
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    throw new Error(`${[command, ...args].join(" ")} ended with ${code}\n${stdout}${stderr}`);
  }
}

/** Waits until something is so. */
export async function until(what: string, so: () => boolean | Promise<boolean>, ms = 45_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await so())) {
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s in vain: ${what}`);
    await sleep(50);
  }
}
