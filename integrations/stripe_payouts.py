"""Payouts of one account, in our words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from billing.payments import PaymentStatus, Payout
from integrations.stripe_balance import booked
from integrations.stripe_errors import in_our_words
from integrations.stripe_money import from_stripe

if TYPE_CHECKING:
    from stripe import Payout as StripePayout

    from integrations.stripe_account import StripeAccount

# What is pending or in transit is under way. A payout that is paid can still fail, some days later.
_STATUSES: Final = {
    "paid": PaymentStatus.SUCCEEDED,
    "failed": PaymentStatus.FAILED,
    "canceled": PaymentStatus.FAILED,
}
_CANCELED: Final = "The payout was cancelled."
_BOOKED: Final = ("balance_transaction", "failure_balance_transaction")


class StripePayouts:
    """Reads what the account sent to its bank."""

    def __init__(self, account: StripeAccount) -> None:
        self._account = account
        self._payouts = account.client.v1.payouts

    def since(self, moment: datetime) -> list[Payout]:
        """Return the payouts that were made since then."""
        with in_our_words():
            listed = self._payouts.list(
                {
                    "created": {"gte": int(moment.timestamp())},
                    "limit": 100,
                    "expand": [f"data.{name}" for name in _BOOKED],
                },
                self._account.options(),
            )
            return [self._record(payout) for payout in listed.auto_paging_iter()]

    def of_id(self, payout_id: str) -> list[Payout]:
        """Return the payout as it is now."""
        with in_our_words():
            found = self._payouts.retrieve(payout_id, {"expand": list(_BOOKED)}, self._account.options())
            return [self._record(found)]

    def _record(self, payout: StripePayout) -> Payout:
        fee, net = booked(payout.balance_transaction, payout.failure_balance_transaction)
        canceled = _CANCELED if payout.status == "canceled" else ""
        return Payout(
            stripe_account_id=self._account.stripe_account_id,
            stripe_object_id=payout.id,
            livemode=payout.livemode,
            status=_STATUSES.get(payout.status, PaymentStatus.PROCESSING),
            money=from_stripe(payout.amount, payout.currency),
            occurred_at=datetime.fromtimestamp(payout.created, UTC),
            failure_message=payout.failure_message or canceled,
            fee=fee,
            net=net,
        )
