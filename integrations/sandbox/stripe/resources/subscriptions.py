"""Subscriptions: started by a checkout, changed, renewed period by period, and ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from dateutil.relativedelta import relativedelta

from integrations.sandbox.stripe import shapes
from integrations.sandbox.stripe.books import public, random_id
from integrations.sandbox.stripe.expansion import list_of
from integrations.sandbox.stripe.faults import ApiFault, missing, unsupported
from integrations.sandbox.stripe.listing import equals, listing
from integrations.sandbox.stripe.resources.metadata import merged
from integrations.sandbox.stripe.routes import Route, retrieve

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books

_ALWAYS_CHANGED: Final = frozenset({"cancellation_details", "expand", "metadata"})
_UPDATE: Final = _ALWAYS_CHANGED | {"cancel_at_period_end", "description"}
_NOT_CANCELLED: Final = ""
_ENDED: Final = frozenset({"canceled", "incomplete_expired"})


def new_subscription(books: Books, link: dict[str, Any], customer: dict[str, Any]) -> dict[str, Any]:
    """Make a subscription on the link's recurring prices that waits for its first payment."""
    id_ = random_id("sub_")
    data = link["subscription_data"] or {}
    sold = [item for item in link["_line_items"] if item["price"]["recurring"]]
    items = [_item(books, id_, item) for item in sold]
    subscription = books.new(
        "subscription",
        id=id_,
        billing_cycle_anchor=books.now,
        billing_mode={"type": "flexible", "flexible": None, "updated_at": books.now},
        cancellation_details=shapes.blank("subscription", "cancellation_details"),
        currency=link["currency"],
        customer=customer["id"],
        description=data.get("description"),
        items=list_of(items, f"/v1/subscription_items?subscription={id_}"),
        metadata=data.get("metadata", {}),
        start_date=books.now,
        status="incomplete",
        _line_items=sold,
    )
    return books.save(subscription)


def activate(books: Books, subscription_id: str) -> None:
    """Start the subscription, as its first period is paid."""
    subscription = books.get("subscription", subscription_id)
    books.emit("customer.subscription.created", books.save(subscription | {"status": "active"}))


def change(books: Books, subscription: dict[str, Any], **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
    """Change the subscription, and tell of it where that makes a difference."""
    before = dict(subscription)
    subscription |= changes
    books.save(subscription)
    if subscription != before:
        books.emit("customer.subscription.updated", subscription, before)
    return subscription


def next_period(subscription: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the subscription's items in the period that follows the one they are in."""
    return [
        item
        | {
            "current_period_start": item["current_period_end"],
            "current_period_end": period_end(item["current_period_end"], item["price"]),
        }
        for item in subscription["items"]["data"]
    ]


def current_period_end(subscription: dict[str, Any]) -> int:
    """Return when the period that has been charged for ends; a subscription has one rhythm here."""
    return int(subscription["items"]["data"][0]["current_period_end"])


def end(books: Books, subscription: dict[str, Any], **details: str) -> dict[str, Any]:
    """End the subscription now; `details` is what whoever cancels says about it."""
    subscription |= {
        "canceled_at": subscription["canceled_at"] or books.now,
        "cancellation_details": _details(subscription, details, reason="cancellation_requested"),
        "ended_at": books.now,
        "status": "canceled",
    }
    books.emit("customer.subscription.deleted", books.save(subscription))
    return subscription


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


def _update(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    subscription = books.get("subscription", ids[0], param="subscription")
    for name in params.keys() - _UPDATE:
        raise unsupported(f"'{name}' of a subscription", name)
    if subscription["status"] == "canceled" and params.keys() - _ALWAYS_CHANGED:
        raise ApiFault("A canceled subscription can only update its cancellation_details and metadata.")
    changes: dict[str, Any] = {"metadata": merged(subscription["metadata"], params.get("metadata", {}), "metadata")}
    if "description" in params:
        changes["description"] = params["description"] or None
    return public(change(books, subscription, **changes, **_cancellation(books, subscription, params)))


def _cancellation(books: Books, subscription: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    """Return what changes of when and why the subscription ends."""
    said = params.get("cancellation_details", {})
    at_end = params.get("cancel_at_period_end")
    if at_end is None:
        return {"cancellation_details": _details(subscription, said)} if said else {}
    return {
        "cancel_at": current_period_end(subscription) if at_end else None,
        "cancel_at_period_end": at_end,
        "canceled_at": books.now if at_end else None,
        "cancellation_details": _details(subscription, said, reason="cancellation_requested" if at_end else None),
    }


def _details(subscription: dict[str, Any], said: dict[str, str], **reason: str | None) -> dict[str, Any]:
    known: dict[str, Any] = subscription["cancellation_details"]
    return known | {name: text or None for name, text in said.items()} | reason


def _cancel(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    subscription = books.get("subscription", ids[0], param="subscription")
    if subscription["status"] == "canceled":
        raise missing("subscription", ids[0], "subscription")
    for name in ("invoice_now", "prorate"):
        if params.get(name):
            raise unsupported(f"'{name}' of a cancellation", name)
    return public(end(books, subscription, **params.get("cancellation_details", {})))


def _list(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    del ids
    # Where no status is named, Stripe lists what has not been cancelled.
    filters = {"customer": equals("customer"), "status": _status_fits}
    return listing(books, "subscription", {"status": _NOT_CANCELLED, **params}, filters, "/v1/subscriptions")


def _status_fits(body: dict[str, Any], wanted: str) -> bool:
    status: str = body["status"]
    groups = {"all": True, "ended": status in _ENDED, _NOT_CANCELLED: status != "canceled"}
    return groups.get(wanted, status == wanted)


ROUTES: Final[tuple[Route, ...]] = (
    Route("post /v1/subscriptions/{subscription_exposed_id}", _update),
    Route("delete /v1/subscriptions/{subscription_exposed_id}", _cancel),
    retrieve("get /v1/subscriptions/{subscription_exposed_id}", "subscription"),
    Route("get /v1/subscriptions", _list),
)
