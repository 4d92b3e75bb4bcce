"""A child for the tests: answers each event as its text says. With the argument `--broken` it ends at once, with `--mute` it
reads nothing."""

import json
import os
import sys
import time


def write(text):
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


def say(event_id, **more):
    write(json.dumps({"id": event_id, "decision": "allow", **more}, ensure_ascii=False))


if "--broken" in sys.argv:
    sys.exit(3)
while "--mute" in sys.argv:
    time.sleep(1)

for number, line in enumerate(sys.stdin.buffer, 1):
    event = json.loads(line)
    order, _, rest = event["text"].partition(": ")
    if order == "die":
        sys.exit(7)
    elif order == "hang":
        time.sleep(3600)
    elif order == "wait":
        time.sleep(float(rest))
        say(event.get("id"))
    elif order == "write":
        write(rest)
    elif order == "other":
        say("of another event")
    elif order == "twice":
        say(event.get("id"))
        say(event.get("id"))
    elif order == "unreadable":
        say(None, error="no event", line=number + int(rest))
    elif order == "pieces":
        for byte in json.dumps({"id": event["id"], "decision": "hold", "reason": "grün\u2028👋"}, ensure_ascii=False).encode():
            sys.stdout.buffer.write(bytes([byte]))
            sys.stdout.buffer.flush()
            time.sleep(0.001)
        write("")
    else:
        say(event.get("id"), reason=event["text"], at=event["at"], process=os.getpid())
