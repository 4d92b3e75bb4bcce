// Stands between OpenClaw and Sluicegate. It passes everything on, and writes down what was asked and answered. As long as
// Sluicegate itself keeps no holds, it keeps them in its place: a stub, so that what the plugin and OpenClaw do with holds
// is tried on the real host all the same.

import http from "node:http";
import { bodyOf, listen } from "./server.ts";

interface Held {
  id: string;
  kind: string;
  state: string;
  expires: number;
  event: { kind: string };
  token: string;
}

export interface Asked {
  event: { kind: string; text?: string; [more: string]: unknown };
  verdict: { decision: string; reason: string; hold: { id: string } | null; redacted: string | null };
}

export class HoldsStub {
  /** Every event that was asked about, with its verdict. */
  readonly asked: Asked[] = [];
  readonly #server: http.Server;
  readonly #held = new Map<string, Held>();
  #upstream = "";
  /** Whether holds are kept here. */
  standsIn = false;
  url = "";

  constructor() {
    this.#server = http.createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
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

  /** The latest hold of a kind that waits. */
  waiting(kind: string): string | undefined {
    return [...this.#held.values()].findLast((held) => held.kind === kind && held.state === "waiting")?.id;
  }

  state(id: string): string | undefined {
    return this.#held.get(id)?.state;
  }

  /** The owner answers. */
  answer(id: string, state: "approved" | "denied"): void {
    const held = this.#held.get(id);
    if (held === undefined) throw new Error(`there is no hold ${id}`);
    held.state = state;
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://stub");
    const body = await bodyOf(request);
    if (this.standsIn && url.pathname.startsWith("/v1/holds")) {
      const seconds = Number(url.searchParams.get("wait") ?? 0);
      const { status, answer } = await this.#holds(url.pathname, body, seconds, request);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
      return;
    }
    const given = await this.#passOn(request, response, body);
    let text = given.text;
    if (url.pathname === "/v1/check" && given.status === 200) {
      const asked = { event: JSON.parse(body.toString("utf8")), verdict: JSON.parse(text) } as Asked;
      if (this.standsIn && asked.verdict.decision === "hold") asked.verdict.hold = this.#keep(asked.event);
      this.asked.push(asked);
      text = JSON.stringify(asked.verdict);
    }
    response.writeHead(given.status, { "content-type": "application/json" }).end(text);
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
        { method: request.method ?? "GET", headers },
        async (given) => {
          resolve({ status: given.statusCode ?? 502, text: (await bodyOf(given)).toString("utf8") });
        },
      );
      onward.on("error", reject);
      response.once("close", () => onward.destroy(new Error("the client is gone")));
      onward.end(body);
    });
  }

  #keep(event: { kind: string }): { id: string; digest: string; expires: number } {
    const id = `stub${this.#held.size + 1}`;
    const expires = Date.now() + 600_000;
    this.#held.set(id, { id, kind: event.kind, state: "waiting", expires, event, token: `token-of-${id}` });
    return { id, digest: "stub", expires };
  }

  async #holds(
    path: string,
    body: Buffer,
    seconds: number,
    request: http.IncomingMessage,
  ): Promise<{ status: number; answer: object }> {
    const shown = ({ id, kind, state, expires }: Held) => ({ id, kind, state, expires });
    const wait = async (ready: () => boolean) => {
      const end = Date.now() + seconds * 1000;
      while (!ready() && Date.now() < end && !request.socket.destroyed)
        await new Promise((resolve) => setTimeout(resolve, 50));
    };
    if (path === "/v1/holds") {
      const approved = () => [...this.#held.values()].filter((held) => held.state === "approved");
      await wait(() => approved().length > 0);
      return { status: 200, answer: { holds: approved().map(shown) } };
    }
    if (path === "/v1/holds/redeem") {
      const { token, event } = JSON.parse(body.toString("utf8")) as { token: string; event: object };
      const held = [...this.#held.values()].find((held) => held.token === token);
      const fits = held?.state === "released" && same(held.event, event);
      if (!held || !fits) return { status: 409, answer: { error: "used, another event, or too late" } };
      held.state = "used";
      return { status: 200, answer: { redeemed: true } };
    }
    const [id = "", deed] = path.slice("/v1/holds/".length).split("/");
    const held = this.#held.get(id);
    if (held === undefined) return { status: 404, answer: { error: "there is no such hold" } };
    if (deed === "release") {
      if (held.state !== "approved") return { status: 409, answer: { error: "not approved" } };
      held.state = "released";
      const verdict = { decision: "allow", reason: "approved", redacted: null };
      return { status: 200, answer: { verdict, event: held.event, token: held.token } };
    }
    await wait(() => held.state !== "waiting");
    return { status: 200, answer: shown(held) };
  }
}

/** As a digest compares them: the time is no part of it. */
function same(one: object, other: object): boolean {
  return JSON.stringify({ ...one, at: 0 }) === JSON.stringify({ ...other, at: 0 });
}
