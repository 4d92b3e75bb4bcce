// What Sluicegate is asked, and what it answers. The fields are those of Sluicegate's event and verdict formats.

export type Kind = "message" | "reply" | "tool_call" | "tool_result";
export type Decision = "allow" | "drop" | "hold";

export interface Attachment {
  name: string;
  mime: string;
  text?: string;
}

export interface Event {
  id?: string;
  kind: Kind;
  at: number;
  channel: string;
  account: string;
  session?: string;
  chat: { id: string; group: boolean; mentioned: boolean };
  sender?: { id: string; name?: string };
  to?: string;
  text?: string;
  quoted?: string;
  attachments?: Attachment[];
  tool?: { name: string; arguments?: unknown; result?: unknown };
}

export interface Verdict {
  decision: Decision;
  reason: string;
  reply?: string | null;
  redacted?: string | null;
  notices?: Array<{ to: string; text: string }>;
  hold?: { id: string; expires: number } | null;
}

export type HoldState = "waiting" | "approved" | "released" | "denied" | "expired" | "used";

export interface Hold {
  id: string;
  kind: Kind;
  state: HoldState;
  expires: number;
}

export interface Released {
  verdict: Verdict;
  event: Event;
  token: string;
}

const decisions: readonly unknown[] = ["allow", "drop", "hold"] satisfies Decision[];

/** The verdict in an answer; undefined where there is none, whatever else was answered. */
export function asVerdict(answer: unknown): Verdict | undefined {
  if (typeof answer !== "object" || answer === null || !("decision" in answer)) return undefined;
  return decisions.includes(answer.decision) ? (answer as Verdict) : undefined;
}
