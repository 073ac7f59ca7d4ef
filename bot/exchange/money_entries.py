"""Ways to pay and money that moved, as entries of an exchange document."""

# Pydantic reads every annotation here at run time.
# ruff: noqa: TC001

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StrictBool, model_validator

from billing.payments import Interval, PaymentMethod, PaymentStatus, PaymentType
from billing.subscriptions import SubscriptionStatus
from bot.exchange.entry import Entry
from bot.exchange.forms import ContactNumber, Currency, Identifier, Instant, InvoiceNumber, WebUrl

Count: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=156)]


class PaymentLinkEntry(Entry):
    """How an invoice is paid. Without `url` the link is wanted, and made when somebody asks for it."""

    interval: Interval
    interval_count: Count = 1
    id: Identifier | None = None
    amount: str | None = None
    url: WebUrl | None = None
    stripe_payment_link_id: Identifier | None = None
    stripe_account_id: Identifier | None = None
    livemode: StrictBool = False
    fingerprint: Identifier | None = None
    created_at: Instant | None = None
    switched_off_at: Instant | None = None

    @model_validator(mode="after")
    def _made_or_not(self) -> PaymentLinkEntry:
        made = (self.url, self.stripe_payment_link_id, self.stripe_account_id)
        if any(made) and not all(made):
            message = "needs url, stripe_payment_link_id and stripe_account_id together, or none of them"
            raise ValueError(message)
        return self


class SubscriptionEntry(Entry):
    """The subscription that a recurring link started; what is left out is as the link says."""

    status: SubscriptionStatus
    amount: str | None = None
    started_at: Instant | None = None
    current_period_end: Instant | None = None
    cancel_at_period_end: StrictBool = False
    stripe_subscription_id: Identifier | None = None
    stripe_account_id: Identifier | None = None
    livemode: StrictBool = False


class PaymentEntry(Entry):
    """A line of the payment log. `fee` and `net` are in `balance_currency`, left out where that is the line's own."""

    type: PaymentType
    status: PaymentStatus
    amount: str
    currency: Currency
    occurred_at: Instant
    invoice: InvoiceNumber | None = None
    contact: ContactNumber | None = None
    payer: Annotated[str, Field(max_length=400)] = ""
    failure_message: Annotated[str, Field(max_length=2000)] = ""
    stripe_account_id: Identifier | Literal[""] = ""
    stripe_object_id: Identifier
    livemode: StrictBool = False
    method: PaymentMethod | None = None
    reverses: Identifier | None = None
    reason: Annotated[str, Field(max_length=200)] = ""
    fee: str | None = None
    net: str | None = None
    balance_currency: Currency | None = None
