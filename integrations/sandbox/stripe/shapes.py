"""The published interface: which parameters an operation takes, and which properties an object has.

`schema.json` is made by `trim_schema.py` and says in its first lines from which version.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

# Properties that Stripe leaves out unless they are expanded, or unless the object is gone.
_ON_REQUEST: Final = frozenset({"line_items", "payments", "refunds", "deleted"})


@cache
def _published() -> dict[str, Any]:
    text = files(__package__).joinpath("schema.json").read_text(encoding="utf-8")
    published: dict[str, Any] = json.loads(text)
    return published


def api_version() -> str:
    """Return the version of Stripe's API that this is."""
    version: str = _published()["info"]["api_version"]
    return version


def sdk_version() -> str:
    """Return the version of the `stripe` package that the interface was read from."""
    version: str = _published()["info"]["sdk_version"]
    return version


def parameters(operation: str) -> dict[str, Any]:
    """Return the schema of the parameters of `get /v1/charges`, or of `oauth OAuthTokenParams`."""
    schema: dict[str, Any] = _published()["operations"][operation]
    return schema


def shape(kind: str) -> dict[str, Any]:
    """Return the shape of an object of that kind."""
    found: dict[str, Any] = _published()["objects"][kind]
    return found


def blank(kind: str, *parts: str) -> dict[str, Any]:
    """Return an object of that kind, or a part of one, that says nothing: what has to be there, empty or null."""
    of = shape(kind)
    for part in parts:
        of = of["properties"][part]
    return _blank(of)


def _blank(of: dict[str, Any]) -> dict[str, Any]:
    required = of.get("required", ())
    return {
        name: None if inner.get("nullable") else _nothing(inner)
        for name, inner in of.get("properties", {}).items()
        if name in required or (inner.get("nullable") and name not in _ON_REQUEST)
    }


def _nothing(of: dict[str, Any]) -> Any:  # noqa: ANN401 - a JSON value
    match of.get("type"):
        case "boolean":
            return False
        case "integer" | "number":
            return 0
        case "array":
            return []
        case "object":
            return _blank(of)
        case _:
            return of["enum"][0] if "enum" in of else ""
