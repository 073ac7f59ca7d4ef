"""Lists: newest first, filtered, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from integrations.sandbox.stripe.books import public
from integrations.sandbox.stripe.expansion import list_of
from integrations.sandbox.stripe.faults import ApiFault, missing, unsupported

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from integrations.sandbox.stripe.books import Books

Filter: TypeAlias = "Callable[[dict[str, Any], Any], bool]"

_PAGE: Final = 10
_LARGEST_PAGE: Final = 100
_PAGING: Final = frozenset({"limit", "starting_after", "ending_before", "expand"})


def equals(place: str) -> Filter:
    """Return the filter that compares a parameter with the property at a dotted place."""

    def fits(body: dict[str, Any], wanted: object) -> bool:
        found: Any = body
        for part in place.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return bool(found == wanted)

    return fits


def listing(books: Books, kind: str, params: dict[str, Any], filters: Mapping[str, Filter], url: str) -> dict[str, Any]:
    """Return a page of the account's objects of a kind.

    `filters` has a test for each parameter that narrows the list. A parameter without one is refused, as an answer
    that ignored it would be a wrong one.
    """
    wanted = {name: value for name, value in params.items() if name not in _PAGING}
    tests = {**filters, "created": _made_within}
    for name in wanted:
        if name not in tests:
            raise unsupported(f"listing by '{name}'", name)
    found = [body for body in books.all(kind) if all(tests[name](body, value) for name, value in wanted.items())]
    page, has_more = _page(kind, found, params)
    return list_of([public(body) for body in page], url, has_more=has_more)


def _made_within(body: dict[str, Any], wanted: Any) -> bool:  # noqa: ANN401 - a number or its bounds
    created: int = body["created"]
    if isinstance(wanted, int):
        return created == wanted
    bounds = {
        "gt": created > wanted.get("gt", -1),
        "gte": created >= wanted.get("gte", 0),
        "lt": created < wanted.get("lt", created + 1),
        "lte": created <= wanted.get("lte", created),
    }
    return all(bounds.values())


def _page(kind: str, found: list[dict[str, Any]], params: dict[str, Any]) -> tuple[list[dict[str, Any]], bool]:
    limit = params.get("limit", _PAGE)
    if not 1 <= limit <= _LARGEST_PAGE:
        raise ApiFault(f"Invalid limit: must be from 1 to {_LARGEST_PAGE}", param="limit")
    if "ending_before" in params:
        before = found[: _place(kind, found, params["ending_before"], "ending_before")]
        return before[-limit:], len(before) > limit
    start = _place(kind, found, params["starting_after"], "starting_after") + 1 if "starting_after" in params else 0
    return found[start : start + limit], len(found) > start + limit


def _place(kind: str, found: list[dict[str, Any]], id_: str, param: str) -> int:
    for place, body in enumerate(found):
        if body["id"] == id_:
            return place
    raise missing(kind, id_, param)
