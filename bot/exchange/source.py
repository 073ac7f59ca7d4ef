"""A document's text: parsed with care, because it may come from anywhere, and with the line of each field."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NoReturn

from bot.exchange.refusal import DocumentRefused

if TYPE_CHECKING:
    from bot.exchange.refusal import Path

_WHITE: Final = " \t\r\n"
_DECODER: Final = json.JSONDecoder()


def parse(content: bytes) -> tuple[str, object]:
    """Return the text of a JSON document and what it says; raises DocumentRefused with line and column."""
    try:
        text = content.decode("utf-8-sig")
        return text, json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DocumentRefused((), "this is not UTF-8 text.", line=line) from None
    except json.JSONDecodeError as error:
        raise DocumentRefused((), f"{error.msg}, at column {error.colno}.", line=error.lineno) from None
    except RecursionError:
        raise DocumentRefused((), "this is nested too deeply to be a workspace.") from None
    except ValueError as error:
        raise DocumentRefused((), f"{error}.") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        message = f"“{twice}” is there twice in one object"
        raise ValueError(message)
    return fields


def _refuse_constant(name: str) -> NoReturn:
    message = f"{name} is not a number in JSON"
    raise ValueError(message)


def line_of(text: str, path: Path) -> int:
    """Return the line on which the value at `path` begins, or that of the nearest thing around it that is there.

    `text` has to be valid JSON.
    """
    position = _skip(text, 0)
    for step in path:
        inner = _member(text, position, step) if text[position] == "{" else _item(text, position, step)
        if inner is None:
            break
        position = inner
    return text.count("\n", 0, position) + 1


def located(refusal: DocumentRefused, text: str) -> DocumentRefused:
    """Return the refusal with the line of its place in the document's text."""
    return DocumentRefused(refusal.path, refusal.reason, line=line_of(text, refusal.path))


def _member(text: str, position: int, name: str | int) -> int | None:
    """Return where the value of an object's member begins."""
    position = _skip(text, position + 1)
    while text[position] != "}":
        key, position = _DECODER.raw_decode(text, position)
        position = _skip(text, _skip(text, position) + 1)
        if key == name:
            return position
        position = _next(text, position)
    return None


def _item(text: str, position: int, index: str | int) -> int | None:
    """Return where the item of a list begins."""
    if text[position] != "[" or not isinstance(index, int):
        return None
    position = _skip(text, position + 1)
    for _ in range(index):
        if text[position] == "]":
            return None
        position = _next(text, position)
    return position


def _next(text: str, position: int) -> int:
    """Return where the thing after this value begins, past a comma."""
    _, position = _DECODER.raw_decode(text, position)
    position = _skip(text, position)
    return _skip(text, position + 1) if text[position] == "," else position


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _WHITE:
        position += 1
    return position
