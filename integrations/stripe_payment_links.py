"""Payment links of one account: made once, switched off, and found again where nobody heard that they were made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing.errors import AmountTooSmall, ProviderUnavailable
from billing.payments import LinkAtStripe
from integrations.stripe_errors import in_our_words
from integrations.stripe_links import LINK, MADE_FROM, digest, idempotency_key, link_params, named
from integrations.stripe_money import minimum

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stripe import PaymentLink as StripePaymentLink

    from billing.invoices import Invoice
    from billing.money import Money
    from billing.payments import PaymentLink
    from integrations.stripe_account import StripeAccount


class StripePaymentLinks:
    """Makes, reads and ends links. What carries no name of ours is somebody else's and yields nothing."""

    def __init__(self, account: StripeAccount) -> None:
        self._account = account
        self._links = account.client.v1.payment_links

    def make(self, link: PaymentLink, invoice: Invoice, business: str) -> PaymentLink:
        """Make the link and return it with url, Stripe id, account and livemode, as the port says."""
        _require_minimum(link.money)
        params = link_params(link, invoice, business)
        options = self._account.options(idempotency_key=idempotency_key(link, params))
        try:
            with in_our_words():
                made = self._links.create(params, options)
        except ProviderUnavailable:
            # Stripe may have made it all the same; asked again with another key it would make a second one.
            found = self._made_from(link.id, digest(params))
            if found is None:
                raise
            made = found
        return replace(
            link,
            url=made.url,
            stripe_payment_link_id=made.id,
            stripe_account_id=self._account.stripe_account_id,
            livemode=made.livemode,
        )

    def live(self) -> list[LinkAtStripe]:
        """Return the links of ours that take payments now."""
        with in_our_words():
            return [found for link in self._active() for found in _record(link)]

    def of_id(self, stripe_payment_link_id: str) -> list[LinkAtStripe]:
        """Return the link as it is now, [] where it is not ours."""
        with in_our_words():
            return _record(self._links.retrieve(stripe_payment_link_id, options=self._account.options()))

    def switch_off(self, stripe_payment_link_id: str) -> None:
        """Switch a link off; doing so twice is fine."""
        with in_our_words():
            self._links.update(stripe_payment_link_id, {"active": False}, self._account.options())

    def _made_from(self, link_id: str, made_from: str) -> StripePaymentLink | None:
        with in_our_words():
            for link in self._active():
                if _says(link, LINK) == link_id and _says(link, MADE_FROM) == made_from:
                    return link
        return None

    def _active(self) -> Iterator[StripePaymentLink]:
        """Yield what is live, newest first. Stripe's list knows what was made a moment ago; its search does not."""
        return self._links.list({"active": True, "limit": 100}, self._account.options()).auto_paging_iter()


def _says(link: StripePaymentLink, name: str) -> str:
    # Annotated as a dict, it is one of the package's objects, which have no `get`.
    return link.metadata[name] if name in link.metadata else ""  # noqa: SIM401 - as above


def _record(link: StripePaymentLink) -> list[LinkAtStripe]:
    names = named(link.metadata)
    if names is None or LINK not in link.metadata:
        return []
    return [LinkAtStripe(link.id, str(link.metadata[LINK]), names[0], names[1], active=link.active)]


def _require_minimum(money: Money) -> None:
    least = minimum(money.currency)
    if least is not None and money < least:
        advice = ", the least that Stripe charges. Raise the amount, or collect it another way."
        raise AmountTooSmall(money, " is below ", least, advice)
