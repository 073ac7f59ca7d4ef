"""The payment log as CSV, for spreadsheets: RFC 4180, in UTF-8 with the mark by which Excel knows it.

A spreadsheet takes a cell for a formula by its first character, and clients write some of what stands here. So text
never begins with such a character, not even behind a separator at which a program of another country would part it.
Amounts are numbers, and stay numbers when they are below zero.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from skills.payment_lines import details

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from billing.money import Money
    from billing.workspaces import Workspace
    from skills.payment_lines import LogLine

COLUMNS: Final = (
    "time",
    "time_zone",
    "type",
    "status",
    "amount",
    "currency",
    "fee",
    "net",
    "balance_currency",
    "client",
    "client_number",
    "invoice",
    "payer",
    "details",
    "stripe_id",
    "stripe_account",
    "mode",
    "dashboard",
    "id",
)
_MARK: Final = "\ufeff"
_ROWS_AT_ONCE: Final = 500
# What spreadsheets have been seen to calculate, in full width too; white space before it does not hinder all of them.
_FORMULA: Final = re.compile(r"(^|[,;|\"'])(\s*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212])")
_WHITE: Final = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")


def csv_text(lines: Iterable[LogLine], workspace: Workspace) -> Iterator[str]:
    """Yield the file in pieces: its header, then the lines in their order."""
    buffer = io.StringIO(newline="")
    buffer.write(_MARK)
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for count, line in enumerate(lines, start=1):
        writer.writerow(_cells(line, workspace))
        if count % _ROWS_AT_ONCE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def harmless(text: str) -> str:
    """Return the text on one line, with an apostrophe before whatever a spreadsheet could take for a formula."""
    return _FORMULA.sub(r"\1'\2", _WHITE.sub(" ", text).strip())


def _cells(line: LogLine, workspace: Workspace) -> list[str]:
    payment = line.payment
    booked = payment.fee or payment.net
    words = (
        booked.currency if booked else "",
        line.client,
        payment.contact or "",
        payment.invoice or "",
        payment.payer,
        ", ".join(details(payment)),
        payment.stripe_id,
        payment.stripe_account_id,
        line.mode,
        line.url,
        payment.id,
    )
    return [
        payment.occurred_at.astimezone(ZoneInfo(workspace.timezone)).isoformat(timespec="seconds"),
        harmless(workspace.timezone),
        payment.type.value,
        payment.status.value,
        str(payment.money),
        payment.money.currency,
        _number(payment.fee),
        _number(payment.net),
        *map(harmless, words),
    ]


def _number(money: Money | None) -> str:
    return "" if money is None else str(money)


def _taken(buffer: io.StringIO) -> str:
    """Return what was written since the last time."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
