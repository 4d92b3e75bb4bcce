// Everything around the plugin, set up in a folder of its own: Sluicegate with its senders, OpenClaw with its channel, the
// stub model and the stub Bot API.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HoldsStub } from "./holds.ts";
import { Model } from "./model.ts";
import { Process, ran, until } from "./processes.ts";
import { listen } from "./server.ts";
import { Telegram } from "./telegram.ts";

/** The accounts of the bot: one in the documented mode, and one for each of the others. */
export const bots = { allowlist: "11:allowlist", open: "12:open", pairing: "13:pairing" } as const;

export const people = {
  owner: { id: 100, name: "Olga" },
  friend: { id: 200, name: "Fred" },
  reader: { id: 210, name: "Rita" },
  worker: { id: 220, name: "Walt" },
  waiter: { id: 230, name: "Wilma" },
  patient: { id: 240, name: "Pat" },
  chatty: { id: 250, name: "Cleo" },
  attacker: { id: 260, name: "Andy" },
  teller: { id: 270, name: "Tess" },
  blocked: { id: 300, name: "Bert" },
  unknown: { id: 400, name: "Una" },
  stranger: { id: 500, name: "Stan" },
};

/** Messages that a sender may write in a minute. */
export const RATE = 6;

/** Whom Sluicegate knows, and how. */
const standings: Partial<Record<keyof typeof people, string>> = {
  owner: "owner",
  friend: "approved",
  reader: "approved",
  worker: "approved",
  waiter: "approved",
  patient: "approved",
  chatty: "approved",
  attacker: "approved",
  teller: "approved",
  blocked: "blocked",
};

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

export interface Places {
  adapter: string;
  openclaw: string;
  sluicegate: string;
}

export class World {
  readonly folder = mkdtempSync(join(tmpdir(), "sluicegate-openclaw-"));
  readonly telegram = new Telegram();
  readonly model = new Model();
  readonly holds = new HoldsStub();
  readonly #places: Places;
  #sidecar: Process | undefined;
  #gateway: Process | undefined;
  #ports = { sidecar: 0, gateway: 0 };
  token = "";

  constructor(places: Places) {
    this.#places = places;
  }

