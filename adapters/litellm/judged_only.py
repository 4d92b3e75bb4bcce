"""Refuses what LiteLLM would pass on to the model without showing it to a guardrail. config.yaml loads this file; it lies
beside it.

With LiteLLM 1.108.7, `extra_body` is laid over the request after the guardrail has seen it, and may hold other `messages`; keys
that the proxy does not know go to the model as they are (some servers take a `chat_template`); a request of pictures alone is
shown to no guardrail.

What is refused is the form of a request and not what it says, so the client is told what to change.
"""

import re
from collections.abc import Mapping

from fastapi import HTTPException
from litellm.integrations.custom_logger import CustomLogger

# What a request for a chat may hold. Add what your clients need, once you know that it carries no text of users.
CHAT_KEYS = frozenset(
    """
    model messages user stream stream_options temperature top_p n stop seed max_tokens max_completion_tokens presence_penalty
    frequency_penalty logit_bias logprobs top_logprobs tools tool_choice parallel_tool_calls response_format reasoning_effort
    modalities verbosity service_tier metadata litellm_metadata timeout
    """.split()
)
CHAT = ("completion", "acompletion")
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class JudgedOnly(CustomLogger):
    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        # As the client wrote it; `data` has keys of the proxy's own beside it.
        body = (data.get("proxy_server_request") or {}).get("body") or data
        fault = chat_fault(body) if call_type in CHAT else unknown_keys(body.keys() & {"extra_body"})
        if fault:
            raise HTTPException(status_code=400, detail=fault)
        return data


def chat_fault(body):
    """What is wrong with a request for a chat; none where all of its text is judged."""
    rows = body.get("messages")
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return "`messages` must be a list of objects"
    faults = [unknown_keys(body.keys() - CHAT_KEYS), *(row_fault(row) for row in rows)]
    if not any(text for row in rows for text in texts(row)):
        faults.append("a request needs some text: pictures alone are not judged, and not passed on")
    return next((fault for fault in faults if fault), None)


def row_fault(row):
    content, name = row.get("content"), row.get("name")
    parts = content if isinstance(content, list) else []
    if not (content is None or isinstance(content, (str, list))) or not all(isinstance(part, Mapping) for part in parts):
        return "`content` must be a text or a list of parts"
    if name is not None and not (isinstance(name, str) and NAME.fullmatch(name)):
        return "`name` must be 1 to 64 letters, digits, `_` and `-`: it is not judged"
    if row.get("role") != "assistant" and (row.get("tool_calls") or row.get("function_call")):
        return "only the assistant calls tools"
    return None


def texts(row):
    content = row.get("content")
    if isinstance(content, str):
        return [content]
    return [part["text"] for part in content or [] if isinstance(part, Mapping) and isinstance(part.get("text"), str)]


def unknown_keys(keys):
    return f"not judged, and not passed on: {', '.join(sorted(keys))}" if keys else None


refuse = JudgedOnly()
