#!/usr/bin/env python3
"""Counts harmless senders whom the gate comes to suspect: the one command behind the figures on escalation.

    cargo build --release
    python3 benches/score/escalation.py [DATA] [--rounds N] [--names] [--markdown]

DATA is the folder that holds `dev/` (default: ../shared/data beside the project). The gate is
`$SLUICEGATE check --json -` (default: target/release/sluicegate) with the built-in rules and default settings, but for a
list of approved senders. A sender writes 60 messages, one every 10 seconds, and has escalated once the `escalation` of a
verdict reaches 8. Senders are made of:

- conversations: `corpus/conversations/`, each as it is;
- chat: the ordinary rows of DATA (`benign_chat`, `benign_assistant`), 60 of one language and one source a sender;
- texts: `corpus/benign/*.jsonl` and the harmless rows of `corpus/languages/`, likewise.

Reported apart and not in the sum are senders whom nobody would call ordinary, as they write nothing else:

- trigger: texts with dangerous words, `benign_trigger` of DATA and `corpus/model/benign-en.jsonl`;
- look-alikes: `corpus/benign/lookalikes/`, what looks like a disguise and is none.

Rows of a source are dealt in the order of a hash, each once; what is left over after the last full 60 joins what other
sources of the same language and part leave, and the last such sender of a language is filled up with rows from its
beginning. `--rounds N` deals everything N times, each time in another order: a better estimate, not more evidence, so that
bounds count the senders of one round. "Left out" are sources that `left_out.txt` names, `held` rows of `corpus/languages/`
and the conversations, which no rule was tuned on.

"Gathered" are those of the escalated whom no single message brought there: none of theirs was at attack by then. What is
over 8 at once is a false alarm of its rule; what is gathered is one of escalation.

The bound beside a figure is the upper end of the exact 95 % interval, one-sided: 3/n where nothing was found.
Rows are handled in a temporary directory that is removed at the end; nothing of the data is kept.
Exit 0: counted. 1: the gate failed or left a message unanswered. 2: misuse.
"""

import argparse
import collections
import hashlib
import json
import math
import os
import pathlib
import sys
import tempfile

from score import ROOT, is_left_out, left_out, run

MESSAGES, APART, NOON = 60, 10_000, 1_764_000_000_000
SUSPECT, ATTACK, ESCALATED = 5, 8, 8
# Files of `corpus/benign/` by the language of their texts; whatever is not named is talk in English.
LANGUAGE = {"chat-french": "fr", "chat-german": "de", "chat-indonesian": "id", "chat-russian": "ru", "chat-spanish": "es"}
OF_NO_LANGUAGE = ("chat-many", "code-and-logs", "encoded")
# What the data set calls by its name in English.
TAGS = {"dutch": "nl", "tamil": "ta", "yoruba": "yo", "hinglish": "hi-Latn"}

APART_FROM_THE_SUM = ("look-alikes", "trigger")

# A text to send: where it is from, and whether rules were tuned on its source.
Row = collections.namedtuple("Row", "origin language part source text")
Sender = collections.namedtuple("Sender", "name origin language part texts")


def lines(path):
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            yield json.loads(line)


def conversations():
    """Every conversation of the corpus is one sender, in the order of its turns."""
    senders = collections.defaultdict(list)
    for path in sorted((ROOT / "corpus" / "conversations").glob("*.jsonl")):
        for row in lines(path):
            senders[path.stem, row["conversation"]].append((row["turn"], row["text"]))
    return [
        Sender(name, "conversations", language, "left out", [text for _, text in sorted(turns)])
        for (language, name), turns in sorted(senders.items())
    ]


def rows(data):
    prefixes, seen = left_out(), set()
    for stem, origin in (("benign_chat", "chat"), ("benign_assistant", "chat"), ("benign_trigger", "trigger")):
        for row in lines(data / "dev" / f"{stem}.jsonl"):
            if row["label"] == "benign" and row["id"] not in seen:
                seen.add(row["id"])
                part = "left out" if is_left_out(row, prefixes) else "tuning"
                language = TAGS.get(row["lang"], row["lang"])
                yield Row(origin, language, part, row["source"], row["text"])
    for path in sorted((ROOT / "corpus" / "benign").glob("*.jsonl")):
        language = "mixed" if path.stem in OF_NO_LANGUAGE else LANGUAGE.get(path.stem, "en")
        for row in lines(path):
            yield Row("texts", language, "tuning", path.stem, row["text"])
    for path in sorted((ROOT / "corpus" / "benign" / "lookalikes").glob("*.jsonl")):
        for row in lines(path):
            yield Row("look-alikes", "mixed", "tuning", path.stem, row["text"])
    for path in sorted((ROOT / "corpus" / "languages").glob("*.jsonl")):
        for row in lines(path):
            if row["label"] == "benign":
                part = "left out" if row["part"] == "held" else "tuning"
                yield Row("texts", path.stem, part, f"languages {row['part']}", row["text"])
    for row in lines(ROOT / "corpus" / "model" / "benign-en.jsonl"):
        yield Row("trigger", "en", "tuning", "model/benign-en", row["text"])


