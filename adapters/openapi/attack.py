"""How something is sent to the sidecar, and what must hold of every answer."""

import http.client
import json
import socket

from sidecar import Sidecar

# Is in everything that is sent, and must be nowhere afterwards.
PLANTED = "pl4nted"
# Words of the inside that no answer holds.
INSIDE = ["panicked", "src/", ".rs", "serde", "axum", "hyper", "deserialize", "invalid type", "tokio", "sqlite", "/tmp"]
# Seconds after which a request has to be there; what is cut off is cut off by then.
READ_SECONDS = 2
# The connection was closed without a word.
CLOSED = 0


class Raw:
    """What came back over a connection until it was closed."""

    def __init__(self, data):
        self.data, self.answers = data, []
        while data.startswith((b"HTTP/1.1 ", b"HTTP/1.0 ")):
            head, _, rest = data.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
            length = int(headers.get("content-length", 0))
            self.answers.append((int(lines[0].split(" ")[1]), headers, rest[:length]))
            data = rest[length:]
        self.rest = data

    @property
    def status(self):
        return self.answers[0][0] if self.answers else CLOSED


class Attack:
    """A sidecar that is attacked, and what was found."""

    def __init__(self, program):
        self.sidecar = Sidecar(program, READ_SECONDS)
        self.count, self.found = 0, []

    def raw(self, name, data, *allowed, answers=1, half_close=False):
        """Bytes over a connection of their own. Allowed are these statuses, or `CLOSED` without a word."""
        with socket.create_connection(("127.0.0.1", self.sidecar.port), timeout=READ_SECONDS + 10) as stream:
            try:
                stream.sendall(data)
                if half_close:
                    stream.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # one that has seen enough may close before all is sent
            got = b""
            try:
                while part := stream.recv(65_536):
                    got += part
            except ConnectionResetError:
                pass
            except TimeoutError:
                self.fault(name, "the connection is neither answered nor closed")
        got = Raw(got)
        _, headers, body = got.answers[0] if got.answers else (CLOSED, {}, b"")
        self.judge(name, got.status, allowed, body, headers)
        if got.rest:
            self.fault(name, f"no HTTP: {got.rest[:100]!r}")
        if len(got.answers) > answers:
            self.fault(name, f"{len(got.answers)} answers: {[answer[0] for answer in got.answers]}")
        self.others(name)
        return got

    def ask(self, name, method, path, body=None, *allowed, client="gateway", headers=(), timeout=30):
        """A request that is one by the letter."""
        try:
            got = self.sidecar.ask(method, path, client, body, headers, timeout)
        except (OSError, http.client.HTTPException) as error:
            self.count += 1
            self.fault(name, f"no answer: {error!r}")
            return None
        self.judge(name, got.status, allowed, got.body, {key.lower(): value for key, value in got.headers.items()})
        self.others(name)
        return got

    def judge(self, name, status, allowed, body, headers):
        self.count += 1
        if status not in allowed:
            self.fault(name, f"answered by {status or 'closing'}, and not by {allowed}: {body[:200]!r}")
        if status < 400:
            return
        if not body and status in (400, 431, 414, 505):
            return  # told before there was a request to answer
        try:
            told = json.loads(body)
        except ValueError:
            told = None
        # LiteLLM's guardrail says in its errors too what the proxy is to do.
        fields = {"error", "action", "blocked_reason"} if isinstance(told, dict) and "action" in told else {"error"}
        if not isinstance(told, dict) or set(told) != fields or not isinstance(told["error"], str) or len(told["error"]) > 200:
            self.fault(name, f"{status} tells more, or less, than a short error: {body[:300]!r}")
            return
        words = [word for word in [PLANTED, *INSIDE] if word in told["error"]]
        if words:
            self.fault(name, f"tells of {words}: {told['error']}")
        if headers.get("content-type") != "application/json":
            self.fault(name, f"an error in {headers.get('content-type')}")

    def others(self, name):
        """Whoever else asks is answered."""
        try:
            status = self.sidecar.ask("GET", "/healthz", timeout=5).status
        except (OSError, http.client.HTTPException) as error:
            status = repr(error)
        if status != 200:
            self.fault(name, f"afterwards /healthz is answered by {status}")

    def fault(self, name, what):
        self.found.append(name)
        print(f"    {name}: {what[:600]}", flush=True)

    def head(self, *lines, request="POST /v1/check HTTP/1.1", host="host: localhost", token=True, kind=True, close=True):
        """The head of a request; what is left out of it is left out on purpose."""
        head = [request, host]
        if token:
            head.append(f"authorization: Bearer {self.sidecar.tokens['gateway']}")
        if kind:
            head.append("content-type: application/json")
        if close:
            head.append("connection: close")
        lines = [line if isinstance(line, bytes) else line.encode("latin-1") for line in [*filter(None, head), *lines]]
        return b"\r\n".join(lines) + b"\r\n\r\n"
