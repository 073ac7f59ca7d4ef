"""Weekends and public holidays of countries and their parts, from the `holidays` package, which needs no network."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from holidays import HolidayBase

_SATURDAY: Final = 5


class PublicHolidays:
    """Which days a country works on (`billing.reminders.BusinessCalendar`)."""

    def is_working_day(self, day: date, country: str, region: str) -> bool:
        """Say whether it is neither weekend nor public holiday; a place that is not known works Monday to Friday."""
        calendar = _calendar(country, region)
        return day.weekday() < _SATURDAY if calendar is None else calendar.is_working_day(day)

    def regions(self, country: str) -> tuple[str, ...]:
        """Return the codes of the parts of a country that have holidays of their own."""
        return tuple(_known().get(country, ()))


def _known() -> Mapping[str, list[str]]:
    """Return the codes of the countries that are known, each with those of its parts."""
    from holidays import list_supported_countries

    return list_supported_countries()


@lru_cache(maxsize=256)
def _calendar(country: str, region: str) -> HolidayBase | None:
    """Return the calendar of a place, which fills itself year by year; of the whole country for an unknown part."""
    # With it come the calendars of all countries, which no process should have to read before it starts.
    from holidays import country_holidays

    known = _known()
    if country not in known:
        return None
    return country_holidays(country, subdiv=region if region in known[country] else None)
