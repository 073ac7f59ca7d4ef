"""Stripe's form encoding: `line_items[0][price_data][currency]=aud` as nested dictionaries."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import parse_qsl

from integrations.sandbox.stripe.faults import ApiFault

_KEY: Final = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART: Final = re.compile(r"\[([^\[\]]*)\]")
_DEEPEST: Final = 12
_MOST_FIELDS: Final = 2000


def read_form(encoded: str) -> dict[str, Any]:
    """Return the form as nested dictionaries of strings; what it means is for the schema to say.

    A list is a dictionary by its indices, `[]` taking the next one. Raises ApiFault for a key with unpaired
    brackets, and for one that is a value and a dictionary at once.
    """
    form: dict[str, Any] = {}
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise ApiFault("The request is not valid form encoding.") from error
    for key, value in pairs:
        _put(form, _path(key), value, key)
    return form


def _path(key: str) -> list[str]:
    match = _KEY.fullmatch(key)
    parts = _PART.findall(match[2]) if match else []
    if match is None or len(parts) > _DEEPEST:
        raise ApiFault(f"Invalid parameter name: {key}", param=key)
    return [match[1], *parts]


def _put(form: dict[str, Any], path: list[str], value: str, key: str) -> None:
    node = form
    for part in path[:-1]:
        node = node.setdefault(part or str(len(node)), {})
        if not isinstance(node, dict):
            raise ApiFault(f"Invalid parameter: {key} is a value and an object at once", param=key)
    name = path[-1] or str(len(node))
    if isinstance(node.get(name), dict):
        raise ApiFault(f"Invalid parameter: {key} is a value and an object at once", param=key)
    node[name] = value
