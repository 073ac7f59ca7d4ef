"""Checks what a request says against the published parameters, and answers as Stripe does where it does not fit."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from integrations.sandbox.stripe.faults import ApiFault

_INTEGER: Final = re.compile(r"-?\d{1,18}", re.ASCII)
_INDEX: Final = re.compile(r"\d{1,4}", re.ASCII)


def check(schema: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
    """Return the form with its strings turned into what the schema says; raises ApiFault for the first misfit."""
    return _object(schema, form, "")


def _value(schema: dict[str, Any], raw: Any, path: str) -> Any:  # noqa: ANN401 - a JSON value
    if raw == "":
        return _unset(schema, path)
    if "anyOf" in schema:
        return _either(schema["anyOf"], raw, path)
    match schema.get("type"):
        case "object":
            return _object(schema, raw, path)
        case "array":
            return _array(schema, raw, path)
        case kind:
            return _scalar(str(kind), schema, raw, path)


def _unset(schema: dict[str, Any], path: str) -> str:
    if schema.get("x-emptyable"):
        return ""
    raise ApiFault(
        f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a parameter; "
        f"however '{path}' cannot be unset. You should remove '{path}' from your request or supply a non-empty value.",
        param=path,
        code="parameter_invalid_empty",
    )


def _either(schemas: list[dict[str, Any]], raw: Any, path: str) -> Any:  # noqa: ANN401 - a JSON value
    nested = [schema for schema in schemas if (schema.get("type") in {"object", "array"}) == isinstance(raw, dict)]
    return _value((nested or schemas)[0], raw, path)


def _object(schema: dict[str, Any], raw: Any, path: str) -> dict[str, Any]:  # noqa: ANN401 - a JSON value
    if not isinstance(raw, dict):
        raise ApiFault("Invalid object", param=path)
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", False)
    unknown = [_join(path, name) for name in raw if name not in known]
    if unknown and others is False:
        raise _unknown(unknown)
    for name in schema.get("required", ()):
        if name not in raw:
            raise _absent(_join(path, name))
    # A key of metadata is unset by an empty value, so its values are not what an empty string is refused for.
    free = {"x-emptyable": True, **others} if others else {}
    return {name: _value(known.get(name, free), value, _join(path, name)) for name, value in raw.items()}


def _array(schema: dict[str, Any], raw: Any, path: str) -> list[Any]:  # noqa: ANN401 - a JSON value
    if not isinstance(raw, dict) or not all(_INDEX.fullmatch(index) for index in raw):
        raise ApiFault("Invalid array", param=path)
    return [_value(schema["items"], raw[index], _join(path, index)) for index in sorted(raw, key=int)]


def _scalar(kind: str, schema: dict[str, Any], raw: Any, path: str) -> Any:  # noqa: ANN401 - a JSON value
    if not isinstance(raw, str):
        raise ApiFault(f"Invalid {kind}", param=path)
    match kind:
        case "integer":
            return _integer(raw, path)
        case "boolean":
            return _boolean(raw, path)
        case "number":
            return _number(raw, path)
        case _:
            return _string(schema, raw, path)


def _integer(raw: str, path: str) -> int:
    if not _INTEGER.fullmatch(raw):
        raise ApiFault(f"Invalid integer: {raw}", param=path, code="parameter_invalid_integer")
    return int(raw)


def _boolean(raw: str, path: str) -> bool:
    if raw not in {"true", "false"}:
        raise ApiFault(f"Invalid boolean: {raw}", param=path)
    return raw == "true"


def _number(raw: str, path: str) -> str:
    try:
        finite = Decimal(raw).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        raise ApiFault(f"Invalid decimal: {raw}", param=path)
    return raw


def _string(schema: dict[str, Any], raw: str, path: str) -> str:
    choices = schema.get("enum")
    if choices is not None and raw not in choices:
        listed = " or ".join(filter(None, [", ".join(choices[:-1]), choices[-1]]))
        raise ApiFault(f"Invalid {path}: must be one of {listed}", param=path)
    return raw


def _unknown(names: list[str]) -> ApiFault:
    noun = "parameter" if len(names) == 1 else "parameters"
    return ApiFault(f"Received unknown {noun}: {', '.join(names)}", param=names[0], code="parameter_unknown")


def _absent(name: str) -> ApiFault:
    return ApiFault(f"Missing required param: {name}.", param=name, code="parameter_missing")


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name
