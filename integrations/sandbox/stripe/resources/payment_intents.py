"""Payment intents: what is to be paid, tried by one charge after the other until one succeeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.books import random_id
from integrations.sandbox.stripe.listing import equals
from integrations.sandbox.stripe.resources.charges import new_charge
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
    tried = new_charge(books, intent, payer)
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
)
