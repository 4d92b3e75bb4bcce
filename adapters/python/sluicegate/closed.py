"""The verdicts that are given where the gate gives none."""

# What happens to an event without an answer, by its kind. The defaults of `[closed]` in sluicegate.toml.
_DEFAULTS = {"message": "drop", "reply": "hold", "tool_call": "hold", "tool_result": "hold"}


def closed_decisions(chosen):
    """The decisions for each kind. Raises where one is unknown or would let something pass."""
    for kind, decision in chosen.items():
        if kind not in _DEFAULTS:
            raise ValueError(f'closed: there is no kind of event "{kind}"')
        if decision not in ("drop", "hold"):
            raise ValueError(f'closed["{kind}"] must be "drop" or "hold": without an answer nothing passes')
    return {**_DEFAULTS, **chosen}


def closed_verdict(decisions, event, why):
    """A verdict of the shape that `sluicegate check --json` writes."""
    event = event if isinstance(event, dict) else {}
    kind = event.get("kind", "message")
    return {
        "id": event.get("id"),
        # A kind that nobody knows is not one that may pass.
        "decision": decisions.get(kind, "drop") if isinstance(kind, str) else "drop",
        "reason": why,
        "by": {"station": "client", "policy": None, "line": None, "column": None},
        "would": None,
        "score": 0,
        "escalation": 0,
        "findings": [],
        "reply": None,
        "redacted": None,
        "notices": [],
        "hold": None,
        "degraded": [{"severity": "failed", "station": "client", "why": why}],
        "revision": None,
    }
