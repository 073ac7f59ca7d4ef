"""`expand[]`: ids in an answer replaced by the objects they name, as deep as was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe import shapes
from integrations.sandbox.stripe.books import public
from integrations.sandbox.stripe.faults import ApiFault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from integrations.sandbox.stripe.books import Books

_DEEPEST: Final = 4


def expand(books: Books, answer: dict[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Expand each path of the answer in place, and return it; raises ApiFault for what cannot be expanded."""
    for path in paths:
        parts = path.split(".")
        if len(parts) > _DEEPEST:
            raise ApiFault(f"You cannot expand more than {_DEEPEST} levels of a property. Property: {path}")
        _expand(books, answer, _shape_of(answer, {}), parts, path)
    return answer


def _expand(books: Books, node: dict[str, Any], shape: dict[str, Any], parts: list[str], path: str) -> None:
    head, *rest = parts
    if node.get("object") == "list":
        _expand_items(books, node, head, rest, path)
        return
    known = shape.get("properties", {}).get(head)
    if known is None or not (rest or "expands" in known or head == "line_items"):
        raise ApiFault(f"This property cannot be expanded ({path}).")
    value = node[head] = _loaded(books, node, head, known)
    if rest and isinstance(value, dict):
        _expand(books, value, _shape_of(value, known), rest, path)


def _expand_items(books: Books, node: dict[str, Any], head: str, rest: list[str], path: str) -> None:
    if head != "data" or not rest:
        raise ApiFault(f"This property cannot be expanded ({path}).")
    for item in node["data"]:
        _expand(books, item, _shape_of(item, {}), rest, path)


def _loaded(books: Books, node: dict[str, Any], name: str, known: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    if name == "line_items":
        return list_of(books.get(node["object"], node["id"])["_line_items"], _items_url(node))
    value = node.get(name)
    if isinstance(value, str) and "expands" in known:
        return public(books.get(known["expands"], value))
    return value


def _items_url(node: dict[str, Any]) -> str:
    return f"/v1/{node['object'].replace('.', '/')}s/{node['id']}/line_items"


def _shape_of(value: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Return the shape of an object by what it says it is, or of a nested part by its place."""
    kind = value.get("object")
    return known if kind is None or kind == "list" else shapes.shape(kind)


def list_of(data: list[dict[str, Any]], url: str, *, has_more: bool = False) -> dict[str, Any]:
    """Return a list object."""
    return {"object": "list", "url": url, "has_more": has_more, "data": data}
