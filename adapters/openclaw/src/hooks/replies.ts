// What the agent says. Both hooks are needed: `message_sending` sees every text that goes out, also what a tool sends;
// `reply_payload_sending` sees buttons, cards and captions. The host lets pass what either throws at.

import type { Attachment, Event, Verdict } from "../event.ts";
import type { MessageContext, ReplyPayload } from "../host.ts";
import type { Origins } from "../origin.ts";
import { bare, Latest } from "../origin.ts";
import type { Parts } from "./inbound.ts";

/** The host waits 15 seconds by itself, and then lets pass. The client is bounded more tightly than that. */
const TIMEOUT_MS = 15_000;

export function replies({ host, gate, origins }: Parts): void {
  /** Runs whose reply was stopped. */
  const stopped = new Latest<true>();

  host.on(
    "message_sending",
    async (event, context) => {
      try {
        const media = strings(event.metadata?.["mediaUrls"]);
        const asked = replyEvent(event.content, media.map(named), context, origins, event.to);
        const verdict = await gate.judge(asked);
        if (stops(verdict)) return { cancel: true, cancelReason: "stopped by sluicegate" };
        return changed(verdict, event.content) ? { content: verdict.redacted as string } : undefined;
      } catch (error) {
        host.logger.error(`sluicegate: a reply was stopped: ${(error as Error).message}`);
        return { cancel: true, cancelReason: "stopped by sluicegate" };
      }
    },
    { priority: -1000, timeoutMs: TIMEOUT_MS },
  );

  host.on(
    "reply_payload_sending",
    async (event, context) => {
      try {
        const { text = "", ...rest } = event.payload;
        const run = event.runId ?? context.runId;
        if (stopped.get(run) && insteadOfReply(text, run)) return { cancel: true, reason: "stopped by sluicegate" };
        const session = event.sessionKey ?? context.sessionKey;
        const around = { ...context, ...(session ? { sessionKey: session } : {}) };
        const asked = replyEvent(text, payloadParts(rest), around, origins);
        const verdict = await gate.judge(asked);
        if (stops(verdict)) {
          stopped.set(run, true);
          return { cancel: true, reason: "stopped by sluicegate" };
        }
        return changed(verdict, text) ? { payload: { ...event.payload, text: verdict.redacted as string } } : undefined;
      } catch (error) {
        host.logger.error(`sluicegate: a reply was stopped: ${(error as Error).message}`);
        return { cancel: true, reason: "stopped by sluicegate" };
      }
    },
    { priority: -1000, timeoutMs: TIMEOUT_MS },
  );
}

/**
 * When nothing of a run was delivered, the host sends a text of its own in the same run: that no reply could be produced,
 * with the run's id to look for in the logs. To whoever waits for a reply that was stopped, it would tell that one was.
 */
function insteadOfReply(text: string, run: string | undefined): boolean {
  return run !== undefined && text.endsWith(`Reference: ${run}.`);
}

function stops(verdict: Verdict): boolean {
  return verdict.decision !== "allow";
}

function changed(verdict: Verdict, text: string): boolean {
  return typeof verdict.redacted === "string" && verdict.redacted !== text;
}

/** A reply as Sluicegate is asked about it. */
export function replyEvent(
  text: string,
  attachments: Attachment[],
  context: MessageContext,
  origins: Origins,
  to?: string,
): Event {
  const session = origins.sessions.get(context.sessionKey);
  const channel = context.channelId ?? session?.channel ?? "";
  const chat = context.conversationId ?? to ?? "";
  const here = session?.channel === channel;
  const sender = context.senderId ? { id: context.senderId } : here ? session.sender : undefined;
  return {
    kind: "reply",
    at: Date.now(),
    channel,
    account: context.accountId ?? "",
    ...(context.sessionKey ? { session: context.sessionKey } : {}),
    chat: { id: chat, group: here && session.chat.group, mentioned: false },
    ...(sender ? { sender } : {}),
    to: bare(to ?? chat, channel),
    text,
    ...(attachments.length ? { attachments } : {}),
  };
}

/** Everything of a payload that is not its text: people may read it too. */
function payloadParts(rest: ReplyPayload): Attachment[] {
  const { mediaUrl, mediaUrls, ...shown } = rest;
  const media = new Set([...strings(mediaUrls), ...strings([mediaUrl])]);
  const words = Object.entries(shown).filter(([, value]) => typeof value === "string" || typeof value === "object");
  const json = JSON.stringify(Object.fromEntries(words));
  const more: Attachment[] = json === "{}" ? [] : [{ name: "payload.json", mime: "application/json", text: json }];
  return [...[...media].map(named), ...more];
}

function strings(values: unknown): string[] {
  return Array.isArray(values) ? values.filter((value) => typeof value === "string") : [];
}

function named(url: string): Attachment {
  return { name: url.startsWith("data:") ? "" : (url.split(/[/\\]/).at(-1) ?? ""), mime: "" };
}
