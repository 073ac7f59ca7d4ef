"""Stripe's client as it acts on one account, and how that client is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import stripe

from billing.watching import Watch, unwatched
from integrations.stripe_errors import in_our_words
from integrations.stripe_http import StripeHTTPClient
from integrations.stripe_watching import WatchedHTTPClient

if TYPE_CHECKING:
    from stripe import Account, RequestOptions, StripeClient

_TIMEOUT_SECONDS: Final = 20
_RETRIES: Final = 2


@dataclass(frozen=True, slots=True)
class StripeConfig:
    """What a Stripe client is made from. `None` means Stripe's own addresses and our HTTP client.

    `client_id` is the platform's, for connecting accounts by OAuth; `direct`, without it, that the key's
    own account is the business's.
    `desk` is the address of what is looked at in the place of Stripe's dashboard, without a slash at its end. `watch`
    sees every request.
    """

    api_key: str = field(repr=False)
    client_id: str | None = None
    api_base: str | None = None
    connect_base: str | None = None
    desk: str | None = None
    http_client: stripe.HTTPClient | None = None
    direct: bool = False
    watch: Watch = unwatched

    @property
    def livemode(self) -> bool:
        """Whether the key moves real money."""
        return self.api_key.startswith(("sk_live_", "rk_live_"))

    def client(self) -> StripeClient:
        """Return a new client; nothing of it lives in the package's module state."""
        return stripe.StripeClient(
            self.api_key,
            base_addresses={
                "api": self.api_base or stripe.DEFAULT_API_BASE,
                "connect": self.connect_base or stripe.DEFAULT_CONNECT_API_BASE,
            },
            client_id=self.client_id,
            max_network_retries=_RETRIES,
            http_client=WatchedHTTPClient(self.http_client or StripeHTTPClient(_TIMEOUT_SECONDS), self.watch),
        )


@dataclass(frozen=True, slots=True)
class StripeAccount:
    """One account, and the client that acts on it. `direct` means the key's own account, which no header names."""

    client: StripeClient
    stripe_account_id: str
    livemode: bool
    direct: bool

    def options(self, *, idempotency_key: str | None = None) -> RequestOptions:
        """Return what goes with every request to the account."""
        options: RequestOptions = {}
        if not self.direct:
            options["stripe_account"] = self.stripe_account_id
        if idempotency_key is not None:
            options["idempotency_key"] = idempotency_key
        return options

    def business_name(self) -> str:
        """Return the name under which the account does business, or its id; raises what Stripe's errors become."""
        with in_our_words():
            account = self.client.v1.accounts.retrieve_current(options=self.options())
        return name_of(account)


def name_of(account: Account) -> str:
    """Return the account's business name as its customers see it, or its id where it has none."""
    profile = account.business_profile
    if profile is not None and profile.name:
        return profile.name
    settings = account.settings
    if settings is not None and settings.dashboard.display_name:
        return settings.dashboard.display_name
    return account.id
