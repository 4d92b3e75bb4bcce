"""A sidecar with everything in it that the document speaks of: tokens of every scope, an owner's secret, people, and a hold in
each state. It lives in a temporary folder and ends with the process that made it."""

import atexit
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

SECRET = "correct horse battery staple"
# Who may do what. `steward` has given the owner's secret, `deputy` has not.
CLIENTS = {
    "gateway": ["check"],
    "deputy": ["check", "approve", "admin"],
    "steward": ["check", "approve", "admin"],
    "powerless": [],
}
# Before the starter policy: what says so waits a second and no more.
BRIEF = "for a second alone"
POLICY = f"""
fn on_tool_call(c) {{
    if c.says("{BRIEF}") {{ hold("waits a second", #{{expires: "1s"}}) }}
}}
"""
SETTINGS = """
[[sender]]
channel = "whatsapp"
id = "+15550100101"
standing = "approved"

[[sender]]
channel = "whatsapp"
id = "+15550100199"
standing = "blocked"
"""


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Sidecar:
    def __init__(self, program, read_seconds=2):
        self.program = program
        self.place = tempfile.TemporaryDirectory(prefix="sluicegate-openapi-")
        self.folder = pathlib.Path(self.place.name)
        self.child = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.run("init", str(self.folder))
        self.settings(read_seconds)
        self.run("owner", "init", secret=True)
        self.run("sender", "approve", "whatsapp", "+15550100102", "--name", "Ada", secret=True)
        self.run("sender", "block", "telegram", "@walk_in")
        self.tokens = {name: self.run("keys", "token", name).strip() for name in CLIENTS}
        self.start()
        atexit.register(self.stop)
        told = self.ask("POST", "/v1/owner", "steward", {"secret": SECRET})
        if told.status != 200:
            raise RuntimeError(f"the owner's secret is not taken: {told.status} {told.body!r}")

    def settings(self, read_seconds):
        path = self.folder / "sluicegate.toml"
        text = path.read_text()
        for old, new in [
            ('listen = ["127.0.0.1:8787"]', f'listen = ["127.0.0.1:{self.port}"]'),
            ('"policies/personal.rhai"', '"policies/before.rhai", "policies/personal.rhai"'),
            ("read_seconds = 10", f"read_seconds = {read_seconds}"),
            ("messages = 20", "messages = 60000"),
        ]:
            if old not in text:
                raise RuntimeError(f"`sluicegate init` no longer writes {old}")
            text = text.replace(old, new)
        tokens = "".join(
            f"\n[[serve.token]]\nname = {json.dumps(name)}\nscopes = {json.dumps(scopes)}\n"
            for name, scopes in CLIENTS.items()
        )
        path.write_text(text + SETTINGS + tokens)
        (self.folder / "policies/before.rhai").write_text(POLICY)

    def run(self, *arguments, secret=False):
        """One command of the program, given the owner's secret through a pipe where it asks for it."""
        descriptors = []
        if secret:
            reader, writer = os.pipe()
            os.write(writer, SECRET.encode() + b"\n")
            os.close(writer)
            descriptors, arguments = [reader], (*arguments, "--secret-fd", str(reader))
        done = subprocess.run(
            [self.program, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=60, pass_fds=descriptors
        )
        for descriptor in descriptors:
            os.close(descriptor)
        if done.returncode != 0:
            raise RuntimeError(f"sluicegate {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self):
        return self.folder / "sidecar.log"

    def start(self):
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                [self.program, "serve", "--no-watch"],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )
        end = time.monotonic() + 60
        while not self.is_up():
            if self.child.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the sidecar does not come up; it said:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.05)

    def is_up(self):
        try:
            return self.ask("GET", "/healthz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def stop(self):
        """Ends it as its owner would, and says how it ended."""
        atexit.unregister(self.stop)
        if self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGTERM)
            try:
                self.child.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self.child.pid, signal.SIGKILL)
                self.child.wait()
        return self.child.returncode

    def memory(self):
        """Bytes that it has in memory, and the most that it ever had; none where the system does not tell."""
        try:
            lines = pathlib.Path(f"/proc/{self.child.pid}/status").read_text().splitlines()
        except OSError:
            return None
        found = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.startswith(("VmRSS", "VmHWM"))}
        return found["VmRSS"], found["VmHWM"]

    def ask(self, method, path, client=None, body=None, headers=(), timeout=30):
        """One request over a connection of its own."""
        headers = dict(headers)
        if client:
            headers["authorization"] = f"Bearer {self.tokens[client]}"
        if body is not None:
            headers.setdefault("content-type", "application/json")
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def hold(self, number, remark="", client="gateway"):
        """Has a tool call held, and gives the hold's id and the event."""
        event = {
            "id": f"call-{number}", "kind": "tool_call", "channel": "whatsapp", "sender": {"id": "+15550100101"},
            "tool": {"name": "bash", "arguments": {"command": f"rm -rf /srv/{number}", "remark": remark}},
        }
        verdict = self.ask("POST", "/v1/check", client, event).json
        if not verdict["hold"]:
            raise RuntimeError(f"nothing is held: {verdict}")
        return verdict["hold"]["id"], event

    def holds(self, most=1):
        """Ids of holds in each state, so many of each, and what redeems one."""
        ids = {state: [] for state in ["waiting", "approved", "released", "used", "denied", "expired"]}
        redeems, number = [], 0
        for state in ids:
            for _ in range(most):
                number += 1
                hold, event = self.hold(number, BRIEF if state == "expired" else "")
                if state in ("approved", "released", "used"):
                    self.done("POST", f"/v1/holds/{hold}/approve", "steward")
                if state in ("released", "used"):
                    token = self.done("POST", f"/v1/holds/{hold}/release", "gateway")["token"]
                    redeems.append({"token": token, "event": event})
                if state == "used":
                    self.done("POST", "/v1/holds/redeem", "gateway", redeems.pop())
                if state == "denied":
                    self.done("POST", f"/v1/holds/{hold}/deny", "steward")
                ids[state].append(hold)
        for hold in ids["expired"]:
            end = time.monotonic() + 20
            while self.done("GET", f"/v1/holds/{hold}", "gateway")["state"] != "expired":
                if time.monotonic() > end:
                    raise RuntimeError("what expires after a second does not")
                time.sleep(0.1)
        return ids, redeems

    def done(self, method, path, client, body=None):
        answer = self.ask(method, path, client, body)
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.body!r}")
        return answer.json
