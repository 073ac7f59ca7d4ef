"""The account's balance: a transaction for whatever adds to it or takes from it, with fee and net."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.listing import equals
from integrations.sandbox.stripe.routes import Route, listed, retrieve

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books


def book(books: Books, source: dict[str, Any], type_: str, amount: int, *, fee: int = 0) -> dict[str, Any]:
    """Book an amount that the source adds to the balance, or takes from it where it is negative."""
    return books.save(
        books.new(
            "balance_transaction",
            amount=amount,
            available_on=books.now,
            balance_type="payments",
            currency=source["currency"],
            description=source.get("description"),
            fee=fee,
            fee_details=_details(source, type_, fee),
            net=amount - fee,
            reporting_category=_category(type_, amount),
            source=source["id"],
            status="available",
            type=type_,
            _payout=None,
        ),
    )


def unpaid(books: Books) -> dict[str, int]:
    """Return what is on the balance, by currency, that no payout has taken."""
    found: dict[str, int] = {}
    for entry in entries_left(books):
        found[entry["currency"]] = found.get(entry["currency"], 0) + entry["net"]
    return found


def entries_left(books: Books) -> list[dict[str, Any]]:
    """Return the transactions that no payout has taken."""
    return [entry for entry in books.all("balance_transaction") if entry["_payout"] is None]


def _category(type_: str, amount: int) -> str:
    """Return how reports name a type: adjustments are of disputes here."""
    if type_ != "adjustment":
        return type_
    return "dispute" if amount < 0 else "dispute_reversal"


def _details(source: dict[str, Any], type_: str, fee: int) -> list[dict[str, Any]]:
    if not fee:
        return []
    description = "Dispute fee" if type_ == "adjustment" else "Stripe processing fees"
    return [
        {
            "amount": fee,
            "application": None,
            "currency": source["currency"],
            "description": description,
            "type": "stripe_fee",
        },
    ]


ROUTES: Final[tuple[Route, ...]] = (
    retrieve("get /v1/balance_transactions/{id}", "balance_transaction"),
    listed(
        "get /v1/balance_transactions",
        "balance_transaction",
        {**{name: equals(name) for name in ("currency", "source", "type")}, "payout": equals("_payout")},
    ),
)
