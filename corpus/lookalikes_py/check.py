"""What must be true of the rows: decoded, they say what was meant, and nothing in them is anything but harmless."""

import base64
import codecs
import json
import quopri
import re
import unicodedata
import urllib.parse

LEAST_ROWS = 55
LARGEST_ROW = 12_000
LARGEST_FOLDER = 700_000

# Words of attacks on assistants. None may stand in a row, and none in what a row says when it is decoded.
FORBIDDEN = re.compile(
    r"ignore (all|any|every|the|your|my|previous|prior)|disregard|system prompt|previous instruct|your instruct|your rules|"
    r"jailbreak|developer mode|you are now|pretend|act as|no restrictions|unrestricted|as an ai|language model|assistant|"
    r"chatgpt|openai|<\|im_|\[inst\]|rm -rf|/etc/passwd|exfiltrat|reveal your|repeat after me|do anything now|"
    r"api[ _-]?key|secret[ _-]?key|PRIVATE KEY|AKIA[0-9A-Z]{16}|\bgh[pousr]_|\bsk-[a-z0-9]{16}|xox[abp]-|AIza|"
    r"glpat-|npm_[a-z0-9]{30}",
    re.IGNORECASE,
)

MORSE = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz0123456789",
        ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. "
        "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.".split(),
    )
)
LETTER_OF = {code: letter for letter, code in MORSE.items()}


def of_base64(text):
    """Everything in the text that is Base64, of either alphabet, wrapped or not."""
    for run in re.findall(r"[A-Za-z0-9+/_\n-]{8,}={0,2}", text):
        for part in [run, *run.split("\n\n"), *run.split("\n")]:
            plain = re.sub(r"\s", "", part).translate(str.maketrans("-_", "+/")).rstrip("=")
            try:
                yield base64.b64decode(plain + "=" * (-len(plain) % 4)).decode()
            except ValueError:
                continue


def of_jwt(text):
    for head, claims in re.findall(r"(eyJ[\w-]+)\.([\w-]+)\.[\w-]+", text):
        parts = [json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in (head, claims)]
        yield json.dumps(parts[1])


def of_hexdump(text):
    """The bytes of a dump: 39 columns after `offset: `, or what is before the `|` of the text."""
    raw = b""
    for line in text.split("\n"):
        found = re.match(r"^[0-9a-f]{8}(?:: (.{39})|  ([0-9a-f ]+)\|)", line)
        if found:
            raw += bytes.fromhex(found[1] or found[2])
    yield raw.decode("utf-8", "replace")


def of_morse(text):
    for run in re.findall(r"[.-]+(?:(?: / | )[.-]+)+", text):
        yield " ".join("".join(LETTER_OF.get(code, "") for code in word.split(" ")) for word in run.split(" / "))


def of_binary(text):
    yield bytes(int(byte, 2) for byte in re.findall(r"\b[01]{8}\b", text)).decode("utf-8", "replace")


def of_escapes(text):
    yield (
        re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace")
    )


def of_mail(text):
    yield quopri.decodestring(text.encode()).decode("utf-8", "replace")


def of_entities(text):
    import html

    yield html.unescape(text)


def of_numbers(text):
    """A = 1, B = 2 and so on."""
    yield "".join(chr(96 + int(number)) for number in re.findall(r"\b\d{1,2}\b", text) if 1 <= int(number) <= 26)


def initials(text):
    yield "".join(line.strip()[:1] for line in text.split("\n")).lower()


DECODERS = {
    "base64": of_base64,
    "jwt": of_jwt,
    "hexdump": of_hexdump,
    "morse": of_morse,
    "binary": of_binary,
    "escapes": of_escapes,
    "mail": of_mail,
    "entities": of_entities,
    "numbers": of_numbers,
    "initials": initials,
    "percent": lambda text: [urllib.parse.unquote(text), urllib.parse.unquote_plus(text)],
    "rot13": lambda text: [codecs.encode(text, "rot13")],
    "reversed": lambda text: [text[::-1]],
    "unspaced": lambda text: [re.sub(r"[\s._·-]+", "", text).lower()],
    "lower": lambda text: [text.lower()],
    "plain-maths": lambda text: [unicodedata.normalize("NFKC", text)],
    "caesar": lambda text: [
        "".join(chr((ord(c) - 97 + by) % 26 + 97) if "a" <= c <= "z" else c for c in text.lower()) for by in range(26)
    ],
}


def check(rows):
    family = rows.family
    assert len(rows.texts) >= LEAST_ROWS, f"{family}: only {len(rows.texts)} rows"
    folded = set()
    for text in rows.texts:
        size = len(json.dumps(text, ensure_ascii=False).encode())
        assert size < LARGEST_ROW, f"{family}: a row of {size} bytes: {text[:60]!r}"
        for form in (
            text,
            text[::-1],
            codecs.encode(text, "rot13"),
            re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)),
            *of_base64(text),
        ):
            found = FORBIDDEN.search(form)
            assert not found, f"{family}: {found[0]!r} in {form[:200]!r}"
        assert text.encode() and text.strip(), f"{family}: an empty row"
        key = re.sub(r"\s+", " ", text).lower().strip()
        folded.add(key)
    if family not in ("bidi-and-blank", "spaced-and-stretched"):
        assert len(folded) == len(rows.texts), f"{family}: rows differ by blanks and case alone"
    for text, how, plain in rows.hidden:
        forms = list(DECODERS[how](text))
        assert any(plain in form for form in forms), f"{family}: {how} of {text[:200]!r} does not say {plain!r}"
        assert not FORBIDDEN.search(plain), f"{family}: {plain!r}"


def check_folder(files):
    seen = {}
    for name, text in files.items():
        for number, line in enumerate(text.rstrip("\n").split("\n"), 1):
            row = json.loads(line)
            assert (
                set(row) == {"text", "family", "disguise"}
                and row["disguise"] is None
                and row["family"] + ".jsonl" == name
            )
            before = seen.setdefault(row["text"], f"{name}:{number}")
            assert before == f"{name}:{number}", f"{name}:{number} is {before} again"
    size = sum(len(text.encode()) for text in files.values())
    assert size <= LARGEST_FOLDER, f"{size} bytes are too many"
