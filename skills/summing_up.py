"""A report's sums as sentences and rows: one line for each currency, which are never added."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from billing.recurring import recurring
from billing.reporting import Collected, DaysToPay, Late, Measure, Owed
from skills.cards import Card, Chart, Row, Tone
from skills.charting import collected_charts, overdue_charts
from skills.periods import bounds, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from billing.money import Money
    from billing.ports import Formats, Transaction
    from skills.arguments import Period
    from skills.context import Context


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is to say, of which days and which client."""

    measures: tuple[Measure, ...]
    period: Period | None
    contact: str | None


@dataclass(frozen=True, slots=True)
class Sums:
    """One measure: its totals by currency as decimal strings, a sentence, and the card's rows."""

    measure: Measure
    totals: dict[str, str]
    sentence: str
    rows: tuple[Row, ...]
    charts: tuple[Chart, ...] = ()


def sums(tx: Transaction, context: Context, measure: Measure, asked: Asked) -> Sums:
    """Return one measure of the books."""
    match measure:
        case Measure.COLLECTED:
            start, end = bounds(context, asked.period)
            lines = tx.reports.collected(contact=asked.contact, start=start, end=end)
            found = _collected(context, asked.period, lines)
            return replace(found, charts=collected_charts(tx, context, asked.period, contact=asked.contact))
        case Measure.OUTSTANDING:
            return _outstanding(context, tx.reports.outstanding(contact=asked.contact))
        case Measure.OVERDUE:
            late = tx.reports.overdue(context.today, contact=asked.contact)
            return replace(_overdue(context, late), charts=overdue_charts(context, late))
        case _:
            return _recurring(context, recurring(tx, now=context.now, contact=asked.contact))


def paying(tx: Transaction, context: Context, asked: Asked) -> list[DaysToPay]:
    """Return how long invoices that were paid in the period took, by the workspace's calendar."""
    start, end = bounds(context, asked.period)
    zone = ZoneInfo(context.workspace.timezone)
    return tx.reports.days_to_pay(zone, start=start, end=end or context.now, contact=asked.contact)


def report_card(found: Sequence[Sums], client: str | None, took: Sequence[DaysToPay] = ()) -> Card:
    """Return the report as a card; `took` is how long payments took."""
    title = "Billing report" if len(found) > 1 else found[0].measure.value.capitalize()
    title = f"{title}: {client}" if client else title
    summary = " ".join(part.sentence for part in found)
    several = len(took) > 1
    return Card(
        title=title,
        summary=summary,
        rows=(*(row for part in found for row in part.rows), *(_took(line, several=several) for line in took)),
        charts=tuple(chart for part in found for chart in part.charts),
    )


def _took(line: DaysToPay, *, several: bool) -> Row:
    median = _count_days(line.median)
    detail = f"{_count(line.invoices, 'paid invoice')} · {_count_days(line.average)} on average"
    return Row(f"Days to pay{f', {line.currency}' if several else ''}", f"{median} (median)", detail)


def _count_days(days: Decimal) -> str:
    number = f"{days.normalize():f}"
    return f"{number} {'day' if number == '1' else 'days'}"


def _collected(context: Context, period: Period | None, lines: list[Collected]) -> Sums:
    label = f"Collected {spoken(context, period) if period else 'so far'}"
    rows = [
        Row(label, context.formats.money(line.total), _came_and_went(line, context.formats), Tone.GOOD)
        for line in lines
    ]
    return _summed(context, Measure.COLLECTED, [line.total for line in lines], label, rows)


def _came_and_went(line: Collected, formats: Formats) -> str:
    came = _count(line.payments, "payment")
    return f"{came} · {formats.money(line.refunded)} refunded" if line.refunded.amount else came


def _outstanding(context: Context, lines: list[Owed]) -> Sums:
    rows = [Row("Outstanding", context.formats.money(line.total), _count(line.invoices, "invoice")) for line in lines]
    return _summed(context, Measure.OUTSTANDING, [line.total for line in lines], "Outstanding", rows)


def _overdue(context: Context, lines: list[Late]) -> Sums:
    rows = []
    for line in lines:
        ages = " · ".join(f"{age}: {context.formats.money(money)}" for age, money in line.ages)
        detail = f"{_count(line.invoices, 'invoice')} · {ages}"
        rows.append(Row("Overdue", context.formats.money(line.total), detail, Tone.BAD))
    return _summed(context, Measure.OVERDUE, [line.total for line in lines], "Overdue", rows)


def _recurring(context: Context, lines: list[Owed]) -> Sums:
    rows = [
        Row("Recurring", f"{context.formats.money(line.total)} a month", _count(line.invoices, "subscription"))
        for line in lines
    ]
    return _summed(context, Measure.RECURRING, [line.total for line in lines], "Recurring each month", rows)


def _summed(context: Context, measure: Measure, totals: list[Money], label: str, rows: list[Row]) -> Sums:
    said = " and ".join(context.formats.money(total) for total in totals) or "nothing"
    by_currency = {total.currency: str(total) for total in totals}
    shown = rows or [Row(label, "nothing")]
    return Sums(measure, by_currency, f"{label}: {said}.", tuple(shown))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
