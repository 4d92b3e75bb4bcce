"""The parts of `check`, one after the other."""

import copy
import json
import os
import pathlib
import random
import subprocess
import sys
import time

import jsonschema_rs
import openapi_spec_validator

from sidecar import CLIENTS, Sidecar

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENT = HERE.parent.parent / "docs/openapi.json"
# Where the owner's secret was not given, these scopes do nothing.
NEED_SECRET = {"approve", "admin"}


def document():
    """The document is one by OpenAPI 3.1, and its examples are what its schemas say. (That it names the routes which are served
    is a unit test of `src/serve/routes`.)"""
    text = json.loads(DOCUMENT.read_text())
    openapi_spec_validator.validate(text)
    faults = []
    for place, schema, example in examples(text):
        validator = jsonschema_rs.validator_for(
            {**schema, "components": closed(text)["components"], "$schema": "https://json-schema.org/draft/2020-12/schema"}
        )
        faults += [f"{place}: {error.message} at {list(error.instance_path)}" for error in validator.iter_errors(example)]
    for fault in faults:
        print(f"    {fault}")
    return not faults


def examples(value, place="#"):
    """Every schema with an example beside it, as place, schema and example."""
    if isinstance(value, list):
        for number, entry in enumerate(value):
            yield from examples(entry, f"{place}/{number}")
        return
    if not isinstance(value, dict):
        return
    if "schema" in value:
        found = [value["example"]] if "example" in value else []
        found += [example["value"] for example in value.get("examples", {}).values()]
        yield from ((place, value["schema"], example) for example in found)
    elif isinstance(value.get("examples"), list):
        yield from ((place, value, example) for example in value["examples"])
    for key, entry in value.items():
        if key not in ("example", "examples"):
            yield from examples(entry, f"{place}/{key}")


