"""The payment log beyond amounts: fee and net as Stripe booked them, payouts, subscriptions, and where to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from stripe import BalanceTransaction

from billing.money import Money
from billing.payments import Payment, PaymentStatus, PaymentType
from billing.payouts import sync_payouts
from billing.subscribing import keep
from billing.subscriptions import SubscriptionStatus
from billing.workspaces import StripeConnection
from bot.receiving import stripe_row
from bot.worker.stripe_inbox import StripeInbox
from integrations.sandbox.stripe.in_process import in_process_config
from integrations.sandbox.stripe.sandbox import SandboxStripe
from integrations.sandbox.stripe.settings import SandboxSettings
from integrations.stripe_balance import booked
from integrations.stripe_connect import StripeGateways
from integrations.stripe_dashboard import dashboard_url
from integrations.stripe_events import parse
from tests.support.books import a_payment, a_subscription
from tests.support.changes import made
from tests.support.records import aud
from tests.support.stripe import a_connection, a_payer
from tests.support.studio import Studio

SANDBOX = "https://sandbox.example/stripe"
# What the sandbox keeps of A$500.00: 2.9 % and 30 cents.
FEE, NET = aud(14_80), aud(485_20)


class Desk:
    """The studio with a real client of a sandbox, whose events arrive when a test says so."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.stripe = SandboxStripe(SandboxSettings(SANDBOX), studio.clock)
        self.gateways = StripeGateways(in_process_config(self.stripe))
        studio.stripe = self.gateways  # type: ignore[assignment] # the real one takes the place of the fake
        self.account = self.stripe.connect("Lantern Studio")
        self.connection = replace(a_connection(self.account), workspace_id=studio.id)
        self._inbox = StripeInbox(studio.store, parse, self.gateways, lambda: None, studio.clock)
        with studio.store.transaction(studio.id) as tx:
            tx.connections.add(self.connection)

    def sell(self, **link: Any) -> str:
        number = str(self.studio.done("create_invoice", opportunity="OPP-1", amount="500").result["number"])
        self.studio.done("create_payment_link", invoice=number, **link)
        with self.studio.store.transaction(self.studio.id) as tx:
            plink = str(tx.links.of_invoice(number)[-1].stripe_payment_link_id)
        self.stripe.pay(plink, a_payer())
        return number

    def hear(self) -> None:
        """Hear of everything, the oldest first."""
        self.studio.now += timedelta(milliseconds=1)
        for body in reversed(list(self.gateways.past_events(self.connection, self.studio.now - timedelta(days=30)))):
            made(self.studio.store, self._inbox.handle(stripe_row(parse(body), body, self.studio.now)))

    def lines(self, type_: PaymentType) -> list[Payment]:
        with self.studio.store.transaction(self.studio.id) as tx:
            return tx.payments.list(type=type_)

    def charge(self) -> str:
        options: Any = {"stripe_account": self.account}
        return str(in_process_config(self.stripe).client().v1.charges.list(options=options).data[0].id)

    def forget_fees(self) -> None:
        """Make the log one that was kept before fees were."""
        with self.studio.store.transaction(self.studio.id) as tx:
            for line in tx.payments.list():
                tx.payments.save(replace(line, fee=None, net=None))


@pytest.fixture
def desk(studio: Studio) -> Iterator[Desk]:
    made = Desk(studio)
    yield made
    made.stripe.close()


def test_a_charge_has_the_fee_and_the_net_that_stripe_booked(desk: Desk) -> None:
    desk.sell()
    desk.hear()
    (line,) = desk.lines(PaymentType.CHARGE)
    assert (line.fee, line.net) == (FEE, NET)


def test_a_charge_that_is_under_way_has_neither(desk: Desk) -> None:
    number = str(desk.studio.done("create_invoice", opportunity="OPP-1", amount="500").result["number"])
    desk.studio.done("create_payment_link", invoice=number)
    with desk.studio.store.transaction(desk.studio.id) as tx:
        plink = str(tx.links.of_invoice(number)[-1].stripe_payment_link_id)
    desk.stripe.pay(plink, a_payer(method="debit"))
    desk.hear()
    (line,) = desk.lines(PaymentType.CHARGE)
    assert (line.status, line.fee, line.net) == (PaymentStatus.PROCESSING, None, None)


