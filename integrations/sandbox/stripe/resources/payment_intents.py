"""Payment intents and their charges: each try with a card is a charge, which succeeds or fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.books import random_id
from integrations.sandbox.stripe.listing import equals
from integrations.sandbox.stripe.routes import Route, listed, retrieve

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books
    from integrations.sandbox.stripe.cards import Payer


def new_intent(books: Books, amount: int, currency: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
    """Make an intent that nothing has been tried on."""
    id_ = random_id("pi_")
    intent = books.new(
        "payment_intent",
        id=id_,
        amount=amount,
        amount_details={"tip": {}},
        capture_method="automatic_async",
        client_secret=random_id(f"{id_}_secret_"),
        confirmation_method="automatic",
        currency=currency,
        payment_method_types=["card"],
        status="requires_payment_method",
        **fields,
    )
    return books.save(intent)


def charge(books: Books, intent: dict[str, Any], payer: Payer) -> bool:
    """Try the payer's card on the intent; say whether the money came. Both outcomes are told in events."""
    tried = _new_charge(books, intent, payer)
    intent["latest_charge"] = tried["id"]
    intent["receipt_email"] = payer.email
    if tried["paid"]:
        intent |= {
            "amount_received": intent["amount"],
            "last_payment_error": None,
            "payment_method": tried["payment_method"],
            "status": "succeeded",
        }
    else:
        intent |= {"last_payment_error": _error(tried, payer), "status": "requires_payment_method"}
    books.save(intent)
    books.emit("charge.succeeded" if tried["paid"] else "charge.failed", tried)
    books.emit("payment_intent.succeeded" if tried["paid"] else "payment_intent.payment_failed", intent)
    return bool(tried["paid"])


def _new_charge(books: Books, intent: dict[str, Any], payer: Payer) -> dict[str, Any]:
    paid = payer.card.decline_code is None
    amount = intent["amount"]
    charge = books.new(
        "charge",
        amount=amount,
        amount_captured=amount if paid else 0,
        billing_details={"address": None, "email": payer.email, "name": payer.name, "phone": None, "tax_id": None},
        captured=paid,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        failure_code=None if paid else payer.card.code,
        failure_message=payer.card.message or None,
        metadata=intent["metadata"],
        outcome=_outcome(payer),
        paid=paid,
        payment_intent=intent["id"],
        payment_method=random_id("pm_"),
        payment_method_details={"type": "card", "card": _card(payer)},
        status="succeeded" if paid else "failed",
    )
    return books.save(charge)


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


def _error(failed: dict[str, Any], payer: Payer) -> dict[str, Any]:
    return {
        "charge": failed["id"],
        "code": failed["failure_code"],
        "decline_code": payer.card.decline_code,
        "message": failed["failure_message"],
        "type": "card_error",
    }


ROUTES: Final[tuple[Route, ...]] = (
    retrieve("get /v1/payment_intents/{intent}", "payment_intent"),
    listed("get /v1/payment_intents", "payment_intent", {"customer": equals("customer")}),
    retrieve("get /v1/charges/{charge}", "charge"),
    listed("get /v1/charges", "charge", {name: equals(name) for name in ("customer", "payment_intent")}),
)
