"""The numbers that clients see: taken from the series of the business when a document is opened, without gaps.

A number is taken in the transaction that opens the document and by the row that counts it, which is locked until the
commit: what is rolled back is given to the next one, and two at once wait for each other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from billing.errors import BadArgument

if TYPE_CHECKING:
    from datetime import date

    from billing.ports import Transaction

_PLACE: Final = re.compile(r"\{n(?::0([1-9]))?\}", re.ASCII)
_YEAR: Final = "{year}"
_PRINTED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,30}", re.ASCII)
# Evie's own handles: a client's number that looks like one could be another record.
_TAKEN: Final = re.compile(r"(INV|CON|OPP|AUT|PRD|ORD|CRN)-?", re.IGNORECASE | re.ASCII)


def checked_series(pattern: str) -> str:
    """Return the pattern without white space around it; "" means no series.

    Raises BadArgument unless it has `{n}` or `{n:04}` once, `{year}` at most once, and beside them up to 30 letters,
    digits and `-`, `/`, `.`, `_`, which are not those of Evie's own numbers.
    """
    series = pattern.strip()
    if not series:
        return ""
    dated = series.replace(_YEAR, "2026", 1)
    if len(_PLACE.findall(series)) != 1 or not _PRINTED.fullmatch(_PLACE.sub("1", dated)):
        message = (
            f"“{pattern}” cannot number invoices. Write {{n}} where the number goes, as in RE-{{n}}, "
            "2026-{n:04} or {year}-{n:04}, beside it only letters, digits, - / . and _."
        )
        raise BadArgument(message)
    if _TAKEN.fullmatch(_PLACE.sub("", dated)):
        message = f"“{pattern}” would look like Evie's own numbers, such as INV-1001. Choose other letters."
        raise BadArgument(message)
    return series


def document_number(series: str, number: int, day: date) -> str:
    """Return the number as it is printed: `2026-{n:04}` and 7 make `2026-0007`."""
    dated = series.replace(_YEAR, str(day.year))
    return _PLACE.sub(lambda found: str(number).zfill(int(found[1] or 1)), dated)


def next_document_number(tx: Transaction, day: date) -> str | None:
    """Take the next number of the business's series for a document of that day; None where it has no series.

    A number that an earlier series gave away already is passed over.
    """
    series = tx.business.get().series
    if not series:
        return None
    while True:
        number = document_number(series, tx.business.next_number(counter(series, day)), day)
        if not (tx.invoices.list(document_number=number) or tx.credit_notes.list(document_number=number)):
            return number


def counter(series: str, day: date) -> str:
    """Return what counts the series: one that names the year starts anew with it; the width of {n} does not matter."""
    return _PLACE.sub("{n}", series.replace(_YEAR, str(day.year)))
