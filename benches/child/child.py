#!/usr/bin/env python3
"""Times events that go to `sluicegate check --json -` as a child process and come back as verdicts, one after the other:

    python3 benches/child/child.py [COUNT]

COUNT is 20000 unless given; the program is `$SLUICEGATE` or target/release/sluicegate. Prints one JSON object: the median
and the 99th percentile of an event there and back, in microseconds.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

WARM_UP = 1000

count = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
inputs = pathlib.Path(__file__).resolve().parent.parent / "inputs" / "benign-200.txt"
lines = inputs.read_text(encoding="utf-8").splitlines()
program = os.environ.get("SLUICEGATE", "target/release/sluicegate")
gate = subprocess.Popen([program, "check", "--json", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

times = []
for number in range(count + WARM_UP):
    sender = {"id": "@ada"}
    event = {"id": f"m{number}", "at": time.time_ns() // 1_000_000, "channel": "telegram", "sender": sender}
    event["text"] = lines[number % len(lines)]
    start = time.perf_counter_ns()
    gate.stdin.write(json.dumps(event).encode() + b"\n")
    gate.stdin.flush()
    verdict = json.loads(gate.stdout.readline())
    elapsed = time.perf_counter_ns() - start
    if verdict["id"] != event["id"]:
        sys.exit(f"the verdict on {event['id']} is one on {verdict['id']}")
    if number >= WARM_UP:
        times.append(elapsed)
gate.stdin.close()
times.sort()
at = lambda share: round(times[int(len(times) * share)] / 1000, 1)
print(json.dumps({"client": "python", "events": len(times), "median_us": at(0.5), "p99_us": at(0.99)}))