def test_a_period_of_a_subscription_has_fee_and_net_too(desk: Desk) -> None:
    desk.sell(interval="month")
    desk.hear()
    (paid,) = [line for line in desk.lines(PaymentType.SUBSCRIPTION) if line.status is PaymentStatus.SUCCEEDED]
    assert (paid.fee, paid.net) == (FEE, NET)


def test_a_refund_takes_its_amount_from_the_balance_and_a_failed_one_nothing(desk: Desk) -> None:
    number = desk.sell()
    desk.hear()
    desk.studio.done("refund_payment", invoice=number, amount="150")
    (refund,) = desk.lines(PaymentType.REFUND)
    assert (refund.fee, refund.net) == (aud(0), aud(-150_00))

    desk.studio.now += timedelta(seconds=1)
    desk.stripe.fail_refund(refund.stripe_object_id)
    desk.hear()
    (refund,) = desk.lines(PaymentType.REFUND)
    assert (refund.status, refund.net) == (PaymentStatus.FAILED, aud(0))


def test_a_dispute_costs_its_amount_and_a_fee_and_one_that_is_won_only_the_fee(desk: Desk) -> None:
    desk.sell()
    dispute = desk.stripe.open_dispute(desk.charge())
    desk.hear()
    (line,) = desk.lines(PaymentType.DISPUTE)
    assert (line.fee, line.net) == (aud(15_00), aud(-515_00))

    desk.studio.now += timedelta(seconds=1)
    desk.stripe.close_dispute(dispute, won=True)
    desk.hear()
    (line,) = desk.lines(PaymentType.DISPUTE)
    assert (line.status, line.fee, line.net) == (PaymentStatus.WON, aud(15_00), aud(-15_00))


def test_a_sync_fills_in_fees_that_an_older_log_lacks_and_calls_it_no_news(desk: Desk) -> None:
    number = desk.sell()
    desk.hear()
    desk.studio.done("refund_payment", invoice=number, amount="150")
    desk.forget_fees()
    desk.studio.now += timedelta(seconds=1)
    assert desk.studio.done("sync_payment_status", invoice=number).result["changed"] == []
    assert [line.fee for line in desk.lines(PaymentType.CHARGE)] == [FEE]
    assert [line.net for line in desk.lines(PaymentType.REFUND)] == [aud(-150_00)]


def test_a_payout_is_a_line_of_the_log_by_its_events(desk: Desk) -> None:
    desk.sell()
    desk.stripe.pay_out(desk.account, "aud")
    desk.hear()
    desk.hear()
    (payout,) = desk.lines(PaymentType.PAYOUT)
    assert (payout.status, payout.money, payout.net) == (PaymentStatus.SUCCEEDED, NET, aud(-485_20))
    assert (payout.invoice, payout.contact, payout.livemode) == (None, None, False)


def test_a_payout_that_the_bank_sends_back_says_why(desk: Desk) -> None:
    desk.sell()
    desk.stripe.pay_out(desk.account, "aud", fails=True)
    desk.hear()
    (payout,) = desk.lines(PaymentType.PAYOUT)
    assert (payout.status, payout.net) == (PaymentStatus.FAILED, aud(0))
    assert payout.failure_message == "The bank account has been closed."


def test_payouts_that_no_event_told_of_are_found_by_a_sync(desk: Desk) -> None:
    desk.sell()
    desk.stripe.pay_out(desk.account, "aud")
    gateway = desk.gateways.for_connection(desk.connection)

    def sync() -> int:
        desk.studio.now += timedelta(seconds=1)
        return sync_payouts(
            lambda: desk.studio.store.transaction(desk.studio.id), gateway, desk.connection, now=desk.studio.now
        )

    assert [sync(), sync()] == [1, 0]
    desk.hear()
    assert len(desk.lines(PaymentType.PAYOUT)) == 1


