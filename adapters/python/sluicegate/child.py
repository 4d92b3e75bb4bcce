"""One child process, from its start to its end: lines in, one verdict for each, in the same order."""

import collections
import contextlib
import json
import queue
import subprocess
import threading
import time

# Bytes of the longest answer; one that is longer never ends.
_LONGEST = 64 * 1024 * 1024
_DECISIONS = ("allow", "drop", "hold")


class Asked:
    """A question, and its answer once there is one."""

    def __init__(self, event_id, line):
        self.event_id, self.line, self.verdict = event_id, line, None
        self._settled = threading.Event()

    def settle(self, verdict):
        """With None where there will be no answer."""
        self.verdict = verdict
        self._settled.set()

    def wait(self, seconds):
        """Whether it is settled. The answer to one that nobody waits for any more is thrown away."""
        return self._settled.wait(max(0, seconds))


class Child:
    """`on_fault(child)` is called once, as soon as it is of no use any more.

    A thread writes and a thread reads, so that whoever asks never waits for a pipe: only for an answer, and only so long.
    """

    def __init__(self, command, options, on_fault):
        self.answered = False  # until then it may still be loading its rules
        self.fault = None
        self.started = time.monotonic()
        self._on_fault = on_fault
        self._lock = threading.Lock()
        # Questions without an answer, oldest first. One whose time is over keeps its place, or the next one would be given its
        # answer.
        self._waiting = collections.deque()
        self._lines = queue.SimpleQueue()
        self._count = 0
        self._name = command[0]
        self._process = None
        self._threads = []
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)
        except OSError as error:
            self._fail(f"cannot start {self._name}: {error}")
            return
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._write, self._read)]
        for thread in self._threads:
            thread.start()

    @property
    def waiting(self):
        return len(self._waiting)

    def ask(self, event_id, line):
        """Sends a line, after those of the calls before."""
        with self._lock:
            self._count += 1
            asked = Asked(event_id, self._count)
            if self.fault is not None:
                asked.settle(None)
            else:
                self._waiting.append(asked)
                self._lines.put(line)
        return asked

    def kill(self, why):
        """Ends it at once. Whoever waits is answered."""
        self._fail(why)
        if self._process:
            self._process.kill()

    def end(self, seconds):
        """Lets it answer what it was asked and end; kills it where that takes longer."""
        self._lines.put(None)
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill("it did not end in time")
            self._process.wait()
        for thread in self._threads:
            thread.join(seconds)

    def _write(self):
        # What breaks the pipe ends the process too, and that is told by who reads.
        with contextlib.suppress(OSError), self._process.stdin as pipe:
            for line in iter(self._lines.get, None):
                pipe.write(line)
                if self._lines.empty():
                    pipe.flush()

    def _read(self):
        with self._process.stdout as answers:
            while self.fault is None:
                try:
                    line = answers.readline(_LONGEST)
                except OSError:
                    line = b""
                if not line:
                    break
                self._answer(line)
        code = self._process.wait()
        self._fail(f"{self._name} ended with {code}")
        # The writer may wait for lines that nobody will send any more.
        self._lines.put(None)

    def _answer(self, line):
        verdict = _read_verdict(line)
        with self._lock:
            asked = self._waiting[0] if self._waiting else None
            fits = asked is not None and verdict is not None and _fits(verdict, asked)
            if fits:
                self._waiting.popleft()
        if not fits:
            # Whatever it writes next cannot be trusted to be about what was asked.
            self.kill("it said something unasked" if asked is None else "its answer is no verdict on what was asked")
            return
        self.answered = True
        asked.settle(verdict)

    def _fail(self, why):
        with self._lock:
            if self.fault is not None:
                return
            self.fault = why
            waiting, self._waiting = self._waiting, collections.deque()
        self._on_fault(self)
        for asked in waiting:
            asked.settle(None)


def _read_verdict(line):
    try:
        verdict = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return verdict if isinstance(verdict, dict) and verdict.get("decision") in _DECISIONS else None


def _fits(verdict, asked):
    """A verdict names the event's id; one on a line that was no event names the line."""
    return verdict.get("line") == asked.line if "error" in verdict else verdict.get("id") == asked.event_id
