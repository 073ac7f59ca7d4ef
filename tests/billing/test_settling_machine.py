"""Whatever happens at Stripe, and however late, often and disordered we hear of it, we end where Stripe is.

A model keeps what is true at Stripe. Looks at it are taken at any time, as an event or a sync would take them, and
applied later, again, or in another order. Once each object was looked at after its last change, the books have to be
the function of the final truth that is written down here, and every piece of news has to have been told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle, islice

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from billing.automations import Trigger
from billing.invoices import InvoiceStatus
from billing.money import Money
from billing.payments import Interval, PaymentStatus, PaymentType, Reversal, Settlement
from billing.ports import Transaction
from billing.queues import OutboxKind
from billing.settling import settle
from billing.subscribing import keep
from billing.subscriptions import Subscription, SubscriptionStatus
from billing.workspaces import NotificationRoute
from storage import SqlStore
from storage.tables import outbox
from tests.support.records import an_invoice
from tests.support.studio import Studio

TOTAL = 500_00
SHARES = 4
LEAST_EVENTS = 30
NEWS = (
    Trigger.PAYMENT_SUCCEEDED,
    Trigger.PAYMENT_FAILED,
    Trigger.REFUND_CREATED,
    Trigger.DISPUTE_OPENED,
    Trigger.SUBSCRIPTION_RENEWED,
    Trigger.SUBSCRIPTION_CANCELLED,
)
OUTCOMES = (PaymentStatus.FAILED, PaymentStatus.PROCESSING, PaymentStatus.SUCCEEDED)
GIVEN_BACK = {PaymentStatus.PROCESSING, PaymentStatus.SUCCEEDED}
Look = Callable[[Transaction], object]


def aud(minor: int) -> Money:
    return Money(minor, "AUD")


@dataclass
class Paid:
    """What is true at Stripe of one payment: a one-time intent, or the invoice of a subscription's period."""

    id: str
    type: PaymentType
    minor: int
    status: PaymentStatus | None = None
    tried_at: datetime | None = None
    attempts: int = 0
    reversals: dict[str, Reversal] = field(default_factory=dict)

    @property
    def left(self) -> int:
        return self.minor - self.returned

    @property
    def returned(self) -> int:
        return sum(one.money.amount for one in self.reversals.values() if self._has_left(one))

    @property
    def dispute(self) -> Reversal | None:
        return next((one for one in self.reversals.values() if one.type is PaymentType.DISPUTE), None)

    @staticmethod
    def _has_left(one: Reversal) -> bool:
        if one.type is PaymentType.DISPUTE:
            return one.status is PaymentStatus.LOST
        return one.status in GIVEN_BACK


