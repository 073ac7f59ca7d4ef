"""A report's charts: what came in over time, and what is overdue by age; one chart for each currency."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from billing.reporting import Age
from skills.cards import Bar, Chart, Tone
from skills.periods import day_begins

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from billing.ports import Transaction
    from billing.reporting import Collected, Late
    from skills.arguments import Period
    from skills.context import Context

# More bars are not read, more charts are not looked at.
_MOST_BARS: Final = 12
_MOST_CHARTS: Final = 3
_MONTHS_LEFT_OUT: Final = 6
_WHOLE: Final = 1000
_A_WEEK: Final = 7
# How many months a bar may stand for, so that a period of any length has few bars.
_SIZES: Final = (1, 3, 12, 60, 600)
_TONES: Final = {Age.TO_30: Tone.WARNING, Age.TO_60: Tone.WARNING, Age.TO_90: Tone.BAD, Age.OLDER: Tone.BAD}


def collected_charts(
    tx: Transaction, context: Context, period: Period | None, *, contact: str | None
) -> tuple[Chart, ...]:
    """Return what stayed of what came in, by days, weeks, months or years, whichever the period has few enough of."""
    days = _steps(context.today, period)
    if len(days) <= 2:  # noqa: PLR2004 - one bar alone shows nothing that a number does not
        return ()
    marks = [day_begins(day, context.workspace) for day in days]
    found = tx.reports.collected_between(marks, contact=contact)
    currencies = sorted({line.total.currency for lines in found for line in lines})
    return tuple(_collected(context, days, found, currency) for currency in currencies[:_MOST_CHARTS])


def overdue_charts(context: Context, lines: Iterable[Late]) -> tuple[Chart, ...]:
    """Return what is overdue by age, for each currency in which anything is."""
    return tuple(_overdue(context, line) for line in lines)[:_MOST_CHARTS]


def _collected(context: Context, days: Sequence[date], found: Sequence[list[Collected]], currency: str) -> Chart:
    stayed = [next((line.total for line in lines if line.total.currency == currency), None) for lines in found]
    most = max((money.amount for money in stayed if money is not None), default=0)
    bars = [
        Bar(
            label=_label(context, first, following),
            value="–" if money is None else context.formats.money(money),
            share=0 if money is None else _share(money.amount, most),
        )
        for first, following, money in zip(days, days[1:], stayed, strict=False)
    ]
    return _pictured(context, Chart(f"Collected, {currency}", tuple(bars)))


def _overdue(context: Context, late: Late) -> Chart:
    ages = dict(late.ages)
    most = max(money.amount for money in ages.values())
    bars = [
        Bar(
            label=age.value,
            value=context.formats.money(ages[age]) if age in ages else "–",
            share=_share(ages[age].amount, most) if age in ages else 0,
            tone=_TONES[age],
        )
        for age in Age
    ]
    return _pictured(context, Chart(f"Overdue, {late.total.currency}", tuple(bars)))


def _pictured(context: Context, chart: Chart) -> Chart:
    bars = [[bar.label, bar.value, bar.share, bar.tone.value] for bar in chart.bars]
    drawn = json.dumps({"title": chart.title, "bars": bars}, ensure_ascii=False, separators=(",", ":"))
    return replace(chart, url=context.links.chart(drawn))


def _share(amount: int, most: int) -> int:
    """Return the thousandths of the longest bar; what is anything at all is seen."""
    return 0 if amount <= 0 or most <= 0 else max(amount * _WHOLE // most, 8)


def _steps(today: date, period: Period | None) -> list[date]:
    """Return the days on which the bars begin, and the day after the last one."""
    if period is None:
        first = _months_on(today.replace(day=1), 1 - _MONTHS_LEFT_OUT)
        return [_months_on(first, place) for place in range(_MONTHS_LEFT_OUT + 1)]
    end = period.end + timedelta(days=1)
    span = (end - period.start).days
    if span <= _MOST_BARS:
        return [period.start + timedelta(days=place) for place in range(span + 1)]
    if span <= _MOST_BARS * _A_WEEK:
        weeks = -(-span // _A_WEEK)
        return [*(period.start + timedelta(weeks=place) for place in range(weeks)), end]
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
    each = next((size for size in _SIZES if months <= size * _MOST_BARS), _SIZES[-1])
    starts = (_months_on(period.start.replace(day=1), place) for place in range(each, months, each))
    return [period.start, *starts, end]


def _months_on(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return first.replace(year=first.year + years, month=month + 1)


def _label(context: Context, first: date, following: date) -> str:
    """Return what a bar stands for: a day, a month, or the days from and to which it goes."""
    last = following - timedelta(days=1)
    if first == last:
        return context.formats.day(first)
    if first.day == following.day == 1:
        months = [context.formats.month(first), context.formats.month(last)]
        return " – ".join(dict.fromkeys(months))
    return f"{context.formats.day(first)} – {context.formats.day(last)}"
