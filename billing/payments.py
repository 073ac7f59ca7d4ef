"""Ways to pay and money that moved: payment links and the payment log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from billing.money import Money


class Interval(StrEnum):
    """How often a link charges: once, or every `interval_count` days, weeks, months or years."""

    ONE_TIME = "one_time"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PaymentLink:
    """Stripe's payment link for one invoice; one is active at a time, the earlier ones stay as history.

    `url` and `stripe_payment_link_id` are None while it is wanted but not made yet (an imported record, or
    Stripe not connected). `fingerprint` is a digest of what it was made from, `revision` counts the links of
    the invoice. `switched_off_at` is set where a person ended it, so that only a person makes another.
    """

    workspace_id: str
    id: str
    invoice: str
    revision: int
    interval: Interval
    interval_count: int
    money: Money
    fingerprint: str
    active: bool
    created_at: datetime
    url: str | None = None
    stripe_payment_link_id: str | None = None
    stripe_account_id: str | None = None
    livemode: bool = False
    switched_off_at: datetime | None = None

    @property
    def recurring(self) -> bool:
        """Whether it charges more than once."""
        return self.interval is not Interval.ONE_TIME


@dataclass(frozen=True, slots=True)
class LinkAtStripe:
    """A link as Stripe has it. `link` is the id of our record, and `active` that it takes payments."""

    stripe_payment_link_id: str
    link: str
    workspace_id: str
    invoice: str
    active: bool


class PaymentType(StrEnum):
    """What kind of movement a line of the payment log is."""

    CHARGE = "charge"
    REFUND = "refund"
    SUBSCRIPTION = "subscription"
    DISPUTE = "dispute"
    PAYOUT = "payout"


class PaymentMethod(StrEnum):
    """How money came that Stripe never saw."""

    BANK_TRANSFER = "bank_transfer"
    CASH = "cash"
    CHEQUE = "cheque"
    CARD = "card"
    OTHER = "other"


class PaymentStatus(StrEnum):
    """How the movement ended, or that it is still under way.

    `inquiry` to `lost` are those of a dispute: an inquiry is the bank's question before it, where no money has moved
    and it can still be given back. The last two are of a subscription itself, where none moves either.
    """

    FAILED = "failed"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    INQUIRY = "inquiry"
    OPEN = "open"
    WON = "won"
    LOST = "lost"
    STARTED = "started"
    CANCELED = "canceled"


class RefundReason(StrEnum):
    """Why money is given back, in Stripe's words; `fraudulent` has Stripe block the card and the address."""

    REQUESTED_BY_CUSTOMER = "requested_by_customer"
    DUPLICATE = "duplicate"
    FRAUDULENT = "fraudulent"


@dataclass(frozen=True, slots=True)
class Payment:
    """One line of the payment log. (account, object id) is unique, so a fact is counted once.

    The account is "" for money that Stripe never saw; `method` is how that came, where somebody said so. A refund or
    a dispute `reverses` the line of that object id, for a `reason` in Stripe's words. `observed_at` is when Stripe
    was asked for what the line says; `presented` what the payer was shown and paid, in another currency. `fee` and
    `net` are what Stripe kept and what the account's balance gained (or, below zero, lost) by it, in the currency of
    that balance; None while Stripe has not booked it, or never will.
    A payout has no invoice; the line of a subscription has what it charges each time.
    """

    workspace_id: str
    id: str
    type: PaymentType
    status: PaymentStatus
    money: Money
    occurred_at: datetime
    stripe_account_id: str
    stripe_object_id: str
    livemode: bool
    invoice: str | None = None
    contact: str | None = None
    payer: str = ""
    failure_message: str = ""
    method: PaymentMethod | None = None
    reverses: str | None = None
    reason: str = ""
    observed_at: datetime | None = None
    fee: Money | None = None
    net: Money | None = None
    presented: Money | None = None

    @property
    def stripe_id(self) -> str:
        """Stripe's id of the object that the line is about; "" for money that Stripe never saw."""
        return self.stripe_object_id.partition(":")[0] if self.stripe_account_id else ""


@dataclass(frozen=True, slots=True)
class Reversal:
    """Money of a payment that went back, or that its payer contests: one refund or dispute as it stands now.

    `fee` and `net` as in `Payment`: of all that was booked for it so far.
    """

    stripe_object_id: str
    type: PaymentType
    status: PaymentStatus
    money: Money
    occurred_at: datetime
    reason: str = ""
    fee: Money | None = None
    net: Money | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is known of one payment now: Stripe's snapshot in our own words, or what a person recorded.

    `stripe_object_id` is the object the money is counted by (payment intent, or Stripe invoice for a
    subscription period). `invoice` is what the object's metadata names, not yet looked up. `attempt` is the
    charge of a failed try, so that each is told once. `reversals` are all of the payment's refunds and disputes.
    `fee` and `net` as in `Payment`.
    `used_up` is the id of our link whose checkout was completed with it, which takes no second payment.
    """

    stripe_account_id: str
    stripe_object_id: str
    livemode: bool
    type: PaymentType
    status: PaymentStatus
    money: Money
    occurred_at: datetime
    workspace_id: str
    invoice: str
    payer: str = ""
    failure_message: str = ""
    attempt: str = ""
    method: PaymentMethod | None = None
    reversals: tuple[Reversal, ...] = ()
    fee: Money | None = None
    net: Money | None = None
    presented: Money | None = None
    used_up: str = ""


@dataclass(frozen=True, slots=True)
class Payout:
    """One payout as it stands now. `fee` and `net` as in `Payment`: `net` is what left the balance, below zero."""

    stripe_account_id: str
    stripe_object_id: str
    livemode: bool
    status: PaymentStatus
    money: Money
    occurred_at: datetime
    failure_message: str = ""
    fee: Money | None = None
    net: Money | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund that can be made: of which payment, how much, and what is left of that payment afterwards."""

    payment: Payment
    money: Money
    left: Money
    key: str
    reason: RefundReason | None = None

    @property
    def by_hand(self) -> bool:
        """Whether the payment never went through Stripe, so that a person has to give the money back."""
        return not self.payment.stripe_account_id
