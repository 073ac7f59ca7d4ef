"""Events: what happened on an account, kept so that what was not delivered can be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.listing import equals
from integrations.sandbox.stripe.routes import Route, listed, retrieve

if TYPE_CHECKING:
    from collections.abc import Container


def _is_one_of(body: dict[str, Any], wanted: Container[str]) -> bool:
    return body["type"] in wanted


def _was_delivered(body: dict[str, Any], wanted: bool) -> bool:  # noqa: FBT001 - the parameter's value
    return (not body["pending_webhooks"]) == wanted


ROUTES: Final[tuple[Route, ...]] = (
    retrieve("get /v1/events/{id}", "event"),
    listed(
        "get /v1/events",
        "event",
        {"type": equals("type"), "types": _is_one_of, "delivery_success": _was_delivered},
    ),
)
