"""What schemathesis is told besides the document: which holds there are, and what no schema can say."""

import json
import os
import re
import zlib

import schemathesis

WORLD = json.loads(os.environ["OPENAPI_WORLD"])


def chance(case, of):
    """The same for the same case, so that a seed repeats a run."""
    return zlib.crc32(repr((case.path, case.path_parameters, case.query, case.body)).encode()) % of


def is_good(case):
    """Whether the case is meant to be taken."""
    return case.meta is not None and case.meta.generation.mode.is_positive


@schemathesis.hook
def before_call(context, case, kwargs):
    # An id that somebody made up is never that of a hold: two cases of three name one that is there.
    if is_good(case) and re.fullmatch("[0-9a-f]{32}", str(case.path_parameters.get("id", ""))) and chance(case, 3):
        case.path_parameters["id"] = WORLD["holds"][chance(case, len(WORLD["holds"]))]
    if is_good(case) and case.path == "/v1/holds/redeem" and WORLD["redeems"] and chance(case, 3):
        case.body = WORLD["redeems"][chance(case, len(WORLD["redeems"]))]
    if is_good(case):
        written_as_integers(case.body)
    # What is waited for takes its time: a second does as well as a minute.
    if str(case.query.get("wait", "")).isdecimal() and int(case.query["wait"]) <= 60:
        case.query["wait"] = 1 if chance(case, 10) == 0 else 0


def written_as_integers(value):
    """To a schema 1.0 is an integer; a time is written without a point all the same, as the document says."""
    if isinstance(value, list):
        for entry in value:
            written_as_integers(entry)
    elif isinstance(value, dict):
        for key, entry in value.items():
            if key in ("at", "sent_at") and isinstance(entry, float):
                value[key] = int(entry)
            elif key == "event":
                written_as_integers(entry)


def scopes_of(case):
    return {scope for way in case.operation.definition.raw.get("security", []) for scopes in way.values() for scope in scopes}


@schemathesis.check
def scope_conformance(ctx, response, case):
    """A token does what its scopes say and, where the owner's secret is needed, nothing without it."""
    needed = scopes_of(case)
    if needed and not needed & set(WORLD["scopes"]) and response.status_code < 400:
        raise AssertionError(f"needs {needed}, and a token with {WORLD['scopes']} got {response.status_code}")


@schemathesis.check
def short_error(ctx, response, case):
    """An error is one short sentence in JSON, without anything of the request or of the inside."""
    if response.status_code < 400 or response.request.method == "HEAD" or case.path == "/readyz":
        return
    if case.path.endswith("/release") and response.status_code == 409:
        return  # may be a verdict
    try:
        told = json.loads(response.content)
    except ValueError as error:
        raise AssertionError(f"an error of {response.status_code} is no JSON: {response.content[:200]!r}") from error
    fields = {"error", "action", "blocked_reason"} if "action" in told and "litellm" in case.path else {"error"}
    if not isinstance(told, dict) or set(told) != fields or len(told["error"]) > 200:
        raise AssertionError(f"an error says more than a sentence: {response.content[:400]!r}")


@schemathesis.check
def unreadable_is_closed(ctx, response, case):
    """What is no event gets no leave to pass: it is answered by a closed verdict that says so. What is one is read."""
    if case.path not in ("/v1/check", "/v1/detect") or response.status_code != 200 or case.meta is None:
        return
    answers = json.loads(response.content)
    answers = answers if isinstance(answers, list) else [answers]
    unread = [answer for answer in answers if "error" in answer]
    for answer in unread:
        if answer.get("decision") == "allow":
            raise AssertionError(f"allowed, though it could not be read: {answer}")
    body = [part.mode.is_negative for place, part in case.meta.components.items() if place.name == "BODY"]
    if any(body) and not unread:
        raise AssertionError("read, though it is not what the document says")
    if is_good(case) and unread:
        raise AssertionError(f"not read, though it is what the document says: {unread[0]['error']}")
