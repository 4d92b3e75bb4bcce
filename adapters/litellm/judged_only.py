"""Refuses what LiteLLM would pass on to the model without showing it to a guardrail. config.yaml loads this file; it lies
beside it.

With LiteLLM 1.108.7 a guardrail is shown the texts of a request where they usually stand. What stands elsewhere goes to the
model unseen: `extra_body` is laid over the request afterwards, and may hold other `messages`; keys that the proxy does not know
go to the model as they are (some servers take a `chat_template`); and a request in which it finds no text is shown to no
guardrail at all, such as pictures alone, tokens in place of words, or the answer of a tool alone in `/v1/responses`.

What is refused is the form of a request and not what it says, so the client is told what to change.
"""

import re
from collections.abc import Mapping

from fastapi import HTTPException
from litellm.integrations.custom_logger import CustomLogger

# Kinds of requests, as LiteLLM calls them, that pass besides those below: add one only once you have seen that all of its
# text is judged.
OTHER_KINDS = frozenset()

EVERYWHERE = "model user stream temperature top_p metadata litellm_metadata timeout"
# What a request may hold. Add what your clients need, once you know that it carries no text of users.
CHAT_KEYS = frozenset(
    f"""{EVERYWHERE} messages stream_options n stop seed max_tokens max_completion_tokens presence_penalty frequency_penalty
    logit_bias logprobs top_logprobs tools tool_choice parallel_tool_calls response_format reasoning_effort modalities verbosity
    service_tier""".split()
)
RESPONSES_KEYS = frozenset(
    f"""{EVERYWHERE} input instructions stream_options max_output_tokens max_tool_calls tools tool_choice parallel_tool_calls
    reasoning text top_logprobs truncation store include service_tier previous_response_id""".split()
)
MESSAGES_KEYS = frozenset(
    f"{EVERYWHERE} messages system max_tokens top_k stop_sequences tools tool_choice thinking service_tier".split()
)
COMPLETIONS_KEYS = frozenset(
    f"""{EVERYWHERE} prompt stream_options n stop seed max_tokens presence_penalty frequency_penalty logit_bias logprobs best_of
    echo""".split()
)
EMBEDDINGS_KEYS = frozenset(f"{EVERYWHERE} input dimensions encoding_format".split())

# Keys of a row that is not the assistant's, and of a part of it that is text.
ROW_KEYS = frozenset("role content name tool_call_id type id status cache_control".split())
TEXT_KEYS = frozenset("type text cache_control annotations".split())
TEXT_PARTS = frozenset("text input_text".split())
# Pictures, sound and files are not judged and pass: the README says so, and how a policy keeps them back.
OTHER_PARTS = frozenset("image_url input_audio file input_image input_file image".split())
# What a request of `/v1/responses` may hold besides rows; the first two are the model's own.
ITEMS = frozenset("function_call reasoning function_call_output".split())
ITEM_KEYS = {
    "function_call": frozenset("type id call_id name arguments status".split()),
    "reasoning": frozenset("type id summary content encrypted_content status".split()),
    "function_call_output": frozenset("type id call_id output status".split()),
}
NAME = re.compile(r"[A-Za-z0-9_.:|-]{1,128}")
NO_TEXT = "a request needs some text: without, it is not judged, and not passed on"


class JudgedOnly(CustomLogger):
    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        # As the client wrote it; `data` has keys of the proxy's own beside it.
        body = (data.get("proxy_server_request") or {}).get("body") or data
        kind = getattr(call_type, "value", call_type)
        check = KINDS.get(kind)
        if check:
            fault = check(body)
        else:
            fault = None if kind in OTHER_KINDS else f"not judged, and not passed on: requests of the kind {kind}"
        if fault:
            raise HTTPException(status_code=400, detail=fault)
        return data


# Each says what is wrong with a request; nothing where all of its text is judged.


def chat_fault(body):
    return unknown_keys(body.keys() - CHAT_KEYS) or rows_fault("messages", body.get("messages"))


def messages_fault(body):
    rows = body.get("messages")
    return unknown_keys(body.keys() - MESSAGES_KEYS) or rows_fault("messages", rows, beside=body.get("system"))


