// Stands between OpenClaw and Sluicegate, passes everything on as it is, and writes down what was asked and answered. Where a
// run is about the connection itself, OpenClaw asks Sluicegate directly.

import http from "node:http";
import { bodyOf, listen } from "./server.ts";

/** A question and its answer. */
export interface Asked {
  event: { kind: string; text?: string; [more: string]: unknown };
  verdict: { decision: string; reason: string; hold: { id: string } | null; redacted: string | null };
  /** When the answer was there, in milliseconds since 1970. */
  at: number;
}

export class Tap {
  /** Every event that was asked about, with its verdict. */
  readonly asked: Asked[] = [];
  readonly #server: http.Server;
  #upstream = "";
  url = "";

  constructor() {
    this.#server = http.createServer((request, response) => {
      // A connection that breaks behind us breaks before us.
      this.#pass(request, response).catch(() => response.destroy());
    });
  }

  async start(upstream: string): Promise<void> {
    this.#upstream = upstream;
    this.url = await listen(this.#server);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { status, text } = await this.#passOn(request, response, body);
    if (request.url === "/v1/check" && status === 200) {
      this.asked.push({ event: JSON.parse(body.toString("utf8")), verdict: JSON.parse(text), at: Date.now() });
    }
    response.writeHead(status, { "content-type": "application/json" }).end(text);
  }

  #passOn(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    body: Buffer,
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const headers = { ...request.headers, host: "127.0.0.1" };
      const onward = http.request(
        this.#upstream + (request.url ?? "/"),
        { method: request.method ?? "GET", headers, agent: false },
        (given) => {
          bodyOf(given).then((answer) => {
            resolve({ status: given.statusCode ?? 502, text: answer.toString("utf8") });
          }, reject);
        },
      );
      onward.on("error", reject);
      response.once("close", () => onward.destroy(new Error("the client is gone")));
      onward.end(body);
    });
  }
}
