"""What time does to a subscription: its next period is charged for, or it ends with the one it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.cards import charged_again
from integrations.sandbox.stripe.expansion import list_of
from integrations.sandbox.stripe.faults import ApiFault
from integrations.sandbox.stripe.resources.invoices import intent_of, mark_paid, mark_tried, new_invoice
from integrations.sandbox.stripe.resources.payment_intents import charge
from integrations.sandbox.stripe.resources.subscriptions import change, end, next_period

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books

_RUNNING: Final = frozenset({"active", "past_due"})


def renew(books: Books, subscription_id: str, *, fails: bool = False) -> dict[str, Any]:
    """Begin the subscription's next period and charge for it, or end it if that was wanted; return it as it is then.

    Raises ApiFault for one that has ended.
    """
    subscription = _running(books, subscription_id)
    if subscription["cancel_at_period_end"]:
        return end(books, subscription)
    invoice = new_invoice(
        books,
        _moved_on(books, subscription),
        books.get("customer", subscription["customer"]),
        subscription["_line_items"],
        "subscription_cycle",
    )
    change(books, subscription, latest_invoice=invoice["id"])
    return _collect(books, subscription, invoice, fails=fails)


def retry(books: Books, subscription_id: str, *, fails: bool = False) -> dict[str, Any]:
    """Charge again for the period that could not be charged for; raises ApiFault where there is none."""
    subscription = _running(books, subscription_id)
    invoice = books.get("invoice", subscription["latest_invoice"])
    if invoice["status"] != "open":
        raise ApiFault(f"Subscription {subscription_id} owes nothing.")
    return _collect(books, subscription, invoice, fails=fails)


def _running(books: Books, subscription_id: str) -> dict[str, Any]:
    subscription = books.get("subscription", subscription_id)
    if subscription["status"] not in _RUNNING:
        raise ApiFault(f"Subscription {subscription_id} is {subscription['status']}: it does not renew.")
    return subscription


def _moved_on(books: Books, subscription: dict[str, Any]) -> dict[str, Any]:
    items = subscription["items"]
    return change(books, subscription, items=list_of(next_period(subscription), items["url"]))


def _collect(books: Books, subscription: dict[str, Any], invoice: dict[str, Any], *, fails: bool) -> dict[str, Any]:
    last = next(made for made in books.all("charge") if made["customer"] == subscription["customer"])
    if charge(books, intent_of(books, invoice), charged_again(last, declines=fails)) == "succeeded":
        mark_paid(books, invoice)
        return change(books, subscription, status="active")
    mark_tried(books, invoice)
    return change(books, subscription, status="past_due")
