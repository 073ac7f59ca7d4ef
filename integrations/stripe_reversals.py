"""Refunds and disputes of a charge, in our words; and the one request that makes a refund."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import stripe

from billing.errors import BadAmount, CannotRefund, ProviderUnavailable
from billing.payments import PaymentStatus, PaymentType, Reversal
from integrations.stripe_balance import booked
from integrations.stripe_errors import error_code, in_our_words
from integrations.stripe_links import INVOICE, WORKSPACE
from integrations.stripe_money import from_stripe, to_stripe

if TYPE_CHECKING:
    from stripe import Charge, Dispute
    from stripe import Refund as StripeRefund
    from stripe.params import RefundCreateParams

    from billing.payments import Refund
    from integrations.stripe_account import StripeAccount

# By it a refund is known again whose answer was lost.
REFUND: Final = "evie_refund"

_LISTED_WITH: Final = ["data.balance_transaction", "data.failure_balance_transaction"]
_REFUNDS: Final = {
    "succeeded": PaymentStatus.SUCCEEDED,
    "failed": PaymentStatus.FAILED,
    "canceled": PaymentStatus.FAILED,
}
_DISPUTES: Final = {
    "won": PaymentStatus.WON,
    "prevented": PaymentStatus.WON,
    "warning_closed": PaymentStatus.WON,
    "lost": PaymentStatus.LOST,
}
_REFUSED: Final = {
    "charge_already_refunded": "All of that payment has been given back already.",
    "charge_disputed": "That payment is disputed, so Stripe does not refund it: answer the dispute in its dashboard.",
}


class StripeReversals:
    """Reads and makes what takes money of one account back."""

    def __init__(self, account: StripeAccount) -> None:
        self._account = account
        self._v1 = account.client.v1

    def of_charge(self, charge: Charge) -> tuple[Reversal, ...]:
        """Return the charge's refunds and disputes. A failed refund is one too: it was told of as made."""
        refunds = self._v1.refunds.list(
            {"charge": charge.id, "limit": 100, "expand": _LISTED_WITH}, self._account.options()
        )
        found = [_refund(refund) for refund in refunds.auto_paging_iter()]
        if charge.disputed:
            disputes = self._v1.disputes.list({"charge": charge.id, "limit": 100}, self._account.options())
            found += [_dispute(dispute) for dispute in disputes.auto_paging_iter()]
        return tuple(found)

    def make(self, refund: Refund, intent_id: str) -> Reversal:
        """Give back money of an intent, once for the refund's key. Raises as the port says."""
        try:
            with in_our_words():
                made = self._known(refund, intent_id) or self._create(refund, intent_id)
        except ProviderUnavailable:
            # Stripe may have made it all the same, and nobody may ask for it with another key then.
            with in_our_words():
                found = self._known(refund, intent_id)
            if found is None:
                raise
            made = found
        return _refund(made)

    def _known(self, refund: Refund, intent_id: str) -> StripeRefund | None:
        made = self._v1.refunds.list(
            {"payment_intent": intent_id, "limit": 100, "expand": _LISTED_WITH}, self._account.options()
        )
        for one in made.auto_paging_iter():
            if one.metadata is not None and REFUND in one.metadata and one.metadata[REFUND] == refund.key:
                return one
        return None

    def _create(self, refund: Refund, intent_id: str) -> StripeRefund:
        params: RefundCreateParams = {
            "payment_intent": intent_id,
            "amount": to_stripe(refund.money),
            "metadata": {
                WORKSPACE: refund.payment.workspace_id,
                INVOICE: refund.payment.invoice or "",
                REFUND: refund.key,
            },
            "expand": ["balance_transaction"],
        }
        if refund.reason is not None:
            params["reason"] = refund.reason.value
        try:
            return self._v1.refunds.create(params, self._account.options(idempotency_key=f"evie:refund:{refund.key}"))
        except stripe.InvalidRequestError as error:
            _translate(error)
            raise


def _translate(error: stripe.InvalidRequestError) -> None:
    code = error_code(error)
    if code == "amount_too_large":
        raise BadAmount("That is more than what is left of the payment at Stripe. Say less.") from error
    if code in _REFUSED:
        raise CannotRefund(_REFUSED[code]) from error


def _refund(refund: StripeRefund) -> Reversal:
    fee, net = booked(refund.balance_transaction, refund.failure_balance_transaction)
    return Reversal(
        stripe_object_id=refund.id,
        type=PaymentType.REFUND,
        # What is pending, or waits for the payer to act, is under way.
        status=_REFUNDS.get(refund.status or "", PaymentStatus.PROCESSING),
        money=from_stripe(refund.amount, refund.currency),
        occurred_at=datetime.fromtimestamp(refund.created, UTC),
        reason=refund.reason or "",
        fee=fee,
        net=net,
    )


def _dispute(dispute: Dispute) -> Reversal:
    contested = PaymentStatus.INQUIRY if dispute.status.startswith("warning") else PaymentStatus.OPEN
    fee, net = booked(*dispute.balance_transactions)
    return Reversal(
        stripe_object_id=dispute.id,
        type=PaymentType.DISPUTE,
        status=_DISPUTES.get(dispute.status, contested),
        money=from_stripe(dispute.amount, dispute.currency),
        occurred_at=datetime.fromtimestamp(dispute.created, UTC),
        reason=dispute.reason,
        fee=fee,
        net=net,
    )
