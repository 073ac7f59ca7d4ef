"""A Stripe of plain Python behind the domain's ports: for tests of what is done with Stripe's answers.

What Stripe itself does is tested with the real client against the sandbox over HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from billing.errors import ConnectRefused
from billing.invoices import Invoice
from billing.money import Money
from billing.payments import (
    LinkAtStripe,
    Payment,
    PaymentLink,
    PaymentStatus,
    PaymentType,
    Payout,
    Refund,
    Reversal,
    Settlement,
)
from billing.subscriptions import Subscription, SubscriptionStatus
from billing.workspaces import StripeConnection


@dataclass(frozen=True)
class Account:
    stripe_account_id: str = "acct_studio"
    livemode: bool = False
    business_name: str = "Studio Pty Ltd"


@dataclass
class FakeGateways:
    """Implements Gateways and PaymentGateway for one account; what it was asked stands in its lists."""

    account: Account = field(default_factory=Account)
    direct: bool = False
    made: list[PaymentLink] = field(default_factory=list)
    switched_off: list[str] = field(default_factory=list)
    deauthorized: list[str] = field(default_factory=list)
    settled: dict[str, list[Settlement]] = field(default_factory=dict)
    before_making: list[object] = field(default_factory=list)
    subscribed: dict[str, list[Subscription]] = field(default_factory=dict)
    before_deauthorizing: list[Callable[[], None]] = field(default_factory=list)
    refunded: list[Refund] = field(default_factory=list)
    cancelled: list[tuple[str, bool]] = field(default_factory=list)
    paid_out: list[Payout] = field(default_factory=list)

    def for_connection(self, connection: StripeConnection) -> FakeGateways:
        return self

    def create_payment_link(self, link: PaymentLink, invoice: Invoice, business: str) -> PaymentLink:
        for happens in self.before_making:
            if isinstance(happens, Exception):
                raise happens
            assert callable(happens)
            happens()
        known = next((made for made in self.made if made.id == link.id), None)
        if known is not None:
            return known
        made = replace(
            link,
            url=f"https://buy.example/{link.id}",
            stripe_payment_link_id=f"plink_{link.id}",
            stripe_account_id=self.account.stripe_account_id,
            livemode=self.account.livemode,
        )
        self.made.append(made)
        return made

    def deactivate_payment_link(self, stripe_payment_link_id: str) -> None:
        self.switched_off.append(stripe_payment_link_id)

    def live_links(self) -> list[LinkAtStripe]:
        live = [one for one in self.made if one.stripe_payment_link_id not in self.switched_off]
        return [
            LinkAtStripe(str(one.stripe_payment_link_id), one.id, one.workspace_id, one.invoice, active=True)
            for one in live
        ]

    def takes_payments(self, stripe_payment_link_id: str) -> bool:
        return stripe_payment_link_id not in self.switched_off

    def settlements(self, link: PaymentLink) -> list[Settlement]:
        return self.settled.get(link.invoice, [])

    def subscriptions(self, link: PaymentLink) -> list[Subscription]:
        return self.subscribed.get(link.invoice, [])

    def payouts(self, since: datetime) -> list[Payout]:
        return [payout for payout in self.paid_out if payout.occurred_at >= since]

    def refund(self, refund: Refund) -> Reversal:
        self.refunded.append(refund)
        money, at = refund.money, refund.payment.occurred_at
        return Reversal(f"re_{refund.key}", PaymentType.REFUND, PaymentStatus.SUCCEEDED, money, at)

    def cancel_subscription(self, stripe_subscription_id: str, *, at_period_end: bool) -> Subscription:
        self.cancelled.append((stripe_subscription_id, at_period_end))
        known = [one for all_ in self.subscribed.values() for one in all_]
        found = next(one for one in known if one.stripe_subscription_id == stripe_subscription_id)
        if at_period_end:
            return replace(found, cancel_at_period_end=True)
        return replace(found, status=SubscriptionStatus.CANCELED)

    def account_name(self) -> str:
        return self.account.business_name

    def least_charge(self, currency: str) -> Money | None:
        return Money(50, currency) if currency == "AUD" else None

    def direct_account(self) -> Account | None:
        return self.account if self.direct else None

    def dashboard_url(self, line: Payment, connection: StripeConnection | None) -> str:
        return f"https://desk.example/{line.stripe_id}" if line.stripe_id else ""

    def authorize_url(self, *, state: str, redirect_uri: str, business: str) -> str:
        return f"https://connect.example/authorize?state={state}&redirect_uri={redirect_uri}"

    def exchange_code(self, code: str) -> Account:
        if code != "good":
            raise ConnectRefused("That approval has expired.")
        return self.account

    def deauthorize(self, stripe_account_id: str) -> None:
        for happens in self.before_deauthorizing:
            happens()
        self.deauthorized.append(stripe_account_id)
