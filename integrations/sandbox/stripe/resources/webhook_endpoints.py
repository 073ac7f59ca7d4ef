"""The webhook endpoint: the one that the sandbox was started with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe import shapes
from integrations.sandbox.stripe.expansion import list_of
from integrations.sandbox.stripe.routes import Route

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books


def _list(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    del ids, params
    endpoints = [] if books.webhook_url is None else [_endpoint(books, books.webhook_url)]
    return list_of(endpoints, "/v1/webhook_endpoints")


def _endpoint(books: Books, url: str) -> dict[str, Any]:
    return shapes.blank("webhook_endpoint") | {
        "id": "we_sandbox",
        "object": "webhook_endpoint",
        "api_version": shapes.api_version(),
        "created": books.now,
        "enabled_events": ["*"],
        "status": "enabled",
        "url": url,
    }


ROUTES: Final[tuple[Route, ...]] = (Route("get /v1/webhook_endpoints", _list),)
