"""Sluicegate as a child process of a Python gateway: one event a line in, one verdict a line out, in the same order."""
import json, subprocess, sys, time

gate = subprocess.Popen(["sluicegate", "check", "--json", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def check(event):
    gate.stdin.write(json.dumps({"at": time.time_ns() // 1_000_000, **event}).encode() + b"\n")
    gate.stdin.flush()
    return json.loads(gate.stdout.readline())  # raises when the gate has gone: without a verdict nothing passes


text = sys.argv[1] if len(sys.argv) > 1 else "hello"
verdict = check({"id": "m1", "channel": "telegram", "sender": {"id": "@ada"}, "text": text})
print(verdict["id"], verdict["decision"], verdict["reason"])
