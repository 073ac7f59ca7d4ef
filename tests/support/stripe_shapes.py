"""Says where an object is not of the shape that Stripe publishes for its kind."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.stripe.shapes import shape

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def misfits(body: dict[str, Any]) -> list[str]:
    """Return a sentence for each property that is missing, unknown, or of another type; for a list, of all in it."""
    if body["object"] == "list":
        return [misfit for item in body["data"] for misfit in misfits(item)]
    return _object(shape(body["object"]), body, body["object"])


def _object(expected: dict[str, Any], body: dict[str, Any], path: str) -> list[str]:
    properties = expected.get("properties")
    if properties is None:
        return []
    missing = [f"{path}.{name} is missing" for name in expected.get("required", ()) if name not in body]
    unknown = [f"{path}.{name} is unknown" for name in body if name not in properties]
    wrong = [
        misfit
        for name, value in body.items()
        if name in properties
        for misfit in _value(properties[name], value, f"{path}.{name}")
    ]
    return missing + unknown + wrong


def _value(expected: dict[str, Any], value: Any, path: str) -> list[str]:
    kind = expected.get("type")
    if kind is None or (value is None and expected.get("nullable")):
        return []
    if isinstance(value, dict) and isinstance(value.get("object"), str) and value["object"] != "plan":
        return misfits(value)
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return [f"{path} is {value!r}, not of type {kind}"]
    return _content(expected, value, path)


def _content(expected: dict[str, Any], value: Any, path: str) -> list[str]:
    if isinstance(value, list):
        return [misfit for item in value for misfit in _value(expected.get("items", {}), item, f"{path}[]")]
    if isinstance(value, dict):
        return _object(expected, value, path)
    return [] if value != "" and value in expected.get("enum", [value]) else [f"{path} is {value!r}"]
