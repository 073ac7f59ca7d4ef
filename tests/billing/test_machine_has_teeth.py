"""The state machine finds what it is there to find: each rule that is broken on purpose makes it fail.

Each fault is one that systems of this kind have had. The machine's histories are long, and it sees all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import select

from billing import reversing, settling, standing, subscribing
from billing.invoices import Invoice, InvoiceStatus
from billing.money import Money
from billing.payments import Payment, PaymentStatus, PaymentType, Reversal, Settlement
from billing.queues import OutboxKind
from billing.reacting import publish
from billing.workspaces import NotificationRoute
from storage import SqlStore
from storage.tables import outbox
from tests.billing.test_settling_machine import LEAST_EVENTS, NEWS, Stripe
from tests.support.records import an_invoice
from tests.support.studio import Studio

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(900)]

EXAMPLES = 150
STEPS = 60
_gone_back = standing.gone_back


def refunds_count_twice(invoice: Invoice, lines: Iterable[Payment]) -> Invoice:
    lines = list(lines)
    return _standing(invoice, [*lines, *(line for line in lines if _gone_back(line))])


_standing = standing.standing


def a_won_dispute_is_ignored(line: Payment) -> bool:
    return _gone_back(line) or line.status is PaymentStatus.WON


def a_refund_is_compared_with_the_total(invoice: Invoice, lines: Iterable[Payment]) -> Invoice:
    after = _standing(invoice, list(lines))
    all_back = after.refunded is not None and after.total <= after.refunded
    status = after.status if all_back or after.status is not InvoiceStatus.REFUNDED else InvoiceStatus.PAID
    return replace(after, status=status)


def what_was_made_last_counts(known: Payment, settlement: Settlement, *, now: datetime) -> bool:
    return known.occurred_at < settlement.occurred_at


def what_comes_last_counts(known: Payment, settlement: Settlement, *, now: datetime) -> bool:
    return True


def of_refunds_what_comes_last_counts(known: Payment, status: PaymentStatus, *, now: datetime) -> bool:
    return True


def of_refunds_the_first_word_counts(known: Payment, status: PaymentStatus, *, now: datetime) -> bool:
    return False


def every_payment_is_the_first(invoice: Invoice, lines: Iterable[Payment]) -> bool:
    return False


def an_ended_subscription_is_told_each_time(tx: Any, event: Any) -> None:
    publish(tx, replace(event, key=f"{event.key}:{event.occurred_at.isoformat()}"))


def a_failed_refund_is_not_told(tx: Any, line: Payment, *, now: datetime) -> None:
    if line.status is not PaymentStatus.FAILED:
        _tell(tx, line, now=now)


_tell = reversing.tell
FAULTS: list[tuple[Any, str, Callable[..., Any]]] = [
    (settling, "standing", refunds_count_twice),
    (standing, "gone_back", a_won_dispute_is_ignored),
    (settling, "standing", a_refund_is_compared_with_the_total),
    (settling, "_goes_on_from", what_was_made_last_counts),
    (settling, "_goes_on_from", what_comes_last_counts),
    (reversing, "seen_later", of_refunds_what_comes_last_counts),
    (reversing, "seen_later", of_refunds_the_first_word_counts),
    (settling, "covered", every_payment_is_the_first),
    (subscribing, "publish", an_ended_subscription_is_told_each_time),
    (settling, "tell", a_failed_refund_is_not_told),
]


def lived(studio: Studio, examples: int) -> list[int]:
    """Let the machine live so many histories, and return how many events each of them had."""
    lengths: list[int] = []
    with studio.store.transaction(studio.id) as tx:
        for event in NEWS:
            tx.people.set_route(NotificationRoute(studio.id, event, "#billing"))

    class Here(Stripe):
        def __init__(self) -> None:
            super().__init__(studio)

        def teardown(self) -> None:
            super().teardown()
            lengths.append(self.events)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            derandomize=True,
            database=None,
            # What a fault shows itself by is of no interest here, so its history is not made shorter.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return lengths


@pytest.mark.parametrize(("module", "rule", "fault"), FAULTS, ids=[fault.__name__ for *_, fault in FAULTS])
def test_a_rule_that_is_broken_on_purpose_makes_the_machine_fail(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, module: Any, rule: str, fault: Callable[..., Any]
) -> None:
    monkeypatch.setattr(module, rule, fault)
    with pytest.raises(AssertionError):
        lived(studio, EXAMPLES)


def test_every_history_has_thirty_events_or_more(studio: Studio) -> None:
    lengths = lived(studio, 40)
    assert len(lengths) >= 40
    assert min(lengths) >= LEAST_EVENTS


# All orders of five events (A5), in one second (A6), with what adds up (A7)


def happened(studio: Studio, number: str) -> list[Settlement]:
    """Five looks at one payment, as five events of the same second take them: each sees all that was true by then."""

    def back(id_: str, kind: PaymentType, status: PaymentStatus, minor: int) -> Reversal:
        return Reversal(f"{id_}_{number}", kind, status, Money(minor, "AUD"), studio.now)

    first = back("re_1", PaymentType.REFUND, PaymentStatus.SUCCEEDED, 100_00)
    second = back("re_2", PaymentType.REFUND, PaymentStatus.SUCCEEDED, 50_00)
    opened = back("dp_1", PaymentType.DISPUTE, PaymentStatus.OPEN, 350_00)
    lost = replace(opened, status=PaymentStatus.LOST)
    seen: list[tuple[Reversal, ...]] = [(), (first,), (first, second), (first, second, opened), (first, second, lost)]
    return [
        studio.settlement(number, 500_00, stripe_object_id=f"pi_{number}", reversals=reversals) for reversals in seen
    ]


def told(studio: Studio, number: str) -> tuple[str, ...]:
    """Return the keys of all news of an invoice."""
    query = select(outbox.c.key).where(outbox.c.kind == OutboxKind.NOTIFY, outbox.c.key.endswith(number))
    assert isinstance(studio.store, SqlStore)
    with studio.store.engine.connect() as connection:
        return tuple(sorted(key.replace(number, "") for key in connection.scalars(query)))


@pytest.mark.parametrize("apart", [True, False], ids=["one after the other", "in one instant"])
def test_all_120_orders_of_five_events_end_in_one_state(studio: Studio, *, apart: bool) -> None:
    with studio.store.transaction(studio.id) as tx:
        for event in NEWS:
            tx.people.set_route(NotificationRoute(studio.id, event, "#billing"))
    ends, news = set(), set()
    orders = list(permutations(range(5)))
    assert len(orders) == 120
    for place, order in enumerate(orders):
        number = f"INV-{place}"
        looks = happened(studio, number)
        with studio.store.transaction(studio.id) as tx:
            tx.invoices.add(
                an_invoice(workspace_id=studio.id, number=number, token=number, status=InvoiceStatus.OPEN),
            )
        for position in order:
            at = studio.now.replace(microsecond=position if apart else 0)
            with studio.store.transaction(studio.id) as tx:
                settling.settle(tx, looks[position], now=at)
        invoice = studio.invoice(number)
        lines = sorted((line.type, line.status, line.money.amount) for line in studio.payments(number))
        ends.add((invoice.status, invoice.paid, invoice.refunded, invoice.disputed, tuple(lines)))
        news.add(told(studio, number))
    assert len(ends) == 1
    # One piece of news each for the payment, the refunds, the dispute, and that it is lost.
    assert {len(each) for each in news} == {5}
    ((status, paid, refunded, disputed, lines_of_it),) = ends
    assert (status, paid.amount, refunded.amount if refunded else 0, disputed) == (
        InvoiceStatus.REFUNDED,
        0,
        500_00,
        False,
    )
    assert len(lines_of_it) == 4
