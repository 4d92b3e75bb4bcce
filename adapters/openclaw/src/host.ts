// The part of OpenClaw's plugin API that is used here, as version 2026.9.6 has it. Written out rather than imported, so
// that building and testing the plugin needs no OpenClaw; the end-to-end run shows that it fits the real one.

export interface Logger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** `before_dispatch`: an accepted message, before the model sees it. */
export interface DispatchEvent {
  messageId?: string;
  content: string;
  body?: string;
  channel?: string;
  sessionKey?: string;
  senderId?: string;
  replyToBody?: string;
  isGroup?: boolean;
}

/** What every message hook is told of where a message comes from or goes to. */
export interface MessageContext {
  messageId?: string;
  channelId?: string;
  accountId?: string;
  conversationId?: string;
  sessionKey?: string;
  senderId?: string;
  runId?: string;
}

export interface MediaFact {
  path?: string;
  url?: string;
  contentType?: string;
  kind?: string;
}

/** `message_received`: told a moment before `before_dispatch`; only here stand attachments and the sender's shown name. */
export interface ReceivedEvent {
  messageId?: string;
  senderId?: string;
  sessionKey?: string;
  media?: MediaFact[];
  originalMedia?: MediaFact[];
  metadata?: Record<string, unknown>;
}

export interface SendingEvent {
  to: string;
  content: string;
  threadId?: string | number;
  metadata?: Record<string, unknown>;
}

export interface ReplyPayload {
  text?: string;
  mediaUrl?: string;
  mediaUrls?: string[];
  [more: string]: unknown;
}

export interface PayloadEvent {
  payload: ReplyPayload;
  kind: string;
  channel?: string;
  sessionKey?: string;
  runId?: string;
}

export interface Requester {
  channel?: string;
  accountId?: string;
  senderId?: string;
}

export interface ToolCallEvent {
  toolName: string;
  params: Record<string, unknown>;
  runId?: string;
  toolCallId?: string;
}

export interface ToolContext {
  sessionKey?: string;
  runId?: string;
  channelId?: string;
  abortSignal?: AbortSignal;
  requester?: Requester;
}

export interface ToolResult {
  content: Array<{ type: string; text?: string; [more: string]: unknown }>;
  details?: unknown;
}

export interface ToolResultEvent {
  toolCallId: string;
  toolName: string;
  args: Record<string, unknown>;
  isError?: boolean;
  result: ToolResult;
}

export interface ToolResultContext {
  sessionKey?: string;
  runId?: string;
}

export interface OutboundAdapter {
  sendText?(message: {
    cfg: unknown;
    to: string;
    text: string;
    accountId?: string;
    threadId?: string | number;
  }): Promise<unknown>;
}

export interface Command {
  command(name: string): Command;
  description(text: string): Command;
  action(run: () => void | Promise<void>): Command;
}

export interface Handlers {
  message_received(event: ReceivedEvent, context: MessageContext): void;
  before_dispatch(
    event: DispatchEvent,
    context: MessageContext,
  ): Promise<{ handled: boolean; text?: string } | undefined>;
  message_sending(
    event: SendingEvent,
    context: MessageContext,
  ): Promise<{ content?: string; cancel?: boolean; cancelReason?: string } | undefined>;
  reply_payload_sending(
    event: PayloadEvent,
    context: MessageContext,
  ): Promise<{ payload?: ReplyPayload; cancel?: boolean; reason?: string } | undefined>;
  before_tool_call(
    event: ToolCallEvent,
    context: ToolContext,
  ): Promise<{ block: boolean; blockReason: string } | undefined>;
}

export interface Host {
  config: unknown;
  pluginConfig?: Record<string, unknown>;
  logger: Logger;
  runtime: {
    config: { current(): unknown };
    subagent: {
      run(turn: {
        sessionKey: string;
        message: string;
        deliver: boolean;
        idempotencyKey: string;
      }): Promise<{ runId: string }>;
    };
    channel: { outbound: { loadAdapter(channel: string): Promise<OutboundAdapter | undefined> } };
  };
  on<Name extends keyof Handlers>(
    name: Name,
    handler: Handlers[Name],
    options?: { priority?: number; timeoutMs?: number },
  ): void;
  registerAgentToolResultMiddleware(
    handler: (event: ToolResultEvent, context: ToolResultContext) => Promise<{ result: ToolResult } | undefined>,
    options: { runtimes: Array<"openclaw" | "codex"> },
  ): void;
  registerService(service: { id: string; start(): void; stop(): void | Promise<void> }): void;
  registerCli(
    register: (at: { program: Command }) => void,
    options: { descriptors: Array<{ name: string; description: string; hasSubcommands: boolean }> },
  ): void;
}
