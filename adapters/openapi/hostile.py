"""Whatever a hostile client could send, byte by byte. After each of it the sidecar answers others, and what it answered is a
status and a short error that says nothing of the inside; at the end nothing of what was sent lies in a file of the sidecar."""

import concurrent.futures
import json
import pathlib
import socket
import time

from attack import CLOSED, PLANTED, Attack
from sidecar import SECRET

HELLO = json.dumps({"kind": "reply", "text": f"hello {PLANTED}"}).encode()
DOCUMENT = pathlib.Path(__file__).resolve().parent.parent.parent / "docs/openapi.json"
# What the sidecar may take at its peak, in bytes, with all that is sent here.
MOST_MEMORY = 1 << 30
# Events in one request at most.
BATCH = 1_000


class Hostile(Attack):
    """One method for each kind of attack."""

    def framing(self):
        """Where a request ends: whatever two readers may read differently is refused, and is never two requests."""
        size = f"content-length: {len(HELLO)}"
        second = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(HELLO), HELLO)
        keep = {"close": False}
        self.raw("a good request", self.head(size) + HELLO, 200)
        self.raw("good chunks", self.head("transfer-encoding: chunked") + chunked, 200)
        for name, lines, body in [
            ("two lengths", [size, "content-length: 3"], HELLO),
            ("two lengths in one line", [f"{size}, 3"], HELLO),
            ("no number as length", ["content-length: 0x10"], HELLO),
            ("a plus before the length", [f"content-length: +{len(HELLO)}"], HELLO),
            ("a negative length", ["content-length: -1"], HELLO),
            ("a length beyond all numbers", ["content-length: 99999999999999999999999"], HELLO),
            ("a blank before the colon", [f"content-length : {len(HELLO)}"], HELLO),
            ("chunks within something", ["transfer-encoding: chunked, identity"], chunked),
            ("an unknown transfer encoding", ["transfer-encoding: xchunked"], chunked),
            ("an encoding that is hidden", ["transfer-encoding:\x0bchunked"], chunked),
            ("a folded header line", ["x-a: b\r\n c: " + PLANTED, size], HELLO),
            ("a NUL in a header", [f"x-a: {PLANTED}\0", size], HELLO),
            ("a carriage return in a header", [f"x-a: {PLANTED}\rx-b: c", size], HELLO),
            ("a header without a name", [f": {PLANTED}", size], HELLO),
            ("a header without a colon", [PLANTED, size], HELLO),
            ("a header name of other letters", [f"x-\xe4: {PLANTED}", size], HELLO),
            ("no number as size of a chunk", ["transfer-encoding: chunked"], b"zz\r\n" + HELLO),
            ("a negative chunk", ["transfer-encoding: chunked"], b"-1\r\n" + HELLO),
            ("a chunk beyond all numbers", ["transfer-encoding: chunked"], b"fffffffffffffffff\r\n" + HELLO),
            ("a chunk that is longer than it says", ["transfer-encoding: chunked"], b"2\r\n" + HELLO + b"\r\n0\r\n\r\n"),
        ]:
            self.raw(name, self.head(*lines, **keep) + body + second, 400, 501, CLOSED)
        for name, lines, body in [
            ("a length and chunks", ["content-length: 4", "transfer-encoding: chunked"], b"0\r\n\r\n"),
            ("chunks and a length", ["transfer-encoding: chunked", "content-length: 4"], b"0\r\n\r\n"),
        ]:
            self.raw(name, self.head(*lines, **keep) + body + second, 400, CLOSED)
        self.raw("two equal lengths", self.head(size, size) + HELLO, 200, 400, CLOSED)
        lines = self.head(size).replace(b"\r\n", b"\n")
        self.raw("lines that end in a bare line feed", lines + HELLO, 200, 400, CLOSED)
        self.raw("half a body", self.head("content-length: 500") + HELLO, 400, 408, CLOSED, half_close=True)
        self.raw("a body that never comes", self.head("content-length: 500") + HELLO, 408, CLOSED)
        self.raw("more than it says", self.head(f"content-length: {len(HELLO) - 5}") + HELLO, 400)
        half = self.head("transfer-encoding: chunked") + b"500\r\n" + HELLO
        self.raw("half a chunk", half, 400, 408, CLOSED, half_close=True)
        self.raw("a length of an exabyte", self.head(f"content-length: {1 << 60}") + HELLO, 400, 408, 413, CLOSED)
        bomb = self.head("transfer-encoding: chunked") + (b"10000\r\n" + b" " * 65_536 + b"\r\n") * 100
        self.raw("chunks without end", bomb, 413, CLOSED)
        small = self.head("transfer-encoding: chunked") + b"1;x=%s\r\n \r\n" % (b"y" * 500) * 20_000
        self.raw("more about chunks than in them", small, 400, 413, CLOSED)
        trailers = self.head("transfer-encoding: chunked") + b"0\r\n" + b"x: y\r\n" * 20_000 + b"\r\n"
        self.raw("header lines behind the chunks", trailers, 400, 431, CLOSED)

    def heads(self):
        """The first line and the header lines."""
        size = f"content-length: {len(HELLO)}"
        other = f"http://evil.example/v1/check?{PLANTED}"
        for name, data, allowed in [
            ("another host in the address", self.head(size, request=f"POST {other} HTTP/1.1") + HELLO, [421]),
            ("another host", self.head(size, host="host: evil.example") + HELLO, [421]),
            ("a host that begins with ours", self.head(size, host="host: localhost.evil.example") + HELLO, [421]),
            ("a host with a name before it", self.head(size, host="host: localhost@evil.example") + HELLO, [421]),
            ("a port that is none", self.head(size, host="host: localhost:evil") + HELLO, [400, 421]),
            ("an empty host", self.head(size, host="host: ") + HELLO, [400, 421]),
            ("no host", self.head(size, host=None) + HELLO, [400, 421]),
            ("two hosts, ours first", self.head(size, "host: evil.example") + HELLO, [400, 421]),
            ("two hosts, ours last", self.head(size, "host: localhost", host="host: evil.example") + HELLO, [400, 421]),
            ("HTTP/0.9", b"GET /healthz\r\n", [400, CLOSED]),
            ("HTTP/0.9 with more", b"GET /healthz\r\n\r\n", [400, CLOSED]),
            ("HTTP/1.0 without a host", b"GET /v1/status HTTP/1.0\r\n\r\n", [400, 401, 421, CLOSED]),
            ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9), [400, 505, CLOSED]),
            ("HTTP/9.9", self.head(request="GET /healthz HTTP/9.9"), [400, 505, CLOSED]),
            ("TLS", bytes.fromhex("16030100c8010000c40303") + bytes(180), [400, CLOSED]),
            ("nothing that is anything", bytes(range(256)) * 8, [400, CLOSED]),
            ("a request line of blanks", b" " * 2_000 + b"\r\n\r\n", [400, CLOSED]),
            ("an upgrade", self.head("upgrade: h2c", "http2-settings: AAMAAABk", size) + HELLO, [200]),
            ("a web socket", self.head("upgrade: websocket", request="GET /v1/status HTTP/1.1"), [200]),
            ("a tunnel", self.head(request=f"CONNECT {PLANTED}.example:22 HTTP/1.1"), [400, 404, 405, 421, CLOSED]),
            ("the asterisk", self.head(request="OPTIONS * HTTP/1.1"), [400, 404, 405, CLOSED]),
            ("TRACE", self.head(f"x-a: {PLANTED}", request="TRACE /v1/check HTTP/1.1"), [405]),
            ("a method of its own", self.head(request=f"{PLANTED.upper()} /v1/check HTTP/1.1"), [405]),
            ("a method without end", self.head(request="A" * 20_000 + " / HTTP/1.1"), [400, 414, 431, CLOSED]),
            ("a path without end", self.head(request=f"GET /{'a' * 60_000} HTTP/1.1"), [400, 414, 431, CLOSED]),
            ("a NUL in the path", self.head(request="GET /v1/\0 HTTP/1.1"), [400, CLOSED]),
            ("other bytes in the path", self.head(request="GET /v1/\xff\xfe HTTP/1.1"), [400, 404, CLOSED]),
            ("100-continue without a token", self.head("expect: 100-continue", size, token=False), [401]),
            ("another expectation", self.head(f"expect: {PLANTED}", size) + HELLO, [200, 400, 417]),
            ("70 header lines", self.head(*["x: y"] * 70, size) + HELLO, [431, CLOSED]),
            ("20,000 header lines", self.head(*["x: y"] * 20_000, size) + HELLO, [431, CLOSED]),
            ("a header line of a megabyte", self.head("x: " + "y" * 1_000_000, size) + HELLO, [431, CLOSED]),
            ("a header line without an end", self.head()[:-4] + b"\r\nx: " + b"y" * 100_000, [431, CLOSED]),
            ("half a head", b"POST /v1/check HTTP/1.1\r\nhost: loc", [400, 408, CLOSED]),
            ("compressed", self.head("content-encoding: gzip", size) + bytes.fromhex("1f8b0800") + HELLO[4:], [400, 415]),
        ]:
            self.raw(name, data, *allowed)

    def tokens(self):
        """Who shows no token, or what is none."""
        for path, item in json.loads(DOCUMENT.read_text())["paths"].items():
            for method, operation in item.items():
                if method == "parameters" or not operation["security"]:
                    continue
                path = path.replace("{id}", "0" * 32).replace("{change}", "block")
                got = self.ask(f"{path} without a token", method.upper(), path, None, 401, client=None)
                if got and got.headers.get("www-authenticate") != "Bearer":
                    self.fault(f"{path} without a token", "is not told what is needed (WWW-Authenticate)")
        size = f"content-length: {len(HELLO)}"
        good = self.sidecar.tokens["gateway"]
        name, code = good.rsplit("_", 1)
        for number, token in enumerate([
            "", "Bearer", "Bearer ", f"Bearer {PLANTED}", f"Bearer {good}x", f"Bearer {good[:-1]}", f"Bearer {name}_",
            f"Bearer sluicegate_steward_{code}", f"Bearer sluicegate__{code}", f"Bearer {good.upper()}", f"Basic {good}",
            f"Bearer {good},{good}", "Bearer \xff\xfe", "Bearer " + "A" * 8_000, f"Bearer sluicegate_{'a' * 7_000}_{code}",
        ]):
            self.raw(f"token {number}", self.head(size, f"authorization: {token}", token=False) + HELLO, 401)
        self.raw("two tokens", self.head(size, f"authorization: Bearer {PLANTED}", token=False).replace(
            b"\r\n\r\n", f"\r\nauthorization: Bearer {good}\r\n\r\n".encode()) + HELLO, 401, 400)
        form = "application/x-www-form-urlencoded"
        for content in ["", "text/plain", form, "application/jsonx", "text/html; a=application/json"]:
            self.raw(f"the content type {content!r}", self.head(size, f"content-type: {content}", kind=False) + HELLO, 415)
        self.raw("no content type", self.head(size, kind=False) + HELLO, 415)

    def bodies(self):
        """What is JSON, or nearly."""
        deep = 100_000
        nests = {
            "[": b"[" * deep, "[]": b"[" * deep + b"]" * deep, "{": b'{"a":' * deep,
            "{}": b'{"a":' * deep + b"1" + b"}" * deep,
        }
        event = {"kind": "tool_call", "tool": {"name": "x", "arguments": 0}}
        for path in ["/v1/check", "/v1/detect", "/v1/holds/redeem", "/beta/litellm_basic_guardrail_api"]:
            for name, nest in nests.items():
                self.ask(f"{path} {name} x {deep}", "POST", path, nest, 200, 400)
            inside = json.dumps({**event, "input_type": "request", "text": "x", "token": "x", "id": 0, "event": event,
                                 "request_data": {"x": 0}}).encode()
            for name in ["[]", "{}"]:
                for key in [b'"arguments": 0', b'"id": 0', b'"x": 0']:
                    self.ask(f"{path} {name} within {key.decode()}", "POST", path,
                             inside.replace(key, key[:-1] + nests[name]), 200, 400, 409)
        for name, body in nests.items():
            self.ask(f"/v1/owner {name}", "POST", "/v1/owner", body, 400, client="deputy")
        closed = [
            ("half an object", b'{"text": "' + PLANTED.encode()),
            ("a number", b"7"), ("null", b"null"), ("a text", b'"text"'), ("nothing", b""), ("blanks", b" \n\t "),
            ("two objects", b"{}{}"), ("a list that goes on", b"[{},]"), ("no JSON", b"{text: 'x'}"), ("not a number", b"[NaN"),
            ("a byte order mark", b"\xef\xbb\xbf{}"), ("UTF-16", '{"text":"x"}'.encode("utf-16")), ("a NUL", b"{}\0"),
        ]
        for name, body in closed:
            self.ask(name, "POST", "/v1/check", body, 400)
        unreadable = [
            ("not UTF-8", b'{"text":"' + PLANTED.encode() + b'\xff\xfe"}'), ("an overlong sequence", b'{"text":"\xc0\xaf"}'),
            ("a surrogate in UTF-8", b'{"text":"\xed\xa0\x80"}'), ("half a surrogate pair", rb'{"text":"\ud800"}'),
            ("the other half", rb'{"id":"\udc00 pl4nted"}'), ("a text twice", b'{"text":"a","text":"b"}'),
            ("a sender twice", b'{"sender":{"id":"a"},"sender":{"id":"b"},"text":"x"}'),
            ("an id twice within the sender", b'{"sender":{"id":"a","id":"b"},"text":"x"}'),
            ("an argument twice", b'{"kind":"tool_call","tool":{"name":"x","arguments":{"a":1,"a":2}}}'),
            ("an argument twice, in disguise", rb'{"kind":"tool_call","tool":{"name":"x","arguments":{"a":1,"\u0061":2}}}'),
            ("a time beyond all", b'{"at":18446744073709551616,"text":"x"}'), ("a time before all", b'{"at":-1,"text":"x"}'),
            ("a time with a point", b'{"at":1.5,"text":"x"}'),
            ("a time of many digits", b'{"at":1' + b"0" * 100_000 + b',"text":"x"}'),
            ("a time beyond floating point", b'{"at":1e999999999,"text":"x"}'),
            ("an unknown kind", b'{"kind":"pl4nted\\r\\npl4nted","text":"x"}'), ("a text that is a number", b'{"text":7}'),
            ("a control character", b'{"text":"\x01"}'),
            ("an empty list for the chat", b'{"chat":[],"text":"x"}'),
            ("a list for the chat", b'{"chat":["g",true,false],"text":"x"}'),
            ("a list for the sender", b'{"sender":["a","b"],"text":"x"}'),
            ("a list for the tool", b'{"kind":"tool_call","tool":["x"]}'),
            ("a list for an attachment", b'{"attachments":[["a","b","c"]],"text":"x"}'),
        ]
        for name, body in unreadable:
            got = self.ask(name, "POST", "/v1/check", body, 200, 400)
            if got and got.status == 200 and (got.json["decision"] == "allow" or "error" not in got.json):
                self.fault(name, f"taken for an event: {got.body[:300]!r}")
        line = f"a\r\n{PLANTED}\x1b[2J"
        lines = dict.fromkeys(["id", "channel", "account", "session", "to"], line)
        lines |= {"sender": {"id": line}, "chat": {"id": line}}
        long = PLANTED * 50_000
        readable = [
            ("the last millisecond", b'{"at":18446744073709551615,"text":"x"}'), ("a NUL in a text", rb'{"text":"\u0000"}'),
            ("a key of nobody", b'{"__proto__":{"x":1},"constructor":1,"text":"x"}'),
            ("a large number in an argument", b'{"kind":"tool_call","tool":{"name":"x","arguments":1' + b"0" * 200_000 + b"}}"),
            ("a long id", json.dumps({"id": long, "text": "x"}).encode()),
            ("a long sender", json.dumps({"channel": long, "sender": {"id": long}, "text": "x"}).encode()),
            ("lines in every name", json.dumps({**lines, "text": "x"}).encode()),
            ("a text as long as a body", json.dumps({"kind": "reply", "text": "a " * 2_000_000}).encode()),
        ]
        for name, body in readable:
            got = self.ask(name, "POST", "/v1/check", body, 200)
            if got and got.status == 200 and "error" in got.json:
                self.fault(name, f"not taken for an event: {got.body[:300]!r}")
        self.ask("a body that is too long", "POST", "/v1/check", b'"' + b"a" * (4 << 20) + b'"', 413)
        litellm = "/beta/litellm_basic_guardrail_api"
        listed = [
            ("/v1/holds/redeem", ["x", {}]), (litellm, ["request"]), (litellm, {"input_type": "request", "request_data": []}),
            (litellm, {"input_type": "request", "structured_messages": [["user", "x"]]}),
            (litellm, {"input_type": "response", "tool_calls": [[{"name": "x"}]]}),
            (litellm, {"input_type": "response", "tool_calls": [{"function": ["x"]}]}),
        ]
        for path, body in listed:
            self.ask(f"{path} a list for an object: {json.dumps(body)}", "POST", path, body, 400)
        self.ask("/v1/owner a list for an object", "POST", "/v1/owner", ["a secret of nobody"], 400, client="deputy")

    def batches(self):
        """Lists of events."""
        good, bad = {"kind": "reply", "text": "hello"}, {"kind": PLANTED}
        got = self.ask("a bad event in the middle", "POST", "/v1/check", [good, bad, good], 200)
        lines = [("error" in verdict, verdict.get("line")) for verdict in got.json] if got else []
        if got and lines != [(False, None), (True, 2), (False, None)]:
            self.fault("a bad event in the middle", f"{got.body[:500]!r}")
        got = self.ask("an empty batch", "POST", "/v1/check", [], 200)
        if got and got.json != []:
            self.fault("an empty batch", f"{got.body[:300]!r}")
        got = self.ask("a full batch", "POST", "/v1/check", [good] * BATCH, 200)
        if got and len(got.json) != BATCH:
            self.fault("a full batch", f"{len(got.json)} verdicts")
        for path, one in [("/v1/check", b"{}"), ("/v1/check", b"7"), ("/v1/detect", b"7")]:
            for count in [BATCH + 1, 100_000]:
                name = f"{path} {count} x {one.decode()}"
                self.ask(name, "POST", path, b"[" + (one + b",") * (count - 1) + one + b"]", 413, timeout=60)

    def paths(self):
        """Paths and queries that are none."""
        hold = self.sidecar.hold("path")[0]
        known = f"/v1/holds/{hold}"
        wrong = [
            "/v1/holds/%00", "/v1/holds/%2e%2e", "/v1/holds/%2e%2e%2fstatus", "/v1/holds/..%2f..%2fetc%2fpasswd",
            "/v1/holds/%ff",
            "/v1/holds/%ff%fe/release", "/v1/holds/%c0%af", "/v1/holds/%zz", "/v1/holds/%", f"/v1/holds/{PLANTED}",
            f"/v1/holds/{'a' * 10_000}", f"{known}%20", f"{known}%00", f"/v1/holds/{hold.upper()}",
            f"/v1/holds/{hold[:31]}", f"{known}0", f"/v1/holds/{'0' * 32}", "/v1/holds/last", "/v1/holds/*", "/v1/holds/",
            f"{known}/", f"{known};a=b", "//v1/status", "/v1//status", "/v1/../v1/status", "/V1/status", "/v1/status/",
            "/v1/status%3f",
            "/%2e%2e/%2e%2e/etc/passwd", "/index.html", "/", f"/{PLANTED}",
            "/v1/senders/%ff", "/metrics/..%2f",
        ]
        for path in wrong:
            self.ask(path[:60], "GET", path, None, 400, 403, 404, 405)
            self.ask(f"POST {path[:60]}", "POST", path, None, 400, 403, 404, 405)
        for query in ["wait=-1", "wait=x", "wait=1.0", "wait=1e3", "wait=99999999999999999999", "wait=", "wait=61",
                      "wait=0&wait=0", f"state={PLANTED}", "state=%ff", "state=Waiting", f"{PLANTED}=1",
                      "state=waiting&state=used"]:
            self.ask(f"?{query}", "GET", f"/v1/holds?{query}", None, 400)
        for query in ["standing=x", "id=x", f"{PLANTED}=1", "channel=a&channel=b", "standing=%ff"]:
            self.ask(f"senders?{query}", "GET", f"/v1/senders?{query}", None, 400, client="steward")
        for path in [known, f"{known}/approve", f"{known}/deny", "/v1/owner", "/v1/senders", "/v1/senders/block"]:
            method = "GET" if path in (known, "/v1/senders") else "POST"
            body = {"secret": PLANTED} if path == "/v1/owner" else None
            self.ask(f"{path} without a scope", method, path, body, 403, client="powerless")
        self.ask("approving without the owner's secret", "POST", f"{known}/approve", None, 403, client="deputy")
        self.ask("denying without the owner's secret", "POST", f"{known}/deny", None, 403, client="deputy")
        if self.sidecar.ask("GET", known, "gateway").json["state"] != "waiting":
            self.fault("paths", "somebody has answered the hold")

    def people(self):
        """What is said of people, wrongly: nothing of it is done, not even half."""
        who = {"channel": "whatsapp", "id": "+15550100177"}
        for change, more in [
            ("approve", {"name": "x" * 201}), ("approve", {"note": "x"}), ("approve", {"capabilities": ["all"]}),
            ("approve", {"capabilities": "all"}), ("approve", {PLANTED: 1}), ("approve", {"id": "*"}), ("approve", {"id": ""}),
            ("approve", {"channel": ""}), ("approve", {"id": f"a\n{PLANTED}"}), ("block", {"name": "x"}),
            ("name", {}), ("note", {}), ("capabilities", {}), ("note", {"note": "x" * 4_001}),
        ]:
            name = f"{change} {json.dumps(more)[:40]}"
            self.ask(name, "POST", f"/v1/senders/{change}", {**who, **more}, 400, client="steward")
        self.ask("another change", "POST", f"/v1/senders/{PLANTED}", who, 404, client="steward")
        self.ask("an owner", "POST", "/v1/senders/owner", who, 404, client="steward")
        for change in ["unblock", "revoke"]:
            self.ask(f"{change} of nobody", "POST", f"/v1/senders/{change}", who, 409, client="steward")
        known = self.sidecar.ask("GET", "/v1/senders?channel=whatsapp&id=%2B15550100177", "steward")
        if known.status == 200 and known.json["senders"]:
            self.fault("people", f"something was done: {known.body[:300]!r}")

    def owner(self):
        """Somebody who guesses at the owner's secret."""
        escaped = '{"secret":"%s"}' % "".join(f"\\u{ord(letter):04x}" for letter in SECRET)
        self.ask("the secret, written with escapes", "POST", "/v1/owner", escaped.encode(), 200, client="steward")
        guess = lambda number: self.sidecar.ask("POST", "/v1/owner", "deputy", {"secret": f"{PLANTED} guess {number}"}).status
        with concurrent.futures.ThreadPoolExecutor(40) as many:
            statuses = list(many.map(guess, range(40)))
        if set(statuses) != {403}:
            self.fault("40 guesses at once", f"{statuses}")
        self.ask("a secret that is none", "POST", "/v1/owner", {"secret": ""}, 403, client="deputy")
        self.ask("a secret without end", "POST", "/v1/owner", {"secret": "x" * 1_000_000}, 403, client="deputy")
        self.ask("a secret with more", "POST", "/v1/owner", {"secret": "x", PLANTED: 1}, 400, client="deputy")
        self.ask("the owner's token after guesses of another", "GET", "/v1/senders", None, 200, client="steward")

    def waits(self):
        """Clients that wait for the owner take neither threads nor places from those who are answered at once."""
        hold = self.sidecar.hold("wait")[0]
        head = self.head(request=f"GET /v1/holds/{hold}?wait=30 HTTP/1.1", close=False)

        def wait():
            stream = socket.create_connection(("127.0.0.1", self.sidecar.port), timeout=5)
            stream.sendall(head)
            return stream

        for _ in range(700):
            stream = wait()
            time.sleep(0.001)  # so that it is read before it goes
            stream.close()
        self.ask("a hold, after 700 who waited are gone", "GET", f"/v1/holds/{hold}", None, 200, timeout=5)
        long = json.dumps({"kind": "reply", "text": "a " * 50_000}).encode()
        self.ask("a long text, after 700 who waited are gone", "POST", "/v1/check", long, 200, timeout=5)
        waiting = []
        try:
            for _ in range(300):
                waiting.append(wait())
            self.ask("a short text, while 300 wait", "POST", "/v1/check", HELLO, 200, timeout=5)
            self.ask("a hold, while 300 wait", "GET", f"/v1/holds/{hold}", None, 200, timeout=5)
            asked = {"timeout": 5}
            known = f"/v1/holds/{hold}"
            self.ask("the owner's answer, while 300 wait", "POST", f"{known}/approve", None, 200, client="steward", **asked)
            self.ask("what is approved, while 300 wait", "POST", f"{known}/release", None, 200, **asked)
        finally:
            for stream in waiting:
                stream.close()

    def idle(self):
        """Connections over which nothing is said keep nobody out."""
        streams = []
        try:
            for _ in range(900):
                streams.append(socket.create_connection(("127.0.0.1", self.sidecar.port), timeout=5))
            self.ask("a text, beside 900 idle connections", "POST", "/v1/check", HELLO, 200, timeout=1)
        finally:
            for stream in streams:
                stream.close()

    def afterwards(self):
        """What is left of it all."""
        memory = self.sidecar.memory()
        if memory:
            print(f"    memory: {memory[0] >> 20} MiB, at its peak {memory[1] >> 20} MiB")
            if memory[1] > MOST_MEMORY:
                self.fault("memory", f"{memory[1] >> 20} MiB at its peak")
        metrics = self.sidecar.ask("GET", "/metrics", "gateway")
        if metrics.status != 200 or PLANTED in metrics.body.decode():
            self.fault("metrics", f"{metrics.status}, or they hold what was planted")
        code = self.sidecar.stop()
        if code != 0:
            self.fault("the end", f"it ended with {code}")
        said = [line for line in self.sidecar.log.read_text(errors="replace").splitlines() if "listening at" not in line]
        if said:
            self.fault("standard error", f"{len(said)} lines, such as {said[0][:300]!r}")
        for path in self.sidecar.folder.rglob("*"):
            # What waits is in the store, encrypted; nothing of it in the clear, and nothing at all in the log.
            if path.is_file() and PLANTED.encode() in path.read_bytes():
                self.fault("what was planted", f"lies in {path.name}")
        log = self.sidecar.folder / "audit.jsonl"
        bad = [line for line in log.read_bytes().splitlines() if not is_json(line)]
        if bad:
            self.fault("the audit log", f"{len(bad)} lines are no JSON, such as {bad[0][:200]!r}")
        print(f"    {self.sidecar.run('audit', 'verify').strip()}")


def is_json(line):
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def run(program):
    attack = Hostile(program)
    # The flood of connections comes last, since it takes the longest to be forgotten.
    for part in ["framing", "heads", "tokens", "bodies", "batches", "paths", "people", "owner", "waits", "idle", "afterwards"]:
        began, before = time.monotonic(), attack.count
        try:
            getattr(attack, part)()
        except Exception as error:  # a part that ends early is a finding like any other
            attack.fault(part, f"ended early: {error!r}")
        print(f"    {part}: {attack.count - before} requests, {time.monotonic() - began:.1f} s", flush=True)
    print(f"    {attack.count} requests, {len(set(attack.found))} of them with findings")
    return not attack.found
