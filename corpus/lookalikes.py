#!/usr/bin/env python3
"""Writes `corpus/benign/lookalikes/`: harmless texts that look like attacks in disguise.

    python3 corpus/lookalikes.py            writes every file anew, and checks them
    python3 corpus/lookalikes.py --check    fails if a file is not what would be written

The same on every machine: what is random comes from a seed. Talk is written by hand in `lookalikes_py/`.
"""

import json
import pathlib
import sys
import unicodedata

sys.dont_write_bytecode = True

from lookalikes_py import check, games, keys, layout, post, programs, scripts, words  # noqa: E402
from lookalikes_py.dice import Dice  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent / "benign" / "lookalikes"
MAKERS = [maker for module in (keys, programs, post, layout, scripts, games, words) for maker in module.MAKERS]


def escaped(character):
    """Whether a reader of the file could not see the character, or not where it stands."""
    return ord(character) > 127 and (
        unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Zs") or 0xFE00 <= ord(character) <= 0xFE0F
    )


def line(row):
    text = json.dumps(row, ensure_ascii=False)
    return "".join(json.dumps(character)[1:-1] if escaped(character) else character for character in text)


def main():
    only_check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not only_check:
        print(__doc__, file=sys.stderr)
        return 2
    files = {}
    for maker in MAKERS:
        rows = maker(Dice(maker.__name__))
        check.check(rows)
        lines = [line({"text": text, "family": rows.family, "disguise": None}) for text in rows.texts]
        files[rows.family + ".jsonl"] = "\n".join(lines) + "\n"
    check.check_folder(files)
    if not only_check:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for path in FOLDER.iterdir():
            path.unlink()
        for name, text in files.items():
            (FOLDER / name).write_text(text, encoding="utf-8")
    stale = [name for name, text in files.items() if (FOLDER / name).read_text(encoding="utf-8") != text]
    for name, text in files.items():
        print(f"{name}: {text.count(chr(10))} rows, {len(text.encode())} bytes")
    print(f"{len(files)} files, {sum(len(text.encode()) for text in files.values())} bytes")
    for name in stale:
        print(f"{name} is not what would be written", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
