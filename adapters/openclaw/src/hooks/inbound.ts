// Messages: the gate in front of the model.

import { randomUUID } from "node:crypto";
import type { Delivery } from "../delivery.ts";
import type { Event } from "../event.ts";
import type { Gate } from "../gate.ts";
import type { DispatchEvent, Host, MessageContext } from "../host.ts";
import type { Origins } from "../origin.ts";
import type { Settings } from "../settings.ts";

export interface Parts {
  host: Host;
  gate: Gate;
  origins: Origins;
  delivery: Delivery;
  settings: Settings;
}

export function inbound({ host, gate, origins, delivery, settings }: Parts): void {
  host.on("message_received", (event, context) => origins.receive(event, context));

  // Steered messages, which reach a run that is under way, come through here too; `before_agent_run` does not see them, and
  // it cannot stop anything silently.
  host.on(
    "before_dispatch",
    async (event, context) => {
      try {
        const asked = messageEvent(event, context, origins, settings);
        const verdict = await gate.judge(asked);
        if (verdict.decision !== "allow") return claimed(verdict.reply);
        // Only now: in a group, nobody who is not heard becomes the one on whose behalf the agent speaks.
        const { channel, account, chat, sender } = asked;
        origins.sessions.set(asked.session, { channel, account, chat, ...(sender ? { sender } : {}) });
        if (typeof verdict.redacted !== "string" || verdict.redacted === asked.text) return undefined;
        // The host cannot change what it hands to the model. So it hands over nothing, and the changed text goes in anew.
        await delivery.message(asked, verdict.redacted, `redacted-${randomUUID()}`);
        return claimed();
      } catch (error) {
        // The host lets a message pass when its gate throws.
        host.logger.error(`sluicegate: a message was stopped: ${(error as Error).message}`);
        return claimed();
      }
    },
    { priority: 1000 },
  );
}

/** Without a text, nothing at all is sent. */
function claimed(text?: string | null): { handled: boolean; text?: string } {
  return text ? { handled: true, text } : { handled: true };
}

/** A message as Sluicegate is asked about it. */
export function messageEvent(
  event: DispatchEvent,
  context: MessageContext,
  origins: Origins,
  settings: Settings,
): Event {
  const id = event.messageId ?? context.messageId;
  const senderId = event.senderId ?? context.senderId;
  const session = event.sessionKey ?? context.sessionKey;
  const received = origins.received(id, { ...context, ...(session ? { sessionKey: session } : {}) });
  const group = event.isGroup === true;
  const quoted = quotedIn(event);
  return {
    ...(id ? { id } : {}),
    kind: "message",
    at: Date.now(),
    channel: context.channelId ?? event.channel ?? "",
    account: context.accountId ?? "",
    ...(session ? { session } : {}),
    chat: { id: context.conversationId ?? "", group, mentioned: group && settings.groupsAddressAgent },
    ...(senderId ? { sender: { id: senderId, ...(received?.name ? { name: received.name } : {}) } } : {}),
    text: event.content,
    ...(quoted ? { quoted } : {}),
    ...(received?.attachments.length ? { attachments: received.attachments } : {}),
  };
}

/**
 * What the model sees besides the sender's own words: the message replied to, and whatever else the host has put around
 * them, such as a forwarded text.
 */
function quotedIn(event: DispatchEvent): string {
  const around = (event.body ?? "").replace(event.content, () => "").trim();
  const repliedTo = event.replyToBody ?? "";
  return around.includes(repliedTo) ? around : [repliedTo, around].filter(Boolean).join("\n");
}
