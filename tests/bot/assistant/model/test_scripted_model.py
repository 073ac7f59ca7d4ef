"""The stand-in is as strict as OpenAI and as the script: otherwise the tests beside this one prove little."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from bot.assistant.model import prompt
from bot.assistant.model.answer import ModelUnavailable
from bot.assistant.model.route import ModelRoute
from tests.support.inquiries import Door, an_inquiry
from tests.support.openai import KEY, Say, ScriptedModel
from tests.support.strict_schema import tool_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.openai import ModelServer


@pytest.fixture
def model(model_server: ModelServer) -> Iterator[ScriptedModel]:
    """A script that may end badly."""
    with model_server.playing() as playing:
        yield playing


def _body(model: ScriptedModel) -> dict[str, Any]:
    inquiry, config = an_inquiry(), model.config()
    return {**prompt.request(inquiry, config), "input": prompt.opening(inquiry, config)}


def _post(model: ScriptedModel, body: dict[str, Any], key: str = KEY) -> httpx2.Response:
    return httpx2.post(f"{model.base_url}/responses", json=body, headers={"Authorization": f"Bearer {key}"})


def test_a_proper_request_gets_the_next_step(model: ScriptedModel) -> None:
    model.expect(Say("Hello."))

    reply = _post(model, _body(model)).json()

    assert reply["output"][0]["content"][0]["text"] == "Hello."
    model.check()


def test_a_request_that_is_not_in_the_script_fails_the_test(model: ScriptedModel) -> None:
    route = ModelRoute(model.config())
    with pytest.raises(ModelUnavailable):
        route.converse(an_inquiry(), Door())
    route.close()

    with pytest.raises(AssertionError, match="does not expect"):
        model.check()


def test_a_step_that_was_never_asked_for_fails_the_test(model: ScriptedModel) -> None:
    model.expect(Say("Hello."))

    with pytest.raises(AssertionError, match="not asked often enough"):
        model.check()


CALL = {"type": "function_call", "call_id": "c1", "name": "make_thing", "arguments": "{}"}
USER = {"role": "user", "content": "hello"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"store": True}, "store is not false"),
        ({"parallel_tool_calls": True}, "parallel_tool_calls is not false"),
        ({"model": "another"}, "model"),
        ({"instructions": ""}, "instructions"),
        ({"safety_identifier": "alex"}, "safety_identifier is no pseudonym"),
        ({"max_output_tokens": 1}, "max_output_tokens"),
        ({"previous_response_id": "resp_1"}, "previous_response_id with store false"),
        ({"colour": "red"}, "colour is no parameter"),
        ({"input": [USER, CALL]}, "do not match"),
        ({"input": [USER, {"type": "reasoning", "id": "rs_1", "summary": []}]}, "rs_1 is referred to"),
        ({"input": [{"role": "nobody", "content": "x"}]}, "input"),
        ({"input": [{"role": "user", "content": f"my key is {KEY}"}]}, "a secret in the request"),
        ({"tools": [{"type": "function", "name": "x", "description": "x", "parameters": {}}]}, "not strict"),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused_and_fails_the_test(
    change: dict[str, Any], problem: str, model: ScriptedModel
) -> None:
    model.expect(Say("Hello."))

    reply = _post(model, {**_body(model), **change})

    assert reply.status_code == 400
    assert problem in reply.json()["error"]["message"]
    with pytest.raises(AssertionError):
        model.check()


def test_another_key_is_refused(model: ScriptedModel) -> None:
    model.expect(Say("Hello."))

    assert _post(model, _body(model), key="sk-other").status_code == 400


STRING = {"type": "string"}


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"type": "array", "items": STRING}, "parameters are no object"),
        ({"type": "object", "properties": {}, "required": []}, "additionalProperties"),
        ({"properties": {"a": STRING}, "required": []}, "not all required"),
        ({"properties": {"a": {"type": "string", "default": "x"}}, "required": ["a"]}, "default does not fit"),
        ({"properties": {"a": {"type": "text"}}, "required": ["a"]}, "type text"),
        ({"properties": {"a": {}}, "required": ["a"]}, "type none"),
        ({"properties": {"a": {"type": "array"}}, "required": ["a"]}, "a[]: type none"),
        ({"properties": {"a": {"anyOf": [STRING], "type": "string"}}, "required": ["a"]}, "type beside anyOf"),
        ({"properties": {"a": {"type": ["string", "null"], "enum": ["x"]}}, "required": ["a"]}, "null is no value"),
        ({"properties": {"a": {"type": "string", "enum": ["x", "x"]}}, "required": ["a"]}, "a value twice"),
        ({"properties": {"a": {"type": "string", "enum": []}}, "required": ["a"]}, "0 values"),
    ],
)
def test_a_schema_outside_the_strict_subset_is_named(parameters: dict[str, Any], problem: str) -> None:
    closed = {"type": "object", "additionalProperties": False} if "type" not in parameters else {}
    tool = {"type": "function", "name": "x", "description": "x", "parameters": {**closed, **parameters}, "strict": True}

    assert any(problem in found for found in tool_problems(tool))
