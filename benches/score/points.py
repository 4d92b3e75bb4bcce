#!/usr/bin/env python3
"""Fits the points of rules to the evidence, after the manner of SpamAssassin's mass checks, and says what that would change.

    python3 benches/score/score.py DATA --predictions FILE
    python3 benches/score/points.py DATA FILE

FILE holds the answers of `sluicegate detect --json` to the development rows. For each rule the points 1 to 10 are tried, one
rule after the other, until no change makes the sum better:

- an attack of the core that reaches suspect (5) earns what its source can spare: each source counts by the root of its
  rows, so that a large collection cannot carry a rule; one that reaches attack (8) earns half as much again;
- ordinary talk at suspect costs 60 attacks, at attack 200; other harmless rows cost 6 and 40;
- points that differ from those that the author gave cost a little, so that a rule without evidence keeps its own.

Learned from are only the sources that rules are tuned on; judged is by those that `left_out.txt` names. A rule that fires on
rows of one attack source alone is named: it serves that source by heart. An artifact that fires on more than 0.02 % of the
harmless rows is named too. Nothing is written; change a rule's points by hand, with the reason in the commit.

Deterministic: no dice, no clock. Exit 0: done. 1: an answer is missing.
"""

import argparse
import collections
import json
import math
import pathlib
import sys

from score import ROOT, is_left_out, left_out

SUSPECT, ATTACK, MOST = 5, 8, 31
CALM = ("benign", "benign-chat", "benign-chat-assistant")


def read(data, predictions):
    """The natural core attacks and the harmless rows, each with what fired: (rule, category, points)."""
    answers = {}
    for line in predictions.read_text(encoding="utf-8").splitlines():
        answer = json.loads(line)
        # The model was made from some of these rows and knows them by heart; rules stand on their own here.
        found = [finding for finding in answer["findings"] if finding["category"] != "model"]
        answers[answer["id"]] = [(f["rule"], f["category"], f["points"], f["class"]) for f in found]
    prefixes, rows = left_out(), []
    for path in sorted((data / "dev").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if not line.strip():
                continue
            row = json.loads(line)
            attack = row["label"] == "attack"
            if row["source"].startswith("derived") or attack and row.get("tier", "core") != "core":
                continue
            if row["id"] not in answers:
                sys.exit(f"no answer to {row['id']}; make FILE anew with score.py --predictions")
            rows.append((attack, row["source"], row["kind"] in CALM, is_left_out(row, prefixes), answers[row["id"]]))
    return rows


def score(fired, points):
    """The sum of the two strongest rules of each category, at most 31."""
    strongest = collections.defaultdict(list)
    for rule, category, given, _ in fired:
        strongest[category].append(points.get(rule, given))
    return min(MOST, sum(sum(sorted(of, reverse=True)[:2]) for of in strongest.values()))


def worth(row, points, weight):
    attack, source, calm, _, fired = row
    total = score(fired, points)
    if attack:
        return weight[source] * ((total >= SUSPECT) + 0.5 * (total >= ATTACK))
    cost = (60, 200) if calm else (6, 40)
    return -cost[0] * (total >= SUSPECT) - cost[1] * (total >= ATTACK)


def fit(rows, given):
    """Points that are worth most on `rows`, by going from rule to rule until nothing changes."""
    sizes = collections.Counter(row[1] for row in rows if row[0])
    weight = {source: math.sqrt(count) / count * math.sqrt(max(sizes.values())) for source, count in sizes.items()}
    of_rule = collections.defaultdict(list)
    for row in rows:
        for fired in row[4]:
            of_rule[fired[0]].append(row)
    points = dict(given)
    for _ in range(10):
        changed = False
        for rule in sorted(of_rule):

            def total(candidate):
                trial = {**points, rule: candidate}
                return sum(worth(row, trial, weight) for row in of_rule[rule]) - 0.4 * abs(candidate - given[rule])

            best = max(range(1, 11), key=lambda candidate: (total(candidate), -abs(candidate - points[rule])))
            if best != points[rule] and total(best) > total(points[rule]) + 1e-9:
                points[rule], changed = best, True
        if not changed:
            break
    return points


def figures(rows, points):
    """Shares of attacks and of ordinary talk at suspect and at attack, and the mean over sources of ten rows and more."""
    line = []
    for edge in (SUSPECT, ATTACK):
        sources = collections.defaultdict(list)
        for attack, source, _, _, fired in rows:
            if attack:
                sources[source].append(score(fired, points) >= edge)
        found = [hit for hits in sources.values() for hit in hits]
        large = [sum(hits) / len(hits) for hits in sources.values() if len(hits) >= 10]
        calm = [score(fired, points) >= edge for attack, _, calm, _, fired in rows if calm and not attack]
        benign = [score(fired, points) >= edge for attack, _, _, _, fired in rows if not attack]
        line += [sum(found) / len(found), sum(large) / len(large), sum(calm) / len(calm), sum(benign) / len(benign)]
    return " | ".join(f"{100 * value:.2f} %" for value in line)


def main():
    parser = argparse.ArgumentParser(description="Fits the points of rules to the development data.")
    parser.add_argument("data", type=pathlib.Path, help="the folder that holds dev/")
    parser.add_argument("predictions", type=pathlib.Path, help="answers kept by score.py --predictions")
    options = parser.parse_args()
    rows = read(options.data, options.predictions)
    given, classes = {}, {}
    for row in rows:
        for rule, _, points, kind in row[4]:
            given[rule], classes[rule] = points, kind
    tuning, unseen = [row for row in rows if not row[3]], [row for row in rows if row[3]]
    fitted = fit(tuning, given)

    print("| points | recall at 5 | macro | calm | benign | recall at 8 | macro | calm | benign |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, points in (("given", given), ("fitted", fitted)):
        for part, of in (("tuning", tuning), ("left out", unseen)):
            print(f"| {name}, {part} | {figures(of, points)} |")
    print("\n| rule | given | fitted | tuning attacks / benign | left-out attacks / benign |")
    print("|---|---|---|---|---|")
    counts = collections.defaultdict(lambda: [0, 0, 0, 0])
    sources = collections.defaultdict(set)
    for attack, source, _, out, fired in rows:
        for rule, *_ in fired:
            counts[rule][2 * out + (not attack)] += 1
            if attack:
                sources[rule].add(source)
    for rule in sorted(rule for rule in given if fitted[rule] != given[rule]):
        a, b, c, d = counts[rule]
        print(f"| {rule} | {given[rule]} | {fitted[rule]} | {a} / {b} | {c} / {d} |")
    alone = sorted(rule for rule, of in sources.items() if len(of) == 1 and counts[rule][0] + counts[rule][2] >= 3)
    print(f"\nfires on attacks of one source alone (three and more): {', '.join(alone) or 'none'}")
    harmless = sum(not row[0] for row in rows)
    wrong = sorted(
        f"{rule} ({counts[rule][1] + counts[rule][3]})"
        for rule in given
        if classes[rule] == "artifact" and (counts[rule][1] + counts[rule][3]) * 5_000 > harmless
    )
    print(f"artifacts that fire on more than 0.02 % of {harmless} harmless rows: {', '.join(wrong) or 'none'}")


if __name__ == "__main__":
    main()
