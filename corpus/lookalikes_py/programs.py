"""What programmers paste: traces, sources, minified files, pages and escapes."""

import json

from .keys import PACKAGES
from .sources import FUNCTIONS
from .talk import EVERY_SENTENCE, LANGUAGES, SENTENCES, Rows, wrap

ERRORS = [
    "KeyError: 'soup'",
    "ValueError: could not convert string to float: '4,50'",
    "ZeroDivisionError: division by zero",
    "TypeError: 'NoneType' object is not iterable",
    "FileNotFoundError: [Errno 2] No such file or directory: 'menu.json'",
    "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe9 in position 14",
]
CAUSES = [
    "Cannot read properties of undefined (reading 'price')",
    "basket.total is not a function",
    "Unexpected token < in JSON at position 0",
    "connect ECONNREFUSED 192.0.2.15:5432",
]
VERBS = ["load", "parse", "render", "save", "fetch", "merge", "sort", "print"]
NOUNS = ["Menu", "Basket", "Garden", "Album", "Ferry", "Choir", "Lamp", "Ticket"]


def stack_traces(dice):
    rows = Rows("stack-traces")
    frames = [
        "since the update this happens {} and only on Mondays",
        "Beim Start kommt: {}",
        "ça plante avec {} chez moi",
        "me sale este error {} al abrir el menú",
        "падает вот с этим: {}",
        "muncul ini waktu dibuka: {}",
        "wywala się tak: {}",
        "any idea what this means? {}",
        "CI is red: {}",
        "the night job died with {} at three o'clock",
    ]

    def low():
        return f"{dice.pick(VERBS)}_{dice.pick(NOUNS).lower()}"

    def camel():
        return dice.pick(VERBS) + dice.pick(NOUNS)

    def pascal():
        return dice.pick(VERBS).capitalize() + dice.pick(NOUNS)

    def python():
        calls = "".join(
            f'  File "/srv/app/{dice.pick(PACKAGES)}.py", line {dice.between(3, 900)}, in {low()}\n'
            f"    {low()}({dice.pick(['row', 'page', 'self.items[i]'])})\n"
            for _ in range(dice.between(2, 11))
        )
        return "Traceback (most recent call last):\n" + calls + dice.pick(ERRORS)

    def java():
        calls = "\n".join(
            f"\tat org.example.{dice.pick(NOUNS).lower()}.{dice.pick(NOUNS)}Service.{camel()}("
            f"{dice.pick(NOUNS)}Service.java:{dice.between(9, 700)})"
            for _ in range(dice.between(3, 12))
        )
        return (
            f"java.lang.IllegalStateException: {dice.pick(NOUNS)} is closed\n{calls}\n"
            f"Caused by: java.io.IOException: Broken pipe\n\t... {dice.between(3, 40)} more"
        )

    def rust():
        calls = "\n".join(
            f"{at:>4}: {dice.pick(NOUNS).lower()}::{low()}::h{dice.hex(16)}\n"
            "             at "
            f"./src/{dice.pick(NOUNS).lower()}.rs:{dice.between(5, 400)}:{dice.between(5, 40)}"
            for at in range(dice.between(2, 10))
        )
        return (
            f"thread 'main' panicked at src/main.rs:{dice.between(5, 90)}:{dice.between(5, 40)}:\n"
            f"index out of bounds: the len is {dice.below(9)} but the index is {dice.between(9, 30)}\n"
            f"stack backtrace:\n{calls}\nnote: Some details are omitted, run with "
            "`RUST_BACKTRACE=full` for a verbose backtrace."
        )

    def javascript():
        calls = "\n".join(
            f"    at {dice.pick(['async ', 'new ', ''])}{dice.pick(NOUNS)}.{camel()} "
            f"(webpack:///./src/{dice.pick(PACKAGES)}.js?{dice.hex(4)}:{dice.below(400)}:"
            f"{dice.below(80)})"
            for _ in range(dice.between(2, 12))
        )
        return (
            f"TypeError: {dice.pick(CAUSES)}\n{calls}\n    at process.processTicksAndRejections "
            "(node:internal/process/task_queues:95:5)"
        )

    def go():
        calls = "\n".join(
            f"example.org/app/{dice.pick(NOUNS).lower()}.(*{dice.pick(NOUNS)}).{pascal()}(0xc000"
            f"{dice.hex(6)}, {{0x{dice.hex(6)}, 0x{dice.hex(1)}}})\n"
            f"\t/srv/app/{dice.pick(PACKAGES)}.go:{dice.between(9, 300)} +0x{dice.hex(3)}"
            for _ in range(dice.between(2, 9))
        )
        return (
            "panic: runtime error: invalid memory address or nil pointer dereference\n"
            f"[signal SIGSEGV: segmentation violation code=0x1 addr=0x{dice.hex(2)} pc=0x{dice.hex(6)}]\n"
            f"\ngoroutine {dice.between(1, 90)} [running]:\n{calls}\nexit status 2"
        )

    def csharp():
        calls = "\n".join(
            f"   at Example.{dice.pick(NOUNS)}.{pascal()}(String name) in "
            f"C:\\src\\{dice.pick(NOUNS)}.cs:line {dice.between(5, 200)}"
            for _ in range(dice.between(2, 8))
        )
        return f"System.NullReferenceException: Object reference not set to an instance of an object.\n{calls}"

    makers = [python, java, rust, javascript, go, csharp]
    for number in range(57):
        rows.add(wrap(dice, number // 2 + number, makers[number % 6](), frames, block=True))
    return rows


def minified(dice):
    rows = Rows("minified-code")
    frames = [
        "the bundle contains {} and nobody knows why",
        "In der Datei steht nur {}",
        "le fichier minifié : {}",
        "el paquete trae {}",
        "after minifying it is {}",
        "в бандле вот что: {}",
        "prettier cannot read {}",
        "this is all of it: {}",
        "why is this 3 kB: {}",
    ]

    def short():
        return dice.letters(dice.between(1, 2), "abcdefghijklmnopqrstuvwxyzABCDEFGHXYZ_$")

    def javascript():
        out = '!function(){"use strict";'
        for _ in range(dice.between(2, 17)):
            a, b, c, d = short(), short(), short(), short()
            out += dice.pick(
                [
                    f"var {a}={b}[{dice.below(99)}]||{{}};",
                    f"function {a}({b},{c}){{return {b}<{c}?-1:{b}>{c}?1:0}}",
                    (
                        f"{a}.{b}=function({c}){{for(var {d}=0;{d}<{c}.length;{d}++){a}[{d}]^={c}[{d}]>>>"
                        f"{dice.below(31)}}};"
                    ),
                    f'{a}&&({b}="{dice.pick(VERBS)}",{c}=!{dice.below(2)});',
                    f"{a}=({b}<<{dice.below(9)}|{c}>>>{dice.below(31)})&0x{dice.hex(8)};",
                    f"try{{{a}({b})}}catch({c}){{{d}=void 0}}",
                    f"{a}=>{b}.map({c}=>{c}?.{d}??[]);",
                ]
            )
        return out + "}();"

    def css():
        return "".join(
            dice.pick(
                [
                    f".{short()}-{dice.hex(5)}{{margin:0 {dice.below(40)}px;color:#{dice.hex(6)}}}",
                    f"#{short()}>li:nth-child({dice.below(9)}n+1){{display:none}}",
                    f"@media(max-width:{dice.between(300, 900)}px){{.{short()}{{flex:1 1 {dice.below(100)}%}}}}",
                    (
                        f'.{short()}::before{{content:"\\{dice.hex(4)}";'
                        f"font:{dice.between(9, 20)}px/1.{dice.below(9)} serif}}"
                    ),
                ]
            )
            for _ in range(dice.between(2, 22))
        )

    def html():
        items = "".join(
            f"<li class={short()}><a href=/{dice.pick(PACKAGES)}?p={dice.below(99)}>{dice.pick(NOUNS)}</a>"
            for _ in range(dice.between(2, 20))
        )
        return (
            f"<!doctype html><meta charset=utf-8><title>{dice.pick(NOUNS)}</title><style>{css()}</style>"
            f"<ul id={short()}>{items}</ul><p>{dice.pick(EVERY_SENTENCE)}<script>{javascript()}</script>"
        )

    def data():
        return json.dumps(
            [
                {
                    "i": dice.below(9999),
                    "n": dice.pick(PACKAGES),
                    "t": dice.pick(EVERY_SENTENCE),
                    "c": [dice.below(255) for _ in range(dice.between(2, 9))],
                    "h": dice.hex(8),
                    "x": None,
                }
                for _ in range(dice.between(1, 8))
            ],
            separators=(",", ":"),
            ensure_ascii=bool(dice.below(2)),
        )

    def shader():
        return (
            "precision mediump float;uniform vec2 u;void main(){vec2 p=gl_FragCoord.xy/u;float a="
            + "+".join(
                f"sin(p.x*{dice.below(99)}.{dice.below(9)})*.{dice.below(99)}" for _ in range(dice.between(1, 9))
            )
            + ";gl_FragColor=vec4(a,a*.5,1.,1.);}"
        )

    def source_map():
        mappings = ";".join(
            dice.letters(dice.between(4, 40), "ACEGIKSUWYacegi,gBhCmD") for _ in range(dice.between(3, 14))
        )
        return json.dumps(
            {
                "version": 3,
                "file": "app.js",
                "sources": [f"src/{dice.pick(PACKAGES)}.ts"],
                "names": [camel for camel in VERBS[:3]],
                "mappings": mappings,
            },
            separators=(",", ":"),
        )

    makers = [javascript, css, html, data, shader, source_map]
    for number in range(57):
        rows.add(wrap(dice, number // 2 + number, makers[number % 6](), frames))
    return rows


def html_pages(dice):
    rows = Rows("html")
    frames = [
        "why does the menu not open? {}",
        "Der Browser zeigt nichts an: {}",
        "voici la page {} telle qu'elle est en ligne",
        "esta es la plantilla: {}",
        "the validator complains about {}",
        "шаблон страницы: {}",
        "copied from the page: {}",
        "the template is {} for now",
    ]

    def entities(text, style):
        return "".join(c if c.isascii() else f"&#{ord(c)};" if style else f"&#x{ord(c):X};" for c in text)

    for number in range(57):
        plain = dice.pick(SENTENCES[LANGUAGES[number % len(LANGUAGES)]])
        kind = number % 9
        menu = "".join(
            f'\n    <li role="menuitem"><a href="/{noun.lower()}">{noun}</a></li>'
            for noun in dice.some(NOUNS, dice.between(2, 6))
        )
        cells = "".join(
            f"\n  <tr><td>{noun}</td><td align=right>{dice.below(90)}.{dice.below(10)}0&nbsp;&euro;</td></tr>"
            for noun in dice.some(NOUNS, 3)
        )
        thing = [
            (
                '<nav>\n  <button aria-expanded="false">&#9776; Menu</button>\n'
                f'  <ul role="menu" style="display:none">{menu}\n  </ul>\n</nav>'
            ),
            f"<p>{entities(plain, number % 2)}</p>",
            (
                '<!DOCTYPE html>\n<html lang="en">\n<head>\n  <meta charset="utf-8">\n'
                f"  <title>{dice.pick(NOUNS)} of the week</title>\n"
                f"  <!-- printed on {dice.between(1, 28)} May, do not edit by hand -->\n</head>\n<body>\n"
                f"  <h1>{dice.pick(NOUNS)}</h1>\n  <p>{plain}</p>\n</body>\n</html>"
            ),
            (
                f"<!-- TODO({dice.pick(['kim', 'ana', 'rolf'])}): move the {dice.pick(NOUNS).lower()} to "
                f'the left --><div class="card" hidden>{plain}</div>'
            ),
            f"<table>{cells}\n</table>",
            (
                f'<span style="font-size:0">|</span><b>{plain}</b>&nbsp;&mdash;&nbsp;<i>'
                f"{dice.between(2, 50)}&thinsp;km</i>&shy;"
            ),
            (
                f"&lt;{dice.pick(NOUNS).lower()} id=&quot;{dice.hex(4)}&quot;&gt; is shown as text, and "
                f"{entities(plain, 0)} is not"
            ),
            (
                f'<div class="visually-hidden" aria-live="polite">{dice.below(40)} results</div>\n'
                f'<form action="/search"><input type="hidden" name="page" value="{dice.below(9)}"><input '
                f'name="q" placeholder="{plain}"></form>'
            ),
            (
                f'<a href="https://example.org/{dice.pick(PACKAGES)}" title="{plain}" onclick="return '
                f'false">{dice.pick(NOUNS)}</a><br><img src="/{dice.hex(6)}.png" '
                f'alt="{dice.pick(NOUNS).lower()}"><script type="application/ld+json">{{"@type": "Event", '
                f'"name": "{dice.pick(NOUNS)} evening"}}</script>'
            ),
        ][kind]
        rows.add(
            wrap(dice, number // 2 + number, thing, frames, block="\n" in thing),
            ("entities", plain) if kind not in (0, 4) else ("entities", thing[:5]),
        )
    return rows


def escapes(dice):
    rows = Rows("escapes")
    frames = [
        "the answer of the server is {} and the page shows it raw",
        "Im Protokoll steht {}",
        "le journal contient {}",
        "¿qué significa {}?",
        "what does {} do?",
        "в журнале: {}",
        "grep finds {} in the old sources",
        "co znaczy {} w tym pliku?",
        "I typed {} and the shell wanted more",
    ]
    for number, language in enumerate((LANGUAGES * 2)[:28]):
        plain = dice.pick(SENTENCES[language]) + ("" if number < 16 else " " + dice.pick(["🌻", "☕", "🚲"]))
        key = dice.pick(["note", "text", "title", "bio"])
        thing = (
            json.dumps({key: plain, "id": dice.below(9999)})
            if number % 3
            else json.dumps([plain, dice.pick(EVERY_SENTENCE)])
        )
        rows.add(wrap(dice, number, thing, frames), ("escapes", plain))
    rows.add_all([wrap(dice, number, thing, frames, block="\n" in thing) for number, thing in enumerate(ESCAPES)])
    return rows


ESCAPES = [
    r"^(?:\+?\d{1,3}[\s.-]?)?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}$",
    r"(?<year>\d{4})-(?<month>0[1-9]|1[0-2])-(?<day>[0-2]\d|3[01])",
    r"s/\([^,]*\),\s*\(.*\)/\2 \1/g",
    r"[^\x00-\x7F]+|[\u00c0-\u024f]{2,}",
    r"\b(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]+)@(?:[a-z0-9-]+\.)+[a-z]{2,}\b",
    r"/^(?!.*\.\.)[^\\\/:*?\"<>|]+$/u",
    r"\frac{\partial^2 u}{\partial t^2} = c^2 \nabla^2 u, \quad \int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}",
    (
        "\\begin{tabular}{l|rr}\n\\textbf{Dish} & Mon & Tue \\\\ \\hline\nSoup & 4.50 & 4.80 \\\\\n"
        "Cr\\`eme br\\^ul\\'ee & 6.20 & 6.20\n\\end{tabular}"
    ),
    r"\newcommand{\R}{\mathbb{R}} \def\norm#1{\left\lVert #1 \right\rVert}",
    r"M\"uller, \'Emile and \v{S}imek wrote Na\"{\i}ve gardening, Bergen 1998",
    r"C:\Users\Kim\Documents\Garden\plan_v2\new\tulips.xlsx",
    r"\\fileserver01\photos\2025\hike\IMG_0042.JPG",
    r"%APPDATA%\..\Local\Temp\~menu\u0041.tmp",
    'find . -name "*.jpg" -exec sh -c \'mv "$1" "${1%.jpg}.jpeg"\' _ {} \\;',
    "awk -F'\\t' '{printf \"%s\\t%.2f\\n\", $1, $2*1.19}' prices.tsv",
    "echo 'it'\\''s raining' | sed -e 's/\\(rain\\)/\\1\\1/'",
    "printf '%b\\n' '\\x54\\x65\\x61 \\060\\061\\062'",
    "ssh host \"awk '{print \\$1}' /var/log/ferry.log | sort | uniq -c\"",
    '.icon-leaf::before { content: "\\f06c"; } .sm\\:w-1\\/2 { width: 50%; }',
    '#menu\\.left > .\\31 0px { margin: -1px; quotes: "\\201c" "\\201d"; }',
    r'"C:\\Program Files\\Garden Planner\\bin\\plan.exe" /open:"D:\\plans\\east bed.gpl"',
    r'"{\"name\":\"Kim\",\"tags\":[\"tea\",\"chess\"],\"nested\":\"{\\\"a\\\":1}\"}"',
    "\\033[1;32mok\\033[0m  \\e[33mwarning\\e[0m \\x1b[31mfailed\\x1b[0m",
    r"PS1='\[\e[32m\]\u@\h\[\e[0m\]:\w\$ '",
    r"\tColumn one\tColumn two\r\n\t\"quoted\"\t\\backslash\\",
    r"printf(\"%5.2f\\n\", total);",
    r"q{it\'s} =~ m{\A\s*\#.*\z}xms",
    r"SELECT * FROM dishes WHERE name LIKE '100\%\_pure' ESCAPE '\'",
    r"&\#167; 3 and \S~3, \% of \$4.50 \& \_more\_",
    r"^[\p{Lu}][\p{Ll}\p{M}'’-]+$",
]


def source_code(dice):
    rows = Rows("source-code")
    frames = [
        "is this the shortest way? {}",
        "Geht das eleganter? {}",
        "voici ma fonction {} elle marche, mais lentement",
        "¿así está bien? {}",
        "review please {} thank you",
        "вот функция: {}",
        "the exercise from lesson nine: {}",
        "gini boleh? {}",
        "this is what the old program does: {}",
        "czy tak może być? {}",
    ]
    for number, source in enumerate(FUNCTIONS):
        rows.add(wrap(dice, number, source, frames, block="\n" in source))
    return rows


MAKERS = [stack_traces, minified, html_pages, escapes, source_code]