class Stripe(RuleBasedStateMachine):
    """Stripe's truth changes, and is looked at; what was seen is applied at some time or never."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.studio = studio
        # A whole second, so that every history is the same when it is played again.
        studio.now = studio.now.replace(microsecond=0) + timedelta(seconds=1)
        with studio.store.transaction(studio.id) as tx:
            self.invoice = tx.invoices.next_number()
            tx.invoices.add(
                an_invoice(workspace_id=studio.id, number=self.invoice, token=self.invoice, status=InvoiceStatus.OPEN),
            )
        self.paid: list[Paid] = []
        self.subscription = SubscriptionStatus.ACTIVE
        self.looks: list[Look] = []
        self.events = 0

    # What happens at Stripe

    @rule(minor=st.sampled_from([TOTAL, TOTAL, 200_00, 480_00]), subscription=st.booleans())
    @precondition(lambda self: len(self.paid) < 4)
    def begin(self, minor: int, *, subscription: bool) -> None:
        kind = PaymentType.SUBSCRIPTION if subscription else PaymentType.CHARGE
        self.paid.append(Paid(f"{'in' if subscription else 'pi'}_{self.invoice}_{len(self.paid)}", kind, minor))

    @rule(data=st.data())
    @precondition(lambda self: self._which(self._open))
    def attempt(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self._which(self._open)))
        one.status = data.draw(
            st.sampled_from([PaymentStatus.FAILED, PaymentStatus.PROCESSING, PaymentStatus.SUCCEEDED])
        )
        # Stripe dates a charge in whole seconds, so two tries may have the same date.
        one.tried_at = self.studio.now.replace(microsecond=0)
        one.attempts += 1

    @rule(data=st.data(), succeeds=st.booleans())
    @precondition(lambda self: self._which(lambda one: one.status is PaymentStatus.PROCESSING))
    def arrive(self, data: st.DataObject, *, succeeds: bool) -> None:
        one = data.draw(st.sampled_from(self._which(lambda one: one.status is PaymentStatus.PROCESSING)))
        one.status = PaymentStatus.SUCCEEDED if succeeds else PaymentStatus.FAILED

    @rule(data=st.data(), all_of_it=st.booleans(), pending=st.booleans())
    @precondition(lambda self: self._which(self._refundable))
    def refund(self, data: st.DataObject, *, all_of_it: bool, pending: bool) -> None:
        one = data.draw(st.sampled_from(self._which(self._refundable)))
        minor = one.left if all_of_it else min(one.left, 150_00)
        status = PaymentStatus.PROCESSING if pending else PaymentStatus.SUCCEEDED
        self._reverse(one, PaymentType.REFUND, status, minor)

    @rule(data=st.data(), fails=st.booleans())
    @precondition(lambda self: self._refunds())
    def finish_refund(self, data: st.DataObject, *, fails: bool) -> None:
        one, refund = data.draw(st.sampled_from(self._refunds()))
        status = PaymentStatus.FAILED if fails else PaymentStatus.SUCCEEDED
        one.reversals[refund.stripe_object_id] = replace(refund, status=status)

    @rule(data=st.data(), inquiry=st.booleans())
    @precondition(lambda self: self._which(self._disputable))
    def dispute(self, data: st.DataObject, *, inquiry: bool) -> None:
        one = data.draw(st.sampled_from(self._which(self._disputable)))
        self._reverse(one, PaymentType.DISPUTE, PaymentStatus.INQUIRY if inquiry else PaymentStatus.OPEN, one.left)

    @rule(data=st.data(), won=st.booleans())
    @precondition(lambda self: self._which(self._contested))
    def decide(self, data: st.DataObject, *, won: bool) -> None:
        one = data.draw(st.sampled_from(self._which(self._contested)))
        assert one.dispute is not None
        status = PaymentStatus.WON if won else PaymentStatus.LOST
        one.reversals[one.dispute.stripe_object_id] = replace(one.dispute, status=status)

    @rule(status=st.sampled_from([SubscriptionStatus.PAST_DUE, SubscriptionStatus.ACTIVE, SubscriptionStatus.CANCELED]))
    @precondition(lambda self: not self.subscription.ended)
    def change_subscription(self, status: SubscriptionStatus) -> None:
        self.subscription = status

    # What we see of it

    @rule(milliseconds=st.sampled_from([1, 400, 5_000]))
    def wait(self, milliseconds: int) -> None:
        self.studio.now += timedelta(milliseconds=milliseconds)

    @rule(data=st.data())
    @precondition(lambda self: self.paid)
    def look(self, data: st.DataObject) -> None:
        self._look(data.draw(st.sampled_from([*self.paid, None])))

    @rule(data=st.data(), again=st.booleans())
    @precondition(lambda self: self.looks)
    def apply(self, data: st.DataObject, *, again: bool) -> None:
        chosen = data.draw(st.integers(0, len(self.looks) - 1))
        self._apply(self.looks[chosen] if again else self.looks.pop(chosen))

    # What has to be true at the end

    def teardown(self) -> None:
        self.studio.now += timedelta(milliseconds=1)
        stale = len(self.looks)
        for one in [*self.paid, None]:
            self._look(one)
        # What was seen last is applied first, and all that was seen before comes late, the oldest last of all; and then
        # once more, until there were as many events as a history has at least.
        fresh, late = self.looks[stale:], self.looks[:stale][::-1]
        for seen in [*fresh, *late]:
            self._apply(seen)
        for seen in islice(cycle(late or fresh), max(LEAST_EVENTS - self.events, 0)):
            self._apply(seen)
        self._require_state()
        self._require_news()

    def _require_state(self) -> None:
        came = [one for one in self.paid if one.status is PaymentStatus.SUCCEEDED]
        captured, returned = sum(one.minor for one in came), sum(one.returned for one in came)
        invoice = self.studio.invoice(self.invoice)
        status = InvoiceStatus.PAID if captured >= TOTAL else InvoiceStatus.OPEN
        if came and returned >= captured:
            status = InvoiceStatus.REFUNDED
        assert invoice.status is status
        assert invoice.paid == aud(min(max(captured - returned, 0), TOTAL))
        assert invoice.refunded == (aud(returned) if returned else None)
        assert invoice.disputed == any(self._contested(one) for one in came)
        lines = {line.stripe_object_id: line.status for line in self.studio.payments(self.invoice)}
        truth = {one.id: one.status for one in self.paid if one.status is not None}
        truth |= {id_: back.status for one in came for id_, back in one.reversals.items()}
        truth[f"sub_{self.invoice}"] = PaymentStatus.STARTED
        if self.subscription is SubscriptionStatus.CANCELED:
            truth[f"sub_{self.invoice}:canceled"] = PaymentStatus.CANCELED
        assert lines == truth

    def _require_news(self) -> None:
        came = [one for one in self.paid if one.status is PaymentStatus.SUCCEEDED]
        told = self._told()
        paid = f"payment_succeeded:{self.invoice}"
        arrivals = [key for key in told if key.startswith((paid, "subscription_renewed:", "payment_received:"))]
        assert len(arrivals) == len(came)
        assert (paid in arrivals) == (sum(one.minor for one in came) >= TOTAL)
        expected = {key for one in came for back in one.reversals.values() for key in _news_of(back)}
        if self.subscription is SubscriptionStatus.CANCELED:
            expected.add(f"subscription_cancelled:sub_{self.invoice}")
        rest = {key for key in told if key not in arrivals}
        failures = {key for key in rest if key.startswith("payment_failed:")}
        # Told only where it was heard of before it ended, and then once for each payment.
        under_way = {key for key in rest if key.startswith("payment_processing:")}
        assert under_way <= {f"payment_processing:{self.invoice}:{one.id}" for one in self.paid}
        assert rest - failures - under_way == expected
        assert failures <= self._attempts(lambda one: True)
        if self.studio.invoice(self.invoice).payable:
            assert self._attempts(lambda one: one.status is PaymentStatus.FAILED, last=True) <= failures

    def _told(self) -> list[str]:
        """Return the keys of all news of this invoice. They are read and not claimed, which would take longest."""
        query = select(outbox.c.key).where(outbox.c.kind == OutboxKind.NOTIFY, outbox.c.key.contains(self.invoice))
        assert isinstance(self.studio.store, SqlStore)
        with self.studio.store.engine.connect() as connection:
            return [key.removeprefix("notify:") for key in connection.scalars(query)]

    def _attempts(self, fits: Callable[[Paid], bool], *, last: bool = False) -> set[str]:
        return {
            f"payment_failed:{self.invoice}:{one.id}_{attempt}"
            for one in self._which(fits)
            for attempt in range(one.attempts if last else 1, one.attempts + 1)
        }

    # How the model is kept

    def _which(self, fits: Callable[[Paid], bool]) -> list[Paid]:
        return [one for one in self.paid if fits(one)]

    @staticmethod
    def _open(one: Paid) -> bool:
        return one.status in {None, PaymentStatus.FAILED}

    @staticmethod
    def _refundable(one: Paid) -> bool:
        open_ = one.dispute is None or one.dispute.status is PaymentStatus.INQUIRY
        return one.status is PaymentStatus.SUCCEEDED and one.left > 0 and open_

    @staticmethod
    def _disputable(one: Paid) -> bool:
        return one.status is PaymentStatus.SUCCEEDED and one.left > 0 and one.dispute is None

    @staticmethod
    def _contested(one: Paid) -> bool:
        return one.dispute is not None and one.dispute.status in {PaymentStatus.INQUIRY, PaymentStatus.OPEN}

    def _refunds(self) -> list[tuple[Paid, Reversal]]:
        return [
            (one, back)
            for one in self.paid
            for back in one.reversals.values()
            if back.type is PaymentType.REFUND and back.status is not PaymentStatus.FAILED
        ]

    def _reverse(self, one: Paid, kind: PaymentType, status: PaymentStatus, minor: int) -> None:
        id_ = f"{'re' if kind is PaymentType.REFUND else 'dp'}_{one.id}_{len(one.reversals)}"
        one.reversals[id_] = Reversal(id_, kind, status, aud(minor), self.studio.now)

    def _look(self, one: Paid | None) -> None:
        """See what is true now. The looker's clock was read just before, so no two looks are at one instant."""
        self.studio.now += timedelta(microseconds=1)
        if one is None:
            self.looks.append(partial(keep, found=self._subscription(), now=self.studio.now))
        elif one.status is not None and one.tried_at is not None:
            self.looks.append(partial(settle, settlement=self._settlement(one, one.tried_at), now=self.studio.now))

    def _settlement(self, one: Paid, tried_at: datetime) -> Settlement:
        assert one.status is not None
        return self.studio.settlement(
            self.invoice,
            one.minor,
            stripe_object_id=one.id,
            type=one.type,
            status=one.status,
            occurred_at=tried_at,
            attempt=f"{one.id}_{one.attempts}" if one.status is PaymentStatus.FAILED else "",
            reversals=tuple(one.reversals.values()),
        )

    def _subscription(self) -> Subscription:
        return Subscription(
            workspace_id=self.studio.id,
            stripe_subscription_id=f"sub_{self.invoice}",
            stripe_account_id="acct_studio",
            livemode=False,
            invoice=self.invoice,
            status=self.subscription,
            interval=Interval.MONTH,
            interval_count=1,
            money=aud(TOTAL),
            started_at=self.studio.now,
        )

    def _apply(self, seen: Look) -> None:
        self.events += 1
        with self.studio.store.transaction(self.studio.id) as tx:
            seen(tx)


def _news_of(back: Reversal) -> set[str]:
    opened = "refund_created" if back.type is PaymentType.REFUND else "dispute_opened"
    ends = {PaymentStatus.FAILED: "refund_failed", PaymentStatus.WON: "dispute_won", PaymentStatus.LOST: "dispute_lost"}
    return {f"{name}:{back.stripe_object_id}" for name in (opened, ends.get(back.status)) if name}


@pytest.mark.parametrize("share", range(SHARES))
def test_any_history_heard_of_in_any_way_ends_where_stripe_is(studio: Studio, share: int) -> None:
    """Histories of 30 events and more: 200 of them, and 2,000 in `make check`, in shares that processors divide."""
    with studio.store.transaction(studio.id) as tx:
        for event in NEWS:
            tx.people.set_route(NotificationRoute(studio.id, event, "#billing"))

    class Here(Stripe):
        def __init__(self) -> None:
            super().__init__(studio)

    examples = (2_000 if settings.get_current_profile_name() == "thorough" else 200) // SHARES
    run_state_machine_as_test(Here, settings=settings(max_examples=examples, stateful_step_count=60))
