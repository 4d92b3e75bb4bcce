// A Telegram Bot API of our own: what it is sent is what the far end sees. The host's real Telegram channel talks to it,
// through `channels.telegram.apiRoot`.

import http from "node:http";
import { bodyOf, listen } from "./server.ts";

export interface Call {
  bot: string;
  method: string;
  body: Record<string, unknown>;
  /** The body as it came in. */
  raw: string;
  /** When, in milliseconds since 1970. */
  at: number;
}

export interface Person {
  id: number;
  name: string;
}

export class Telegram {
  readonly calls: Call[] = [];
  readonly #polls = new Map<string, number>();
  readonly #server: http.Server;
  readonly #updates = new Map<string, Array<Record<string, unknown>>>();
  readonly #waiting = new Map<string, () => void>();
  #next = 1000;
  url = "";

  constructor() {
    this.#server = http.createServer(async (request, response) => {
      const [, bot = "", method = ""] = /^\/bot([^/]+)\/(\w+)/.exec(request.url ?? "") ?? [];
      const text = (await bodyOf(request)).toString("utf8");
      const body = parsed(text, new URL(request.url ?? "/", "http://stub").searchParams);
      if (method === "getUpdates") this.#polls.set(bot, (this.#polls.get(bot) ?? 0) + 1);
      else this.calls.push({ bot, method, body, raw: text, at: Date.now() });
      const result = await this.#answer(bot, method, body);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ ok: true, result }));
    });
  }

  async start(): Promise<void> {
    this.url = await listen(this.#server);
  }

  stop(): void {
    for (const wake of this.#waiting.values()) wake();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** How often each bot has asked for what was written to it. */
  get polls(): ReadonlyMap<string, number> {
    return new Map(this.#polls);
  }

  /** Somebody writes to a bot, directly or in a group. */
  write(bot: string, from: Person, text: string, more: Record<string, unknown> = {}): void {
    const id = this.#next++;
    const chat = { id: from.id, type: "private", first_name: from.name };
    const sender = { id: from.id, is_bot: false, first_name: from.name };
    const message = { message_id: id, date: Math.floor(Date.now() / 1000), chat, from: sender, text, ...more };
    const waiting = this.#updates.get(bot) ?? [];
    waiting.push({ update_id: id, message });
    this.#updates.set(bot, waiting);
    this.#waiting.get(bot)?.();
  }

  /** What a chat has been sent or shown, in order, whatever it was. */
  seen(chat: number, since = 0): Call[] {
    return this.calls.filter((call) => call.at >= since && String(call.body["chat_id"]) === String(chat));
  }

  async #answer(bot: string, method: string, body: Record<string, unknown>): Promise<unknown> {
    switch (method) {
      case "getMe":
        return {
          id: 1,
          is_bot: true,
          first_name: "Agent",
          username: `agent_${bot.split(":")[0]}_bot`,
          can_join_groups: true,
        };
      case "getUpdates":
        return this.#poll(bot, Number(body["offset"] ?? 0));
      case "getWebhookInfo":
        return { url: "", has_custom_certificate: false, pending_update_count: 0 };
      case "getMyCommands":
        return [];
      case "sendMessage":
      case "editMessageText":
      case "sendRichMessage":
        return {
          message_id: Number(body["message_id"] ?? this.#next++),
          date: Math.floor(Date.now() / 1000),
          chat: { id: Number(body["chat_id"]), type: "private" },
          text: body["text"],
        };
      default:
        return true;
    }
  }

  async #poll(bot: string, offset: number): Promise<unknown[]> {
    const ready = () => (this.#updates.get(bot) ?? []).filter((update) => Number(update["update_id"]) >= offset);
    if (ready().length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 5000);
        this.#waiting.set(bot, () => {
          clearTimeout(timer);
          resolve();
        });
      });
      this.#waiting.delete(bot);
    }
    const updates = ready();
    this.#updates.set(bot, updates);
    return updates;
  }
}

function parsed(text: string, query: URLSearchParams): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return Object.fromEntries([...query, ...new URLSearchParams(text)]);
  }
}
