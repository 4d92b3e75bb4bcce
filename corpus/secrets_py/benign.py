"""5,000 rows with high entropy that are no secrets: what a reply about code, logs and orders is full of."""

import json
import re

from lookalikes_py.dice import Dice
from secrets_py.specs import ALNUM, SETS, b64, b64url, base58check, bech32, fill, luhn, uuid

# One line a kind: a template with `{set:length}`, or a function of the dice.
TEMPLATES = [
    # Version control and builds.
    "commit {hex:40}",
    "{hex:7} Fix the retry loop (#{d:3})",
    "index {hex:7}..{hex:7} 100644",
    "HEAD is now at {hex:8}",
    "Merge {hex:40} into main",
    "uses: actions/checkout@{hex:40}",
    "build {d:6}-{hex:12} passed in 84 s",
    "artifact app-{hex:16}.tar.gz uploaded",
    "cache key: deps-linux-{hex:64}",
    "cache_key={hex:40}",
    "Restored cache key v2-{b64:43}=",
    "image: registry.example.org/app@sha256:{hex:64}",
    "sha256:{hex:64}",
    "FROM debian@sha256:{hex:64}",
    "\"integrity\": \"sha512-{b64:86}==\"",
    "integrity sha1-{b64:27}=",
    "checksum = \"{hex:64}\"",
    "--hash=sha256:{hex:64}",
    "github.com/acme/lib v1.4.{d:1} h1:{b64:43}=",
    "{hex:64}  release.tar.gz",
    "{hex:32} *disk.img",
    "MD5: {hex:32}",
    "sha1sum: {hex:40}",
    "ETag: \"{hex:32}\"",
    "etag: W/\"{hex:2}-{b64:27}\"",
    "token count: {d:5}, tokens/s: {d:3}",
    "nonce=\"{b64:22}==\"",
    "script-src 'sha256-{b64:43}='",
    "class=\"css-{ld:7} sc-{an:6} {an:5}\"",
    ".{low:3}_{an:5}__{an:5} { color: #{hex:6}; }",
    "function {low:1}{an:2}({low:1},{low:1}){return {low:1}.{an:4}({d:3})}",
    "chunk-{hex:8}.{hex:20}.js 12.4 kB",
    "main.{hex:8}.chunk.css",
    "data-testid=\"row-{ld:12}\"",
    # Names of things.
    "request_id={hex:32}",
    "trace_id: {hex:32}, span_id: {hex:16}",
    "traceparent: 00-{hex:32}-{hex:16}-01",
    "x-amz-request-id: {ud:16}",
    "x-amz-id-2: {b64:76}",
    "cf-ray: {hex:16}-FRA",
    "arn:aws:iam::{d:12}:role/{an:20}",
    "i-0{hex:16} is running in eu-west-1a",
    "vpc-{hex:17}, subnet-{hex:17}",
    "ami-0{hex:16}",
    "pod/api-{hex:10}-{ld:5} Running",
    "container {hex:64}",
    "CONTAINER ID {hex:12}",
    "object@{hex:8}",
    "at 0x0000{hex:12} in main",
    "rip: 0x{hex:16} rsp: 0x{hex:16}",
    "0x{hex:40} sent 0.4 to 0x{hex:40}",
    "tx 0x{hex:64} confirmed",
    "block 0x{hex:64}",
    "https://example.org/watch?v={url:11}",
    "https://example.org/f/{an:22}/edit#gid={d:9}",
    "https://example.org/?gclid={url:60}&fbclid=IwAR{url:50}",
    "https://cdn.example.org/{hex:2}/{hex:2}/{hex:60}.webp",
    "https://example.org/reset-password?next=%2Fhome&id={d:8}",
    "next_page_token={url:40}",
    "\"nextPageToken\": \"{url:48}\"",
    "pageToken: {b64:32}",
    "csrf_token={an:32}",
    "<meta name=\"csrf-token\" content=\"{b64:86}==\">",
    "X-CSRF-Token: {url:44}",
    "Idempotency-Key: {hex:32}",
    "idempotency_key=\"{an:24}\"",
    "sort_key={hex:24}",
    "partition key {ud:16}",
    "primary_key: {hex:24}",
    "ObjectId(\"{hex:24}\")",
    "01{ud:24}",
    "cursor: {b64:40}",
    "SyncToken: {an:40}",
    # Orders and other numbers.
    "order {d:12}",
    "Order #{d:3}-{d:7}-{d:7} has shipped",
    "tracking number 1Z{ud:16}",
    "parcel {d:12} arrives on Tuesday",
    "invoice RE-2025-{d:6}, customer {d:8}",
    "serial number {ud:4}-{ud:4}-{ud:4}",
    "ISBN 978-3-{d:3}-{d:5}-{d:1}",
    "EAN {d:13}",
    "IMEI-free model {ud:8}/{d:3}",
    "{d:10} seconds since 1970",
    "took {d:3}.{d:6} ms, total {d:9} ns",
    "[0.{d:8}, -0.{d:8}, 0.{d:8}]",
    "M{d:2}.{d:2} {d:2}.{d:2}C{d:2}.{d:2} {d:2}.{d:2} {d:2}.{d:2} {d:2}.{d:2}z",
    "version 1.{d:2}.{d:1}-rc.1+build.{hex:9}",
    "2025-11-26T09:14:{d:2}.{d:6}Z INFO worker {d:5} done",
    # What is meant to be public.
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{b64:43} ann@laptop",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ{b64:60}",
    "SHA256:{b64:43} ann@laptop (ED25519)",
    "host key fingerprint is SHA256:{b64:43}.",
    "gpg: key {HEX:16}: public key imported",
    "Key fingerprint = {HEX:4} {HEX:4} {HEX:4} {HEX:4} {HEX:4}  {HEX:4} {HEX:4} {HEX:4} {HEX:4} {HEX:4}",
    "PublicKey = {b64:43}=",
    "public_key: {hex:64}",
    "pk_live_{an:24}",
    "pk_test_51{an:97}",
    "client_id: {d:12}-{ld:32}.apps.googleusercontent.com",
    "client_id={hex:20}",
    "data-sitekey=\"6L{url:38}\"",
    "phc_{an:43}",
    "account AC{hex:32}",
    "https://{hex:32}@o{d:6}.ingest.sentry.io/{d:7}",
    "G-{ud:10} and UA-{d:8}-1",
    "-----BEGIN CERTIFICATE-----\nMII{b64:61}\n{b64:64}\n",
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA{b64:43}=\n-----END PUBLIC KEY-----",
    "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{url:43}\",\"y\":\"{url:43}\"",
    "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A{b64:60}",
    "DKIM-Signature: bh={b64:43}=; b={b64:60}",
    "Qm{b58:44}",
    "magnet:?xt=urn:btih:{hex:40}",
    "{HEX:2}:{HEX:2}:{HEX:2}:{HEX:2}:{HEX:2}:{HEX:2} joined",
    "2001:db8:{hex:4}:{hex:4}:{hex:4}:{hex:4}:{hex:4}:{hex:4}",
    "background: url(data:image/png;base64,iVBORw0KGgo{b64:60}=)",
    "<img src=\"data:image/gif;base64,R0lGODlh{b64:48}\">",
    "{hex:8} {hex:8} {hex:8} {hex:8}  |{an:16}|",
    "{hex:2} {hex:2} {hex:2} {hex:2} {hex:2} {hex:2} {hex:2} {hex:2}",
    "H4sIAAAAAAAA{b64:50}",
    "eyJpZCI6{b64:24}",
    "MDQ6VXNlcjU{b64:8}",
    "U_kgDO{an:6}",
    # Talk about secrets, and what stands in for them.
    "api_key = os.environ[\"ACME_{up:5}_KEY\"]",
    "password=${{up:6}_PASSWORD}",
    "token: ${{ secrets.{up:8}_TOKEN }}",
    "secret_name: prod/{low:8}/db",
    "secretKeyRef: {name: {low:8}, key: password}",
    "password: <your password for {low:6}>",
    "const token = await get{low:6}Token({low:4});",
    "token = tokenizer.{low:8}_2(text_{d:2})",
    "export API_KEY=your-{low:6}-key-here",
    "token_id={hex:24}",
    "key_id: {hex:16}",
    "password_hash_rounds={d:2}",
    "Authorization: Bearer <token of {low:6}>",
    "https://user:password@{low:6}.example.org/",
    "postgres://postgres:postgres@localhost:{d:4}/app",
    "AKIA{up:1}XXXXXXXXXXXXXXX for {low:5}",
    "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{an:4}",
    "sk-ant-... of {low:6}, sk-proj-...{an:4}",
    "The prefix glpat- and {an:5} say that it is GitLab's",
    "passwords have at least {d:2} characters",
    "max_tokens={d:4}, eos_token_id={d:5}",
]


