"""Stripe, as the domain needs it: one gateway for each account, and where gateways come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.money import Money
    from billing.payments import LinkAtStripe, Payment, PaymentLink, Payout, Refund, Reversal, Settlement
    from billing.subscriptions import Subscription
    from billing.workspaces import StripeConnection


class PaymentGateway(Protocol):
    """Stripe, for one workspace's account. No method is called inside a transaction."""

    def create_payment_link(self, link: PaymentLink, invoice: Invoice, business: str) -> PaymentLink:
        """Make the link at Stripe and return it with url, Stripe id, account and livemode.

        Idempotent by the link's id and revision, and looked up where the outcome is uncertain. Raises AmountTooSmall,
        ProviderRefused, ProviderUnavailable.
        """

    def deactivate_payment_link(self, stripe_payment_link_id: str) -> None:
        """Switch a link off; doing so twice is fine."""

    def live_links(self) -> list[LinkAtStripe]:
        """Return every link of ours that takes payments on the account now."""

    def takes_payments(self, stripe_payment_link_id: str) -> bool:
        """Say whether the link takes payments now: used up or switched off, it does not."""

    def settlements(self, link: PaymentLink) -> list[Settlement]:
        """Return every payment that came through the link, as Stripe knows it now."""

    def subscriptions(self, link: PaymentLink) -> list[Subscription]:
        """Return the subscriptions that were started through the link, as Stripe knows them now."""

    def payouts(self, since: datetime) -> list[Payout]:
        """Return what the account sent to its bank since then, as Stripe knows it now.

        Raises ProviderRefused, ProviderUnavailable.
        """

    def refund(self, refund: Refund) -> Reversal:
        """Give money of a payment back and return that refund.

        The same key gives back once, however often it is asked; where the answer was lost, Stripe's list of refunds
        tells. Raises BadAmount (more than is left), ProviderRefused, ProviderUnavailable.
        """

    def cancel_subscription(self, stripe_subscription_id: str, *, at_period_end: bool) -> Subscription:
        """End a subscription now, or let it run until what is paid for ends; return it as it is then.

        Raises ProviderRefused, ProviderUnavailable.
        """

    def account_name(self) -> str:
        """Return the account's business name."""


class Gateways(Protocol):
    """Where gateways come from: one for each workspace, by its active connection."""

    def for_connection(self, connection: StripeConnection) -> PaymentGateway:
        """Return a gateway that acts on that account."""

    def least_charge(self, currency: str) -> Money | None:
        """Return the least that can be charged online in the currency, None where that is not known."""

    def direct_account(self) -> ConnectedAccount | None:
        """Return the account of the installation's own key, None where businesses connect theirs by consent.

        Raises ProviderRefused, ProviderUnavailable.
        """

    def dashboard_url(self, line: Payment, connection: StripeConnection | None) -> str:
        """Return where the people of the business see a line's object at Stripe; "" for one Stripe never saw.

        `connection` is the workspace's active one: the line may be of an account that was connected before.
        """

    def authorize_url(self, *, state: str, redirect_uri: str, business: str) -> str:
        """Return Stripe's consent page for connecting an account (scope read_write).

        `business` is the name that a business without an account yet would give there.
        """

    def exchange_code(self, code: str) -> ConnectedAccount:
        """Redeem an authorization code; raises ConnectRefused."""

    def deauthorize(self, stripe_account_id: str) -> None:
        """End our access to a connected account; an account that is gone already is fine."""


class ConnectedAccount(Protocol):
    """What Stripe returns for an authorization code."""

    @property
    def stripe_account_id(self) -> str:
        """Stripe's id of the account."""

    @property
    def livemode(self) -> bool:
        """Whether its money is real."""

    @property
    def business_name(self) -> str:
        """The name its customers know it by."""
