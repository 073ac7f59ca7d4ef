"""How often a client is charged, in the client's words: the same in a mail and on the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.payments import Interval

if TYPE_CHECKING:
    from billing.ports import Formats


def how_often(interval: Interval, count: int, formats: Formats) -> str:
    """Return `every month` or `every 2 weeks` in the formats' language, "" for what is charged once."""
    text = formats.text
    often = {
        Interval.DAY: text("every day") if count == 1 else text("every {count} days"),
        Interval.WEEK: text("every week") if count == 1 else text("every {count} weeks"),
        Interval.MONTH: text("every month") if count == 1 else text("every {count} months"),
        Interval.YEAR: text("every year") if count == 1 else text("every {count} years"),
    }.get(interval, "")
    return often.format(count=count)