def dealt(found, number):
    """The texts of `found` in the order of a hash: the same on every machine, another in every round."""
    keyed = [(hashlib.sha256(f"{number}\n{row.source}\n{place}\n{row.text}".encode()).digest(), row.text)
             for place, row in enumerate(found)]
    return [text for _, text in sorted(keyed)]


def senders(found, number):
    """Senders of 60 messages each; no row is left without a sender."""
    groups = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in found:
        groups[row.origin, row.language, row.part][row.source].append(row)
    made = []
    for (origin, language, part), sources in sorted(groups.items()):
        rest = []
        name = f"{origin} {language} {part}"
        for source, of in sorted(sources.items()):
            texts = dealt(of, number)
            full = len(texts) // MESSAGES * MESSAGES
            for start in range(0, full, MESSAGES):
                made.append(Sender(f"{name} {source}", origin, language, part, texts[start:start + MESSAGES]))
            rest += texts[full:]
        for start in range(0, len(rest), MESSAGES):
            texts = rest[start:start + MESSAGES]
            # Few rows come round again, each an event of its own: no sender is calm for want of messages.
            again = rest if len(texts) < MESSAGES else []
            while len(texts) < MESSAGES:
                texts = texts + again[:MESSAGES - len(texts)]
            made.append(Sender(f"{name} rest", origin, language, part, texts))
    return made


def check(binary, made, directory):
    """Hands every sender's messages to the gate, and returns their verdicts: (score, escalation) of each message."""
    config, events = directory / "sluicegate.toml", directory / "events.jsonl"
    with config.open("w", encoding="utf-8") as out:
        out.write("format = 1\n")
        for number in range(len(made)):
            out.write(f'\n[[sender]]\nchannel = "bench"\nid = "sender-{number}"\nstanding = "approved"\n')
    with events.open("w", encoding="utf-8") as out:
        for number, sender in enumerate(made):
            for turn, text in enumerate(sender.texts):
                event = {"id": f"{number}/{turn}", "at": NOON + turn * APART, "channel": "bench",
                         "chat": {"id": f"chat-{number}", "group": False}, "sender": {"id": f"sender-{number}"},
                         "text": text}
                out.write(json.dumps(event, ensure_ascii=False) + "\n")
    answers = directory / "verdicts.jsonl"
    command = [binary, "check", "--config", str(config), "--json", "-"]
    run(command, events, answers)
    verdicts = {}
    with answers.open(encoding="utf-8") as given:
        for line in given:
            verdict = json.loads(line)
            rules = [finding["rule"] for finding in verdict["findings"]]
            verdicts[verdict["id"]] = (verdict["score"], verdict["escalation"], verdict["reason"], rules)
    found = []
    for number, sender in enumerate(made):
        of = [verdicts.get(f"{number}/{turn}") for turn in range(len(sender.texts))]
        if None in of:
            sys.exit(f"message {number}/{of.index(None)} got no answer")
        # What the gate did not know as approved would have been judged as a stranger, which this is not about.
        if any(reason == "unknown sender" for _, _, reason, _ in of):
            sys.exit(f"sender {number} is unknown to the gate")
        found.append(of)
    return found


def bound(hits, of):
    """The upper end of the one-sided 95 % interval of Clopper and Pearson."""
    if hits >= of:
        return 1.0
    low, high = hits / of, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        terms = (math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1)
                 + k * math.log(middle) + (of - k) * math.log1p(-middle) for k in range(hits + 1))
        low, high = (middle, high) if sum(map(math.exp, terms)) > 0.05 else (low, middle)
    return high


