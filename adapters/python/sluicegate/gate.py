"""The gate that a gateway asks."""

import json
import sys
import threading
import time

from .child import Child
from .closed import closed_decisions, closed_verdict

# Seconds before a child that ended is started again; twice as long each time, until one answers.
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 10.0


class Gate:
    """Runs the child. May be shared by threads; events are judged in the order in which they come in.

    * `command`: the program and its arguments
    * `cwd`, `env`: where and with what environment it runs; its settings are `./sluicegate.toml` or `SLUICEGATE_CONFIG`
    * `closed`: "drop" or "hold" for each kind of event, where there is no answer
    * `timeout`: seconds until no answer is the closed one, and the child is started again
    * `start_timeout`: the same for a child that has not answered yet, since it may still load its rules
    * `limit`: events that may wait at once; more are answered by the closed decision
    * `on_fault(text)`: hears of whatever goes wrong, from any thread; writes to standard error unless given
    """

    def __init__(
        self,
        command=("sluicegate", "check", "--json", "-"),
        *,
        cwd=None,
        env=None,
        closed=None,
        timeout=5.0,
        start_timeout=30.0,
        limit=1_000,
        on_fault=None,
    ):
        self._command = list(command)
        self._options = {"cwd": cwd, "env": env}
        self._closed = closed_decisions(closed or {})
        self._timeout, self._start_timeout, self._limit = timeout, start_timeout, limit
        self._on_fault = on_fault or (lambda text: print(f"sluicegate: {text}", file=sys.stderr, flush=True))
        # Held for a moment only, never while anybody waits for the child. Starting one may call `_failed` under it.
        self._lock = threading.RLock()
        self._pause, self._restart_at = 0.0, 0.0
        self._is_closed = False
        self._child = Child(self._command, self._options, self._failed)

    def check(self, event):
        """The verdict on an event. Never raises: what goes wrong is answered by the closed decision, with `degraded`.

        An event without `at` happens now.
        """
        end = time.monotonic() + self._timeout
        try:
            # Not-a-number is no JSON, though the library writes it.
            line = json.dumps({"at": time.time_ns() // 1_000_000, **event}, allow_nan=False).encode("ascii") + b"\n"
        except (TypeError, ValueError, RecursionError) as error:
            self._tell(f"an event cannot be written as JSON: {error}")
            return self._refuse(event, "the event cannot be written as JSON")
        with self._lock:
            if self._is_closed:
                return self._refuse(event, "the gate is closed")
            child = self._running()
            if child is None:
                return self._refuse(event, "the gate is not running")
            if child.waiting >= self._limit:
                return self._refuse(event, "too many events at once")
            asked = child.ask(event.get("id"), line)
        if not asked.wait(end - time.monotonic()):
            if child.answered or time.monotonic() >= child.started + self._start_timeout:
                child.kill(f"it has not answered in {self._timeout} s")
            return self._refuse(event, "the gate has not answered in time")
        if asked.verdict is None:
            return self._refuse(event, "the gate has ended")
        self._pause = 0.0
        return asked.verdict

    def close(self):
        """Waits for the answers to what was asked, as long as a time-out, and ends the child."""
        with self._lock:
            self._is_closed = True
            child = self._child
        child.end(self._timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _running(self):
        """The child that can be asked; None while a new one must not be started yet."""
        if self._child.fault is not None and time.monotonic() >= self._restart_at:
            self._child = Child(self._command, self._options, self._failed)
        return self._child if self._child.fault is None else None

    def _failed(self, child):
        with self._lock:
            if self._is_closed:
                return
            self._pause = min(max(self._pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)
            self._restart_at = time.monotonic() + self._pause
            pause = self._pause
        self._tell(
            f"{child.fault}; it is started again with an event in {pause:g} s or later. What it had not kept in the store is gone"
        )

    def _refuse(self, event, why):
        return closed_verdict(self._closed, event, why)

    def _tell(self, text):
        try:
            self._on_fault(text)
        except Exception:  # noqa: BLE001, whoever listens must not keep an answer back
            pass
