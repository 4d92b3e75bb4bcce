// One request and its answer, with a bound on everything. `node:http` rather than `fetch`: OpenClaw sets a proxy for `fetch`
// where the environment names one, and nothing of this may leave the machine; and `fetch` knows no Unix sockets.

import http from "node:http";
import https from "node:https";
import type { Target } from "./settings.ts";

/** An answer longer than this is none. */
const MOST_BYTES = 16 * 1024 * 1024;

export interface Answer {
  status: number;
  body: unknown;
}

/** Nobody answered, or not in time, or not to the end. */
export class Unreachable extends Error {}

/**
 * A connection from an earlier request was closed behind our back: Sluicegate closes idle ones, and may have been started anew.
 * A new one tells whether anybody is there. What was asked twice, if it was, is judged or used up once.
 */
class Stale extends Unreachable {}

export class Connection {
  readonly #target: Target;
  readonly #agent: http.Agent;

  constructor(target: Target) {
    this.#target = target;
    this.#agent = new (target.protocol === "https:" ? https : http).Agent({ keepAlive: true, maxSockets: 256 });
  }

  close(): void {
    this.#agent.destroy();
  }

  async request(
    method: "GET" | "POST",
    path: string,
    token: string | undefined,
    body: unknown,
    signal: AbortSignal,
  ): Promise<Answer> {
    try {
      return await this.#request(this.#agent, method, path, token, body, signal);
    } catch (error) {
      if (!(error instanceof Stale) || signal.aborted) throw error;
      return this.#request(false, method, path, token, body, signal);
    }
  }

  #request(
    agent: http.Agent | false,
    method: "GET" | "POST",
    path: string,
    token: string | undefined,
    body: unknown,
    signal: AbortSignal,
  ): Promise<Answer> {
    const target = this.#target;
    const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers: http.OutgoingHttpHeaders = { accept: "application/json" };
    if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
    if (sent !== undefined) {
      headers["content-type"] = "application/json";
      headers["content-length"] = sent.length;
    }
    return new Promise((resolve, reject) => {
      let answered = false;
      const fail = (error: Error) => {
        const stale = request.reusedSocket && !answered;
        const Failure = stale ? Stale : Unreachable;
        reject(new Failure(signal.aborted ? "no answer in time" : told(error, target), { cause: error }));
      };
      const request = (target.protocol === "https:" ? https : http).request(
        {
          ...(target.socketPath === undefined
            ? { hostname: target.hostname, port: target.port || undefined }
            : { socketPath: target.socketPath }),
          agent,
          method,
          path: target.path + path,
          headers,
          signal,
        },
        (response) => {
          answered = true;
          const parts: Buffer[] = [];
          let length = 0;
          response.on("error", fail);
          response.on("aborted", () => fail(new Error("the answer broke off")));
          response.on("data", (part: Buffer) => {
            length += part.length;
            if (length > MOST_BYTES) request.destroy(new Error("the answer is too long"));
            else parts.push(part);
          });
          response.on("end", () => resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(parts)) }));
        },
      );
      request.on("error", fail);
      request.end(sent);
    });
  }
}

/** What went wrong, for whoever can mend it. */
function told(error: NodeJS.ErrnoException, { protocol, hostname, port, socketPath }: Target): string {
  if (error.code !== "ECONNREFUSED" && error.code !== "ENOENT") return error.message;
  const place = socketPath ?? `${protocol}//${hostname}${port ? `:${port}` : ""}`;
  return `nobody listens at ${place}; start \`sluicegate serve\``;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
