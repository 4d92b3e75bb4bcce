"""What is random by nature: hashes, identifiers, tokens, keys, certificates, pictures and lock files."""

import base64
import json
import zlib

from .talk import Rows, wrap

PACKAGES = """amber-clock bitmeadow copperleaf dunelight ember-io fernpath glasswing hollowlog inkwell-rs juniper-tls
kiteline larkspur mossy-fmt nightjar oatgrass plumbline quillpen rivulet sandpiper tidepool umbra-cli vellum-doc willowtree yarrow
zephyr-net anvilcore brightmoss candlewick driftwood elmbark foxglove-ui gorse heatherlib ivory-map kelpie lantern-db
marlin-http nettle opaline peatbog quarry-sync rushlight sedge thistledown""".split()
PEOPLE = [
    "Mara Lind",
    "Jonas Vogt",
    "Priya Nair",
    "Claire Petit",
    "Budi Santoso",
    "Ewa Zych",
    "Luis Prado",
    "Sanne Bakker",
]
SUBJECTS = """
Fix the rounding of prices
Add a dark theme to the calendar
Bump the toolchain
Do not blink while loading
Sort the menu by name
Remove the old importer
Merge branch 'harbour'
Write the changelog
Use one font everywhere
Close the file on every path
Teach the map to zoom
Rename Basket to Cart
""".strip().split("\n")
HOSTS = ["example.org", "example.com", "example.net", "shop.example.org", "login.example.net", "files.example.com"]


def base64_url(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def base64_text(raw):
    return base64.b64encode(raw).decode()


def wrapped(text, width):
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))


def git_hashes(dice):
    rows = Rows("git-hashes")
    frames = [
        "fixed in {}, please try again after the next deploy",
        "does {} already contain the new icons?",
        "git revert {} made it green again",
        "Der Fehler kam mit {} hinein, ich schaue morgen danach.",
        "Le bug est apparu avec {}, avant tout allait bien.",
        "bisect says {} is the first bad commit",
        "El cambio está en {}, ¿puedes mirarlo?",
        "Сборка сломалась после {}, до неё всё работало.",
        "Il commit {} sistema anche il menù.",
        "cherry-picked {} onto release/2.4",
        "Poprawka jest w {}, dziękuję!",
        "the tag v1.9.3 points at {}",
        "see https://git.example.org/harbour/app/commit/{} for the diff",
    ]

    def log():
        return "\n".join(
            f"{dice.hex(dice.pick([7, 8, 10]))} {subject}" for subject in dice.some(SUBJECTS, dice.between(4, 9))
        )

    def entry():
        name = dice.pick(PEOPLE)
        mail = name.lower().replace(" ", ".") + "@example.org"
        return (
            f"commit {dice.hex(40)}\nMerge: {dice.hex(7)} {dice.hex(7)}\nAuthor: {name} <{mail}>\n"
            f"Date:   Mon Nov 3 0{dice.below(10)}:{dice.between(10, 59)}:07 2025 +0100\n\n    {dice.pick(SUBJECTS)}"
        )

    def tree():
        files = dice.some(["README.md", "src", "Makefile", "menu.json", "LICENSE", "assets", "notes.txt"], 5)
        return "\n".join(f"100644 blob {dice.hex(40)} {dice.between(80, 9000):>7}\t{name}" for name in files)

    def push():
        old, new = dice.hex(9), dice.hex(9)
        return (
            f"To git.example.org:harbour/app.git\n   {old}..{new}  main -> main\n"
            f" + {dice.hex(9)}...{dice.hex(9)} wip -> wip (forced update)"
        )

    def diff():
        return (
            f"diff --git a/menu.txt b/menu.txt\nindex {dice.hex(7)}..{dice.hex(7)} 100644\n"
            "--- a/menu.txt\n+++ b/menu.txt\n"
            f"@@ -1,3 +1,3 @@\n soup\n-rice {dice.below(20)}\n+rice {dice.between(20, 40)}\n tea"
        )

    def sums():
        return "\n".join(
            f"{dice.hex(64)}  {dice.pick(PACKAGES)}-{dice.below(9)}.{dice.below(20)}.tar.gz"
            for _ in range(dice.between(3, 14))
        )

    for number in range(30):
        rows.add(wrap(dice, number, dice.hex(dice.pick([40, 40, 12, 64])), frames))
    for number, make in enumerate([log, entry, tree, push, diff, sums] * 5):
        rows.add(
            wrap(
                dice,
                number,
                make(),
                [
                    "This is what git prints here: {}",
                    "Schau mal: {}",
                    "the state on the server {} and it has not moved since Monday",
                ],
                block=True,
            )
        )
    return rows


