#!/usr/bin/env python3
"""Scores the detector on the development data: the one command behind every detection figure of this project.

    cargo build --release
    python3 benches/score/score.py [DATA] [--baseline] [--predictions FILE] [--markdown]

DATA is the folder that holds `eval.py` and `dev/` (default: ../shared/data beside the project). The detector is
`$SLUICEGATE detect --json -` (default: target/release/sluicegate); `--baseline` scores `baseline.py` in its place. The
folder's own `eval.py` does the counting, at suspect (5) and at attack (8), three times: over everything, over the sources
that rules are tuned on, and over those that `left_out.txt` names. Only the last column says what to expect of unseen text.

Rows are handled in a temporary directory that is removed at the end; nothing of the data is kept.
Exit 0: scored. 1: the detector failed or left a row unanswered. 2: misuse.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
THRESHOLDS = ((5, "suspect"), (8, "attack"))
PARTS = ("everything", "tuning", "left out")
# What the table shows, and the name of the figure in the JSON of `eval.py`.
FIGURES = (
    ("natural core recall", "recall natural (not derived by us)"),
    ("all core recall (with derived)", "recall all"),
    ("macro recall, natural sources", "macro_natural"),
    ("macro recall, all sources", "macro_recall"),
    ("stress recall", "recall stress tier"),
    ("noisy recall", "recall noisy tier"),
    ("FPR ordinary chat+assistant", "FPR ordinary chat+assistant"),
    ("FPR trigger", "FPR trigger/over-defence"),
    ("FPR all benign", "FPR all benign"),
)


def left_out():
    """The prefixes of `left_out.txt`, by label."""
    prefixes, section = {"attack": [], "benign": []}, None
    for line in (HERE / "left_out.txt").read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            prefixes[section].append(line)
    return {label: tuple(found) for label, found in prefixes.items()}


def is_left_out(row, prefixes):
    """A derived row counts as its base: a disguise of an unread attack is unread too."""
    return (row.get("base") or row["source"]).startswith(prefixes[row["label"]])


def split(data, directory):
    """Writes each part below `directory`, natural rows apart from derived ones; returns the rows that were written."""
    prefixes, rows, seen = left_out(), [], set()
    for path in sorted((data / "dev").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.strip():
                row = json.loads(line)
                # The detector answers by id, and eval.py counts the first row of an id.
                if row["id"] not in seen:
                    seen.add(row["id"])
                    rows.append((row, line))
    for part in PARTS:
        for kind in ("natural", "derived"):
            (directory / part / kind).mkdir(parents=True)
    files = {}
    for row, line in rows:
        kind = "derived" if row["source"].startswith("derived") else "natural"
        for part in ("everything", "left out" if is_left_out(row, prefixes) else "tuning"):
            path = directory / part / kind / "rows.jsonl"
            if path not in files:
                files[path] = path.open("w", encoding="utf-8")
            files[path].write(line + "\n")
    for file in files.values():
        file.close()
    return rows


def run(command, given, answers):
    """Runs the program over one file into another. Exits when it fails."""
    try:
        with given.open("rb") as stdin, answers.open("wb") as stdout:
            code = subprocess.run(command, stdin=stdin, stdout=stdout, check=False).returncode
    except OSError as error:
        sys.exit(f"cannot run {command[0]}: {error.strerror}; build it with `cargo build --release` or set SLUICEGATE")
    if code != 0:
        sys.exit(f"{command[0]} ended with exit code {code}")


def predict(command, rows, directory, predictions):
    """Runs the detector over all rows. Exits when it fails or leaves a row out: a missing answer must not count as calm."""
    given = directory / "given.jsonl"
    with given.open("w", encoding="utf-8") as out:
        for row, _ in rows:
            out.write(json.dumps({"id": row["id"], "text": row["text"]}, ensure_ascii=False) + "\n")
    run(command, given, predictions)
    answered = {json.loads(line)["id"] for line in predictions.read_text(encoding="utf-8").splitlines() if line.strip()}
    missing = [row["id"] for row, _ in rows if row["id"] not in answered]
    if missing:
        sys.exit(f"{len(missing)} of {len(rows)} rows got no answer, the first is {missing[0]}")


def evaluate(data, predictions, where, threshold, directory):
    """One run of the folder's `eval.py`; returns the figures that it writes as JSON."""
    figures = directory / "figures.json"
    command = [sys.executable, data / "eval.py", predictions, where, "--threshold", str(threshold), "--json", figures]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return json.loads(figures.read_text(encoding="utf-8"))


def show(figure):
    if figure is None:
        return "-"
    if isinstance(figure, float):
        return f"{100 * figure:.2f} %"
    hits, of = figure
    return f"{100 * hits / of:.2f} % ({hits}/{of})" if of else "-"


def table(threshold, name, figures, markdown):
    """One table: a line a figure, a column a part."""
    lines = [(f"at {name} ({threshold})", *PARTS)]
    lines += [(title, *(show(figures[part].get(key)) for part in PARTS)) for title, key in FIGURES]
    widths = [max(len(line[column]) for line in lines) for column in range(len(PARTS) + 1)]
    for number, line in enumerate(lines):
        cells = [line[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]
        print("| " + " | ".join(cells) + " |" if markdown else "  ".join(cells))
        if number == 0:
            rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
            print("| " + " | ".join(rule) + " |" if markdown else "  ".join("-" * width for width in widths))
    print()


def main():
    parser = argparse.ArgumentParser(description="Scores the detector on the development data.")
    parser.add_argument("data", nargs="?", type=pathlib.Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--baseline", action="store_true", help="score the ten-phrase baseline")
    parser.add_argument("--predictions", type=pathlib.Path, help="keep the detector's answers in this file")
    parser.add_argument("--markdown", action="store_true", help="print Markdown tables, as in RESULTS.md")
    options = parser.parse_args()
    data = options.data.resolve()
    if not (data / "eval.py").is_file() or not (data / "dev").is_dir():
        parser.error(f"{options.data} holds no eval.py and dev/")
    binary = os.environ.get("SLUICEGATE", str(ROOT / "target" / "release" / "sluicegate"))
    command = [sys.executable, str(HERE / "baseline.py")] if options.baseline else [binary, "detect", "--json", "-"]

    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        rows = split(data, directory / "parts")
        predictions = (options.predictions or directory / "predictions.jsonl").resolve()
        predict(command, rows, directory, predictions)
        for threshold, title in THRESHOLDS:
            figures = {}
            for part in PARTS:
                where = directory / "parts" / part
                figures[part] = evaluate(data, predictions, where, threshold, directory)
                natural = evaluate(data, predictions, where / "natural", threshold, directory)
                figures[part]["macro_natural"] = natural.get("macro_recall")
            table(threshold, title, figures, options.markdown)


if __name__ == "__main__":
    main()
