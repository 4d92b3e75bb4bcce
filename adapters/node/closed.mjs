// The verdicts that are given where the gate gives none.

/** What happens to an event without an answer, by its kind. The defaults of `[closed]` in sluicegate.toml. */
const DEFAULTS = { message: "drop", reply: "hold", tool_call: "hold", tool_result: "hold" };

/** The decisions for each kind. Throws where one is unknown or would let something pass. */
export function closedDecisions(chosen = {}) {
  for (const [kind, decision] of Object.entries(chosen)) {
    if (!Object.hasOwn(DEFAULTS, kind)) throw new TypeError(`closed: there is no kind of event "${kind}"`);
    if (decision !== "drop" && decision !== "hold") {
      throw new TypeError(`closed.${kind} must be "drop" or "hold": without an answer nothing passes`);
    }
  }
  return { ...DEFAULTS, ...chosen };
}

/** A verdict of the shape that `sluicegate check --json` writes. */
export function closedVerdict(decisions, event, why) {
  const kind = event?.kind ?? "message";
  return {
    id: event?.id ?? null,
    // A kind that nobody knows is not one that may pass.
    decision: Object.hasOwn(decisions, kind) ? decisions[kind] : "drop",
    reason: why,
    by: { station: "client", policy: null, line: null, column: null },
    would: null,
    score: 0,
    escalation: 0,
    findings: [],
    reply: null,
    redacted: null,
    notices: [],
    hold: null,
    degraded: [{ severity: "failed", station: "client", why }],
    revision: null,
  };
}
