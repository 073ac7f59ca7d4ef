"""Payouts: what is on the account's balance, sent to its bank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.faults import ApiFault
from integrations.sandbox.stripe.listing import equals
from integrations.sandbox.stripe.resources.balance import book, entries_left
from integrations.sandbox.stripe.routes import Route, listed, retrieve

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books


def pay_out(books: Books, currency: str, *, fails: bool = False) -> dict[str, Any]:
    """Send the balance of a currency to the account's bank, which may send it back; raises ApiFault for none."""
    entries = [entry for entry in entries_left(books) if entry["currency"] == currency]
    amount = sum(entry["net"] for entry in entries)
    if amount <= 0:
        raise ApiFault(f"There is nothing to pay out in {currency}.", code="balance_insufficient")
    payout = _new_payout(books, amount, currency)
    for entry in (*entries, books.get("balance_transaction", payout["balance_transaction"])):
        books.save(entry | {"_payout": payout["id"]})
    books.emit("payout.created", payout)
    if fails:
        return _send_back(books, payout)
    return _conclude(books, payout, status="paid")


def _new_payout(books: Books, amount: int, currency: str) -> dict[str, Any]:
    payout = books.new(
        "payout",
        amount=amount,
        arrival_date=books.now,
        automatic=True,
        currency=currency,
        description="STRIPE PAYOUT",
        metadata={},
        method="standard",
        reconciliation_status="completed",
        source_type="card",
        status="in_transit",
        type="bank_account",
    )
    payout["balance_transaction"] = book(books, payout, "payout", -amount)["id"]
    return books.save(payout)


def _send_back(books: Books, payout: dict[str, Any]) -> dict[str, Any]:
    returned = book(books, payout, "payout_failure", payout["amount"])
    return _conclude(
        books,
        payout,
        failure_balance_transaction=returned["id"],
        failure_code="account_closed",
        failure_message="The bank account has been closed.",
        status="failed",
    )


def _conclude(books: Books, payout: dict[str, Any], **changes: str) -> dict[str, Any]:
    payout |= changes
    books.emit(f"payout.{payout['status']}", books.save(payout))
    return payout


ROUTES: Final[tuple[Route, ...]] = (
    retrieve("get /v1/payouts/{payout}", "payout"),
    listed("get /v1/payouts", "payout", {"status": equals("status")}),
)
