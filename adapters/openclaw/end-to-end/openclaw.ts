// The real OpenClaw of a run, with its settings and the plugin.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allowed, bots, people } from "./people.ts";
import { PATIENCE_MS, Process, ran, until } from "./processes.ts";
import { freePort } from "./server.ts";
import type { Telegram } from "./telegram.ts";

/** How the plugin reaches Sluicegate, and how long it waits. */
export interface Connection {
  url: string;
  tokenFile: string;
  checkTimeoutMs: number;
  retryAfterMs: number;
  toolWaitSeconds: number;
}

export interface Places {
  /** The plugin's folder. */
  adapter: string;
  /** The folder that OpenClaw is installed in. */
  openclaw: string;
}

interface Settings {
  plugins: { entries: { sluicegate: { config: object } } };
}

export class OpenClaw {
  readonly #places: Places;
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  #process: Process | undefined;
  #port = 0;

  constructor(places: Places, folder: string, env: NodeJS.ProcessEnv) {
    this.#places = places;
    this.#folder = folder;
    this.#env = env;
  }

  get #entry(): string {
    return join(this.#places.openclaw, "node_modules/openclaw/openclaw.mjs");
  }

  run(...args: string[]): Promise<string> {
    return ran(process.execPath, [this.#entry, ...args], { cwd: this.#folder, env: this.#env });
  }

  /** The steps of the README: settings, then the plugin. */
  async install(model: string, telegram: string, connection: Connection): Promise<void> {
    this.#port = await freePort();
    mkdirSync(join(this.#folder, "home/.openclaw"));
    writeFileSync(this.#file, JSON.stringify(this.#settings(model, telegram, connection), null, 2));
    const plugin = join(this.#folder, "plugin");
    for (const name of ["dist", "package.json", "openclaw.plugin.json"]) {
      cpSync(join(this.#places.adapter, name), join(plugin, name), { recursive: true });
    }
    await this.run("plugins", "install", "--link", plugin, "--force", "--accept-capabilities");
  }

  /** From the next start on, the plugin reaches Sluicegate in another way. */
  reconnect(connection: Connection): void {
    // In place: a file without what OpenClaw has written into it, OpenClaw replaces by the last one that it knows.
    const settings = JSON.parse(readFileSync(this.#file, "utf8")) as Settings;
    Object.assign(settings.plugins.entries.sluicegate.config, connection);
    writeFileSync(this.#file, JSON.stringify(settings, null, 2));
  }

  get #file(): string {
    return join(this.#folder, "home/.openclaw/openclaw.json");
  }

  #settings(model: string, telegram: string, connection: Connection): object {
    const bot = (botToken: string, dmPolicy: string, allowFrom: string[]) => ({
      enabled: true,
      botToken,
      dmPolicy,
      allowFrom,
    });
    return {
      // Its own records of messages say when it was done with each.
      logging: { file: join(this.#folder, "openclaw.log"), audit: { messages: "direct" } },
      gateway: { mode: "local", bind: "loopback", port: this.#port, auth: { mode: "token", token: "end-to-end" } },
      models: {
        providers: {
          stub: {
            baseUrl: model,
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
        defaults: { model: { primary: "stub/m" }, workspace: join(this.#folder, "workspace"), skipBootstrap: true },
      },
      // A shell for everybody who gets through: what it may do is asked of Sluicegate alone.
      tools: { exec: { mode: "full" } },
      session: { dmScope: "per-account-channel-peer" },
      messages: { inbound: { debounceMs: 0 } },
      bindings: Object.keys(bots).map((accountId) => ({ agentId: "main", match: { channel: "telegram", accountId } })),
      channels: {
        telegram: {
          enabled: true,
          apiRoot: telegram,
          defaultAccount: "allowlist",
          network: { dangerouslyAllowPrivateNetwork: true },
          // The harshest: replies are shown while they are written, unless a hook has to see them first.
          streaming: { mode: "partial" },
          groups: { "*": { requireMention: true } },
          accounts: {
            allowlist: bot(bots.allowlist, "allowlist", allowed()),
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
              ...connection,
              notify: { channel: "telegram", account: "allowlist", to: String(people.owner.id) },
            },
          },
        },
      },
    };
  }

  get #log(): string {
    return join(this.#folder, "gateway.log");
  }

  /** Whether its log has a line with these words. */
  logs(words: string): boolean {
    return readFileSync(this.#log, "utf8").includes(words);
  }

  async start(telegram: Telegram): Promise<void> {
    const log = this.#log;
    const before = telegram.polls;
    const polled = () => Object.values(bots).every((bot) => (telegram.polls.get(bot) ?? 0) > (before.get(bot) ?? 0));
    const options = { cwd: this.#folder, env: this.#env, log };
    const started = new Process("openclaw", process.execPath, [this.#entry, "gateway", "run"], options);
    this.#process = started;
    await until("OpenClaw runs and its bots poll", () => polled() || started.ended, 2 * PATIENCE_MS);
    if (started.ended) throw new Error(`OpenClaw ended at once; its log is ${log}`);
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
    this.#process = undefined;
  }
}
