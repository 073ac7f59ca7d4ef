"""A day of everything that Stripe can tell of, with its webhooks and without: it ends in the same database.

The database is a real one, the client is Stripe's own, and the webhooks come over HTTP to the real page. In an outage
the reconcile job finds the events in Stripe's list; where that does not reach, the nightly sync asks of each invoice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import func, select

from billing.invoices import InvoiceStatus
from billing.ports import PaymentGateway
from billing.standing import came_in
from billing.workspaces import StripeConnection
from bot.worker.looking import Interrupted, Pace
from bot.worker.nightly import Nightly
from integrations.sandbox.stripe.checkout import Closed, Declined, Paid, Processing
from integrations.sandbox.stripe.resources.subscriptions import end
from storage import SqlStore
from storage.tables import inbox
from tests.support.outage import Desk, a_desk, payer

CARD: Final = payer()
DEBIT: Final = payer(method="debit")
DECLINED: Final = payer(number="4000 0000 0000 0002")


def live(desk: Desk) -> None:
    """Live the day. Nothing here depends on what the books say, as that is what an outage delays."""
    bought = {name: desk.bill() for name in "paid declined part all won lost inquiry off late bounced".split()}
    for name in ("paid", "part", "all", "won", "lost", "inquiry"):
        assert isinstance(desk.pay(bought[name], CARD), Paid)
    assert isinstance(desk.pay(bought["declined"], DECLINED), Declined)
    for name in ("late", "bounced"):
        assert isinstance(desk.pay(bought[name], DEBIT), Processing)
    give_back(desk, bought["part"], bought["all"])
    contest(desk, {bought["won"]: True, bought["lost"]: False, bought["inquiry"]: True}, asked=bought["inquiry"])
    for name, comes in (("late", True), ("bounced", False)):
        desk.stripe.settle(desk.of("checkout.session", bought[name]), succeeded=comes)
        desk.pass_time()
    desk.gateways.for_connection(desk.connection).deactivate_payment_link(desk.link(bought["off"]))
    subscribe(desk)


def give_back(desk: Desk, part: str, everything: str) -> None:
    desk.give_back(part, 100_00)
    desk.give_back(part, 50_00)
    failing = desk.give_back(everything)
    desk.stripe.fail_refund(failing)
    desk.pass_time()
    desk.give_back(everything, 200_00)
    desk.give_back(everything, 300_00)


def contest(desk: Desk, decided: dict[str, bool], *, asked: str) -> None:
    for number, won in decided.items():
        dispute = desk.stripe.open_dispute(desk.charge(number), inquiry=number == asked)
        desk.pass_time()
        desk.stripe.close_dispute(dispute, won=won)
        desk.pass_time()


def subscribe(desk: Desk) -> None:
    renewed, failing, ended = subscribed = [desk.bill("80", interval="month") for _ in range(3)]
    for number in subscribed:
        assert isinstance(desk.pay(number, CARD), Paid)
    happens: list[Callable[[], object]] = [
        lambda: desk.stripe.renew(desk.of("subscription", renewed)),
        lambda: desk.stripe.renew(desk.of("subscription", renewed)),
        lambda: desk.stripe.renew(desk.of("subscription", failing), fails=True),
        lambda: desk.stripe.retry(desk.of("subscription", failing)),
        lambda: desk.stripe.renew(desk.of("subscription", failing), fails=True),
        lambda: cancel(desk, ended),
    ]
    for happen in happens:
        happen()
        desk.pass_time()


def cancel(desk: Desk, number: str) -> None:
    subscription = desk.of("subscription", number)
    with desk.books(number) as books:
        end(books, books.get("subscription", subscription))


def by_replaying(desk: Desk) -> None:
    desk.reconciler.run()
    desk.worker.drain()


def by_asking(desk: Desk) -> None:
    desk.nightly.run()
    desk.worker.drain()


@pytest.fixture(scope="module")
def without_outage(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[str]], dict[str, int]]:
    with a_desk(tmp_path_factory.mktemp("day") / "heard") as desk:
        live(desk)
        desk.pass_time()
        assert states(desk) == {"done", "ignored"}
        return desk.state(), dict(desk.news())


@pytest.mark.parametrize("heals", [by_replaying, by_asking])
def test_a_webhook_outage_of_a_day_ends_in_the_same_state_with_each_notification_posted_once(
    without_outage: tuple[dict[str, list[str]], dict[str, int]], tmp_path: Path, heals: Callable[[Desk], None]
) -> None:
    state, news = without_outage
    with a_desk(tmp_path / "unheard", drops=True) as desk:
        live(desk)
        assert all(status == "open" for status in statuses(desk))
        assert states(desk) == set()
        desk.stripe.webhooks.drop(on=False)
        for _ in range(3):
            heals(desk)
            desk.pass_time()
        assert desk.state() == state
        unheard = dict(desk.news())
    assert set(news.values()) == set(unheard.values()) == {1}
    assert unheard.keys() <= news.keys()
    # Who hears of a beginning and its end at once is told the end: of a bank that said no and then yes an hour later,
    # and of debits that were on their way.
    overtaken = {key.rsplit(":", 1)[0] for key in news.keys() - unheard.keys()}
    failed = {key for key in overtaken if "payment_processing" not in key}
    assert failed == {"notify:payment_failed:INV-1012"}
    assert overtaken > failed


def test_the_day_has_something_of_everything(
    without_outage: tuple[dict[str, list[str]], dict[str, int]],
) -> None:
    state, news = without_outage
    lines = " ".join(state["payments"])
    for status in ("FAILED", "SUCCEEDED", "WON", "LOST"):
        assert f"PaymentStatus.{status}" in lines
    for status in (InvoiceStatus.PAID, InvoiceStatus.OPEN, InvoiceStatus.REFUNDED):
        assert any(repr(status) in invoice for invoice in state["invoices"])
    kinds = {key.split(":")[1] for key in news}
    assert kinds == {
        "payment_succeeded",
        "payment_failed",
        "payment_processing",
        "refund_created",
        "refund_failed",
        "dispute_opened",
        "dispute_won",
        "dispute_lost",
        "subscription_renewed",
        "subscription_cancelled",
    }


def test_half_of_the_webhooks_and_a_replay_on_top_change_nothing(
    without_outage: tuple[dict[str, list[str]], dict[str, int]], tmp_path: Path
) -> None:
    state, news = without_outage
    with a_desk(tmp_path / "half") as desk:
        times = 0
        inner = desk.pass_time

        def sometimes() -> None:
            nonlocal times
            times += 1
            desk.stripe.webhooks.drop(on=times % 2 == 0)
            inner()

        desk.pass_time = sometimes  # type: ignore[method-assign] # every other delivery is cut
        live(desk)
        desk.stripe.webhooks.drop(on=False)
        for heals in (by_replaying, by_asking, by_replaying):
            heals(desk)
        assert desk.state() == state
        assert set(desk.news().values()) == {1}
        assert desk.news().keys() <= news.keys()


def test_what_was_missed_is_paged_from_stripe_since_the_last_look_and_thirty_days_at_most(tmp_path: Path) -> None:
    with a_desk(tmp_path / "long", drops=True) as desk:
        number = desk.bill("80", interval="day")
        assert isinstance(desk.pay(number, CARD), Paid)
        # Six hundred events and more, the first of them before what Stripe still lists.
        for _ in range(130):
            desk.stripe.renew(desk.of("subscription", number))
            desk.studio.now += timedelta(hours=6)
        desk.reconciler.run()
        kept = received(desk)
        assert kept > 500
        desk.worker.drain()
        # What is older than the list is healed by the sync of its invoice, which an event of today has asked of.
        by_asking(desk)
        assert periods(desk, number) == 131
        assert set(desk.news().values()) == {1}
        since = desk.connection.reconciled_at
        assert since == desk.studio.now
        desk.stripe.renew(desk.of("subscription", number))
        by_replaying(desk)
        assert kept < received(desk) < kept + 20
        assert periods(desk, number) == 132


def test_a_debit_that_bounced_unheard_leaves_no_dead_link(tmp_path: Path) -> None:
    with a_desk(tmp_path / "dead", drops=True) as desk:
        number = desk.bill()
        assert isinstance(desk.pay(number, DEBIT), Processing)
        desk.stripe.settle(desk.of("checkout.session", number), succeeded=False)
        assert isinstance(desk.pay(number, CARD), Closed)
        by_replaying(desk)
        desk.studio.done("create_payment_link", invoice=number)
        assert isinstance(desk.pay(number, CARD), Paid)
        by_replaying(desk)
        assert desk.studio.invoice(number).status is InvoiceStatus.PAID


def periods(desk: Desk, number: str) -> int:
    return sum(came_in(line) for line in desk.studio.payments(number))


def statuses(desk: Desk) -> list[str]:
    with desk.studio.store.transaction(desk.studio.id) as tx:
        return [invoice.status.value for invoice in tx.invoices.list()]


def states(desk: Desk) -> set[str]:
    """Return what became of the inbox's rows."""
    assert isinstance(desk.studio.store, SqlStore)
    with desk.studio.store.engine.connect() as connection:
        return {state.value for state in connection.scalars(select(inbox.c.state).distinct())}


