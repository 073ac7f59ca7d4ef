"""Lines as somebody says them, checked: what an invoice cannot bear is refused with the line and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from billing.errors import BadAmount, BadArgument, BillingError
from billing.lines import NO_TAX, Line
from billing.money import Money, parse_amount, zero

if TYPE_CHECKING:
    from collections.abc import Sequence

# What still prints as an invoice and not as a book, and what Stripe, e-invoices and mails all take.
MOST_LINES: Final = 500
_LONGEST_TEXT: Final = 1000
_LONGEST_UNIT: Final = 20
_MOST: Final = Decimal(1_000_000)
_WHOLE: Final = Decimal(100)
_NUMBER: Final = re.compile(r"\d{1,12}(\.\d{1,4})?", re.ASCII)
_ZERO: Final = re.compile(r"0+(\.0+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A line as it is said. Numbers are decimal strings: `unit_price` in major units, the others as they are.

    `tax_rate` and `discount` are percentages; without a rate the line has the business's.
    """

    text: str
    unit_price: str
    quantity: str = "1"
    unit: str = ""
    discount: str = "0"
    tax_rate: str | None = None


def read_lines(wanted: Sequence[WantedLine], currency: str, tax_rate: Decimal = NO_TAX) -> tuple[Line, ...]:
    """Return the lines in the currency; `tax_rate` is that of a line that says none.

    Raises BadArgument or BadAmount, each naming the line, and BadArgument for more than `MOST_LINES`.
    """
    if len(wanted) > MOST_LINES:
        message = f"An invoice has at most {MOST_LINES} lines, and this one would have {len(wanted)}. Split it in two."
        raise BadArgument(message)
    return tuple(_line(place, line, currency, tax_rate) for place, line in enumerate(wanted, start=1))


def read_percentage(text: str, what: str) -> Decimal:
    """Read a percentage from 0 to 100 with at most four decimals; raises BadArgument that names `what` it is."""
    cleaned = text.strip().removesuffix("%").strip()
    if not _NUMBER.fullmatch(cleaned) or Decimal(cleaned) > _WHOLE:
        raise BadArgument(f"“{text}” cannot be the {what}: it is a percentage from 0 to 100, such as 10.")
    return Decimal(cleaned)


def printable(text: str) -> str:
    """Return the text as it can be printed: every script and sign is kept, control characters are not.

    What joins and directs signs (as in emoji and in Hebrew) is no control character here. Line breaks stay.
    """
    kept = (sign for sign in text.replace("\r\n", "\n") if sign == "\n" or not _is_control(sign))
    return "".join(kept).strip()


def _is_control(sign: str) -> bool:
    # C0 and C1 controls, lone surrogates, and what Unicode says is no character at all.
    code = ord(sign)
    return code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE  # noqa: PLR2004


def _line(place: int, wanted: WantedLine, currency: str, tax_rate: Decimal) -> Line:
    text, unit = printable(wanted.text), printable(wanted.unit)
    try:
        _require_texts(text, unit)
        return Line(
            text=text,
            unit_price=_price(wanted.unit_price, currency),
            quantity=_quantity(wanted.quantity),
            unit=unit,
            discount=read_percentage(wanted.discount, "discount"),
            tax_rate=tax_rate if wanted.tax_rate is None else read_percentage(wanted.tax_rate, "tax rate"),
        )
    except BillingError as error:
        named = f"Line {place} (“{text[:40]}”)" if text else f"Line {place}"
        raise type(error)(f"{named}: {error.user_message}") from None


def _require_texts(text: str, unit: str) -> None:
    if not text:
        raise BadArgument("It does not say what it is for. Give it a text.")
    if len(text) > _LONGEST_TEXT:
        raise BadArgument(f"Its text is longer than {_LONGEST_TEXT} characters. Shorten it.")
    if len(unit) > _LONGEST_UNIT:
        raise BadArgument(f"Its unit is longer than {_LONGEST_UNIT} characters. Write it like “day” or “h”.")


def _price(text: str, currency: str) -> Money:
    if text.strip().startswith(("-", "−")):
        raise BadAmount(f"A price cannot be below zero, as “{text}” is. Use a discount, or a smaller quantity.")
    return zero(currency) if _ZERO.fullmatch(text.strip()) else parse_amount(text, currency)


def _quantity(text: str) -> Decimal:
    cleaned = text.strip()
    if not _NUMBER.fullmatch(cleaned) or not 0 < Decimal(cleaned) <= _MOST:
        message = f"“{text}” cannot be a quantity: it is above zero, with at most four decimals, such as 2.5."
        raise BadAmount(message)
    return Decimal(cleaned)
