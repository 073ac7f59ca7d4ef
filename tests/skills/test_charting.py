"""A report's charts: bars of days, weeks, months, quarters or years, whichever are few enough to be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from billing.conversations import SkillCall
from billing.invoices import InvoiceStatus
from billing.money import Money
from billing.page_tickets import PageDoor
from billing.pages import Page
from billing.payments import PaymentType
from billing.settling import settle
from bot.addresses import PublicAddresses
from skills.cards import Chart, Tone
from skills.context import Outcome
from skills.registry import SKILLS
from skills.runner import Runner
from tests.support.studio import Studio


def paid(studio: Studio, day: str, minor: int = 100_00, opportunity: str = "OPP-1", currency: str = "AUD") -> None:
    number = str(studio.done("create_invoice", opportunity=opportunity, amount="500").result["number"])
    at = datetime.fromisoformat(f"{day}T02:00:00+00:00")
    settlement = studio.settlement(number, minor, money=Money(minor, currency), stripe_object_id=number, occurred_at=at)
    with studio.store.transaction(studio.id) as tx:
        settle(tx, settlement, now=studio.now)


def charts(outcome: Outcome) -> tuple[Chart, ...]:
    assert outcome.card is not None
    return outcome.card.charts


def report(studio: Studio, **arguments: object) -> tuple[Chart, ...]:
    return charts(studio.done("billing_report", **arguments))


def labels(studio: Studio, first: str, last: str) -> list[str]:
    [chart] = report(studio, measure="collected", period={"from": first, "to": last})
    return [bar.label for bar in chart.bars]


def test_without_a_period_the_last_six_months_are_drawn(studio: Studio) -> None:
    paid(studio, "2026-03-09", 80_00)
    paid(studio, "2026-01-09", 20_00)
    [chart] = report(studio, measure="collected")
    assert chart.title == "Collected, AUD"
    assert [(bar.label, bar.value, bar.share) for bar in chart.bars] == [
        ("October 2025", "–", 0),
        ("November 2025", "–", 0),
        ("December 2025", "–", 0),
        ("January", "A$20.00", 250),
        ("February", "–", 0),
        ("March", "A$80.00", 1000),
    ]
    assert chart.url == ""


@pytest.mark.parametrize(
    ("first", "last", "count", "shown"),
    [
        ("2026-03-01", "2026-03-12", 12, "1 March"),
        ("2026-01-05", "2026-03-11", 10, "5 January – 11 January"),
        ("2025-04-01", "2026-03-31", 12, "April 2025"),
        ("2025-01-15", "2026-03-31", 5, "15 January 2025 – 31 March 2025"),
        ("2022-01-01", "2026-03-31", 5, "January 2022 – December 2022"),
        ("2000-01-01", "2026-12-31", 6, "January 2000 – December 2004"),
    ],
)
def test_a_period_is_cut_into_few_bars(studio: Studio, first: str, last: str, count: int, shown: str) -> None:
    paid(studio, "2026-03-09")
    found = labels(studio, first, last)
    assert (len(found), found[0]) == (count, shown)


def test_one_day_alone_needs_no_chart(studio: Studio) -> None:
    paid(studio, "2026-03-09")
    assert report(studio, measure="collected", period={"from": "2026-03-09", "to": "2026-03-09"}) == ()


def test_each_currency_has_a_chart_of_its_own(studio: Studio) -> None:
    paid(studio, "2026-03-09")
    paid(studio, "2026-03-10", opportunity="OPP-3", currency="NOK")
    assert [chart.title for chart in report(studio, measure="collected")] == ["Collected, AUD", "Collected, NOK"]


def test_more_given_back_than_came_in_is_a_number_without_a_bar(studio: Studio) -> None:
    paid(studio, "2026-02-09", 100_00)
    with studio.store.transaction(studio.id) as tx:
        line = tx.payments.of_invoice("INV-1001")[0]
        tx.payments.add(
            replace(
                line,
                id="back",
                stripe_object_id="re_1",
                type=PaymentType.REFUND,
                occurred_at=datetime(2026, 3, 9, tzinfo=UTC),
            )
        )
    [chart] = report(studio, measure="collected")
    assert [(bar.value, bar.share) for bar in chart.bars[-2:]] == [("A$100.00", 1000), ("-A$100.00", 0)]


def test_what_is_overdue_is_drawn_by_age(studio: Studio) -> None:
    for late, amount in ((5, "100"), (95, "1")):
        number = str(studio.done("create_invoice", opportunity="OPP-1", amount=amount).result["number"])
        with studio.store.transaction(studio.id) as tx:
            due_on = date(2026, 3, 11) - timedelta(days=late)
            tx.invoices.save(replace(tx.invoices.get(number), status=InvoiceStatus.SENT, due_on=due_on))
    [chart] = report(studio, measure="overdue")
    assert [(bar.label, bar.value, bar.share, bar.tone) for bar in chart.bars] == [
        ("1–30 days", "A$100.00", 1000, Tone.WARNING),
        ("31–60 days", "–", 0, Tone.WARNING),
        ("61–90 days", "–", 0, Tone.BAD),
        ("over 90 days", "A$1.00", 10, Tone.BAD),
    ]
    assert chart.alt == "Overdue, AUD. 1–30 days: A$100.00; 31–60 days: –; 61–90 days: –; over 90 days: A$1.00."


def test_a_picture_has_an_address_where_others_reach_us(studio: Studio) -> None:
    paid(studio, "2026-03-09")
    context = studio.context()
    services = replace(context.services, links=PublicAddresses("https://evie.example", lambda text: str(len(text))))

    ran = Runner(SKILLS).run(replace(context, services=services), SkillCall("billing_report", {}), confirmed=False)
    assert ran.outcome is not None
    assert charts(ran.outcome)[0].url.startswith("https://evie.example/charts/")


def test_the_whole_report_says_how_long_payments_take(studio: Studio) -> None:
    for currency, days in (("AUD", 1), ("AUD", 4), ("NOK", 10)):
        opportunity = "OPP-1" if currency == "AUD" else "OPP-3"
        number = str(studio.done("create_invoice", opportunity=opportunity, amount="500").result["number"])
        with studio.store.transaction(studio.id) as tx:
            issued_on, paid_at = date(2026, 3, 11) - timedelta(days=days), studio.now - timedelta(seconds=1)
            invoice = replace(tx.invoices.get(number), status=InvoiceStatus.PAID, issued_on=issued_on, paid_at=paid_at)
            tx.invoices.save(invoice)
    outcome = studio.done("billing_report")
    assert outcome.result["days_to_pay"] == {"AUD": "2.5", "NOK": "10"}
    assert outcome.card is not None
    assert [(row.title, row.value, row.detail) for row in outcome.card.rows[-2:]] == [
        ("Days to pay, AUD", "2.5 days (median)", "2 paid invoices · 2.5 days on average"),
        ("Days to pay, NOK", "10 days (median)", "1 paid invoice · 10 days on average"),
    ]


def test_the_report_opens_as_a_page_for_who_asked_alone(studio: Studio) -> None:
    whole = studio.done("billing_report", contact="CON-1").card
    assert whole is not None
    assert [button.say for button in whole.buttons][:1] == ["open the billing report for CON-1"]
    period = {"from": "2026-03-01", "to": "2026-03-31"}
    opened = studio.done("billing_report", contact="CON-1", period=period, page=True)
    assert opened.card is not None
    assert opened.card.private
    token = str(opened.result["url"]).rsplit("/", 1)[-1]
    entered = PageDoor(studio.store, studio.clock).enter(token)
    assert entered is not None
    assert (entered.page, entered.query) == (
        Page.REPORT,
        {"client": "CON-1", "from": "2026-03-01", "to": "2026-03-31"},
    )
