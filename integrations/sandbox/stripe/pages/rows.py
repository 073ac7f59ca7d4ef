"""What the first page shows of a payment, a subscription and a balance: words, and the buttons that make sense now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.amounts import words
from integrations.sandbox.stripe.pages.rendering import rhythm
from integrations.sandbox.stripe.resources.accounts import business_name
from integrations.sandbox.stripe.resources.charges import left
from integrations.sandbox.stripe.resources.disputes import dispute_of, is_open
from integrations.sandbox.stripe.resources.subscriptions import current_period_end

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books

_ARRIVE: Final = (("settle", "Money arrives"), ("bounce", "Money bounces"))
_DECIDE: Final = (("win", "Business wins"), ("lose", "Payer wins"))
_UNDO: Final = (("refund", "Refund"), ("dispute", "Dispute"))
_RENEW: Final = (("renew", "Renew"), ("decline", "Fail renewal"), ("cancel", "Cancel"))
_RETRY: Final = (("retry", "Card works again"), *_RENEW)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the page. `tone` is good, bad, wait or plain; `acts` are buttons, each by its name and its words.

    `anchor` is what an address ends in that leads to the line.
    """

    id: str
    title: str
    about: str
    state: str
    tone: str
    acts: tuple[tuple[str, str], ...] = ()
    currency: str = ""
    anchor: str = ""


def payment_row(books: Books, charge: dict[str, Any]) -> Row:
    """Return what is shown of a charge."""
    state, tone, acts = _how_it_stands(books, charge)
    way = f"{charge['billing_details']['name']} to {_business(books)}"
    about = ", ".join(filter(None, (way, charge["description"], _day(charge["created"]))))
    title = words(charge["amount"], charge["currency"])
    return Row(charge["id"], title, about, state, tone, acts, anchor=charge["payment_intent"])


def subscription_row(books: Books, subscription: dict[str, Any]) -> Row:
    """Return what is shown of a subscription."""
    items = subscription["items"]["data"]
    amount = words(sum(item["price"]["unit_amount"] * item["quantity"] for item in items), subscription["currency"])
    title = f"{amount} {rhythm(items[0]['price']['recurring'])}"
    payer = books.get("customer", subscription["customer"])["name"]
    state, tone, acts = _how_it_runs(subscription)
    about = f"{payer} to {_business(books)}"
    return Row(subscription["id"], title, about, state, tone, acts, anchor=subscription["id"])


def balance_row(books: Books, currency: str, net: int) -> Row:
    """Return what is shown of what an account has in a currency and could be paid out."""
    acts = (("pay_out", "Pay out"),) if net > 0 else ()
    title = words(net, currency)
    return Row(books.account, title, _business(books), "After fees", "plain", acts, currency)


def _how_it_stands(books: Books, charge: dict[str, Any]) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    if charge["status"] != "succeeded":
        return ("On its way", "wait", _ARRIVE) if charge["status"] == "pending" else ("Declined", "bad", ())
    dispute = dispute_of(books, charge)
    if dispute is not None and is_open(dispute):
        return "Disputed", "wait", _DECIDE
    if dispute is not None and dispute["status"] == "lost":
        return "Lost to a dispute", "bad", ()
    if not left(charge):
        return "Refunded", "plain", ()
    if charge["amount_refunded"]:
        return f"{words(charge['amount_refunded'], charge['currency'])} refunded", "plain", _UNDO
    return ("Paid", "good", _UNDO) if dispute is None else ("Dispute won", "good", ())


def _how_it_runs(subscription: dict[str, Any]) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    next_on = _day(current_period_end(subscription))
    match subscription["status"]:
        case "active" if subscription["cancel_at_period_end"]:
            return f"Ends on {next_on}", "wait", (("renew", "Let the period end"),)
        case "active":
            return f"Active, next on {next_on}", "good", _RENEW
        case "past_due":
            return "Past due", "bad", _RETRY
        case "canceled":
            return "Cancelled", "plain", ()
        case _:
            return "Not started", "plain", ()


def _business(books: Books) -> str:
    return business_name(books.get("account", books.account))


def _day(seconds: int) -> str:
    day = datetime.fromtimestamp(seconds, UTC)
    return f"{day.day} {day:%B %Y}"
