"""Checkout sessions: somebody's visit to a payment link, from the first try to the payment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.books import random_id
from integrations.sandbox.stripe.faults import missing
from integrations.sandbox.stripe.listing import equals
from integrations.sandbox.stripe.resources.payment_links import total
from integrations.sandbox.stripe.routes import Route, listed, retrieve

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books
    from integrations.sandbox.stripe.cards import Payer

_LIFETIME_SECONDS: Final = 24 * 60 * 60


def new_session(books: Books, link: dict[str, Any]) -> dict[str, Any]:
    """Open a session on the link, with the link's metadata and items."""
    amount = total(link)
    session = books.new(
        "checkout.session",
        id=random_id("cs_test_", 58),
        amount_subtotal=amount,
        amount_total=amount,
        currency=link["currency"],
        customer_creation=link["customer_creation"],
        expires_at=books.now + _LIFETIME_SECONDS,
        metadata=link["metadata"],
        mode=link["_mode"],
        payment_link=link["id"],
        payment_method_collection=link["payment_method_collection"],
        payment_method_types=["card"],
        payment_status="unpaid",
        status="open",
        submit_type="auto",
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        ui_mode="hosted_page",
        url=link["url"],
        _line_items=link["_line_items"],
        _tried=None,
    )
    return books.save(session)


def intent_of(books: Books, session: dict[str, Any]) -> dict[str, Any]:
    """Return the payment intent that a completed session is paid by; a subscription's is its invoice's."""
    return books.get("payment_intent", session["payment_intent"] or session["_tried"]["payment_intent"])


def session_paid_by(books: Books, intent_id: str) -> dict[str, Any]:
    """Return the completed session that a payment intent pays; raises ApiFault (404) where none is."""
    for session in books.all("checkout.session"):
        if session["status"] == "complete" and intent_of(books, session)["id"] == intent_id:
            return session
    raise missing("checkout.session", intent_id, "payment_intent")


def complete(books: Books, session: dict[str, Any], payer: Payer, *, paid: bool, **made: str) -> None:
    """Close the session of the payer, naming what it made (customer, subscription, invoice …)."""
    session |= {
        "customer_details": {
            "address": None,
            "business_name": None,
            "email": payer.email,
            "individual_name": None,
            "name": payer.name,
            "phone": None,
            "tax_exempt": "none",
            "tax_ids": [],
        },
        "payment_status": "paid" if paid else "unpaid",
        "status": "complete",
        "url": None,
        **made,
    }
    books.emit("checkout.session.completed", books.save(session))


ROUTES: Final[tuple[Route, ...]] = (
    retrieve("get /v1/checkout/sessions/{session}", "checkout.session"),
    listed(
        "get /v1/checkout/sessions",
        "checkout.session",
        {
            **{name: equals(name) for name in ("customer", "payment_intent", "payment_link", "status", "subscription")},
            "customer_details": lambda body, wanted: (body["customer_details"] or {}).get("email") == wanted["email"],
        },
    ),
)