def test_the_start_and_the_end_of_a_subscription_are_lines_of_the_log(desk: Desk) -> None:
    number = desk.sell(interval="month")
    desk.hear()
    desk.studio.now += timedelta(days=3)
    ended = desk.studio.now
    desk.studio.done("cancel_subscription", invoice=number, when="now")
    desk.hear()
    found = {line.status: line for line in desk.lines(PaymentType.SUBSCRIPTION)}
    assert set(found) == {PaymentStatus.STARTED, PaymentStatus.SUCCEEDED, PaymentStatus.CANCELED}
    assert found[PaymentStatus.STARTED].stripe_id == found[PaymentStatus.CANCELED].stripe_id
    assert found[PaymentStatus.CANCELED].occurred_at == ended.replace(microsecond=0)
    assert {line.invoice for line in found.values()} == {number}


# Where to look


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"stripe_object_id": "pi_1"}, "payments/pi_1"),
        ({"stripe_object_id": "in_1"}, "invoices/in_1"),
        ({"stripe_object_id": "sub_1:canceled"}, "subscriptions/sub_1"),
        ({"stripe_object_id": "re_1", "reverses": "pi_1"}, "payments/pi_1"),
        ({"stripe_object_id": "re_1", "reverses": "in_1"}, "invoices/in_1"),
        ({"stripe_object_id": "dp_1", "reverses": "pi_1"}, "disputes/dp_1"),
        ({"stripe_object_id": "po_1"}, "payouts/po_1"),
    ],
)
def test_each_kind_of_line_has_its_page_in_the_dashboard(changes: dict[str, str], path: str) -> None:
    line = a_payment(**changes)
    ours = a_connection("acct_1", direct=True)
    assert dashboard_url(line, ours) == f"https://dashboard.stripe.com/test/{path}"
    assert dashboard_url(replace(line, livemode=True), ours) == f"https://dashboard.stripe.com/{path}"


@pytest.mark.parametrize("connection", [a_connection("acct_1"), a_connection("acct_2", direct=True), None])
def test_the_account_is_named_unless_it_is_the_keys_own(connection: StripeConnection | None) -> None:
    assert dashboard_url(a_payment(), connection) == "https://dashboard.stripe.com/acct_1/test/payments/pi_1"


@pytest.mark.parametrize(
    "changes",
    [
        {"stripe_account_id": "", "stripe_object_id": "recorded:k1"},
        {"stripe_object_id": "import:INV-1001"},
        {"stripe_object_id": "../pi_1"},
        {"stripe_object_id": "pi_1\n/evil"},
        {"stripe_object_id": "re_1"},
    ],
)
def test_what_stripe_has_no_page_for_has_no_link(changes: dict[str, str]) -> None:
    assert dashboard_url(a_payment(**changes), None) == ""


def test_in_the_sandbox_a_line_leads_to_its_payment_on_the_desk(desk: Desk) -> None:
    number = desk.sell()
    desk.hear()
    desk.studio.done("refund_payment", invoice=number, amount="150")
    (paid,), (refund,) = desk.lines(PaymentType.CHARGE), desk.lines(PaymentType.REFUND)
    url = desk.gateways.dashboard_url(paid, desk.connection)
    assert url == f"{SANDBOX}/#{paid.stripe_object_id}"
    assert desk.gateways.dashboard_url(refund, desk.connection) == url


# What Stripe booked


def _entry(**fields: Any) -> BalanceTransaction:
    return BalanceTransaction.construct_from({"currency": "aud", "fee": 0, "net": 100} | fields, None)


def test_what_is_not_booked_or_not_one_currencys_is_unknown() -> None:
    assert booked() == booked(None, "txn_1") == (None, None)
    assert booked(_entry(), _entry(currency="usd")) == (None, None)
    assert booked(_entry(currency="isk", fee=2930, net=97070)) == (None, None)
    assert booked(_entry(fee=5), _entry(net=-40)) == (Money(5, "AUD"), Money(60, "AUD"))


def test_a_subscription_that_never_started_is_no_line_of_the_log(studio: Studio) -> None:
    number = str(studio.done("create_invoice", opportunity="OPP-1", amount="500").result["number"])
    found = a_subscription(workspace_id=studio.id, invoice=number, status=SubscriptionStatus.INCOMPLETE)
    with studio.store.transaction(studio.id) as tx:
        keep(tx, found, now=studio.now)
        keep(tx, replace(found, status=SubscriptionStatus.INCOMPLETE_EXPIRED), now=studio.now + timedelta(seconds=1))
        assert tx.payments.of_invoice(number) == []
