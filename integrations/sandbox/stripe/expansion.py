"""`expand[]`: ids in an answer replaced by the objects they name, as deep as was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from integrations.sandbox.stripe import shapes
from integrations.sandbox.stripe.books import public
from integrations.sandbox.stripe.faults import ApiFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from integrations.sandbox.stripe.books import Books

List: TypeAlias = "Callable[[Books, dict[str, Any]], dict[str, Any]]"

_DEEPEST: Final = 4
_SENT_ALONG: Final = 10


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
    if known is None or not (rest or "expands" in known or head in _EMBEDDED):
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
    if name in _EMBEDDED:
        return _EMBEDDED[name](books, node)
    value = node.get(name)
    if isinstance(value, str) and "expands" in known:
        return public(books.by_id(value))
    return value


def _line_items(books: Books, node: dict[str, Any]) -> dict[str, Any]:
    items = books.get(node["object"], node["id"])["_line_items"]
    return list_of(items, f"/v1/{node['object'].replace('.', '/')}s/{node['id']}/line_items")


def _refunds(books: Books, charge: dict[str, Any]) -> dict[str, Any]:
    return _newest(books, "refund", "charge", charge["id"], f"/v1/charges/{charge['id']}/refunds")


def _payments(books: Books, invoice: dict[str, Any]) -> dict[str, Any]:
    return _newest(books, "invoice_payment", "invoice", invoice["id"], f"/v1/invoices/{invoice['id']}/payments")


def _newest(books: Books, kind: str, place: str, of: str, url: str) -> dict[str, Any]:
    """Return the first page of what belongs to an object, as far as it is sent with that."""
    found = [public(body) for body in books.all(kind) if body[place] == of]
    return list_of(found[:_SENT_ALONG], url, has_more=len(found) > _SENT_ALONG)


# Lists that an object has only where they are asked for.
_EMBEDDED: Final[dict[str, List]] = {
    "line_items": _line_items,
    "payments": _payments,
    "refunds": _refunds,
}


def _shape_of(value: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Return the shape of an object by what it says it is, or of a nested part by its place."""
    kind = value.get("object")
    return known if kind is None or kind == "list" else shapes.shape(kind)


def list_of(data: list[dict[str, Any]], url: str, *, has_more: bool = False) -> dict[str, Any]:
    """Return a list object."""
    return {"object": "list", "url": url, "has_more": has_more, "data": data}
