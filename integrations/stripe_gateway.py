"""The payment gateway on Stripe: payment links of one account, what came through them, and giving it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.errors import ProviderRefused
from integrations.stripe_payment_links import StripePaymentLinks
from integrations.stripe_payouts import StripePayouts
from integrations.stripe_reversals import StripeReversals
from integrations.stripe_settlements import StripeSettlements
from integrations.stripe_subscriptions import StripeSubscriptions

if TYPE_CHECKING:
    from datetime import datetime

    from billing.invoices import Invoice
    from billing.payments import LinkAtStripe, PaymentLink, Payout, Refund, Reversal, Settlement
    from billing.subscriptions import Subscription
    from integrations.stripe_account import StripeAccount


class StripeGateway:
    """Implements `billing.ports.PaymentGateway` for one account."""

    def __init__(self, account: StripeAccount) -> None:
        self._account = account
        self._links = StripePaymentLinks(account)
        self._settlements = StripeSettlements(account)
        self._reversals = StripeReversals(account)
        self._subscriptions = StripeSubscriptions(account)

    def create_payment_link(self, link: PaymentLink, invoice: Invoice, business: str) -> PaymentLink:
        """Make the link at Stripe and return it with url, Stripe id, account and livemode.

        Asked again with the same link and invoice, Stripe returns the link it made; where its answer was lost, its list
        of links tells. Raises AmountTooSmall, BadAmount, ProviderRefused, ProviderUnavailable.
        """
        return self._links.make(link, invoice, business)

    def deactivate_payment_link(self, stripe_payment_link_id: str) -> None:
        """Switch a link off; doing so twice is fine. Raises ProviderRefused, ProviderUnavailable."""
        self._links.switch_off(stripe_payment_link_id)

    def live_links(self) -> list[LinkAtStripe]:
        """Return every link of ours that takes payments on the account now."""
        return self._links.live()

    def takes_payments(self, stripe_payment_link_id: str) -> bool:
        """Say whether the link takes payments now: used up or switched off, it does not."""
        return any(link.active for link in self._links.of_id(stripe_payment_link_id))

    def settlements(self, link: PaymentLink) -> list[Settlement]:
        """Return every payment that came through the link, as Stripe knows it now; none for a link not made yet."""
        if link.stripe_payment_link_id is None:
            return []
        return self._settlements.of_link(link.stripe_payment_link_id)

    def subscriptions(self, link: PaymentLink) -> list[Subscription]:
        """Return the subscriptions that were started through the link, as Stripe knows them now."""
        if link.stripe_payment_link_id is None or not link.recurring:
            return []
        return self._subscriptions.of_link(link.stripe_payment_link_id)

    def payouts(self, since: datetime) -> list[Payout]:
        """Return what the account sent to its bank since then, as Stripe knows it now.

        Raises ProviderRefused, ProviderUnavailable.
        """
        return StripePayouts(self._account).since(since)

    def refund(self, refund: Refund) -> Reversal:
        """Give money of a payment back, once for the refund's key, and return that refund as it stands.

        Raises BadAmount (more than is left), CannotRefund, ProviderRefused, ProviderUnavailable.
        """
        return self._reversals.make(refund, self._settlements.intent_of(refund.payment))

    def cancel_subscription(self, stripe_subscription_id: str, *, at_period_end: bool) -> Subscription:
        """End a subscription now, or let it run until what is paid for ends; return it as it is then.

        Raises ProviderRefused, ProviderUnavailable.
        """
        ended = self._subscriptions.cancel(stripe_subscription_id, at_period_end=at_period_end)
        if not ended:
            raise ProviderRefused("That subscription was not made by Evie.")
        return ended[0]

    def account_name(self) -> str:
        """Return the account's business name."""
        return self._account.business_name()