def closed(text):
    """The document as the sidecar of today must keep it: answers have no field that it does not name, and no word that it does
    not list. Clients are told to expect more, so the document itself does not say so."""
    text = copy.deepcopy(text)
    schemas = text["components"]["schemas"]
    for name in list(schemas):
        schemas[f"{name}Told"] = told(copy.deepcopy(schemas[name]))
    # These two lead to a hold where there is one, and are a fault to schemathesis where there is none.
    del text["paths"]["/v1/check"]["post"]["responses"]["200"]["links"]["hold"]
    del text["paths"]["/v1/holds"]["get"]["responses"]["200"]["links"]["first"]
    responses = list(text["components"]["responses"].values())
    responses += [
        response
        for path in text["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
        for response in operation["responses"].values()
        if "$ref" not in response
    ]
    for response in responses:
        for content in response["content"].values():
            # This document itself, as an answer, is any document.
            if content["schema"].get("description") != "An OpenAPI document.":
                content["schema"] = told(content["schema"])
    return text


def told(schema):
    """A schema as an answer must keep it."""
    if isinstance(schema, list):
        return [told(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: entry if key in ("example", "examples", "discriminator") else told(entry) for key, entry in schema.items()}
    if schema.get("$ref", "").startswith("#/components/schemas/"):
        schema["$ref"] += "Told"
    if "x-extensible-enum" in schema:
        schema["enum"] = schema.pop("x-extensible-enum")
    if schema.get("type") == "object" and "properties" in schema:
        schema["additionalProperties"] = False
    # What says which of several it is, is not followed by a schema checker.
    schema.pop("discriminator", None)
    return schema


def schemathesis(sidecar, client, scopes, holds, redeems, *arguments):
    """One run as one client. Prints what was found, with the command that repeats each finding."""
    schema = sidecar.folder / "openapi.json"
    schema.write_text(json.dumps(closed(json.loads(DOCUMENT.read_text()))))
    world = {"scopes": sorted(scopes), "holds": holds, "redeems": redeems}
    environment = {
        **os.environ,
        "OPENAPI_WORLD": json.dumps(world),
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": str(HERE),
        "NO_PROXY": "127.0.0.1",
    }
    command = [
        str(pathlib.Path(sys.executable).parent / "schemathesis"),
        "--config-file", str(HERE / "schemathesis.toml"),
        "run", str(schema), "--url", sidecar.url, "--seed", str(SEED), "--no-color",
        "--header", f"Authorization: Bearer {sidecar.tokens[client]}",
        "--generation-database", "none", "--continue-on-failure", *arguments,
    ]
    began = time.monotonic()
    done = subprocess.run(command, cwd=sidecar.folder, env=environment, capture_output=True, text=True)
    print(f"    as {client}: {summary(done.stdout)}; {time.monotonic() - began:.0f} s")
    if done.returncode != 0:
        # A case may be as long as a body may be.
        for line in (done.stdout + done.stderr).splitlines():
            print(f"    {line[:400]}")
    return done.returncode == 0


def summary(output):
    """What schemathesis says of its cases, in its own words."""
    lines = [line.strip() for line in output.splitlines()]
    found = [after for line, after in zip(lines, lines[1:]) if line == "Test cases:"]
    return found[0] if found else "it did not come to its end"


def conformance():
    """Everything, as somebody who may everything."""
    sidecar = Sidecar(os.environ["SLUICEGATE"])
    holds, redeems = sidecar.holds(most=4)
    every = [hold for state in holds.values() for hold in state]
    scopes = CLIENTS["steward"]
    same = sidecar.ask("GET", "/v1/openapi.json").body == DOCUMENT.read_bytes()
    if not same:
        print("    the sidecar gives out another document than docs/openapi.json: build it anew")
    good = schemathesis(sidecar, "steward", scopes, every, redeems, "--max-examples", str(EXAMPLES))
    return ended_well(sidecar) and good and same


def scopes():
    """The same document as everybody else: who has no scope, who has `check` alone, who never gave the owner's secret."""
    sidecar = Sidecar(os.environ["SLUICEGATE"])
    holds, redeems = sidecar.holds()
    every = [hold for state in holds.values() for hold in state]
    good = True
    for client in ("powerless", "gateway", "deputy"):
        few = ["--max-examples", str(max(2, EXAMPLES // 10)), "--phases", "examples,fuzzing"]
        good &= schemathesis(sidecar, client, set(CLIENTS[client]) - NEED_SECRET, every, redeems, *few)
    return ended_well(sidecar) and good


def ended_well(sidecar):
    """It ends when asked to, and has said nothing meanwhile but where it listens."""
    code = sidecar.stop()
    said = [line for line in sidecar.log.read_text(errors="replace").splitlines() if "listening at" not in line]
    for line in said[:20]:
        print(f"    it said: {line!r}")
    if code != 0:
        print(f"    it ended with {code}")
    return code == 0 and not said


def hostile():
    """What a hostile client could send."""
    import hostile as attacks

    return attacks.run(os.environ["SLUICEGATE"])


PARTS = {"document": document, "conformance": conformance, "scopes": scopes, "hostile": hostile}
SEED = int(os.environ.get("SEED") or random.randrange(2**32))
EXAMPLES = int(os.environ.get("EXAMPLES") or 40)

if __name__ == "__main__":
    chosen = sys.argv[1:] or list(PARTS)
    unknown = [part for part in chosen if part not in PARTS]
    if unknown:
        sys.exit(f"there is no part {unknown[0]}; the parts are {', '.join(PARTS)}")
    print(f"SEED={SEED} EXAMPLES={EXAMPLES}")
    failed = []
    for part in chosen:
        print(f"==> {part}", flush=True)
        if not PARTS[part]():
            failed.append(part)
    print(f"openapi: {len(chosen) - len(failed)} passed, {len(failed)} failed{': ' if failed else ''}{', '.join(failed)}")
    sys.exit(1 if failed else 0)
