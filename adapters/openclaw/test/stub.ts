// A Sluicegate and an OpenClaw of our own, as small as the tests need them.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import plugin from "../src/index.ts";
import type { Event } from "../src/event.ts";
import type { Command, Handlers, Host, ToolResult, ToolResultContext, ToolResultEvent } from "../src/host.ts";

export interface Request {
  method: string;
  path: string;
  token: string | undefined;
  body: unknown;
}

type Answer = { status?: number; body?: unknown; raw?: string; never?: boolean };

export class Sidecar {
  readonly requests: Request[] = [];
  /** What is answered; a test sets it. */
  answer: (request: Request) => Answer | Promise<Answer> = () => ({ body: { decision: "allow", reason: "" } });
  readonly #server = http.createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString("utf8");
    const asked: Request = {
      method: request.method ?? "",
      path: request.url ?? "",
      token: request.headers.authorization?.replace("Bearer ", ""),
      body: text === "" ? undefined : JSON.parse(text),
    };
    this.requests.push(asked);
    const { status = 200, body, raw, never } = await this.answer(asked);
    if (never) return;
    response.writeHead(status, { "content-type": "application/json" }).end(raw ?? JSON.stringify(body));
  });
  url = "";

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Every event that a verdict was asked for. */
  get events(): Event[] {
    return this.requests.filter(({ path }) => path === "/v1/check").map(({ body }) => body as Event);
  }

  decide(decision: string, more: object = {}): void {
    this.answer = () => ({ body: { decision, reason: "because", ...more } });
  }
}

export class StubHost implements Host {
  config: unknown = {};
  pluginConfig: Record<string, unknown>;
  readonly log: string[] = [];
  readonly logger = {
    info: (line: string) => void this.log.push(line),
    warn: (line: string) => void this.log.push(line),
    error: (line: string) => void this.log.push(line),
  };
  readonly handlers: Partial<Handlers> = {};
  readonly options: Record<string, { priority?: number; timeoutMs?: number } | undefined> = {};
  readonly turns: Array<{ sessionKey: string; message: string; deliver: boolean; idempotencyKey: string }> = [];
  readonly sent: Array<{ channel: string; to: string; text: string; accountId?: string }> = [];
  readonly services: Array<{ id: string; start(): void; stop(): void | Promise<void> }> = [];
  result:
    ((event: ToolResultEvent, context: ToolResultContext) => Promise<{ result: ToolResult } | undefined>) | undefined;
  command: (() => void | Promise<void>) | undefined;
  /** What the host throws when it is asked to run a turn. */
  broken: Error | undefined;

  constructor(pluginConfig: Record<string, unknown>) {
    this.pluginConfig = pluginConfig;
  }

  readonly runtime: Host["runtime"] = {
    config: { current: () => this.config },
    subagent: {
      run: async (turn) => {
        if (this.broken) throw this.broken;
        this.turns.push(turn);
        return { runId: turn.idempotencyKey };
      },
    },
    channel: {
      outbound: {
        loadAdapter: async (channel) => ({
          sendText: async ({ to, text, accountId }) => {
            this.sent.push({ channel, to, text, ...(accountId ? { accountId } : {}) });
          },
        }),
      },
    },
  };

  on<Name extends keyof Handlers>(
    name: Name,
    handler: Handlers[Name],
    options?: { priority?: number; timeoutMs?: number },
  ): void {
    this.handlers[name] = handler;
    this.options[name] = options;
  }

  registerAgentToolResultMiddleware(handler: NonNullable<StubHost["result"]>): void {
    this.result = handler;
  }

  registerService(service: StubHost["services"][number]): void {
    this.services.push(service);
  }

  registerCli(register: (at: { program: Command }) => void): void {
    const program: Command = {
      command: () => program,
      description: () => program,
      action: (run) => {
        this.command = run;
        return program;
      },
    };
    register({ program });
  }

  handler<Name extends keyof Handlers>(name: Name): Handlers[Name] {
    return this.handlers[name] as Handlers[Name];
  }
}

/** The plugin between both, until the test ends. */
export async function world(
  test: TestContext,
  settings: Record<string, unknown> = {},
): Promise<{ sidecar: Sidecar; host: StubHost }> {
  const folder = mkdtempSync(join(tmpdir(), "sluicegate-test-"));
  const tokenFile = join(folder, "token");
  writeFileSync(tokenFile, "secret-token\n", { mode: 0o600 });
  const sidecar = new Sidecar();
  await sidecar.start();
  const host = new StubHost({ url: sidecar.url, tokenFile, checkTimeoutMs: 300, retryAfterMs: 200, ...settings });
  plugin.register(host);
  test.after(async () => {
    for (const service of host.services) await service.stop();
    sidecar.stop();
    rmSync(folder, { recursive: true });
  });
  return { sidecar, host };
}

export const dispatch = {
  messageId: "7",
  content: "hello",
  sessionKey: "agent:main:telegram:direct:200",
  senderId: "200",
};
export const context = {
  messageId: "7",
  channelId: "telegram",
  accountId: "main",
  conversationId: "200",
  sessionKey: dispatch.sessionKey,
  senderId: "200",
};
