#!/usr/bin/env python3
"""The ten-phrase baseline: JSON lines with `id` and `text` in, JSON lines with `score` out, as `sluicegate detect` does.

Ten phrases that anybody would think of first, looked for in the lower-cased text. A detector earns its keep only by what
it adds to this; so the baseline is scored with the same table (`score.py --baseline`) before any rule is tuned.
"""

import json
import sys

ATTACK = 8  # one phrase is enough for both thresholds, suspect (5) and attack (8)

PHRASES = (
    "ignore all previous",
    "ignore previous",
    "previous instructions",
    "system prompt",
    "do anything now",
    "jailbreak",
    "developer mode",
    "stay in character",
    "act as",
    "unfiltered",
)


def main():
    for line in sys.stdin:
        row = json.loads(line)
        text = row["text"].lower()
        score = ATTACK if any(phrase in text for phrase in PHRASES) else 0
        print(json.dumps({"id": row["id"], "score": score, "score_artifact": score, "findings": []}))


if __name__ == "__main__":
    main()