def received(desk: Desk) -> int:
    assert isinstance(desk.studio.store, SqlStore)
    with desk.studio.store.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(inbox)).scalar_one())


class Asked:
    """Gateways that count how often they are asked for."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.times = 0

    def for_connection(self, connection: StripeConnection) -> PaymentGateway:
        self.times += 1
        return self._desk.gateways.for_connection(connection)


def test_of_two_processes_one_asks_at_night(tmp_path: Path) -> None:
    with a_desk(tmp_path / "twice") as desk:
        first, second = Asked(desk), Asked(desk)
        for gateways in (first, second):
            Nightly(desk.studio.store, gateways, desk.studio.clock).run()  # type: ignore[arg-type] # asked for one only
        assert (first.times, second.times) == (1, 0)


def test_a_night_that_ends_with_its_worker_is_begun_anew_by_somebody_else(tmp_path: Path) -> None:
    with a_desk(tmp_path / "ends", drops=True) as desk:
        number = desk.bill()
        assert isinstance(desk.pay(number, CARD), Paid)
        pace = Pace()

        class Ends:
            """Gateways whose process is told to end as soon as one is asked for."""

            def for_connection(self, connection: StripeConnection) -> PaymentGateway:
                pace.ending.set()
                return desk.gateways.for_connection(connection)

        with pytest.raises(Interrupted):
            Nightly(desk.studio.store, Ends(), desk.studio.clock, pace).run()  # type: ignore[arg-type] # the one that ends
        assert statuses(desk) == ["open"]
        desk.nightly.run()
        assert statuses(desk) == ["paid"]
