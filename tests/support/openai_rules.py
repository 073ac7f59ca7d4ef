"""What every request to the model has to keep to, whatever the test is about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openai.types.responses import ResponseInputItemParam
from openai.types.responses.response_create_params import ResponseCreateParamsBase
from pydantic import TypeAdapter, ValidationError

from tests.support.strict_schema import tool_problems

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = dict[str, Any]

_INPUT: TypeAdapter[list[Any]] = TypeAdapter(list[ResponseInputItemParam])


def broken_rules(body: Json, *, model: str, secrets: Iterable[str]) -> list[str]:
    """Return the rules that a request body breaks: those of the API, and those that are ours."""
    known = {*ResponseCreateParamsBase.__annotations__, "stream"}
    broken = [f"{name} is no parameter" for name in body.keys() - known]
    facts = {
        "model": body.get("model") == model,
        "instructions": bool(body.get("instructions")),
        "store is not false": body.get("store") is False,
        "parallel_tool_calls is not false": body.get("parallel_tool_calls") is False,
        "previous_response_id with store false": "previous_response_id" not in body,
        "max_output_tokens": 16 <= body.get("max_output_tokens", 0) <= 100_000,
        "safety_identifier is no pseudonym": len(body.get("safety_identifier", "")) == 64,
        "a tool twice": len({tool["name"] for tool in body["tools"]}) == len(body["tools"]),
    }
    broken += [rule for rule, kept in facts.items() if not kept]
    broken += [problem for tool in body["tools"] for problem in tool_problems(tool)]
    text = json.dumps(body, ensure_ascii=False)
    broken += [f"a secret in the request: {secret}" for secret in secrets if secret in text]
    return broken + _input_problems(body["input"])


def _input_problems(items: list[Json]) -> list[str]:
    problems = []
    try:
        _INPUT.validate_python(items)
    except ValidationError as error:
        problems.append(f"input: {error}")
    calls = [item["call_id"] for item in items if item.get("type") == "function_call"]
    outputs = [item["call_id"] for item in items if item.get("type") == "function_call_output"]
    if sorted(calls) != sorted(outputs) or len(set(calls)) != len(calls):
        problems.append(f"calls {calls} and outputs {outputs} do not match")
    # OpenAI keeps nothing of a request with store=false, so it cannot look anything up by its id.
    problems += [
        f"{item['id']} is referred to and not there"
        for item in items
        if item.get("type") in {"reasoning", "item_reference"} and not item.get("encrypted_content")
    ]
    return problems
