// Where things come from. The host tells each hook a part of it; what one hook was told is remembered for the next, for a
// bounded number of the latest.

import type { Attachment, Event } from "./event.ts";
import type { MediaFact, MessageContext, ReceivedEvent, Requester } from "./host.ts";

export type Origin = Pick<Event, "channel" | "account" | "chat" | "sender">;

/** What only `message_received` tells. */
export interface Received {
  name?: string;
  attachments: Attachment[];
}

const MOST = 1024;

export class Latest<Value> {
  readonly #entries = new Map<string, Value>();

  get(key: string | undefined): Value | undefined {
    return key === undefined ? undefined : this.#entries.get(key);
  }

  set(key: string | undefined, value: Value): void {
    if (key === undefined) return;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > MOST) this.#entries.delete(this.#entries.keys().next().value as string);
  }
}

export class Origins {
  /** By message. */
  readonly #received = new Latest<Received>();
  /** By session: who wrote last, and where. */
  readonly sessions = new Latest<Origin>();
  /** By run: whose released message a run answers. The host knows no requester for these. */
  readonly runs = new Latest<Origin>();
  /** By tool call. */
  readonly calls = new Latest<Origin>();

  receive(event: ReceivedEvent, context: MessageContext): void {
    const name = event.metadata?.["senderName"] ?? event.metadata?.["senderUsername"];
    this.#received.set(messageKey(event.messageId ?? context.messageId, context), {
      ...(typeof name === "string" ? { name } : {}),
      attachments: (event.media ?? event.originalMedia ?? []).map(attachment),
    });
  }

  received(messageId: string | undefined, context: MessageContext): Received | undefined {
    return this.#received.get(messageKey(messageId, context));
  }

  /** On whose behalf a tool is called. A requester that the host does not prove is none: nobody is guessed. */
  ofCall(requester: Requester | undefined, sessionKey: string | undefined, runId: string | undefined): Origin {
    const released = this.runs.get(runId);
    if (released !== undefined) return released;
    const session = this.sessions.get(sessionKey);
    const channel = requester?.channel ?? "";
    const account = requester?.accountId ?? "";
    const here = session?.channel === channel && session.account === account;
    return {
      channel,
      account,
      chat: here ? session.chat : { id: "", group: false, mentioned: false },
      ...(requester?.senderId ? { sender: { id: requester.senderId } } : {}),
    };
  }
}

const shared = Symbol.for("sluicegate.openclaw.origins");

/** One for the whole process: the host registers the plugin anew for the tools of a run. */
export function origins(): Origins {
  const place = globalThis as { [shared]?: Origins };
  return (place[shared] ??= new Origins());
}

/** An id as the channel knows it: the host writes `telegram:123` in some places and `123` in others. */
export function bare(id: string, channel: string): string {
  return channel !== "" && id.startsWith(`${channel}:`) ? id.slice(channel.length + 1) : id;
}

function messageKey(messageId: string | undefined, context: MessageContext): string | undefined {
  if (messageId === undefined) return undefined;
  return [context.channelId, context.accountId, context.sessionKey, messageId].join("\0");
}

function attachment(fact: MediaFact): Attachment {
  const place = fact.path ?? fact.url ?? "";
  return { name: place.split(/[/\\]/).at(-1)?.split("?")[0] ?? "", mime: fact.contentType ?? fact.kind ?? "" };
}