class Count:
    """Senders and messages, and how many of them were suspected. Single messages are those of the first round."""

    def __init__(self):
        self.senders, self.escalated, self.first, self.gathered = 0, 0, [0, 0], 0
        self.messages, self.suspect, self.attack, self.points = 0, 0, 0, 0

    def add(self, verdicts, number):
        at = next((turn for turn, verdict in enumerate(verdicts) if verdict[1] >= ESCALATED), None)
        escalated = at is not None
        self.senders += 1
        self.escalated += escalated
        if number == 0:
            self.first = [self.first[0] + escalated, self.first[1] + 1]
            self.gathered += escalated and all(score < ATTACK for score, *_ in verdicts[: at + 1])
            self.messages += len(verdicts)
            self.suspect += sum(score >= SUSPECT for score, *_ in verdicts)
            self.attack += sum(score >= ATTACK for score, *_ in verdicts)
            self.points += sum(score > 0 for score, *_ in verdicts)

    def cells(self, rounds):
        hits, of = self.first
        cells = [f"{of}", f"{hits}", f"{self.gathered}", f"{100 * hits / of:.2f} %", f"≤ {100 * bound(hits, of):.2f} %"]
        if rounds > 1:
            cells.append(f"{100 * self.escalated / self.senders:.2f} %")
        return cells + [f"{self.messages}", f"{self.points}", f"{self.suspect}", f"{self.attack}"]


def table(title, counts, rounds, markdown):
    """One table: a line a count."""
    header = [title, "senders", "escalated", "gathered", "share", "95 % bound"]
    header += [f"share, {rounds} rounds"] if rounds > 1 else []
    shown = [header + ["messages", "with points", "suspect", "attack"]]
    shown += [[name] + count.cells(rounds) for name, count in counts]
    widths = [max(len(line[column]) for line in shown) for column in range(len(shown[0]))]
    for number, line in enumerate(shown):
        cells = [line[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]
        print("| " + " | ".join(cells) + " |" if markdown else "  ".join(cells))
        if number == 0:
            rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
            print("| " + " | ".join(rule) + " |" if markdown else "  ".join("-" * width for width in widths))
    print()


def name_them(made, found, number):
    """Who escalated, where, and by which rules: to read, not to keep."""
    for sender, verdicts in zip(made, found):
        turns = [turn for turn, verdict in enumerate(verdicts) if verdict[1] >= ESCALATED]
        if turns:
            fired = [f"{turn + 1}: {' '.join(rules)}" for turn, (score, _, _, rules) in enumerate(verdicts)
                     if score and turn <= turns[0]]
            print(f"round {number + 1}, {sender.name}, message {turns[0] + 1}; points at {'; '.join(fired)}",
                  file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description="Counts harmless senders who escalate within 60 messages.")
    parser.add_argument("data", nargs="?", type=pathlib.Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--rounds", type=int, default=1, help="deal the rows this often, each time in another order")
    parser.add_argument("--names", action="store_true", help="name who escalates and by what, on standard error")
    parser.add_argument("--markdown", action="store_true", help="print Markdown tables, as in RESULTS.md")
    options = parser.parse_args()
    data = options.data.resolve()
    if not (data / "dev").is_dir():
        parser.error(f"{options.data} holds no dev/")
    if options.rounds < 1:
        parser.error("--rounds takes 1 or more")
    binary = os.environ.get("SLUICEGATE", str(ROOT / "target" / "release" / "sluicegate"))

    given, whole = list(rows(data)), conversations()
    by_language, by_origin = collections.defaultdict(Count), collections.defaultdict(Count)
    total, unseen, others = Count(), Count(), collections.defaultdict(Count)
    for number in range(options.rounds):
        # A conversation is the same in every round, and has to weigh as much as the rest.
        made = whole + senders(given, number)
        with tempfile.TemporaryDirectory() as name:
            found = check(binary, made, pathlib.Path(name))
        if options.names:
            name_them(made, found, number)
        for sender, verdicts in zip(made, found):
            if sender.origin in APART_FROM_THE_SUM:
                others[f"{sender.origin} alone, {sender.part}"].add(verdicts, number)
                continue
            by_language[sender.language].add(verdicts, number)
            by_origin[sender.origin].add(verdicts, number)
            total.add(verdicts, number)
            if sender.part == "left out":
                unseen.add(verdicts, number)
    ends = [("all", total), ("all, left out", unseen)]
    table("language", sorted(by_language.items()) + ends, options.rounds, options.markdown)
    table("made of", sorted(by_origin.items()) + ends, options.rounds, options.markdown)
    table("not in the sum", sorted(others.items()), options.rounds, options.markdown)


if __name__ == "__main__":
    main()