def wrong_card(dice):
    digits = luhn(dice.pick(["4", "51", "37"]), 16)(dice)
    return "number " + digits[:-1] + str((int(digits[-1]) + 1 + dice.below(9)) % 10)


def wrong_iban(dice):
    account = fill(dice, "{d:18}")
    right = 98 - int("".join(str(int(c, 36)) for c in account + "DE00")) % 97
    return f"DE{dice.pick([number for number in range(2, 99) if number != right]):02}{account}"


def address(dice):
    return "send to " + base58check(b"\x00" + dice.bytes(20))


def segwit(dice):
    return "to " + bech32("bc", b"\0" + dice.bytes(20))


def age_recipient(dice):
    return "recipient " + bech32("age", dice.bytes(32))


def an_uuid(dice):
    return dice.pick(["{}", "id={}", "user {} signed in", "\"uuid\":\"{}\"", "DELETE /v1/jobs/{}", "session {} closed"]).format(uuid(dice))


def state(dice):
    return "?state=" + b64url(json.dumps({"n": dice.letters(12, ALNUM), "r": "/home"}).encode())


def blob(dice):
    return dice.pick(["{}", "blob {}", "payload={}", "signature: {}", "content-md5 {}"]).format(b64(dice.bytes(dice.between(16, 48))))


MADE = [wrong_card, wrong_iban, address, segwit, age_recipient, an_uuid, state, blob]


def filled(dice, template):
    return re.sub(r"\{(\w+):(\d+)\}", lambda match: dice.letters(int(match[2]), SETS[match[1]]), template)


def rows():
    dice = Dice("benign secrets")
    kinds = [lambda template=template: filled(dice, template) for template in TEMPLATES]
    kinds += [lambda maker=maker: maker(dice) for maker in MADE for _ in range(3)]
    rows, seen = [], set()
    while len(rows) < 5_000:
        text = kinds[len(rows) % len(kinds)]()
        if text not in seen:
            seen.add(text)
            rows.append(text)
    return rows
