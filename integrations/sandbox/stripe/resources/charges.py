"""Charges: each try to take money, which succeeds or fails, and what was given back or is contested of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.amounts import fee
from integrations.sandbox.stripe.books import random_id
from integrations.sandbox.stripe.listing import equals
from integrations.sandbox.stripe.resources.balance import book
from integrations.sandbox.stripe.routes import Route, listed, retrieve

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books
    from integrations.sandbox.stripe.cards import Payer

# In which currencies there are bank debits, and what Stripe calls them.
DEBITS: Final = {
    "aud": "au_becs_debit",
    "cad": "acss_debit",
    "eur": "sepa_debit",
    "gbp": "bacs_debit",
    "nzd": "nz_bank_account",
    "usd": "us_bank_account",
}


def new_charge(books: Books, intent: dict[str, Any], payer: Payer) -> dict[str, Any]:
    """Make the charge of one try of the payer's on the intent."""
    declined = payer.card.decline_code is not None
    charge = books.new(
        "charge",
        amount=intent["amount"],
        billing_details={"address": None, "email": payer.email, "name": payer.name, "phone": None, "tax_id": None},
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        failure_code=payer.card.code if declined else None,
        failure_message=payer.card.message or None,
        metadata=intent["metadata"],
        outcome=_outcome(payer),
        payment_intent=intent["id"],
        payment_method=random_id("pm_"),
        payment_method_details=_means(payer, intent["currency"]),
        status="failed" if declined else "pending",
    )
    return books.save(charge) if declined or payer.card.settles_later else capture(books, charge)


def capture(books: Books, charge: dict[str, Any]) -> dict[str, Any]:
    """Book that the money of a charge came."""
    kept = fee(charge["amount"], charge["currency"])
    booked = book(books, charge, "charge", charge["amount"], fee=kept)
    charge |= {
        "amount_captured": charge["amount"],
        "balance_transaction": booked["id"],
        "captured": True,
        "paid": True,
        "status": "succeeded",
    }
    return books.save(charge)


def bounce(books: Books, charge: dict[str, Any]) -> dict[str, Any]:
    """Book that the bank sent the money of a pending charge back."""
    words = "The customer's account has insufficient funds to cover this payment."
    charge |= {"failure_code": "insufficient_funds", "failure_message": words, "status": "failed"}
    return books.save(charge)


def left(charge: dict[str, Any]) -> int:
    """Return what of a charge has not been given back."""
    return int(charge["amount_captured"] - charge["amount_refunded"])


def _means(payer: Payer, currency: str) -> dict[str, Any]:
    if payer.card.brand:
        return {"type": "card", "card": _card(payer)}
    kind = DEBITS[currency]
    return {"type": kind, kind: {"fingerprint": random_id("", 16), "last4": payer.last4}}


def _card(payer: Payer) -> dict[str, Any]:
    return {
        "brand": payer.card.brand,
        "country": "US",
        "exp_month": payer.expiry.month,
        "exp_year": payer.expiry.year,
        "funding": "credit",
        "last4": payer.last4,
        "network": payer.card.brand,
        "three_d_secure": {"result": "authenticated", "version": "2.2.0"} if payer.card.authenticates else None,
    }


def _outcome(payer: Payer) -> dict[str, Any]:
    declined = payer.card.decline_code is not None
    return {
        "advice_code": "try_again_later" if declined else None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if declined else "approved_by_network",
        "reason": payer.card.decline_code,
        "risk_level": "normal",
        "seller_message": payer.card.message or "Payment complete.",
        "type": "issuer_declined" if declined else "authorized",
    }


ROUTES: Final[tuple[Route, ...]] = (
    retrieve("get /v1/charges/{charge}", "charge"),
    listed("get /v1/charges", "charge", {name: equals(name) for name in ("customer", "payment_intent")}),
)
