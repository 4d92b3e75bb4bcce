#!/usr/bin/env python3
"""Writes `corpus/secrets/`: secrets and personal data in the shapes that their vendors document, and 5,000 rows that only
look like them.

    python3 corpus/secrets.py            writes every file anew
    python3 corpus/secrets.py --check    fails if a file is not what would be written

The same on every machine: what is random comes from a seed, so nothing here opens anything. The shapes stand in
`secrets_py/specs.py`, written from the vendors' documents and not from the engine's own table; checksums are computed
here. Rows hold one character of each secret as a `\\u` escape: scanners that read this repository see no key in it.
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

from lookalikes_py.dice import Dice  # noqa: E402
from secrets_py import benign, carriers, specs  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent / "secrets"
ROWS = 3


def row(name, secret, text):
    """One line: the format, the text, and the bytes of the text that are the secret."""
    at = text.encode().index(secret.encode())
    line = json.dumps({"format": name, "text": text, "secret": [at, at + len(secret.encode())]}, ensure_ascii=False)
    written = json.dumps(secret, ensure_ascii=False)[1:-1]
    # The third character: within the prefix, where there is one.
    hidden = written[:2] + f"\\u{ord(written[2]):04x}" + written[3:] if written[2] not in '\\"' else written
    return line.replace(written, hidden)


def main():
    only_check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not only_check:
        print(__doc__, file=sys.stderr)
        return 2
    files = {}
    for part, formats in specs.PARTS.items():
        lines = []
        for name, spec in formats.items():
            dice = Dice("secrets " + name)
            for number in range(max(ROWS, len(spec.shapes))):
                secret = spec.make(dice, number)
                lines.append(row(name, secret, carriers.carry(dice, spec, name, secret)))
        files[part + ".jsonl"] = "\n".join(lines) + "\n"
    documented = [row(name, secret, text) for name, secret, text in specs.documented()]
    files["documented.jsonl"] = "\n".join(documented) + "\n"
    rows = benign.rows()
    assert len(rows) == 5_000 and len(set(rows)) == len(rows), len(rows)
    files["benign.jsonl"] = "\n".join(json.dumps(text, ensure_ascii=False) for text in rows) + "\n"
    if not only_check:
        FOLDER.mkdir(exist_ok=True)
        for name, text in files.items():
            (FOLDER / name).write_text(text, encoding="utf-8")
    stale = [name for name, text in files.items() if (FOLDER / name).read_text(encoding="utf-8") != text]
    for name, text in files.items():
        print(f"{name}: {text.count(chr(10))} rows, {len(text.encode())} bytes")
    print(f"{sum(len(formats) for formats in specs.PARTS.values())} formats")
    for name in stale:
        print(f"{name} is not what would be written", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
