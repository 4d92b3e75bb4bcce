// A model of our own, as an OpenAI-compatible server. It answers what it was prepared for, and anything else with
// "heard you". So an innocent message can be followed by a reply or a tool call that is not.

import http from "node:http";
import { bodyOf, listen, sleep } from "./server.ts";

/** A reply, which is streamed in so many parts, or a tool call; not given before it is `due`. */
interface Answer {
  content: string | null;
  parts?: number;
  due?: Promise<void>;
  tool_calls?: object[];
}

/** Between two parts of a stream. */
const PAUSE_MS = 400;

interface Message {
  role: string;
  content: unknown;
}

export class Model {
  /** Everything that a request put before the model since the model last spoke: what somebody said, and every tool's result. */
  readonly heard: string[] = [];
  readonly results: string[] = [];
  /** When each of `heard` was. */
  readonly #heardAt: number[] = [];
  readonly #server: http.Server;
  readonly #prepared = new Map<string, () => Answer>();
  #calls = 0;
  url = "";

  constructor() {
    this.#server = http.createServer(async (request, response) => {
      const body = JSON.parse((await bodyOf(request)).toString("utf8") || "{}") as {
        messages?: Message[];
        stream?: boolean;
      };
      const messages = body.messages ?? [];
      const spoken = messages.findLastIndex(({ role }) => role === "assistant");
      const latest = messages.slice(spoken + 1).filter(({ role }) => role === "user" || role === "tool");
      const result = latest.findLast(({ role }) => role === "tool");
      const text = latest.map(({ content }) => textOf(content)).join("\n");
      if (result !== undefined) this.results.push(textOf(result.content));
      else {
        this.heard.push(text);
        this.#heardAt.push(Date.now());
      }
      const answer = result !== undefined ? { content: "the tool is done" } : this.#answer(text);
      await send(response, answer, body.stream === true);
    });
  }

  async start(): Promise<void> {
    this.url = `${await listen(this.#server)}/v1`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  hears(text: string, since = 0): boolean {
    return this.times(text, since) > 0;
  }

  /** How often it was told a text. */
  times(text: string, since = 0): number {
    return this.heard.filter((heard, index) => heard.includes(text) && (this.#heardAt[index] ?? 0) >= since).length;
  }

  /** From now on, a message with these words is answered with this reply, streamed in so many parts. */
  prepare(words: string, content: string, parts = 1, due = Promise.resolve()): void {
    this.#prepared.set(words, () => ({ content, parts, due }));
  }

  /** From now on, a message with these words makes the model call this tool. */
  prepareCall(words: string, name: string, given: Record<string, unknown>, due = Promise.resolve()): void {
    const wanted = { name, arguments: JSON.stringify(given) };
    this.#prepared.set(words, () => {
      const id = `call_${++this.#calls}`;
      return { content: null, due, tool_calls: [{ index: 0, id, type: "function", function: wanted }] };
    });
  }

  /** What was prepared last counts: OpenClaw repeats earlier messages of a chat around the latest. */
  #answer(text: string): Answer {
    const answer = [...this.#prepared].findLast(([words]) => text.includes(words))?.[1];
    return answer?.() ?? { content: "heard you" };
  }
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part: { text?: string }) => part.text ?? "").join("\n") : "";
}

async function send(
  response: http.ServerResponse,
  { parts = 1, due, ...message }: Answer,
  stream: boolean,
): Promise<void> {
  await due;
  const base = { id: "chat-1", created: 0, model: "stub" };
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  const finish_reason = message.tool_calls ? "tool_calls" : "stop";
  if (!stream) {
    const choices = [{ index: 0, message: { role: "assistant", ...message }, finish_reason }];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...base, object: "chat.completion", choices, usage }));
    return;
  }
  response.setHeader("content-type", "text/event-stream");
  const write = (choice: object) => {
    response.write(
      `data: ${JSON.stringify({ ...base, object: "chat.completion.chunk", choices: [choice], usage })}\n\n`,
    );
  };
  const { content } = message;
  const length = content === null ? 0 : Math.ceil(content.length / parts);
  for (let part = 0; part < parts; part += 1) {
    if (part > 0) await sleep(PAUSE_MS);
    const piece = content === null ? {} : { content: content.slice(part * length, (part + 1) * length) };
    write({ index: 0, delta: { role: "assistant", ...message, ...piece }, finish_reason: null });
  }
  write({ index: 0, delta: {}, finish_reason });
  response.end("data: [DONE]\n\n");
}