  get #env(): NodeJS.ProcessEnv {
    const home = join(this.folder, "home");
    // Nothing of the settings of whoever runs this gets in.
    return {
      PATH: process.env["PATH"],
      HOME: home,
      TMPDIR: join(this.folder, "tmp"),
      OPENCLAW_STATE_DIR: join(home, ".openclaw"),
      OPENCLAW_GATEWAY_TOKEN: "end-to-end",
      NO_COLOR: "1",
    };
  }

  async prepare(): Promise<void> {
    for (const name of ["home/.openclaw", "tmp", "workspace", "plugin"])
      mkdirSync(join(this.folder, name), { recursive: true });
    await Promise.all([this.telegram.start(), this.model.start()]);
    this.#ports = { sidecar: await freePort(), gateway: await freePort() };
    await this.#prepareSidecar();
    await this.holds.start(`http://127.0.0.1:${this.#ports.sidecar}`);
  }

  async #prepareSidecar(): Promise<void> {
    const at = { cwd: this.folder, env: this.#env };
    await ran(this.#places.sluicegate, ["init", "gate"], at);
    const file = join(this.folder, "gate/sluicegate.toml");
    const senders = Object.entries(standings).map(([name, standing]) => {
      const { id } = people[name as keyof typeof people];
      return `[[sender]]\nchannel = "telegram"\nid = "${id}"\nstanding = "${standing}"\n`;
    });
    const settings = readFileSync(file, "utf8")
      .replace("127.0.0.1:8787", `127.0.0.1:${this.#ports.sidecar}`)
      .replace("messages = 20", `messages = ${RATE}`)
      .replace('rules = ["policies/rules"]', 'rules = ["policies/rules", "locker.toml"]')
      .replace('policies = ["policies/personal.rhai"]', 'policies = ["redact.rhai", "policies/personal.rhai"]');
    writeFileSync(file, [settings, ...senders, '[[serve.token]]\nname = "gateway"\nscopes = ["check"]\n'].join("\n"));
    // The starter policy holds a reply with a secret; here what is secret is taken out, of messages too.
    writeFileSync(join(this.folder, "gate/redact.rhai"), REDACT);
    writeFileSync(join(this.folder, "gate/locker.toml"), LOCKER);
    const keys = ["--config", "gate/sluicegate.toml", "keys", "token", "gateway"];
    this.token = (await ran(this.#places.sluicegate, keys, at)).trim();
    writeFileSync(join(this.folder, "token"), this.token, { mode: 0o600 });
  }

  async startSidecar(): Promise<void> {
    const log = join(this.folder, "sidecar.log");
    const args = ["--config", "gate/sluicegate.toml", "serve"];
    this.#sidecar = new Process("sluicegate", this.#places.sluicegate, args, { cwd: this.folder, env: this.#env, log });
    const url = `http://127.0.0.1:${this.#ports.sidecar}/readyz`;
    await until("Sluicegate answers", () => answers(url));
  }

  /** Whether this Sluicegate has the API of holds. */
  async keepsHolds(): Promise<boolean> {
    return (await this.#ask("/v1/holds?state=approved&wait=0")).status !== 404;
  }

  async holdState(id: string): Promise<string | undefined> {
    const hold = (await (await this.#ask(`/v1/holds/${id}?wait=0`)).json()) as { state?: string };
    return hold.state;
  }

  /** What the owner writes to the agent, as OpenClaw would hand it in; also while OpenClaw is stopped. */
  async ownerSays(text: string): Promise<unknown> {
    const sender = { id: String(people.owner.id) };
    const chat = { id: sender.id, group: false, mentioned: false };
    const event = { kind: "message", at: Date.now(), channel: "telegram", account: "allowlist", sender, chat, text };
    return (await this.#ask("/v1/check", event)).json();
  }

  #ask(path: string, body?: object): Promise<Response> {
    const headers = { authorization: `Bearer ${this.token}`, "content-type": "application/json" };
    const asked = body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) };
    return fetch(`http://127.0.0.1:${this.#ports.sidecar}${path}`, asked);
  }

  async stopSidecar(): Promise<void> {
    await this.#sidecar?.stop();
    this.#sidecar = undefined;
  }

  /** The sidecar hangs: it takes connections and answers nothing. */
  freezeSidecar(frozen: boolean): void {
    this.#sidecar?.signal(frozen ? "SIGSTOP" : "SIGCONT");
  }

  openclaw(...args: string[]): Promise<string> {
    const command = [join(this.#places.openclaw, "node_modules/openclaw/openclaw.mjs"), ...args];
    return ran(process.execPath, command, { cwd: this.folder, env: this.#env });
  }

  /** The steps of the README: settings, then the plugin. */
  async installPlugin(): Promise<void> {
    writeFileSync(join(this.folder, "home/.openclaw/openclaw.json"), JSON.stringify(this.#settings(), null, 2));
    for (const name of ["dist", "package.json", "openclaw.plugin.json"]) {
      cpSync(join(this.#places.adapter, name), join(this.folder, "plugin", name), { recursive: true });
    }
    await this.openclaw(
      "plugins",
      "install",
      "--link",
      join(this.folder, "plugin"),
      "--force",
      "--accept-capabilities",
    );
  }

  #settings(): object {
    const allowed = Object.values(people)
      .filter((person) => person !== people.stranger)
      .map(({ id }) => String(id));
    const bot = (botToken: string, dmPolicy: string, allowFrom: string[]) => ({
      enabled: true,
      botToken,
      dmPolicy,
      allowFrom,
    });
    return {
      logging: { file: join(this.folder, "openclaw.log") },
      gateway: {
        mode: "local",
        bind: "loopback",
        port: this.#ports.gateway,
        auth: { mode: "token", token: "end-to-end" },
      },
      models: {
        providers: {
          stub: {
            baseUrl: this.model.url,
            apiKey: "none",
            api: "openai-completions",
            models: [
              {
                id: "m",
                name: "m",
                reasoning: false,
                input: ["text"],
                contextWindow: 100_000,
                maxTokens: 1000,
                cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
              },
            ],
          },
        },
      },
      agents: {
        defaults: { model: { primary: "stub/m" }, workspace: join(this.folder, "workspace"), skipBootstrap: true },
      },
      // A shell for everybody who gets through: what it may do is asked of Sluicegate alone.
      tools: { exec: { mode: "full" } },
      session: { dmScope: "per-account-channel-peer" },
      messages: { inbound: { debounceMs: 0 } },
      bindings: Object.keys(bots).map((accountId) => ({ agentId: "main", match: { channel: "telegram", accountId } })),
      channels: {
        telegram: {
          enabled: true,
          apiRoot: this.telegram.url,
          defaultAccount: "allowlist",
          network: { dangerouslyAllowPrivateNetwork: true },
          // The harshest: replies are shown while they are written, unless a hook has to see them first.
          streaming: { mode: "partial" },
          groups: { "*": { requireMention: true } },
          accounts: {
            allowlist: bot(bots.allowlist, "allowlist", allowed),
            open: bot(bots.open, "open", ["*"]),
            pairing: bot(bots.pairing, "pairing", []),
          },
        },
      },
      // Only what the run needs, so that it starts sooner.
      plugins: {
        allow: ["telegram", "sluicegate"],
        entries: {
          sluicegate: {
            enabled: true,
            config: {
              url: this.holds.url,
              tokenFile: join(this.folder, "token"),
              checkTimeoutMs: 1000,
              retryAfterMs: 500,
              toolWaitSeconds: 20,
            },
          },
        },
      },
    };
  }

  async startGateway(): Promise<void> {
    const log = join(this.folder, "gateway.log");
    const args = [join(this.#places.openclaw, "node_modules/openclaw/openclaw.mjs"), "gateway", "run"];
    const polled = () => Object.values(bots).every((bot) => this.telegram.calls.some((call) => call.bot === bot));
    this.telegram.calls.length = 0;
    this.#gateway = new Process("openclaw", process.execPath, args, { cwd: this.folder, env: this.#env, log });
    await until("OpenClaw runs and its bots poll", () => polled() || this.#gateway?.ended === true, 90_000);
    if (this.#gateway.ended) throw new Error(`OpenClaw ended at once; its log is ${log}`);
  }

  async stopGateway(): Promise<void> {
    await this.#gateway?.stop();
    this.#gateway = undefined;
  }

  async end(keep: boolean): Promise<void> {
    await Promise.all([this.stopGateway(), this.stopSidecar()]);
    this.telegram.stop();
    this.model.stop();
    this.holds.stop();
    if (!keep) return rmSync(this.folder, { recursive: true, force: true });
    const seen = {
      asked: this.holds.asked,
      heard: this.model.heard,
      results: this.model.results,
      sent: this.telegram.calls,
    };
    writeFileSync(join(this.folder, "seen.json"), JSON.stringify(seen, null, 1));
  }
}

async function freePort(): Promise<number> {
  const server = http.createServer();
  const url = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return Number(new URL(url).port);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
