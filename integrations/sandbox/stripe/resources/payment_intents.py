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


def charge(books: Books, intent: dict[str, Any], payer: Payer) -> str:
    """Try the payer's card on the intent; return what became of it: succeeded, failed, or pending for some days."""
    tried = new_charge(books, intent, payer)
    intent["receipt_email"] = payer.email
    conclude(books, intent, tried)
    return str(tried["status"])


def conclude(books: Books, intent: dict[str, Any], tried: dict[str, Any]) -> None:
    """Book on the intent how its charge stands now, and tell of both."""
    told, changes = _outcome(intent, tried)
    intent |= {"latest_charge": tried["id"], **changes}
    books.save(intent)
    books.emit(f"charge.{tried['status']}", tried)
    books.emit(f"payment_intent.{told}", intent)


def _outcome(intent: dict[str, Any], tried: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the event's name and what changes of the intent."""
    means = {"last_payment_error": None, "payment_method": tried["payment_method"]}
    match tried["status"]:
        case "succeeded":
            return "succeeded", {**means, "amount_received": intent["amount"], "status": "succeeded"}
        case "pending":
            return "processing", {**means, "status": "processing"}
        case _:
            failed = {"last_payment_error": _error(tried), "payment_method": None, "status": "requires_payment_method"}
            return "payment_failed", failed


def _error(failed: dict[str, Any]) -> dict[str, Any]:
    by_card = failed["payment_method_details"]["type"] == "card"
    return {
        "charge": failed["id"],
        "code": failed["failure_code"],
        "decline_code": failed["outcome"]["reason"],
        "message": failed["failure_message"],
        "type": "card_error" if by_card else "invalid_request_error",
    }


ROUTES: Final[tuple[Route, ...]] = (
    retrieve("get /v1/payment_intents/{intent}", "payment_intent"),
    listed("get /v1/payment_intents", "payment_intent", {"customer": equals("customer")}),
)
