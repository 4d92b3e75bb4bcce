// What the plugin itself sends: messages that the owner has released, to the agent; released replies and notices, to people.

import type { Event } from "./event.ts";
import type { Host } from "./host.ts";
import type { Origins } from "./origin.ts";
import type { Settings } from "./settings.ts";

export class Delivery {
  readonly #host: Host;
  readonly #origins: Origins;
  readonly #notify: Settings["notify"];

  constructor(host: Host, origins: Origins, settings: Settings) {
    this.#host = host;
    this.#origins = origins;
    this.#notify = settings.notify;
  }

  /**
   * Hands a message to the agent, as a turn of the session that it was meant for; the answer goes where that session's
   * answers go. The host has no way to take up a message that was claimed, so this is a new turn with the same text, and
   * nothing before the model is asked about it again: it was judged when it was released.
   */
  async message(event: Event, text: string, id: string): Promise<void> {
    if (event.session === undefined) throw new Error("the event names no session");
    const { channel, account, chat, sender } = event;
    const origin = { channel, account, chat, ...(sender ? { sender } : {}) };
    const key = `sluicegate-${id}`;
    // The run may call tools before its id comes back; the host makes the key its id.
    this.#origins.runs.set(key, origin);
    const turn = { sessionKey: event.session, message: text, deliver: true, idempotencyKey: key };
    const { runId } = await this.#host.runtime.subagent.run(turn);
    this.#origins.runs.set(runId, origin);
  }

  /**
   * Sends a reply that was held to the chat as the host itself names it, as text, past the hooks: it was judged when it was
   * released.
   */
  async reply(event: Event, text: string): Promise<void> {
    await this.#send(event.channel, event.account, event.chat.id || (event.to ?? ""), text);
  }

  /** Whether this gateway has the channel. */
  async serves(channel: string): Promise<boolean> {
    const adapter = await this.#host.runtime.channel.outbound.loadAdapter(channel);
    return adapter?.sendText !== undefined;
  }

  /** Tells the owner. Never throws: what waits can be listed with `sluicegate hold list` all the same. */
  async notice(text: string): Promise<void> {
    if (this.#notify === undefined) return;
    try {
      await this.#send(this.#notify.channel, this.#notify.account ?? "", this.#notify.to, text);
    } catch (error) {
      this.#host.logger.error(`sluicegate: the owner could not be told: ${(error as Error).message}`);
    }
  }

  async #send(channel: string, account: string, to: string, text: string): Promise<void> {
    const adapter = await this.#host.runtime.channel.outbound.loadAdapter(channel);
    if (adapter?.sendText === undefined) throw new Error(`the channel ${channel} takes no text from a plugin`);
    const cfg = this.#host.runtime.config.current();
    await adapter.sendText({ cfg, to, text, ...(account ? { accountId: account } : {}) });
  }
}
