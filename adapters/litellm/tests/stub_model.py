"""An OpenAI-compatible model that says what a test tells it to, and keeps what it was asked.

The last row of a request chooses the answer: `say: TEXT` is said, `call: COMMAND` is a call of the tool `bash`, `use: TOOL` of
another one; all else is echoed. It speaks `/chat/completions`, at once or as a stream, and `/responses`.
"""

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def last_text(body):
    """The text of the last row, whether its content is a text or a list of parts."""
    rows = body.get("messages") or body.get("input") or ""
    content = rows if isinstance(rows, str) else rows[-1].get("content") or ""
    if isinstance(content, str):
        return content
    return " ".join(part.get("text", "") for part in content)


def answer_to(text):
    """The message of the assistant, and why it ends."""
    order, _, rest = text.partition(": ")
    if order == "say":
        return {"role": "assistant", "content": rest}, "stop"
    if order in ("call", "use"):
        tool, arguments = ("bash", {"command": rest}) if order == "call" else (rest, {"city": "Lisbon"})
        # As models do, it gives each call another id, though the call is the same.
        call = {"id": f"call_{uuid.uuid4().hex}", "type": "function"}
        call["function"] = {"name": tool, "arguments": json.dumps(arguments)}
        return {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"
    return {"role": "assistant", "content": f"echo: {text}"}, "stop"


def deltas_of(message):
    """The message three characters at a time, as a model would that types."""
    yield {"role": "assistant", "content": ""}
    text = message["content"] or ""
    for at in range(0, len(text), 3):
        yield {"content": text[at : at + 3]}
    for call in message.get("tool_calls", []):
        arguments = call["function"]["arguments"]
        yield {"tool_calls": [call | {"index": 0, "function": {"name": call["function"]["name"], "arguments": ""}}]}
        for at in range(0, len(arguments), 3):
            yield {"tool_calls": [{"index": 0, "function": {"arguments": arguments[at : at + 3]}}]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):  # noqa: N802, the name that the library calls
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(body)
        message, why = answer_to(last_text(body))
        meanwhile, self.server.meanwhile = self.server.meanwhile, None
        if meanwhile:
            meanwhile()
        if self.path.endswith("/responses"):
            self.respond(body, message)
        elif body.get("stream"):
            self.stream(body, message, why)
        else:
            usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
            choice = {"index": 0, "message": message, "finish_reason": why}
            self.send(self.envelope(body, "chat.completion", choice) | {"usage": usage})

    def respond(self, body, message):
        part = {"type": "output_text", "text": message["content"], "annotations": []}
        item = {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [part]}
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        usage |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
        head = {"id": "resp_stub", "object": "response", "created_at": 0, "status": "completed", "model": body["model"]}
        self.send(head | {"output": [item], "parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "usage": usage})

    def stream(self, body, message, why):
        choices = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas_of(message)]
        choices.append({"index": 0, "delta": {}, "finish_reason": why})
        events = [json.dumps(self.envelope(body, "chat.completion.chunk", choice)) for choice in choices]
        self.send("".join(f"data: {event}\n\n" for event in [*events, "[DONE]"]), "text/event-stream")

    def envelope(self, body, kind, choice):
        return {"id": "stub", "object": kind, "created": 0, "model": body["model"], "choices": [choice]}

    def send(self, answer, kind="application/json"):
        content = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Says nothing; what was asked is in `asked`."""


class StubModel(ThreadingHTTPServer):
    """Listens on a free port of loopback, in a thread of its own."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        # Called once, after the next question and before its answer.
        self.meanwhile = None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def stop(self):
        self.shutdown()
        self.server_close()
