"""Connecting businesses by OAuth, and the gateways of those that are connected.

One platform key serves all connected accounts; each request names the account. Without a platform, in direct mode,
the key's own account is the only one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stripe import oauth_error

from billing.errors import BillingError, ConnectRefused
from integrations.stripe_account import StripeAccount, StripeConfig, name_of
from integrations.stripe_dashboard import dashboard_url
from integrations.stripe_endpoints import Endpoint, endpoints
from integrations.stripe_errors import in_our_words
from integrations.stripe_events import (
    ACCOUNT_EVENTS,
    CHARGE_EVENTS,
    DISPUTE_EVENTS,
    INTENT_EVENTS,
    INVOICE_EVENTS,
    INVOICE_PAYMENT_EVENTS,
    LINK_EVENTS,
    PAYOUT_EVENTS,
    REFUND_EVENTS,
    SESSION_EVENTS,
    SUBSCRIPTION_EVENTS,
)
from integrations.stripe_gateway import StripeGateway
from integrations.stripe_history import past_events
from integrations.stripe_money import minimum
from integrations.stripe_payment_links import StripePaymentLinks
from integrations.stripe_payouts import StripePayouts
from integrations.stripe_settlements import StripeSettlements
from integrations.stripe_subscriptions import StripeSubscriptions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from billing.money import Money
    from billing.payments import LinkAtStripe, Payment, Payout, Settlement
    from billing.subscriptions import Subscription
    from billing.workspaces import StripeConnection
    from integrations.stripe_events import StripeEvent

_SCOPE: Final = "read_write"
_NOT_SET_UP: Final = "Connecting Stripe is not set up: whoever runs Evie must set STRIPE_API_KEY and STRIPE_CLIENT_ID."
_REFUSED: Final = {
    "invalid_grant": "That Stripe approval has expired or was used already. Say “connect Stripe” to start again.",
    "invalid_client": "Stripe does not accept Evie's platform settings. Whoever runs Evie has to check them.",
    "invalid_scope": "Stripe did not give Evie the access it needs. Say “connect Stripe” to start again.",
}
_REFUSED_OTHERWISE: Final = "Stripe did not connect the account. Say “connect Stripe” to start again."


@dataclass(frozen=True, slots=True)
class ConnectedStripeAccount:
    """An account that Evie may act on."""

    stripe_account_id: str
    livemode: bool
    business_name: str


class StripeGateways:
    """Implements `billing.ports.Gateways` with one client for all accounts."""

    def __init__(self, config: StripeConfig) -> None:
        self._config = config
        self._client = config.client()

    def for_connection(self, connection: StripeConnection) -> StripeGateway:
        """Return a gateway that acts on that account."""
        return StripeGateway(self._account(connection))

    def settlements_of(self, event: StripeEvent, connection: StripeConnection) -> list[Settlement]:
        """Return what the object that the event names says now; [] for events that are about no payment.

        Raises ProviderRefused where the account has no such object, ProviderUnavailable.
        """
        of_payment = event.type in (*SESSION_EVENTS, *INTENT_EVENTS)
        settlements = StripeSettlements(self._account(connection), failed_refunds=not of_payment)
        asking = (
            (SESSION_EVENTS, settlements.of_session),
            (INTENT_EVENTS, settlements.of_intent),
            (INVOICE_EVENTS, settlements.of_invoice),
            (CHARGE_EVENTS, settlements.of_charge),
            (REFUND_EVENTS, settlements.of_refund),
            (DISPUTE_EVENTS, settlements.of_dispute),
            (INVOICE_PAYMENT_EVENTS, settlements.of_invoice_payment),
            # Before a link is taken for ended, what ended it has to be known.
            (LINK_EVENTS, settlements.of_link),
        )
        asks = next((ask for types, ask in asking if event.type in types), None)
        return asks(event.object_id) if asks and event.object_id else []

    def subscriptions_of(self, event: StripeEvent, connection: StripeConnection) -> list[Subscription]:
        """Return what the subscription that the event names says now; [] for events about none.

        Raises ProviderRefused where the account has no such subscription, ProviderUnavailable.
        """
        if event.type not in SUBSCRIPTION_EVENTS or not event.object_id:
            return []
        return StripeSubscriptions(self._account(connection)).of_id(event.object_id)

    def payouts_of(self, event: StripeEvent, connection: StripeConnection) -> list[Payout]:
        """Return what the payout that the event names says now; [] for events about none.

        Raises ProviderRefused where the account has no such payout, ProviderUnavailable.
        """
        if event.type not in PAYOUT_EVENTS or not event.object_id:
            return []
        return StripePayouts(self._account(connection)).of_id(event.object_id)

    def dashboard_url(self, line: Payment, connection: StripeConnection | None) -> str:
        """Return where the people of the business see a line's object at Stripe; "" for one Stripe never saw."""
        return dashboard_url(line, connection, desk=self._config.desk)

    def links_of(self, event: StripeEvent, connection: StripeConnection) -> list[LinkAtStripe]:
        """Return the payment link that the event names, as it is now; [] for events about none.

        Raises ProviderRefused where the account has no such link, ProviderUnavailable.
        """
        if event.type not in LINK_EVENTS or not event.object_id:
            return []
        return StripePaymentLinks(self._account(connection)).of_id(event.object_id)

    def name_of(self, event: StripeEvent, connection: StripeConnection) -> str:
        """Return the business's name now, where the event says that its account has changed; else ""."""
        return self._account(connection).business_name() if event.type in ACCOUNT_EVENTS else ""

    def past_events(
        self, connection: StripeConnection, since: datetime, until: datetime | None = None
    ) -> Iterator[bytes]:
        """Return the account's events of that time, in no certain order, as webhooks would have brought them.

        Raises ProviderRefused, ProviderUnavailable.
        """
        return past_events(self._account(connection), since, until)

    def least_charge(self, currency: str) -> Money | None:
        """Return the least that Stripe charges in the currency, None where that is not known."""
        return minimum(currency)

    def authorize_url(self, *, state: str, redirect_uri: str, business: str) -> str:
        """Return Stripe's consent page for connecting an account; raises ConnectRefused where no platform is set."""
        if self._config.client_id is None:
            raise ConnectRefused(_NOT_SET_UP)
        return self._client.oauth.authorize_url(
            {
                "scope": _SCOPE,
                "state": state,
                "redirect_uri": redirect_uri,
                "stripe_user": {"business_name": business},
            },
        )

    def exchange_code(self, code: str) -> ConnectedStripeAccount:
        """Redeem an authorization code, which works once; raises ConnectRefused, ProviderUnavailable."""
        with in_our_words():
            try:
                token = self._client.oauth.token({"grant_type": "authorization_code", "code": code})
            except oauth_error.OAuthError as error:
                raise ConnectRefused(_REFUSED.get(error.code or "", _REFUSED_OTHERWISE)) from error
        if token.stripe_user_id is None or token.scope != _SCOPE:
            raise ConnectRefused(_REFUSED["invalid_scope"])
        livemode = bool(token.livemode)
        account = StripeAccount(self._client, token.stripe_user_id, livemode, direct=False)
        return ConnectedStripeAccount(token.stripe_user_id, livemode, _name_if_known(account))

    def deauthorize(self, stripe_account_id: str) -> None:
        """End our access to a connected account. One that is gone already is fine, and so is the key's own.

        Raises ProviderRefused, ProviderUnavailable.
        """
        if self._config.client_id is None:
            return
        with in_our_words():
            try:
                self._client.oauth.deauthorize({"stripe_user_id": stripe_account_id})
            except oauth_error.InvalidClientError as error:
                # Stripe has one code for "not connected" and for a wrong client id; only its sentence tells.
                if "not connected" not in (error.user_message or ""):
                    raise

    def own_account(self) -> ConnectedStripeAccount:
        """Return the key's own account, for direct mode; raises ProviderRefused, ProviderUnavailable."""
        with in_our_words():
            account = self._client.v1.accounts.retrieve_current()
        return ConnectedStripeAccount(account.id, self._config.livemode, name_of(account))

    def direct_account(self) -> ConnectedStripeAccount | None:
        """Return the key's own account in direct mode, else None; raises ProviderRefused, ProviderUnavailable."""
        return self.own_account() if self._config.direct else None

    def endpoints(self) -> list[Endpoint]:
        """Return where Stripe sends the key's events; raises ProviderRefused, ProviderUnavailable."""
        return endpoints(self._client)

    def _account(self, connection: StripeConnection) -> StripeAccount:
        return StripeAccount(
            self._client,
            connection.stripe_account_id,
            connection.livemode,
            direct=connection.direct,
        )


def _name_if_known(account: StripeAccount) -> str:
    """Return the business's name, "" where it cannot be read: the code is used up, so this must not fail."""
    try:
        return account.business_name()
    except BillingError:
        return ""
