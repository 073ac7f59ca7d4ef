"""Events: what happened on an account, kept for thirty days so that what was not delivered can be found."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.books import public
from integrations.sandbox.stripe.faults import ApiFault, missing
from integrations.sandbox.stripe.listing import listing
from integrations.sandbox.stripe.routes import Route

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from integrations.sandbox.stripe.books import Books
    from integrations.sandbox.stripe.listing import Filter

_KEPT_SECONDS: Final = 30 * 24 * 60 * 60
_MOST_TYPES: Final = 20


def _retrieve(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    del params
    event = books.get("event", ids[0])
    if not _is_kept(event, books.now):
        raise missing("event", ids[0])
    return public(event)


def _list(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    del ids
    if "type" in params and "types" in params:
        raise ApiFault("You may only specify one of these parameters: type, types.")
    if len(params.get("types", ())) > _MOST_TYPES:
        raise ApiFault(f"You may only specify up to {_MOST_TYPES} event types.", param="types")
    return listing(books, "event", {"kept": books.now, **params}, _FILTERS, "/v1/events")


def _is_kept(body: dict[str, Any], now: int) -> bool:
    return bool(body["created"] > now - _KEPT_SECONDS)


def _is_of(body: dict[str, Any], wanted: str) -> bool:
    return fnmatchcase(body["type"], wanted)


def _is_one_of(body: dict[str, Any], wanted: Container[str]) -> bool:
    return body["type"] in wanted


def _was_delivered(body: dict[str, Any], wanted: bool) -> bool:  # noqa: FBT001 - the parameter's value
    return (not body["pending_webhooks"]) == wanted


_FILTERS: Final[Mapping[str, Filter]] = {
    "delivery_success": _was_delivered,
    "kept": _is_kept,
    "type": _is_of,
    "types": _is_one_of,
}
ROUTES: Final[tuple[Route, ...]] = (
    Route("get /v1/events/{id}", _retrieve),
    Route("get /v1/events", _list),
)
