// The real Sluicegate of a run, and its owner: settings, the sidecar's process, the command line, the owner's own client.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RATE, standings } from "./people.ts";
import { Process, ran, until } from "./processes.ts";
import { freePort } from "./server.ts";

const SECRET = "four words nobody guesses";

const REDACT = `fn on_message(m) { if m.sender_approved && m.found("secret") { allow(#{redact: ["secret"]}) } }
fn on_reply(r) { if r.found("secret") { allow(#{redact: ["secret"]}) } }
`;

/** A secret that a message may hold. */
const LOCKER = `format = 1

[[rule]]
id = "secret.locker"
category = "secret"
points = 5
class = "artifact"
scope = ["text"]
phrases = ["locker code forty seven eleven"]
matches = ["It has the locker code forty seven eleven.", "locker code forty seven eleven"]
passes = ["The locker is open.", "A code of forty."]
`;

/** The plugin's client, and the owner's own. */
const CLIENTS = `[[serve.token]]
name = "gateway"
scopes = ["check"]

[[serve.token]]
name = "owner"
scopes = ["check", "approve"]
`;

/** A hold, as `sluicegate hold list --json` has it. */
export interface Held {
  hold: string;
  now: string;
  kind: string;
  sender: string;
  reason: string;
}

export class Sluicegate {
  readonly #program: string;
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  #process: Process | undefined;
  #tokens = { gateway: "", owner: "" };
  url = "";

  constructor(program: string, folder: string, env: NodeJS.ProcessEnv) {
    this.#program = program;
    this.#folder = folder;
    this.#env = env;
  }

  /** As the README says: `init`, people, clients, the owner's secret, a token in a file. */
  async prepare(): Promise<void> {
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    await ran(this.#program, ["init", "gate"], { cwd: this.#folder, env: this.#env });
    const file = join(this.#folder, "gate/sluicegate.toml");
    const changes: Array<[string, string]> = [
      ["127.0.0.1:8787", `127.0.0.1:${port}`],
      ["messages = 20", `messages = ${RATE}`],
      ["seconds = 60\n", "seconds = 600\n"],
      ['rules = ["policies/rules"]', 'rules = ["policies/rules", "locker.toml"]'],
      // The starter policy holds a reply with a secret; here what is secret is taken out, of messages too.
      ['policies = ["policies/personal.rhai"]', 'policies = ["redact.rhai", "policies/personal.rhai"]'],
    ];
    let settings = readFileSync(file, "utf8");
    for (const [from, to] of changes) {
      if (!settings.includes(from)) throw new Error(`the settings of init have no ${from}`);
      settings = settings.replace(from, to);
    }
    writeFileSync(file, [settings, standings(), CLIENTS].join("\n"));
    writeFileSync(join(this.#folder, "gate/redact.rhai"), REDACT);
    writeFileSync(join(this.#folder, "gate/locker.toml"), LOCKER);
    writeFileSync(this.#secret, `${SECRET}\n`, { mode: 0o600 });
    await this.#asOwner("owner", "init");
    for (const name of ["gateway", "owner"] as const)
      this.#tokens[name] = (await this.run("keys", "token", name)).trim();
    writeFileSync(this.tokenFile, this.#tokens.gateway, { mode: 0o600 });
  }

  get tokenFile(): string {
    return join(this.#folder, "token");
  }

  get #secret(): string {
    return join(this.#folder, "secret");
  }

  /** The sidecar, with the owner's secret: so it obeys the owner in chat too. */
  async start(): Promise<void> {
    const args = ["--config", "gate/sluicegate.toml", "serve", "--secret-fd", "3"];
    const log = join(this.#folder, "sidecar.log");
    const options = { cwd: this.#folder, env: this.#env, secret: this.#secret, log };
    const process = new Process("sluicegate", this.#program, args, options);
    this.#process = process;
    await until("Sluicegate answers", async () => process.ended || (await answers(`${this.url}/readyz`)));
    if (process.ended) throw new Error(`Sluicegate ended at once:\n${readFileSync(log, "utf8")}`);
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
    this.#process = undefined;
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#process = undefined;
  }

  /** It hangs: it takes connections and answers nothing. */
  freeze(frozen: boolean): void {
    this.#process?.signal(frozen ? "SIGSTOP" : "SIGCONT");
  }

  /** The command line. */
  run(...args: string[]): Promise<string> {
    const options = { cwd: this.#folder, env: this.#env };
    return ran(this.#program, ["--config", "gate/sluicegate.toml", ...args], options);
  }

  #asOwner(...args: string[]): Promise<string> {
    const options = { cwd: this.#folder, env: this.#env, secret: this.#secret };
    return ran(this.#program, ["--config", "gate/sluicegate.toml", ...args, "--secret-fd", "3"], options);
  }

  /** What waits for the owner, and with `all` what was answered lately; the oldest first. */
  async held(all = false): Promise<Held[]> {
    const lines = await this.run("hold", "list", "--json", ...(all ? ["--all"] : []));
    return lines
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Held);
  }

  /** The one hold of this kind that waits for somebody; waits until there is one. */
  async waiting(kind: string, sender: { id: number }): Promise<string> {
    let found: Held[] = [];
    await until(`a ${kind} of ${sender.id} waits for the owner`, async () => {
      found = (await this.held()).filter(
        (held) => held.now === "waiting" && held.kind === kind && held.sender === String(sender.id),
      );
      return found.length > 0;
    });
    if (found.length > 1) throw new Error(`${found.length} holds wait where one should: ${JSON.stringify(found)}`);
    return (found[0] as Held).hold;
  }

  async state(id: string): Promise<string | undefined> {
    return (await this.held(true)).find(({ hold }) => hold === id)?.now;
  }

  approve(id: string): Promise<string> {
    return this.#asOwner("hold", "approve", id);
  }

  deny(id: string): Promise<string> {
    return this.run("hold", "deny", id);
  }

  /** Approves over HTTP, as a client of the owner's own does: the secret once, then the answer. Answers both statuses. */
  async approveOverHttp(id: string): Promise<number[]> {
    const before = await this.ask("owner", `/v1/holds/${id}/approve`, {});
    const secret = await this.ask("owner", "/v1/owner", { secret: SECRET });
    const after = await this.ask("owner", `/v1/holds/${id}/approve`, {});
    return [before.status, secret.status, after.status];
  }

  /** Asks the sidecar itself, as the plugin's client or the owner's. */
  ask(client: "gateway" | "owner", path: string, body?: object): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#tokens[client]}`, "content-type": "application/json" };
    const asked = body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) };
    return fetch(this.url + path, asked);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
