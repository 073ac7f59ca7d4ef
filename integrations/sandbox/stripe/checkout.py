"""Paying through a payment link: what the hosted page does when somebody presses Pay.

A session is opened by the first try and stays open while cards are declined; what was made for the first try is
used again by the next. All of it happens in one transaction, so of several people paying at once one is first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from integrations.sandbox.stripe.faults import ApiFault
from integrations.sandbox.stripe.resources import invoices
from integrations.sandbox.stripe.resources.charges import DEBITS
from integrations.sandbox.stripe.resources.customers import new_customer
from integrations.sandbox.stripe.resources.disputes import open_dispute
from integrations.sandbox.stripe.resources.invoices import mark_paid, mark_tried, new_invoice
from integrations.sandbox.stripe.resources.payment_intents import charge, new_intent
from integrations.sandbox.stripe.resources.payment_links import total, used
from integrations.sandbox.stripe.resources.sessions import complete, intent_of, new_session
from integrations.sandbox.stripe.resources.subscriptions import activate, new_subscription

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books
    from integrations.sandbox.stripe.cards import Payer

CLOSED: Final = "This link is no longer active."


@dataclass(frozen=True, slots=True)
class Paid:
    """The money came."""

    session: str


@dataclass(frozen=True, slots=True)
class Processing:
    """The money is on its way, and has not come yet; the session is complete all the same."""

    session: str


@dataclass(frozen=True, slots=True)
class Declined:
    """The card was declined; the session is open for another try."""

    session: str
    message: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The link takes no payments (any more)."""

    message: str


Outcome: TypeAlias = Paid | Processing | Declined | Closed


def pay(books: Books, link_id: str, payer: Payer, session_id: str | None = None) -> Outcome:
    """Try to pay through the link, in the session of an earlier try if there was one.

    Raises ApiFault (404), and (400) for a bank account where the currency has no bank debits.
    """
    link = books.get("payment_link", link_id)
    if payer.card.settles_later and link["currency"] not in DEBITS:
        raise ApiFault(f"There are no bank debits in {link['currency']}.")
    if not link["active"]:
        return Closed(link["inactive_message"] or CLOSED)
    session = _session(books, link, session_id)
    attempt = _pay_once if link["_mode"] == "payment" else _subscribe
    status = attempt(books, link, session, payer)
    if status == "failed":
        return Declined(session["id"], payer.card.message)
    used(books, link)
    _contest(books, session, payer)
    return Paid(session["id"]) if status == "succeeded" else Processing(session["id"])


def _contest(books: Books, session: dict[str, Any], payer: Payer) -> None:
    """Open the dispute that comes with some test cards."""
    if payer.card.disputes is None:
        return
    paid = books.get("charge", intent_of(books, session)["latest_charge"])
    open_dispute(books, paid, payer.card.disputes, inquiry=payer.card.inquires)


def _session(books: Books, link: dict[str, Any], session_id: str | None) -> dict[str, Any]:
    found = books.find("checkout.session", session_id) if session_id else None
    if found is not None and found["payment_link"] == link["id"] and found["status"] == "open":
        return found
    return new_session(books, link)


def _pay_once(books: Books, link: dict[str, Any], session: dict[str, Any], payer: Payer) -> str:
    if session["payment_intent"] is None:
        data = link["payment_intent_data"] or {}
        session["payment_intent"] = new_intent(books, total(link), link["currency"], **data)["id"]
        books.save(session)
    status = charge(books, books.get("payment_intent", session["payment_intent"]), payer)
    if status != "failed":
        complete(books, session, payer, paid=status == "succeeded")
    return status


def _subscribe(books: Books, link: dict[str, Any], session: dict[str, Any], payer: Payer) -> str:
    """Try to pay a subscription's first period. It starts, and the session names it, once money is on its way."""
    if session["_tried"] is None:
        session["_tried"] = _prepare(books, link, payer)
        books.save(session)
    tried = session["_tried"]
    invoice = books.get("invoice", tried["invoice"])
    status = charge(books, books.get("payment_intent", tried["payment_intent"]), payer)
    if status == "failed":
        mark_tried(books, invoice)
        return status
    paid = status == "succeeded"
    activate(books, tried["subscription"])
    made = {name: tried[name] for name in ("customer", "invoice", "subscription")}
    complete(books, session, payer, paid=paid, **made)
    if paid:
        mark_paid(books, invoice)
    return status


def _prepare(books: Books, link: dict[str, Any], payer: Payer) -> dict[str, str]:
    """Make what a subscription needs before it can be paid, and return the ids."""
    customer = new_customer(books, payer)
    subscription = new_subscription(books, link, customer)
    invoice = new_invoice(books, subscription, customer, link["_line_items"], "subscription_create")
    books.save(subscription | {"latest_invoice": invoice["id"]})
    made = (customer, subscription, invoice, invoices.intent_of(books, invoice))
    return {one["object"]: one["id"] for one in made}