def uuid(dice, version=4):
    digits = dice.hex(32)
    digits = f"{digits[:12]}{version}{digits[13:16]}{dice.pick('89ab')}{digits[17:]}"
    return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])


def uuids(dice):
    rows = Rows("uuids")
    frames = [
        "order {} has not been shipped yet",
        "Can you look up device {}? It stopped sending at noon.",
        "request id {} if support asks",
        "Meine Vorgangsnummer ist {}, bitte um Rückruf.",
        "Le dossier {} est toujours en attente.",
        "mount the disk with UUID={} at /mnt/photos",
        "El pedido {} llegó roto.",
        "Заказ {} до сих пор в пути.",
        "https://shop.example.org/o/{}?lang=en is the tracking page",
        "Pesanan {} sudah sampai, terima kasih!",
        "Nr sprawy: {}",
        "予約番号は {} です。",
        "the sensor in the cellar is {}, the one in the attic is another",
    ]
    styles = [
        str,
        str.upper,
        lambda one: "{" + one + "}",
        lambda one: "urn:uuid:" + one,
        lambda one: one.replace("-", ""),
        str,
    ]
    for number in range(38):
        rows.add(wrap(dice, number, styles[number % 6](uuid(dice, dice.pick([1, 4, 4, 7]))), frames))
    for number in range(20):
        count = dice.between(3, 20)
        listed = [
            "\n".join(uuid(dice) for _ in range(count)),
            json.dumps(
                [{"id": uuid(dice), "name": dice.pick(PACKAGES)} for _ in range(count // 2 + 1)],
                indent=number % 3 or None,
            ),
            "\n".join(
                f"{uuid(dice)},{dice.between(1, 99)},{dice.pick(['paid', 'open', 'sent'])}" for _ in range(count)
            ),
            "\n".join(f"INSERT INTO carts VALUES ('{uuid(dice)}', {dice.below(100)});" for _ in range(count // 2 + 2)),
        ][number % 4]
        rows.add(
            wrap(
                dice,
                number,
                listed,
                ["these are still open: {}", "Liste der Geräte: {}", "the export {} is complete now"],
                block=True,
            )
        )
    return rows


def jwt(dice, claims):
    kind = dice.pick(["HS256", "RS256", "ES256", "EdDSA"])
    header = {"alg": kind, "typ": "JWT"} if dice.below(2) else {"typ": "JWT", "alg": kind, "kid": dice.hex(8)}
    size = {"HS256": 32, "RS256": 256, "ES256": 64, "EdDSA": 64}[kind]
    parts = [json.dumps(part, separators=(",", ":"), ensure_ascii=False).encode() for part in (header, claims)]
    return ".".join(base64_url(part) for part in [*parts, dice.bytes(size)])


def jwts(dice):
    rows = Rows("jwts")
    frames = [
        "curl -H 'Authorization: Bearer {}' https://api.example.org/v1/menu",
        "the test token {} expired last year, that is why it says 401",
        "Set-Cookie: session={}; Path=/; HttpOnly; SameSite=Lax",
        "why does jwt.example.org say that {} is malformed?",
        "Das Testtoken {} ist abgelaufen, nimm ein neues.",
        "Le jeton de test est {} (expiré).",
        "El token de prueba {} ya no vale.",
        "https://login.example.net/callback#id_token={}&state=ab12",
        "Тестовый токен {} просрочен.",
        '{"access_token": "{}", "expires_in": 3600}',
        "Fixture for the parser: {}",
        "localStorage.getItem('t') gives {} in my browser",
    ]
    names = ["Mara", "Zoë", "Łukasz", "Вера", "さくら", "Jürgen", "Inês", "Δήμητρα"]
    for number in range(57):
        claims = {
            "sub": str(dice.between(1000, 9999)),
            "name": dice.pick(names) + " " + dice.pick(["Lind", "Vogt", "Prado", "Bakker"]),
            "iat": 1700000000 + dice.below(60000000),
        }
        extra = {
            "exp": claims["iat"] + 3600,
            "iss": "https://" + dice.pick(HOSTS),
            "aud": dice.pick(["menu", "calendar", "photo-album"]),
            "email": f"guest{dice.below(99)}@example.com",
            "scope": dice.pick(["read", "read write", "profile email"]),
            "jti": dice.hex(16),
            "groups": dice.some(["choir", "garden", "chess", "kitchen"], 2),
            "locale": dice.pick(["de-DE", "pt-BR", "ja-JP"]),
        }
        for key in dice.some(list(extra), dice.between(0, 6)):
            claims[key] = extra[key]
        rows.add(wrap(dice, number, jwt(dice, claims), frames), ("jwt", json.dumps(claims)))
    return rows


def block(dice, label, raw, width=64, headers=""):
    return f"-----BEGIN {label}-----\n{headers}{wrapped(base64_text(raw), width)}\n-----END {label}-----"


def der(tag, *parts):
    """One ASN.1 value in DER, so that a block has the shape of a real one."""
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 128 + len(length)]) + length + body


RSA = bytes.fromhex("06092a864886f70d010101")
RSA_SHA256 = bytes.fromhex("06092a864886f70d01010b")


def rsa_public_key(dice, bits):
    numbers = der(0x30, der(2, b"\0", bytes([128 | dice.below(128)]), dice.bytes(bits // 8 - 1)), der(2, b"\1\0\1"))
    return der(0x30, der(0x30, RSA, b"\5\0"), der(3, b"\0", numbers))


def name(common, organisation):
    def part(last, text):
        return der(0x31, der(0x30, bytes([6, 3, 0x55, 4, last]), der(0x0C, text.encode())))

    return der(0x30, part(10, organisation), part(3, common))


def certificate(dice, common, bits=2048):
    algorithm = der(0x30, RSA_SHA256, b"\5\0")
    valid = der(0x30, der(0x17, b"250101000000Z"), der(0x17, b"260101000000Z"))
    issuer = name("Harbour Test CA", dice.pick(["Tea House", "Bakery Nord", "Chess Club", "Choir"]))
    body = der(
        0x30,
        der(0xA0, der(2, b"\2")),
        der(2, b"\1" + dice.bytes(15)),
        algorithm,
        issuer,
        valid,
        name(common, "Example"),
        rsa_public_key(dice, bits),
    )
    return der(0x30, body, algorithm, der(3, b"\0", dice.bytes(bits // 8)))


def pem(dice):
    rows = Rows("pem")
    frames = [
        "here is mine {} so that you can check the guest list",
        "The deploy host shows this: {}",
        "Das kam heute mit der Post: {}",
        "Voici le fichier de Claire : {}",
        "Esto venía en el correo: {}",
        "Вот что прислала Вера: {}",
        "the parser chokes on this one {} but openssl reads it",
        "Zawartość pliku: {}",
        "Isi berkasnya begini: {}",
        "put this file beside the server's settings {} and reload",
        "is the line length right? {} I count 64",
    ]
    armour = "Version: Harbour 1.0\nComment: for the choir\n\n"
    for number in range(50):
        kind = number % 10
        thing = [
            lambda: block(dice, "PUBLIC KEY", rsa_public_key(dice, dice.pick([1024, 2048]))),
            lambda: block(dice, "PUBLIC KEY", bytes.fromhex("302a300506032b6570032100") + dice.bytes(32)),
            lambda: block(
                dice,
                "CERTIFICATE REQUEST",
                der(
                    0x30,
                    der(0x30, b"\2\1\0", name(dice.pick(HOSTS), "Example"), rsa_public_key(dice, 2048)),
                    der(0x30, RSA_SHA256, b"\5\0"),
                    der(3, b"\0", dice.bytes(256)),
                ),
            ),
            lambda: block(dice, "DH PARAMETERS", der(0x30, der(2, b"\0\xff", dice.bytes(255)), b"\2\1\2")),
            lambda: block(
                dice,
                "PGP PUBLIC KEY BLOCK",
                b"\x99\x01\x0d\x04" + dice.bytes(dice.between(260, 900)),
                headers=armour if dice.below(2) else "\n",
            ),
            lambda: block(dice, "PGP SIGNATURE", b"\xc2\xc0\x73\x04\0\1\x08" + dice.bytes(300), headers="\n"),
            lambda: block(dice, "PGP MESSAGE", b"\x85\x02\x0c\x03" + dice.bytes(dice.between(400, 1200)), headers="\n"),
            lambda: block(dice, "SSH SIGNATURE", b"SSHSIG\0\0\0\1" + dice.bytes(180), width=70),
            lambda: block(
                dice, "X509 CRL", der(0x30, der(0x30, RSA_SHA256, b"\5\0"), dice.bytes(dice.between(120, 600)))
            ),
            lambda: (
                "ssh-ed25519 "
                + base64_text(b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + dice.bytes(32))
                + f" {dice.pick(PACKAGES)}@laptop"
            ),
        ][kind]()
        rows.add(wrap(dice, number // 2, thing, frames, block=kind != 9))
    for count in range(2, 8):
        rows.add(
            "\n".join(
                f"host{at}.example.org ssh-rsa {base64_text(bytes([0, 0, 0, 7]) + b'ssh-rsa' + dice.bytes(140))}"
                for at in range(count)
            )
        )
    return rows


def certificates(dice):
    rows = Rows("certificates")
    frames = [
        "the chain of the test server is {} and the browser does not like it",
        "Das Zertifikat läuft am ersten Januar ab: {}",
        "Le certificat de test : {}",
        "El certificado caduca pronto: {}",
        "add this to the trust store {} and restart the browser",
        "Сертификат тестового сервера: {}",
        "Certyfikat serwera testowego: {}",
        "openssl s_client prints {} and then hangs",
        "ingress.crt: {}",
    ]
    for number in range(36):
        chain = "\n".join(
            block(dice, "CERTIFICATE", certificate(dice, dice.pick(HOSTS), dice.pick([1024, 1024, 2048])))
            for _ in range(1 + (number % 6 == 5))
        )
        rows.add(wrap(dice, number, chain, frames, block=True))
    for number in range(20):
        pairs = dice.bytes(32).hex(":").upper() if number % 2 else dice.bytes(20).hex(":")
        serial = dice.bytes(16).hex(":")
        modulus = wrapped(("00" + dice.hex(256)), 30)
        modulus = "\n".join(
            "    " + ":".join(line[at : at + 2] for at in range(0, len(line), 2)) + ":" for line in modulus.split("\n")
        )
        host = dice.pick(HOSTS)
        thing = [
            f"Certificate:\n  Serial Number: {serial}\n"
            "  Signature Algorithm: sha256WithRSAEncryption\n"
            "  Issuer: O=Harbour, CN=Harbour Test CA\n"
            f"  Subject: O=Example, CN={host}\n  Modulus:\n{modulus}\n  Exponent: 65537 (0x10001)",
            f"SHA256 Fingerprint={pairs}",
            (
                f"subject=O = Example, CN = {host}\nissuer=O = Harbour, CN = Harbour Test CA\n"
                f"notAfter=Jan  1 00:00:00 2026 GMT\nserial={dice.hex(32).upper()}"
            ),
            (
                "Expect-CT: max-age=86400\n"
                f'Public-Key-Pins: pin-sha256="{base64_text(dice.bytes(32))}"; '
                f'pin-sha256="{base64_text(dice.bytes(32))}"; max-age=600'
            ),
            f"tls.crt: {base64_text(block(dice, 'CERTIFICATE', certificate(dice, host, 1024)).encode())}",
        ][number % 5]
        rows.add(wrap(dice, number // 2, thing, frames, block="\n" in thing))
    return rows


def stored_deflate(raw):
    """A zlib stream without compression, the same with every version of zlib."""
    size = len(raw)
    return (
        b"\x78\x01\x01"
        + size.to_bytes(2, "little")
        + (size ^ 0xFFFF).to_bytes(2, "little")
        + raw
        + zlib.adler32(raw).to_bytes(4, "big")
    )


def png(dice, width, height):
    def chunk(kind, body):
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    pixels = b"".join(b"\0" + dice.bytes(width * 3) for _ in range(height))
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", stored_deflate(pixels)) + chunk(b"IEND", b"")


def data_uris(dice):
    rows = Rows("data-uris")
    frames = [
        '<img src="{}" alt="a small boat">',
        "background: url({}) no-repeat;",
        "the icon is {} and it looks blurry",
        "![logo]({})",
        "Das Bild: {}",
        "L'icône est {} en petit.",
        "El logotipo nuevo: {}",
        "Вот иконка: {}",
        '{"avatar": "{}", "name": "Kim"}',
        ".star::after { content: url('{}'); }",
        "paste {} into the address bar to see the drawing",
        '<link rel="icon" href="{}">',
    ]
    colours = ["teal", "#f4a261", "rgb(20,40,60)", "plum", "#264653"]
    for number in range(57):
        kind = number % 6
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{dice.between(8, 64)}" height="32">'
            f'<circle cx="{dice.below(30)}" cy="16" r="{dice.between(3, 15)}" '
            f'fill="{dice.pick(colours)}"/><text x="2" y="20">'
            f"{dice.pick(['tea', 'café', 'Grüße', 'чай', 'お茶'])}</text></svg>"
        )
        escaped = "".join(
            c if c.isalnum() and c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in svg
        )
        thing = [
            lambda: "data:image/png;base64," + base64_text(png(dice, dice.between(2, 12), dice.between(2, 20))),
            lambda: (
                "data:image/jpeg;base64,"
                + base64_text(
                    b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
                    + dice.bytes(dice.between(120, 1500))
                    + b"\xff\xd9"
                )
            ),
            lambda: (
                "data:image/gif;base64,"
                + base64_text(
                    b"GIF89a"
                    + bytes([dice.between(1, 32), 0, 1, 0, 0x80, 0, 0])
                    + dice.bytes(dice.between(20, 300))
                    + b";"
                )
            ),
            lambda: "data:image/svg+xml;base64," + base64_text(svg.encode()),
            lambda: "data:image/svg+xml," + escaped,
            lambda: (
                "data:image/webp;base64,"
                + base64_text(b"RIFF" + dice.bytes(2) + b"\0\0WEBPVP8L" + dice.bytes(dice.between(60, 700)))
            ),
        ][kind]()
        rows.add(
            wrap(dice, number // 2, thing, frames),
            *([("base64", svg)] if kind == 3 else [("percent", svg)] if kind == 4 else []),
        )
    return rows


def lock_files(dice):
    rows = Rows("lock-files")

    def version():
        return f"{dice.below(4)}.{dice.below(30)}.{dice.below(12)}"

    def cargo(count):
        return "\n\n".join(
            f'[[package]]\nname = "{package}"\nversion = "{version()}"\n'
            f'source = "registry+https://registry.example.org/index"\nchecksum = "{dice.hex(64)}"'
            + (f'\ndependencies = [\n "{dice.pick(PACKAGES)}",\n]' if dice.below(3) == 0 else "")
            for package in some(count)
        )

    def npm(count):
        entries = {
            f"node_modules/{package}": {
                "version": version(),
                "resolved": f"https://registry.example.org/{package}/-/{package}.tgz",
                "integrity": "sha512-" + base64_text(dice.bytes(64)),
            }
            for package in some(count)
        }
        return json.dumps({"name": "menu", "lockfileVersion": 3, "packages": entries}, indent=2)

    def yarn(count):
        return "# yarn lockfile v1\n\n" + "\n\n".join(
            f'{package}@^{(v := version())}:\n  version "{v}"\n  resolved '
            f'"https://registry.example.org/{package}/-/{package}-{v}.tgz#{dice.hex(40)}"\n'
            f"  integrity sha512-{base64_text(dice.bytes(64))}"
            for package in some(count)
        )

    def poetry(count):
        return "\n\n".join(
            f'[[package]]\nname = "{package}"\nversion = "{version()}"\noptional = false\n'
            'python-versions = ">=3.9"\nfiles = [\n'
            + "\n".join(
                f'    {{file = "{package}-{end}", hash = "sha256:{dice.hex(64)}"}},'
                for end in ["py3-none-any.whl", "src.tar.gz"]
            )
            + "\n]"
            for package in some(count)
        )

    def go(count):
        return "\n".join(
            f"go.example.org/{package} v{(v := version())} h1:{base64_text(dice.bytes(32))}\n"
            f"go.example.org/{package} v{v}/go.mod h1:{base64_text(dice.bytes(32))}"
            for package in some(count)
        )

    def pip(count):
        return "\n".join(
            f"{package}=={version()} \\\n    --hash=sha256:{dice.hex(64)} \\\n    --hash=sha256:{dice.hex(64)}"
            for package in some(count)
        )

    def some(count):
        """So many packages, sorted; the second half of a long list are helpers of the first."""
        return sorted(dice.some(PACKAGES + [f"{package}-macros" for package in PACKAGES], count))

    frames = [
        "conflict in the lock file, which side is right? {}",
        "Nach dem Update steht da: {}",
        "the build wants this now {} and I have not touched it",
        "Voilà le diff du fichier de verrouillage : {}",
        "¿Por qué cambió esto? {}",
        "После обновления: {}",
        "Plik po zmianie: {} nic więcej",
        "audit says it is fine {}",
    ]
    makers = [cargo, npm, yarn, poetry, go, pip]
    large = {0: 44, 21: 24, 28: 50, 35: 44}
    for number in range(56):
        count = large.get(number) or dice.pick([1, 1, 2, 3, 4, 6, 9])
        rows.add(wrap(dice, 0 if number in large else number, makers[number % 6](count), frames, block=True))
    return rows


MAKERS = [git_hashes, uuids, jwts, pem, certificates, data_uris, lock_files]
