"""How the published interface is cut down to what the sandbox serves."""

from __future__ import annotations

import json
from typing import Any

from integrations.sandbox.stripe import shapes, trim_schema

PUBLISHED_OBJECT = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "description": "An id."},
        "customer": {"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/customer"}], "nullable": True},
        "review": {"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/review"}]},
        "outcome": {"type": "object", "properties": {"type": {"type": "string"}}, "required": ["type"]},
        "next_action": {"type": "object", "properties": {"type": {"type": "string"}}},
        "tags": {"type": "array", "items": {"type": "string"}},
        "kind": {"type": "string", "enum": [str(number) for number in range(80)]},
        "plan": {"$ref": "#/components/schemas/plan"},
    },
    "required": ["id"],
}
# Not among the published operations: they are made of those of refunds.
PAYOUTS = ("get /v1/payouts", "get /v1/payouts/{payout}")


def published() -> dict[str, Any]:
    """An interface with the operations and objects that are served, and others."""
    paths: dict[str, Any] = {"/v1/topups": {"post": {"params": {}}}}
    for operation in trim_schema._OPERATIONS:
        method, path = operation.split()
        paths.setdefault(path, {})[method] = {"params": {"type": "object", "properties": {}}, "response": {}}
    return {
        "info": {"source": "a package", "sdk_version": "1", "api_version": "2", "note": "long"},
        "paths": paths,
        "oauth": {"OAuthTokenParams": {"type": "object"}},
        "components": {"schemas": dict.fromkeys((*trim_schema._OBJECTS, "topup"), PUBLISHED_OBJECT)},
    }


def test_only_what_is_served_is_kept() -> None:
    trimmed = trim_schema.trim(published())

    assert trimmed["info"] == {"source": "a package", "sdk_version": "1", "api_version": "2"}
    assert set(trimmed["operations"]) == {*trim_schema._OPERATIONS, *PAYOUTS, "oauth OAuthTokenParams"}
    assert set(trimmed["objects"]) == set(trim_schema._OBJECTS)


def test_of_an_object_its_types_and_what_it_expands_to_are_kept() -> None:
    assert trim_schema.trim(published())["objects"]["charge"] == {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "customer": {"type": "string", "nullable": True, "expands": "customer"},
            "review": {"type": "string"},
            "outcome": {"type": "object", "properties": {"type": {"type": "string"}}, "required": ["type"]},
            "next_action": {"type": "object"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "kind": {"type": "string"},
            "plan": {"type": "object"},
        },
        "required": ["id"],
    }


def test_the_file_says_the_same_on_lines_that_can_be_compared() -> None:
    trimmed = trim_schema.trim(published())
    text = trim_schema.write(trimmed)

    assert json.loads(text) == trimmed
    assert len(text.splitlines()) > len(trim_schema._OPERATIONS)


def test_what_the_sandbox_uses_was_made_by_it() -> None:
    for operation in trim_schema._OPERATIONS:
        assert shapes.parameters(operation)["type"] == "object"
    for kind in trim_schema._OBJECTS:
        assert shapes.blank(kind)["object"] == kind
