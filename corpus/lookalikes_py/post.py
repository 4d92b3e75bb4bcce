"""What computers send each other: addresses, mail, encoded text and dumps of bytes."""

import base64

import quopri
from urllib.parse import quote, quote_plus

from .keys import HOSTS, PACKAGES, base64_text, base64_url, png, wrapped
from .talk import EVERY_SENTENCE, LANGUAGES, SENTENCES, Rows, wrap

SEARCHES = """
plum cake without eggs
Grüne Soße Rezept
recette de ratatouille façon grand-mère
cómo quitar manchas de café
perché il cielo è blu
onde comprar pão de queijo
waar is de dichtstbijzijnde bakker
jak upiec sernik
как починить кран
cara membuat rendang
vapur saatleri Kadıköy
färjan till Öland tidtabell
東京 天気 明日
周末 湖边 野餐
서울 지하철 노선도
πίτα με σπανάκι συνταγή
مطعم قريب من المحطة
מתכון לעוגת גבינה
""".strip().split("\n")


def long_urls(dice):
    rows = Rows("long-urls")
    frames = [
        "have a look at {} before it is sold out",
        "the newsletter links to {}, is that still the right page?",
        "Schau mal hier: {}",
        "c'est ici : {} mais le site est lent",
        "mira {} y dime qué te parece",
        "вот ссылка {}, там всё написано",
        "guarda {} quando hai tempo",
        "zobacz {}",
        "lihat {} ya",
        "<{}>",
        "[the recipe]({})",
        "GET {} HTTP/1.1\nHost: shop.example.org\nAccept: text/html",
        "2025-11-03 09:14:02 302 -> {}",
        "the photo is at {} (the link is good for a week)",
    ]

    def tracked():
        campaign = dice.pick(["spring_sale", "newsletter-44", "harbour+festival", "black%20tea%20week"])
        return (
            f"https://{dice.pick(HOSTS)}/{dice.pick(PACKAGES)}/p/{dice.between(1000, 999999)}?utm_sour"
            f"ce={dice.pick(['mail', 'feed', 'poster'])}&utm_medium=email"
            f"&utm_campaign={campaign}&click={base64_url(dice.bytes(dice.between(18, 60)))}&"
            f"mid={dice.hex(24)}&_x={dice.below(10**9)}.{dice.below(10**9)}"
        ), None

    def search():
        plain = dice.pick(SEARCHES)
        return (
            (
                f"https://www.example.com/search?q={quote_plus(plain)}&hl={dice.pick(LANGUAGES)}&"
                f"start={dice.below(9)}0&ei={base64_url(dice.bytes(16))}"
            ),
            plain,
        )

    def page():
        plain = dice.pick(SEARCHES)
        return (
            (
                f"https://{dice.pick(LANGUAGES)}.wiki.example.org/wiki/{quote(plain.replace(' ', '_'))}#"
                f"{quote(dice.pick(SEARCHES)[:12])}"
            ),
            plain.replace(" ", "_"),
        )

    def signed():
        return (
            f"https://files.example.com/album/IMG_{dice.between(1000, 9999)}.jpg?expires="
            f"{1760000000 + dice.below(10**7)}&size=1600x1200"
            f"&signature={quote(base64_text(dice.bytes(48)), safe='')}&id={dice.hex(32)}"
        ), None

    def message():
        plain = dice.pick(EVERY_SENTENCE)
        return f"https://chat.example.net/send?to=15550100{dice.between(100, 199)}&text={quote(plain)}", plain

    def redirect():
        plain = f"https://{dice.pick(HOSTS)}/menu?day={dice.between(1, 31)}&for=two persons"
        return (
            (
                f"https://login.example.net/go?next={quote(plain, safe='')}&state={dice.hex(20)}&"
                f"nonce={base64_url(dice.bytes(24))}"
            ),
            plain,
        )

    def calendar():
        plain = dice.pick(EVERY_SENTENCE)
        return (
            (
                f"https://calendar.example.org/new?text={quote_plus(plain)}&"
                f"dates=20251{dice.below(3)}0{dice.between(1, 9)}T180000Z&"
                f"location={quote_plus(dice.pick(SEARCHES))}&trp=false"
            ),
            plain,
        )

    def mailto():
        plain = dice.pick(EVERY_SENTENCE)
        return f"mailto:kim@example.org?subject={quote(dice.pick(SEARCHES))}&body={quote(plain)}", plain

    makers = [tracked, search, page, signed, message, redirect, calendar, mailto]
    for number in range(58):
        address, plain = makers[number % len(makers)]()
        rows.add(wrap(dice, number // 3 + number, address, frames), *([("percent", plain)] if plain else []))
    return rows


def soft_lines(text, width=72):
    return quopri.encodestring(text.encode(), quotetabs=False).decode()


def word(text):
    return "=?UTF-8?B?" + base64_text(text.encode()) + "?="


def quoted_word(text):
    return (
        "=?utf-8?Q?"
        + "".join(
            c if c.isalnum() and c.isascii() else "_" if c == " " else "".join(f"={b:02X}" for b in c.encode())
            for c in text
        )
        + "?="
    )


def mime(dice):
    rows = Rows("quoted-printable-and-mime")
    frames = [
        "the source of the message is {} and the attachment is empty",
        "Der Quelltext der Mail: {}",
        "le client affiche {} au lieu du texte",
        "why do I see this instead of letters? {}",
        "El correo llegó así: {}",
        "Письмо пришло вот так: {}",
        "bounce: {}",
    ]
    others = [language for language in LANGUAGES if language != "en"]
    for number in range(58):
        language = others[number % len(others)]
        plain = dice.pick(SENTENCES[language])
        more = " ".join(dice.some(SENTENCES[language], 3))
        edge = "=_" + dice.hex(20)
        heads = (
            f"Received: from mx{dice.below(9)}.example.net (mx.example.net "
            f"[192.0.2.{dice.between(1, 254)}])\n\tby mail.example.org with ESMTPS id "
            f"{dice.letters(12)};\n"
            f"\tMon, 3 Nov 2025 0{dice.below(10)}:14:0{dice.below(10)} +0100\n"
            f"Message-ID: <{dice.hex(16)}.{dice.between(100, 999)}@example.org>\n"
            f"From: {word('Zoë Łuk')} <zoe@example.org>\n"
            "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=mail;\n"
            f"\th=from:to:subject; bh={base64_text(dice.bytes(32))};\n"
            f"\tb={wrapped(base64_text(dice.bytes(128)), 70)}\n"
        )
        kind = number % 6
        hidden = ("mail", plain)
        if kind == 0:
            thing = soft_lines(plain + " " + more)
            hidden = ("mail", plain + " " + more)
        elif kind == 1:
            thing = f"Subject: {word(plain)}\nTo: kim@example.org\nMIME-Version: 1.0"
            hidden = ("base64", plain)
        elif kind == 2:
            thing = (
                f"{heads}Subject: {quoted_word(plain)}\nContent-Type: text/plain; charset=utf-8\n"
                f"Content-Transfer-Encoding: quoted-printable\n\n{soft_lines(plain)}"
            )
        elif kind == 3:
            body = wrapped(base64_text(more.encode()), 76)
            thing = (
                f"Subject: {dice.pick(['Photos', 'Minutes', 'Menu'])}\nContent-Type: text/plain; "
                f"charset=utf-8\nContent-Transfer-Encoding: base64\n\n{body}\n"
            )
            hidden = ("base64", more)
        elif kind == 4:
            page = soft_lines(f'<p style="color:#333">{plain}</p>\n<p>{more}</p>')
            thing = (
                f'Content-Type: multipart/alternative; boundary="{edge}"\n\n--{edge}\n'
                "Content-Type: text/plain; charset=utf-8\n"
                "Content-Transfer-Encoding: quoted-printable\n\n"
                f"{soft_lines(plain)}\n--{edge}\nContent-Type: text/html; charset=utf-8\n"
                f"Content-Transfer-Encoding: quoted-printable\n\n{page}\n--{edge}--"
            )
        else:
            picture = wrapped(base64_text(png(dice, 6, dice.between(3, 30))), 76)
            thing = (
                f'--{edge}\nContent-Type: image/png; name="{quoted_word(plain[:12])}"\n'
                "Content-Transfer-Encoding: base64\n"
                f"Content-Disposition: attachment;\n filename*=UTF-8''{quote(plain)}.png\n\n{picture}\n--{edge}--"
            )
            hidden = ("percent", plain)
        rows.add(wrap(dice, number // 2, thing, frames, block=True), hidden)
    return rows


def base64_texts(dice):
    rows = Rows("base64-text")
    frames = [
        "echo {} | base64 -d",
        "the ticket says only {}",
        "Was steht in {}?",
        "le message était {} tout simplement",
        "el archivo empieza con {}",
        "в заголовке стоит {}",
        "note: {}",
        "value: {}",
        "the QR code on the jar reads {}",
        "I got {} from the scanner at the library",
        "plik zawiera {}",
        "fun: my mug says {}",
    ]
    configs = [
        "host = mail.example.org\nport = 2525\ntls = on\n",
        "[menu]\nsoup = leek\nprice = 4.50\n",
        "lamp.hall=off\nlamp.kitchen=on\nlamp.porch=dusk\n",
        '{"theme": "dark", "font": 14, "wrap": true}',
        "export EDITOR=nano\nalias ll='ls -l'\n",
        "server:\n  port: 8080\n  name: tea-house\n",
        "window.width=800\nwindow.height=600\nwindow.title=Garden planner\n",
        "<note><to>Kim</to><body>Feed the hens</body></note>",
        "replicas: 3\nimage: registry.example.org/menu:1.4\n",
        "0 6 * * 1 /usr/local/bin/water-the-ferns\n",
    ]
    users = [
        "mara:plum-cake",
        "guest:guest",
        "jonas:correct-horse",
        "kiosk:tea4two",
        "reader:books555",
        "scanner:beep",
        "café:crème",
        "луиза:самовар",
    ]
    plains = [*configs, *users]
    plains += [sentence for language in LANGUAGES for sentence in SENTENCES[language][:3]][:34]
    for number, plain in enumerate(plains):
        raw = plain.encode()
        if plain in users:
            host = dice.pick(HOSTS)
            thing = [
                f"Authorization: Basic {base64_text(raw)}",
                f"curl -H 'Authorization: Basic {base64_text(raw)}' https://{host}/status",
                f"GET /menu HTTP/1.1\nHost: {host}\nAuthorization: Basic {base64_text(raw)}\nAccept: */*",
            ][number % 3]
        elif plain in configs:
            thing = [
                f"kind: Secret\ndata:\n  settings: {base64_text(raw)}",
                base64_text(raw),
                wrapped(base64_text(raw), 40),
            ][number % 3]
        else:
            thing = base64_url(raw) if number % 4 == 3 else base64_text(raw)
        rows.add(wrap(dice, number, thing, frames, block="\n" in thing), ("base64", plain))
    for language in ["en", "de", "fr", "ru", "ja"]:
        plain = " ".join(SENTENCES[language])
        rows.add(
            wrap(
                dice,
                2 + len(rows.texts) % 3,
                wrapped(base64_text(plain.encode()), 76),
                ["the file letter.b64: {}", "Anhang: {}"],
                block=True,
            ),
            ("base64", plain),
        )
    for title in ["tea", "hi!", "soup", "Garden", "öl"]:
        rows.add(f"{title} in Base64 is {base64.b64encode(title.encode()).decode()}, in case the quiz asks")
    return rows


def xxd(raw):
    out = []
    for at in range(0, len(raw), 16):
        part = raw[at : at + 16]
        pairs = " ".join(part[i : i + 2].hex() for i in range(0, len(part), 2))
        out.append(f"{at:08x}: {pairs:<39}  " + "".join(chr(b) if 32 <= b < 127 else "." for b in part))
    return "\n".join(out)


def canonical(raw):
    out = []
    for at in range(0, len(raw), 16):
        part = raw[at : at + 16]
        pairs = part[:8].hex(" ") + "  " + part[8:].hex(" ")
        out.append(f"{at:08x}  {pairs:<48}  |" + "".join(chr(b) if 32 <= b < 127 else "." for b in part) + "|")
    return "\n".join([*out, f"{len(raw):08x}"])


def words_dump(raw):
    raw += b"\0" * (len(raw) % 2)
    return "\n".join(
        f"{at:07x} "
        + " ".join(raw[i + 1 : i + 2].hex() + raw[i : i + 1].hex() for i in range(at, min(at + 16, len(raw)), 2))
        for at in range(0, len(raw), 16)
    )


def hexdumps(dice):
    rows = Rows("hexdumps")
    frames = [
        "the file starts like this {} so it is not a zip",
        "Was ist das für ein Format? {}",
        "xxd menu.bin | head {}",
        "le début du fichier : {}",
        "así empieza el archivo: {}",
        "в начале файла: {}",
        "the modem answered {} and then nothing",
        "początek pliku: {}",
        "the sensor sends this every ten seconds: {}",
    ]
    for number in range(36):
        plain = " ".join(dice.some(SENTENCES[LANGUAGES[number % len(LANGUAGES)]], dice.between(1, 3)))
        style = [xxd, canonical][number % 2]
        rows.add(wrap(dice, number // 2, style(plain.encode()), frames, block=True), ("hexdump", plain))
    makers = [
        lambda: xxd(b"\x7fELF\x02\x01\x01" + b"\0" * 9 + dice.bytes(dice.between(30, 500))),
        lambda: canonical(png(dice, 3, dice.between(2, 12))),
        lambda: words_dump(dice.bytes(dice.between(32, 160))),
        lambda: dice.bytes(dice.between(12, 64)).hex(" "),
        lambda: ", ".join(f"0x{byte:02x}" for byte in dice.bytes(dice.between(8, 48))),
        lambda: "".join(f"\\x{byte:02x}" for byte in dice.bytes(dice.between(8, 40))),
        lambda: dice.bytes(dice.between(16, 80)).hex().upper(),
        lambda: dice.bytes(6).hex(":") + " " + dice.bytes(6).hex("-") + " ip 192.0.2.7",
    ]
    for number in range(22):
        thing = makers[number % len(makers)]()
        rows.add(wrap(dice, number // 2 + number, thing, frames, block="\n" in thing))
    return rows


MAKERS = [long_urls, mime, base64_texts, hexdumps]
