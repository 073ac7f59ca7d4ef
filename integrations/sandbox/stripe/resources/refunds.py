"""Refunds: money given back for a charge, all of it or a part, which may fail on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.amounts import check_coins, words
from integrations.sandbox.stripe.books import public, random_id
from integrations.sandbox.stripe.faults import ApiFault, unsupported
from integrations.sandbox.stripe.listing import equals
from integrations.sandbox.stripe.resources.balance import book
from integrations.sandbox.stripe.resources.charges import left
from integrations.sandbox.stripe.resources.disputes import dispute_of, settle_inquiry
from integrations.sandbox.stripe.resources.metadata import merged
from integrations.sandbox.stripe.routes import Route, listed, retrieve

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books

_SUPPORTED: Final = frozenset({"amount", "charge", "expand", "metadata", "payment_intent", "reason"})


def create(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    """Give money back; raises ApiFault where the charge has none left to give, or is contested."""
    del ids
    for name in params.keys() - _SUPPORTED:
        raise unsupported(f"'{name}' of a refund", name)
    charge = _charge(books, params)
    _require_refundable(books, charge)
    refund = _new_refund(books, charge, _amount(charge, params), params)
    _give_back(books, charge, refund["amount"])
    books.emit("refund.created", refund)
    if charge["disputed"]:
        settle_inquiry(books, charge)
    _confirm(books, refund)
    return public(refund)


def update(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    """Change a refund's metadata."""
    refund = books.get("refund", ids[0], param="refund")
    return public(_change(books, refund, metadata=merged(refund["metadata"], params.get("metadata", {}), "metadata")))


def fail(books: Books, refund_id: str) -> dict[str, Any]:
    """Let a refund fail, as the payer's bank would: the money is on the account's balance again.

    Raises ApiFault for a refund that has failed already.
    """
    refund = books.get("refund", refund_id)
    if refund["status"] == "failed":
        raise ApiFault(f"Refund {refund_id} has already failed.")
    returned = book(books, refund, "refund_failure", refund["amount"])
    failed = _change(
        books,
        refund,
        failure_balance_transaction=returned["id"],
        failure_reason="lost_or_stolen_card",
        status="failed",
    )
    charge = books.get("charge", refund["charge"])
    books.save(charge | {"amount_refunded": charge["amount_refunded"] - refund["amount"], "refunded": False})
    books.emit("refund.failed", failed)
    return failed


def _new_refund(books: Books, charge: dict[str, Any], amount: int, params: dict[str, Any]) -> dict[str, Any]:
    refund = books.new(
        "refund",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        destination_details=_destination(reference=None, reference_status="pending"),
        metadata=merged({}, params.get("metadata", {}), "metadata"),
        payment_intent=charge["payment_intent"],
        reason=params.get("reason"),
        status="succeeded",
    )
    refund["balance_transaction"] = book(books, refund, "refund", -amount)["id"]
    return books.save(refund)


def _give_back(books: Books, charge: dict[str, Any], amount: int) -> None:
    before = dict(charge)
    charge["amount_refunded"] += amount
    charge["refunded"] = left(charge) == 0
    books.emit("charge.refunded", books.save(charge), before)


def _confirm(books: Books, refund: dict[str, Any]) -> None:
    """Book what the payer's bank says: the number under which it looks for the money."""
    found = _destination(reference=random_id("", 23), reference_status="available")
    _change(books, refund, destination_details=found)


def _destination(**reference: str | None) -> dict[str, Any]:
    return {"type": "card", "card": {"reference_type": "acquirer_reference_number", "type": "refund", **reference}}


def _change(books: Books, refund: dict[str, Any], **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
    before = dict(refund)
    refund |= changes
    books.save(refund)
    for type_ in ("refund.updated", "charge.refund.updated"):
        books.emit(type_, refund, before)
    return refund


def _charge(books: Books, params: dict[str, Any]) -> dict[str, Any]:
    named = [name for name in ("charge", "payment_intent") if name in params]
    if not named:
        raise ApiFault("One of the following params should be provided for this request: payment_intent or charge.")
    if len(named) > 1:
        raise ApiFault("You may only specify one of these parameters: charge, payment_intent.")
    if "charge" in params:
        return books.get("charge", params["charge"], param="charge")
    intent = books.get("payment_intent", params["payment_intent"], param="payment_intent")
    if intent["status"] != "succeeded":
        raise ApiFault(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    return books.get("charge", intent["latest_charge"])


def _require_refundable(books: Books, charge: dict[str, Any]) -> None:
    name = f"Charge {charge['id']}"
    if not charge["captured"]:
        raise ApiFault(f"{name} was not successful and cannot be refunded.", code="charge_not_refundable")
    if charge["refunded"]:
        raise ApiFault(f"{name} has already been refunded.", code="charge_already_refunded")
    dispute = dispute_of(books, charge)
    if dispute is not None and not dispute["is_charge_refundable"]:
        raise ApiFault(f"{name} has been charged back; cannot issue a refund.", code="charge_disputed")


def _amount(charge: dict[str, Any], params: dict[str, Any]) -> int:
    amount: int = params.get("amount", left(charge))
    if amount < 1:
        raise ApiFault("Invalid positive integer", param="amount", code="parameter_invalid_integer")
    if amount > left(charge):
        asked, limit = (words(units, charge["currency"]) for units in (amount, left(charge)))
        whole = "unrefunded amount on charge" if charge["amount_refunded"] else "charge amount"
        raise ApiFault(
            f"Refund amount ({asked}) is greater than {whole} ({limit})",
            param="amount",
            code="amount_too_large",
        )
    check_coins(amount, charge["currency"], "amount")
    return amount


ROUTES: Final[tuple[Route, ...]] = (
    Route("post /v1/refunds", create),
    Route("post /v1/refunds/{refund}", update),
    retrieve("get /v1/refunds/{refund}", "refund"),
    listed("get /v1/refunds", "refund", {name: equals(name) for name in ("charge", "payment_intent")}),
)
