"""Disputes: a payer asks their bank for the money back, and the bank takes it until it has decided.

An inquiry is the bank's question before that: no money moves, and giving it back settles the matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe import shapes
from integrations.sandbox.stripe.amounts import dispute_fee
from integrations.sandbox.stripe.books import public
from integrations.sandbox.stripe.faults import ApiFault, unsupported
from integrations.sandbox.stripe.listing import equals
from integrations.sandbox.stripe.resources.balance import book
from integrations.sandbox.stripe.resources.charges import left
from integrations.sandbox.stripe.resources.metadata import merged
from integrations.sandbox.stripe.routes import Route, listed, retrieve

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books

REASONS: Final = frozenset(
    """bank_cannot_process check_returned credit_not_processed customer_initiated debit_not_authorized duplicate
    fraudulent general incorrect_account_details insufficient_funds noncompliant product_not_received
    product_unacceptable subscription_canceled unrecognized""".split(),
)
_CLOSED: Final = frozenset({"lost", "warning_closed", "won"})
_ANSWERABLE: Final = frozenset({"needs_response", "warning_needs_response"})
_DAYS_TO_ANSWER: Final = 9
_DAY: Final = 24 * 60 * 60
_UPDATE: Final = frozenset({"evidence", "expand", "metadata", "submit"})
# What a test writes as evidence to have the bank decide at once.
_VERDICTS: Final = {"winning_evidence": True, "losing_evidence": False}


def open_dispute(books: Books, charge: dict[str, Any], reason: str, *, inquiry: bool = False) -> dict[str, Any]:
    """Contest a charge; raises ApiFault for one that was not paid, or is contested already."""
    if reason not in REASONS:
        raise ApiFault(f"Invalid reason: must be one of {', '.join(sorted(REASONS))}", param="reason")
    if not left(charge):
        raise ApiFault(f"Charge {charge['id']} has nothing left that could be disputed.")
    if dispute_of(books, charge) is not None:
        raise ApiFault(f"Charge {charge['id']} has been disputed already.")
    dispute = books.save(_new_dispute(books, charge, reason, inquiry=inquiry))
    books.save(charge | {"disputed": True})
    books.emit("charge.dispute.created", dispute)
    if not inquiry:
        _withdraw(books, dispute)
    return dispute


def close_dispute(books: Books, dispute: dict[str, Any], *, won: bool) -> dict[str, Any]:
    """Decide a dispute as the bank does; an inquiry that is lost becomes a dispute first. Raises ApiFault."""
    if not is_open(dispute):
        raise ApiFault(f"Dispute {dispute['id']} is closed already.")
    if dispute["status"].startswith("warning"):
        if won:
            return _close(books, dispute, "warning_closed")
        _change(books, dispute, is_charge_refundable=False, status="needs_response")
        _withdraw(books, dispute)
    elif won:
        _reinstate(books, dispute)
    return _close(books, dispute, "won" if won else "lost")


def is_open(dispute: dict[str, Any]) -> bool:
    """Say whether the bank has yet to decide."""
    return dispute["status"] not in _CLOSED


def dispute_of(books: Books, charge: dict[str, Any]) -> dict[str, Any] | None:
    """Return the dispute of a charge, or None: it has at most one."""
    return next((dispute for dispute in books.all("dispute") if dispute["charge"] == charge["id"]), None)


def settle_inquiry(books: Books, charge: dict[str, Any]) -> None:
    """Close the inquiry into a charge that has been given back as a whole."""
    dispute = dispute_of(books, charge)
    if dispute is not None and is_open(dispute) and charge["refunded"]:
        _close(books, dispute, "warning_closed")


def _new_dispute(books: Books, charge: dict[str, Any], reason: str, *, inquiry: bool) -> dict[str, Any]:
    details = shapes.blank("dispute", "evidence_details")
    card = charge["payment_method_details"].get("card")
    return books.new(
        "dispute",
        amount=left(charge),
        charge=charge["id"],
        currency=charge["currency"],
        evidence_details=details | {"due_by": books.now + _DAYS_TO_ANSWER * _DAY, "submission_method": "not_submitted"},
        is_charge_refundable=inquiry,
        payment_intent=charge["payment_intent"],
        payment_method_details=card and _card(card, inquiry=inquiry),
        reason=reason,
        status="warning_needs_response" if inquiry else "needs_response",
    )


def _card(card: dict[str, Any], *, inquiry: bool) -> dict[str, Any]:
    brand = card["brand"]
    case = {"case_type": "inquiry" if inquiry else "chargeback", "network_reason_code": "10.4"}
    return {"type": "card", "card": {"brand": brand, "network": brand, **case}}


def _withdraw(books: Books, dispute: dict[str, Any]) -> None:
    kept = dispute_fee(dispute["currency"])
    _move(books, dispute, -dispute["amount"], kept)
    books.emit("charge.dispute.funds_withdrawn", dispute)


def _reinstate(books: Books, dispute: dict[str, Any]) -> None:
    _move(books, dispute, dispute["amount"], 0)
    books.emit("charge.dispute.funds_reinstated", dispute)


def _move(books: Books, dispute: dict[str, Any], amount: int, kept: int) -> None:
    moved = book(books, dispute, "adjustment", amount, fee=kept)
    dispute["balance_transactions"].append(public(moved))
    books.save(dispute)


def _close(books: Books, dispute: dict[str, Any], status: str) -> dict[str, Any]:
    dispute |= {"is_charge_refundable": False, "status": status}
    books.emit("charge.dispute.closed", books.save(dispute))
    return dispute


def _change(books: Books, dispute: dict[str, Any], **changes: Any) -> None:  # noqa: ANN401 - JSON values
    before = dict(dispute)
    dispute |= changes
    books.emit("charge.dispute.updated", books.save(dispute), before)


def _update(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    """Take evidence, which goes to the bank unless `submit` says that more will come."""
    dispute = books.get("dispute", ids[0], param="dispute")
    for name in params.keys() - _UPDATE:
        raise unsupported(f"'{name}' of a dispute", name)
    changes: dict[str, Any] = {"metadata": merged(dispute["metadata"], params.get("metadata", {}), "metadata")}
    evidence = params.get("evidence", {})
    if evidence:
        changes |= _evidence(dispute, evidence, submit=params.get("submit", True))
    _change(books, dispute, **changes)
    verdict = _VERDICTS.get(evidence.get("uncategorized_text", ""))
    if verdict is not None:
        close_dispute(books, dispute, won=verdict)
    return public(dispute)


def _evidence(dispute: dict[str, Any], evidence: dict[str, Any], *, submit: bool) -> dict[str, Any]:
    if dispute["status"] not in _ANSWERABLE:
        raise ApiFault("This dispute does not take evidence any more.", param="evidence")
    details = dispute["evidence_details"] | {"has_evidence": True}
    changes = {"evidence": dispute["evidence"] | evidence, "evidence_details": details}
    if submit:
        details |= {"submission_count": details["submission_count"] + 1, "submission_method": "manual"}
        changes["status"] = dispute["status"].replace("needs_response", "under_review")
    return changes


def _accept(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    """Give up: the dispute is lost."""
    del params
    dispute = books.get("dispute", ids[0], param="dispute")
    return public(close_dispute(books, dispute, won=False))


ROUTES: Final[tuple[Route, ...]] = (
    Route("post /v1/disputes/{dispute}", _update),
    Route("post /v1/disputes/{dispute}/close", _accept),
    retrieve("get /v1/disputes/{dispute}", "dispute"),
    listed("get /v1/disputes", "dispute", {name: equals(name) for name in ("charge", "payment_intent")}),
)
