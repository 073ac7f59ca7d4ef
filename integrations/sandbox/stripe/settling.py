"""What becomes of a payment whose money takes days: it comes after all, or the bank sends it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.sandbox.stripe.faults import ApiFault
from integrations.sandbox.stripe.resources.charges import bounce, capture
from integrations.sandbox.stripe.resources.invoices import mark_paid, mark_tried
from integrations.sandbox.stripe.resources.payment_intents import conclude
from integrations.sandbox.stripe.resources.sessions import intent_of
from integrations.sandbox.stripe.resources.subscriptions import change

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books


def settle(books: Books, session_id: str, *, succeeded: bool) -> None:
    """Decide the payment that a completed session waits for; raises ApiFault where it waits for none."""
    session = books.get("checkout.session", session_id)
    if session["status"] != "complete" or intent_of(books, session)["status"] != "processing":
        raise ApiFault(f"Checkout session {session_id} does not wait for money.")
    intent = intent_of(books, session)
    charge = books.get("charge", intent["latest_charge"])
    conclude(books, intent, capture(books, charge) if succeeded else bounce(books, charge))
    if session["invoice"]:
        _settle_period(books, session, succeeded=succeeded)
    if succeeded:
        session["payment_status"] = "paid"
    outcome = "succeeded" if succeeded else "failed"
    books.emit(f"checkout.session.async_payment_{outcome}", books.save(session))


def _settle_period(books: Books, session: dict[str, Any], *, succeeded: bool) -> None:
    invoice = books.get("invoice", session["invoice"])
    if succeeded:
        mark_paid(books, invoice)
        return
    mark_tried(books, invoice)
    change(books, books.get("subscription", session["subscription"]), status="past_due")
