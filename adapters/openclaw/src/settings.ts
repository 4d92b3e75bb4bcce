// What the owner sets for the plugin in `plugins.entries.sluicegate.config`. The shape is checked by OpenClaw against
// `configSchema` in openclaw.plugin.json; here stand the defaults and what a schema cannot say.

import type { Kind } from "./event.ts";

export interface Settings {
  url: string;
  tokenFile: string;
  checkTimeoutMs: number;
  retryAfterMs: number;
  maxInFlight: number;
  toolWaitSeconds: number;
  whenUnreachable: Record<Kind, "closed" | "open">;
  groupsAddressAgent: boolean;
  deliverReleased: boolean;
  notify?: { channel: string; account?: string; to: string };
}

const defaults: Settings = {
  url: "http://127.0.0.1:8787",
  tokenFile: "",
  checkTimeoutMs: 2000,
  retryAfterMs: 1000,
  maxInFlight: 64,
  toolWaitSeconds: 120,
  whenUnreachable: { message: "closed", reply: "closed", tool_call: "closed", tool_result: "closed" },
  groupsAddressAgent: true,
  deliverReleased: true,
};

/** The settings with defaults for what is not set. */
export function settingsOf(given: Record<string, unknown> = {}): Settings {
  const set = given as Partial<Settings>;
  return { ...defaults, ...set, whenUnreachable: { ...defaults.whenUnreachable, ...set.whenUnreachable } };
}

/** Where requests go. */
export interface Target {
  protocol: "http:" | "https:";
  hostname: string;
  port: string;
  path: string;
  socketPath?: string;
}

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Reads `url`. Throws with what to write instead. */
export function targetOf(url: string): Target {
  if (url.startsWith("unix:/")) {
    return { protocol: "http:", hostname: "localhost", port: "", path: "", socketPath: url.slice("unix:".length) };
  }
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== "http:" && parsed.protocol !== "https:")) {
    throw new Error(`\`url\` is "${url}": write http://127.0.0.1:8787, https://… or unix:/path/to/socket`);
  }
  if (parsed.protocol === "http:" && !loopback.has(parsed.hostname)) {
    throw new Error(`\`url\` leads to ${parsed.hostname} without TLS: the token would cross the network in the clear`);
  }
  const { protocol, hostname, port, pathname } = parsed;
  // Node takes the address of IPv6 without brackets.
  return { protocol, hostname: hostname.replace(/^\[|\]$/g, ""), port, path: pathname.replace(/\/$/, "") };
}
