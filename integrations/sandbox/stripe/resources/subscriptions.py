"""Subscriptions, as a checkout starts them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from dateutil.relativedelta import relativedelta

from integrations.sandbox.stripe.books import random_id
from integrations.sandbox.stripe.expansion import list_of
from integrations.sandbox.stripe.listing import equals
from integrations.sandbox.stripe.routes import Route, listed, retrieve

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books


def new_subscription(books: Books, link: dict[str, Any], customer: dict[str, Any]) -> dict[str, Any]:
    """Make a subscription on the link's recurring prices that waits for its first payment."""
    id_ = random_id("sub_")
    data = link["subscription_data"] or {}
    items = [_item(books, id_, item) for item in link["_line_items"] if item["price"]["recurring"]]
    subscription = books.new(
        "subscription",
        id=id_,
        billing_cycle_anchor=books.now,
        billing_mode={"type": "flexible", "flexible": None, "updated_at": books.now},
        currency=link["currency"],
        customer=customer["id"],
        description=data.get("description"),
        items=list_of(items, f"/v1/subscription_items?subscription={id_}"),
        metadata=data.get("metadata", {}),
        start_date=books.now,
        status="incomplete",
    )
    return books.save(subscription)


def activate(books: Books, subscription_id: str) -> None:
    """Start the subscription, as its first period is paid."""
    subscription = books.get("subscription", subscription_id)
    books.emit("customer.subscription.created", books.save(subscription | {"status": "active"}))


def period_end(start: int, price: dict[str, Any]) -> int:
    """Return when the period that starts then ends, in Unix seconds: months have as many days as they have."""
    recurring = price["recurring"]
    length = relativedelta(**{f"{recurring['interval']}s": recurring["interval_count"]})
    return int((datetime.fromtimestamp(start, UTC) + length).timestamp())


def _item(books: Books, subscription: str, item: dict[str, Any]) -> dict[str, Any]:
    price = item["price"]
    recurring = price["recurring"]
    return books.new(
        "subscription_item",
        current_period_start=books.now,
        current_period_end=period_end(books.now, price),
        plan={
            "id": price["id"],
            "object": "plan",
            "active": True,
            "amount": price["unit_amount"],
            "currency": price["currency"],
            "interval": recurring["interval"],
            "interval_count": recurring["interval_count"],
            "product": price["product"],
        },
        price=price,
        quantity=item["quantity"],
        subscription=subscription,
    )


def _status_fits(body: dict[str, Any], wanted: object) -> bool:
    return wanted == "all" or body["status"] == wanted


ROUTES: Final[tuple[Route, ...]] = (
    retrieve("get /v1/subscriptions/{subscription_exposed_id}", "subscription"),
    listed("get /v1/subscriptions", "subscription", {"customer": equals("customer"), "status": _status_fits}),
)
