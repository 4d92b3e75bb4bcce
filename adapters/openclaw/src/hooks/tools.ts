// Tool calls and what comes back from them.

import type { Client } from "../client.ts";
import type { Event, Verdict } from "../event.ts";
import type { ToolCallEvent, ToolContext, ToolResult, ToolResultContext, ToolResultEvent } from "../host.ts";
import { Unreachable } from "../http.ts";
import type { Origins } from "../origin.ts";
import { sleep } from "../sleep.ts";
import type { Parts } from "./inbound.ts";

/** How long one question about a hold waits, in seconds. */
const WAIT_SECONDS = 25;
/** How long is waited before Sluicegate is asked again that was away. */
const AWAY_MS = 500;
/** Told to the model: enough to go on, and nothing about why. */
const DENIED = "The owner has not allowed this tool call.";
const WITHHELD = "[The result of this tool is withheld.]";

type Answers = Pick<Client, "hold" | "release" | "redeem" | "withdraw">;

export function tools({ host, gate, origins, settings }: Parts, client: Answers): void {
  // A held call waits here for the owner's answer to Sluicegate, rather than for OpenClaw's own approval: an approval is
  // given once, in one place, by the owner, and is bound to exactly this call.
  host.on(
    "before_tool_call",
    async (event, context) => {
      try {
        const asked = callEvent(event, context, origins);
        const verdict = await gate.judge(asked);
        if (verdict.decision === "allow") return undefined;
        const approved =
          verdict.decision === "hold" &&
          (await answered(verdict, asked, client, settings.toolWaitSeconds, context.abortSignal));
        return approved ? undefined : { block: true, blockReason: DENIED };
      } catch (error) {
        host.logger.error(`sluicegate: a tool call was stopped: ${(error as Error).message}`);
        return { block: true, blockReason: DENIED };
      }
    },
    { priority: 1000, timeoutMs: settings.toolWaitSeconds * 1000 + 3 * settings.checkTimeoutMs + 2000 },
  );

  host.registerAgentToolResultMiddleware(
    async (event, context) => {
      try {
        const verdict = await gate.judge(resultEvent(event, context, origins));
        if (verdict.decision !== "allow") return { result: withheld(event.result) };
        // A result stands below `tool`; what Sluicegate redacts is a text, and here there is none as long as it does not say so.
        if (typeof verdict.redacted !== "string" || verdict.redacted === "") return undefined;
        return { result: { ...event.result, content: [{ type: "text", text: verdict.redacted }], details: null } };
      } catch (error) {
        host.logger.error(`sluicegate: a tool result was withheld: ${(error as Error).message}`);
        return { result: withheld(event.result) };
      }
    },
    { runtimes: ["openclaw", "codex"] },
  );
}

/** Whether the owner approves in time, and the approval could be used up. What goes wrong is a no. */
async function answered(
  verdict: Verdict,
  event: Event,
  client: Answers,
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (!verdict.hold) return false;
  const { id, expires } = verdict.hold;
  const end = Math.min(Date.now() + seconds * 1000, expires);
  let approved = false;
  for (let left = end - Date.now(); left > 0; left = end - Date.now()) {
    try {
      if (!approved) {
        const hold = await client.hold(id, Math.min(WAIT_SECONDS, Math.ceil(left / 1000)), signal);
        if (hold.state === "waiting") continue;
        if (hold.state !== "approved") return false;
        approved = true;
      }
      const released = await client.release(id);
      if (released.verdict.decision !== "allow") return false;
      await client.redeem(released.token, event);
      return true;
    } catch (error) {
      // Sluicegate keeps its holds, and may be starting anew. It uses an approval up once, however often it is asked to.
      if (!(error instanceof Unreachable) || signal?.aborted) {
        await withdrawn(id, client);
        throw error;
      }
      await sleep(AWAY_MS, signal);
    }
  }
  await withdrawn(id, client);
  return false;
}

/** The owner need not answer any more. If Sluicegate does not hear of it, the hold lapses by itself. */
async function withdrawn(id: string, client: Answers): Promise<void> {
  await client.withdraw(id).catch(() => undefined);
}

/** A tool call as Sluicegate is asked about it. */
export function callEvent(event: ToolCallEvent, context: ToolContext, origins: Origins): Event {
  const origin = origins.ofCall(context.requester, context.sessionKey, event.runId ?? context.runId);
  origins.calls.set(event.toolCallId, origin);
  return {
    ...(event.toolCallId ? { id: event.toolCallId } : {}),
    kind: "tool_call",
    at: Date.now(),
    ...origin,
    ...(context.sessionKey ? { session: context.sessionKey } : {}),
    tool: { name: event.toolName, arguments: event.params },
  };
}

/** What a tool gave back as Sluicegate is asked about it: the texts that the model would read. */
export function resultEvent(event: ToolResultEvent, context: ToolResultContext, origins: Origins): Event {
  const origin = origins.calls.get(event.toolCallId) ?? origins.ofCall(undefined, context.sessionKey, context.runId);
  const texts = event.result.content.map((block) => block.text).filter((text) => text !== undefined);
  return {
    id: `${event.toolCallId}/result`,
    kind: "tool_result",
    at: Date.now(),
    ...origin,
    ...(context.sessionKey ? { session: context.sessionKey } : {}),
    tool: { name: event.toolName, arguments: event.args, result: texts.length === 1 ? texts[0] : texts },
  };
}

function withheld(result: ToolResult): ToolResult {
  return { ...result, content: [{ type: "text", text: WITHHELD }], details: { status: "withheld" } };
}
