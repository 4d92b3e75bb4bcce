"""The sidecar and the proxy as processes of a test: started, waited for, stopped, all in a folder of its own."""

import atexit
import http.client
import json
import os
import pathlib
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

ADAPTER = pathlib.Path(__file__).resolve().parent.parent


def free_port():
    """A port that nobody listens at. Another process could take it before we do; the test would say so and fail."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_up(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, http.client.HTTPException, OSError):
        return False


class Process:
    """A program in a group of its own, so that what it starts ends with it. It ends with the tests, however they end."""

    def __init__(self, name, command, folder, environment, health, seconds):
        self.name, self.log = name, folder / f"{name}.log"
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        atexit.register(self.stop)
        end = time.monotonic() + seconds
        while not is_up(health):
            if self.child.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(f"{name} did not come up in {seconds} s; it said:\n{self.tail()}")
            time.sleep(0.1)

    def tail(self, lines=30):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def signal(self, number):
        # One that has ended and was waited for may have left its number to another.
        if self.child.poll() is None:
            os.killpg(self.child.pid, number)

    def pause(self):
        self.signal(signal.SIGSTOP)
        # Until it has stopped, some of its threads may still answer.
        os.waitid(os.P_PID, self.child.pid, os.WSTOPPED)

    def resume(self):
        self.signal(signal.SIGCONT)

    def kill(self):
        """As a crash would, or the system that has no memory left: it has no time for a last word."""
        atexit.unregister(self.stop)
        self.signal(signal.SIGKILL)
        self.child.wait()

    def stop(self):
        atexit.unregister(self.stop)
        self.signal(signal.SIGCONT)  # what is paused would not hear that it is to end
        self.signal(signal.SIGTERM)
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self.child.wait()


class Sidecar:
    """`sluicegate serve` at one address with one token, and the command line of its owner. By which policy it judges is chosen
    anew at each start."""

    def __init__(self, program, folder):
        self.program, self.folder, self.process = program, folder, None
        self.port = free_port()
        self.secret = secrets.token_urlsafe(24)
        folder.mkdir()
        self.run("init", ".")
        self.settings = folder / "sluicegate.toml"
        text = self.replace(self.settings.read_text(), 'listen = ["127.0.0.1:8787"]', f'listen = ["127.0.0.1:{self.port}"]')
        self.text = text + (ADAPTER / "sluicegate.toml").read_text()
        self.settings.write_text(self.text)
        self.token = self.run("keys", "token", "litellm").strip()

    def judge_by(self, policy, before=None, settings="", changed=None):
        """Starts it anew, with nothing remembered: under a starter policy, perhaps one of a test's before it in the chain, with
        more settings, and some lines `changed`."""
        self.stop()
        for kept in (*self.folder.glob("store.db*"), *self.folder.glob("audit.jsonl*")):
            kept.unlink()
        chain = f'"policies/{policy}"'
        if before:
            (self.folder / "policies/before.rhai").write_text(before)
            chain = f'"policies/before.rhai", {chain}'
        text = self.replace(self.text, '"policies/personal.rhai"', chain) + settings
        for old, new in (changed or {}).items():
            text = self.replace(text, old, new)
        self.settings.write_text(text)
        self.as_owner("owner", "init")
        self.start()

    @staticmethod
    def replace(text, old, new):
        if old not in text:
            raise RuntimeError(f"`sluicegate init` no longer writes {old}")
        return text.replace(old, new)

    def run(self, *arguments, **more):
        more |= {"cwd": self.folder, "stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "timeout": 120}
        done = subprocess.run([self.program, *arguments], **more)
        if done.returncode != 0:
            raise RuntimeError(f"sluicegate {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    def as_owner(self, *arguments):
        """A command that asks for the owner's secret. It comes by a pipe, as no other process can read it there."""
        reading, writing = os.pipe()
        os.write(writing, f"{self.secret}\n".encode())
        os.close(writing)
        try:
            return self.run(*arguments, "--secret-fd", str(reading), pass_fds=(reading,))
        finally:
            os.close(reading)

    def holds(self):
        """What waits for the owner, and what was answered lately; the oldest first."""
        return [json.loads(line) for line in self.run("hold", "list", "--all", "--json").splitlines()]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        command = [self.program, "serve", "--no-watch"]
        self.process = Process("sluicegate", command, self.folder, dict(os.environ), f"{self.url}/readyz", 120)

    def stop(self):
        """Does nothing where it does not run."""
        if self.process:
            self.process.stop()
            self.process = None

    def kill(self):
        self.process.kill()
        self.process = None

    def metrics(self):
        """How many checks it has answered, by kind and decision."""
        request = urllib.request.Request(f"{self.url}/metrics", headers={"x-api-key": self.token})
        with urllib.request.urlopen(request, timeout=60) as response:
            lines = response.read().decode().splitlines()
        counts = (line.rpartition(" ") for line in lines if line.startswith("sluicegate_decisions_total"))
        return {name: float(count) for name, _, count in counts}

    def pause(self):
        """It holds its connections and answers nothing."""
        self.process.pause()

    def resume(self):
        self.process.resume()


class Proxy:
    """The LiteLLM proxy with the config.yaml of this folder."""

    def __init__(self, folder, sidecar, model_url, master_key, config=ADAPTER / "config.yaml"):
        self.port = free_port()
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment |= {
            "OPENAI_BASE_URL": model_url,
            "OPENAI_API_KEY": "of-the-stub",
            "LITELLM_MASTER_KEY": master_key,
            "SLUICEGATE_URL": sidecar.url,
            "SLUICEGATE_TOKEN": sidecar.token,
            # It would fetch a list of prices otherwise.
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "NO_PROXY": "127.0.0.1",
            # Nothing is written beside judged_only.py.
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        program = pathlib.Path(os.environ["LITELLM"])
        command = [str(program), "--config", str(config), "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = Process("litellm", command, folder, environment, f"{self.url}/health/liveliness", 180)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def stop(self):
        self.process.stop()
