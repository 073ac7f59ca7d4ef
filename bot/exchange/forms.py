"""The forms of single values in an exchange document. What the domain refuses is refused here with its words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from billing.durations import duration
from billing.errors import BillingError
from billing.money import currency_code, parse_percent
from bot.formats import locale_named

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def as_value_error(check: Callable[[str], T]) -> Callable[[str], T]:
    """Let pydantic hear of what the domain refuses: it listens to ValueError only."""

    def checked(text: str) -> T:
        try:
            return check(text)
        except BillingError as error:
            raise ValueError(error.user_message) from None

    return checked


def _percent(text: str) -> str:
    parse_percent(text)
    return text


def _locale(text: str) -> str:
    locale_named(text)
    return text


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"“{text}” is not a time zone; write it like Australia/Brisbane"
        raise ValueError(message) from None
    return text


def _duration(text: str) -> str:
    try:
        duration(text)
    except OverflowError:
        message = f"{text} is too long"
        raise ValueError(message) from None
    return text


def _date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    message = "has to be a date such as 2026-03-31"
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(message) from None
    # Python also reads 20260331 and 2026-W14-2, which people do not.
    if day.isoformat() != value:
        raise ValueError(message)
    return day


def _instant(value: object) -> datetime:
    try:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        message = "has to be an instant with its offset, such as 2026-03-11T10:00:00+10:00"
        raise ValueError(message)
    return instant.astimezone(UTC)


Currency = Annotated[str, AfterValidator(as_value_error(currency_code))]
Percent = Annotated[str, AfterValidator(as_value_error(_percent))]
Locale = Annotated[str, AfterValidator(_locale)]
TimeZone = Annotated[str, AfterValidator(_timezone)]
Duration = Annotated[str, AfterValidator(_duration)]
Date = Annotated[date, BeforeValidator(_date)]
Instant = Annotated[datetime, BeforeValidator(_instant)]
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,128}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,128}$")]
WebUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]{1,2000}$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
ContactNumber = Annotated[str, StringConstraints(pattern=r"^CON-[1-9]\d{0,8}$")]
OpportunityNumber = Annotated[str, StringConstraints(pattern=r"^OPP-[1-9]\d{0,8}$")]
CreditNoteNumber = Annotated[str, StringConstraints(pattern=r"^CRN-[1-9]\d{0,8}$")]
InvoiceNumber = Annotated[str, StringConstraints(pattern=r"^INV-[1-9]\d{0,8}$")]
AutomationNumber = Annotated[str, StringConstraints(pattern=r"^AUT-[1-9]\d{0,8}$")]
ProductNumber = Annotated[str, StringConstraints(pattern=r"^PRD-[1-9]\d{0,8}$")]
OrderNumber = Annotated[str, StringConstraints(pattern=r"^ORD-[1-9]\d{0,8}$")]
