// Whether everything that the plugin relies on is so: Sluicegate, the token, and the settings of OpenClaw around it.

import type { Client } from "./client.ts";
import type { Settings } from "./settings.ts";

export interface Finding {
  checkId: string;
  severity: "info" | "warn" | "critical";
  title: string;
  detail: string;
  remediation?: string;
}

/** Where the README says why. */
const README = 'see "DM modes" in the README of adapters/openclaw';

/** What was looked at: a finding with severity `info` is as it should be. */
export async function posture(client: Pick<Client, "status">, settings: Settings, config: unknown): Promise<Finding[]> {
  return [
    await reached(client, settings),
    ...openKinds(settings),
    ...directMessages(config),
    ...sessions(config),
    ...dispatch(config),
  ];
}

async function reached(client: Pick<Client, "status">, settings: Settings): Promise<Finding> {
  const checkId = "sluicegate.reached";
  try {
    await client.status();
    return { checkId, severity: "info", title: "Sluicegate answers and knows the token", detail: settings.url };
  } catch (error) {
    return {
      checkId,
      severity: "critical",
      title: "Sluicegate cannot be asked",
      detail: (error as Error).message,
      remediation: `look whether \`sluicegate serve\` runs, and compare \`url\` (${settings.url}) and \`tokenFile\` with its settings`,
    };
  }
}

function openKinds(settings: Settings): Finding[] {
  const open = Object.entries(settings.whenUnreachable).filter(([, decision]) => decision === "open");
  if (open.length === 0) return [];
  return [
    {
      checkId: "sluicegate.when_unreachable",
      severity: "warn",
      title: "Something passes unjudged while Sluicegate is stopped",
      detail: `whenUnreachable is "open" for: ${open.map(([kind]) => kind).join(", ")}`,
      remediation: 'set it to "closed", unless you mean it',
    },
  ];
}

/** Every channel, and every account of one, that has a DM policy of its own or the default. */
function directMessages(config: unknown): Finding[] {
  const checkId = "sluicegate.dm_policy";
  const findings: Finding[] = [];
  for (const [channel, settings] of entries(field(config, "channels"))) {
    if (channel === "defaults" || field(settings, "enabled") === false) continue;
    const accounts = entries(field(settings, "accounts"));
    const places: Array<[string, unknown]> =
      accounts.length > 0
        ? accounts.map(([name, account]) => [`${channel}.accounts.${name}`, account])
        : [[channel, settings]];
    for (const [place, account] of places) {
      const policy = field(account, "dmPolicy") ?? field(settings, "dmPolicy") ?? "pairing";
      findings.push(policyFinding(checkId, place, policy));
    }
  }
  return findings;
}

function policyFinding(checkId: string, place: string, policy: unknown): Finding {
  const key = `channels.${place}.dmPolicy`;
  if (policy === "allowlist" || policy === "disabled") {
    return { checkId, severity: "info", title: `${key} is "${policy}"`, detail: "strangers meet silence" };
  }
  const why =
    policy === "open"
      ? "whoever writes reaches the agent whenever this plugin is not loaded"
      : "OpenClaw answers a stranger with a pairing code, and so tells that somebody is there";
  const remediation = `set ${key} to "allowlist" and name the people in allowFrom; ${README}`;
  return { checkId, severity: "warn", title: `${key} is "${String(policy)}"`, detail: why, remediation };
}

function sessions(config: unknown): Finding[] {
  const checkId = "sluicegate.dm_scope";
  const scope = field(field(config, "session"), "dmScope") ?? "main";
  if (scope !== "main")
    return [
      {
        checkId,
        severity: "info",
        title: `session.dmScope is "${String(scope)}"`,
        detail: "each sender has a session",
      },
    ];
  return [
    {
      checkId,
      severity: "critical",
      title: 'session.dmScope is "main"',
      detail:
        "all share one session: what one is told another may hear, and a released message is answered to whoever wrote last",
      remediation: 'set session.dmScope to "per-account-channel-peer"',
    },
  ];
}

/** Ways to the model that no message hook sees. */
function dispatch(config: unknown): Finding[] {
  const endpoints = field(field(field(config, "gateway"), "http"), "endpoints");
  const open = entries(endpoints)
    .filter(([, endpoint]) => field(endpoint, "enabled") === true)
    .map(([name]) => name);
  if (open.length === 0) return [];
  return [
    {
      checkId: "sluicegate.http_endpoints",
      severity: "warn",
      title: "HTTP endpoints reach the model past the message hooks",
      detail: `enabled: ${open.join(", ")}`,
      remediation: "disable them under gateway.http.endpoints, or put Sluicegate in front of them by other means",
    },
  ];
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function entries(value: unknown): Array<[string, unknown]> {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}
