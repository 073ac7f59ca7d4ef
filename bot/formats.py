"""Money, dates and intervals as the people of a workspace write them: Babel behind the domain's Formats port."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time

from billing.payments import Interval
from integrations.words import catalogs
from integrations.words.writing import money_text

if TYPE_CHECKING:
    from datetime import date, datetime

    from billing.money import Money
    from billing.ports import Clock
    from billing.workspaces import Workspace

_ENGLISH: Final = Locale("en", "001")


def locale_named(name: str) -> Locale:
    """Return the locale of a name such as `en_AU` or `en-AU`; raises ValueError for one that nobody writes in."""
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        message = f"“{name}” is not a locale; write it like en_AU"
        raise ValueError(message) from error


class WorkspaceFormats:
    """How one workspace writes: its locale, its time zone, and which year is this one (by `clock`).

    Implements `billing.ports.Formats`.
    """

    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self._workspace = workspace
        self._locale = self._words = locale_named(workspace.locale)
        self._zone = ZoneInfo(workspace.timezone)
        self._clock = clock

    def in_locale(self, locale: str | None) -> WorkspaceFormats:
        """Return how a client is written to: days are in the language of the words, which is English at last."""
        name = locale or self._workspace.locale
        formats = WorkspaceFormats(replace(self._workspace, locale=name), self._clock)
        if formats._words.language != catalogs.language_of(name):
            formats._words = _ENGLISH
        return formats

    @property
    def language(self) -> str:
        """The language that `text` writes: `en`, `de`, `fr` or `es`."""
        return catalogs.language_of(str(self._words))

    def text(self, message: str) -> str:
        """Return the English message in the reader's language."""
        return catalogs.text(message, str(self._words))

    def money(self, money: Money) -> str:
        """Return the amount with a sign that no other currency has: `A$500.00`, `US$1,200.00`, `JP¥5,000`."""
        return money_text(money, self._locale)

    def day(self, day: date) -> str:
        """Return the day and the month, and the year where it is not this one: `25 March`, `25 March 2027`."""
        if day.year != self._clock().astimezone(self._zone).year:
            return format_date(day, "long", locale=self._words)
        return format_skeleton("MMMMd", day, locale=self._words)

    def month(self, day: date) -> str:
        """Return the month, and the year where it is not this one: `March`, `March 2027`."""
        this_year = day.year == self._clock().astimezone(self._zone).year
        if this_year:
            return format_date(day, "LLLL", locale=self._words)
        return format_skeleton("yMMMM", day, locale=self._words)

    def moment(self, instant: datetime) -> str:
        """Return the local date and time of an aware instant: `25 March, 3:04 pm`."""
        local = instant.astimezone(self._zone)
        return f"{self.day(local.date())}, {format_time(local.time(), 'short', locale=self._words)}"

    def interval(self, interval: Interval, count: int) -> str:
        """Return how often: `once`, `every month`, `every 2 weeks`."""
        if interval is Interval.ONE_TIME:
            return "once"
        return f"every {interval}" if count == 1 else f"every {count} {interval}s"