def responses_fault(body):
    rows, fault = body.get("input"), unknown_keys(body.keys() - RESPONSES_KEYS)
    if fault or (isinstance(rows, str) and rows):
        return fault
    return rows_fault("input", rows, beside=body.get("instructions"), items=ITEMS)


def completions_fault(body):
    return unknown_keys(body.keys() - COMPLETIONS_KEYS) or texts_fault("prompt", body.get("prompt"))


def embeddings_fault(body):
    return unknown_keys(body.keys() - EMBEDDINGS_KEYS) or texts_fault("input", body.get("input"))


def rows_fault(key, rows, beside=None, items=frozenset()):
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return f"`{key}` must be a list of objects"
    messages = [row for row in rows if row.get("type", "message") == "message"]
    for row in rows:
        kind = row.get("type", "message")
        if not isinstance(kind, str) or (kind != "message" and kind not in items):
            return f"not judged, and not passed on: {key} of the type {kind}"
        fault = kind != "message" and (unknown_keys(row.keys() - ITEM_KEYS[kind]) or name_fault("call_id", row))
        if fault:
            return fault
    fault = next((fault for fault in map(row_fault, messages) if fault), None)
    if fault is None and not any(texts([beside])) and not any(any(texts([row.get("content")])) for row in messages):
        fault = NO_TEXT
    return fault


def row_fault(row):
    content = row.get("content")
    if not (content is None or isinstance(content, (str, list))):
        return "`content` must be a text or a list of parts"
    fault = name_fault("name", row) or name_fault("tool_call_id", row)
    if fault:
        return fault
    # What the model said is its own; a row that only claims so is told of in the README.
    if row.get("role") == "assistant":
        return None
    if row.get("tool_calls") or row.get("function_call"):
        return "only the assistant calls tools"
    parts = content if isinstance(content, list) else []
    return unknown_keys(row.keys() - ROW_KEYS) or next((fault for fault in map(part_fault, parts) if fault), None)


def part_fault(part):
    if not isinstance(part, Mapping):
        return "`content` must be a text or a list of parts"
    kind = part.get("type")
    if not isinstance(kind, str):
        return "a part of `content` must say its type"
    if kind in TEXT_PARTS:
        return unknown_keys(part.keys() - TEXT_KEYS)
    if kind == "tool_result":
        fault = name_fault("tool_use_id", part)
        if fault:
            return fault
        inner = part.get("content")
        return next((fault for fault in map(part_fault, inner if isinstance(inner, list) else []) if fault), None)
    # Of a document, only what is a file; one that is a text would not be judged.
    is_file = kind == "document" and part.keys() <= {"type", "source", "cache_control"}
    if kind in OTHER_PARTS or (is_file and (part.get("source") or {}).get("type") in ("base64", "url", "file")):
        return None
    return f"not judged, and not passed on: a part of the type {kind}"


def name_fault(key, row):
    name = row.get(key)
    if name is not None and not (isinstance(name, str) and NAME.fullmatch(name)):
        return f"`{key}` must be letters, digits, `_` and `-`, at most 128: it is not judged"
    return None


def texts_fault(key, value):
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        return f"`{key}` must be a text or a list of texts: tokens are not judged"
    return None if any(value) else NO_TEXT


def texts(contents):
    """All texts in contents of rows, as a guardrail is shown them."""
    for content in contents:
        if isinstance(content, str):
            yield content
        elif isinstance(content, list):
            parts = [part for part in content if isinstance(part, Mapping)]
            yield from (part["text"] for part in parts if isinstance(part.get("text"), str))
            yield from texts(part.get("content") for part in parts if part.get("type") == "tool_result")


def unknown_keys(keys):
    return f"not judged, and not passed on: {', '.join(sorted(map(str, keys)))}" if keys else None


KINDS = {
    "completion": chat_fault,
    "acompletion": chat_fault,
    "responses": responses_fault,
    "aresponses": responses_fault,
    "anthropic_messages": messages_fault,
    "text_completion": completions_fault,
    "atext_completion": completions_fault,
    "embedding": embeddings_fault,
    "embeddings": embeddings_fault,
    "aembedding": embeddings_fault,
}
refuse = JudgedOnly()
