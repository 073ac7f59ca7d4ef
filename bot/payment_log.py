"""The payment log for people who ask outside the chat, in the browser or at a prompt: their words, and its lines.

Lines are read page by page, each in a short transaction of its own, so that nobody who writes waits for a reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from billing.errors import BadArgument
from billing.payment_log import LogFilter
from billing.payments import PaymentType
from skills.payment_lines import log_lines
from skills.periods import day_begins

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from billing.contacts import Contact
    from billing.ports import Transaction
    from billing.workspaces import Workspace
    from skills.context import Services
    from skills.payment_lines import LogLine

_AT_ONCE: Final = 1000
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for, as they wrote it; "" for what they left out. Days are YYYY-MM-DD, both included."""

    type: str = ""
    client: str = ""
    invoice: str = ""
    start: str = ""
    end: str = ""


class PaymentLog:
    """One workspace's log."""

    def __init__(self, services: Services, workspace: Workspace) -> None:
        self._services = services
        self.workspace = workspace

    def wanted(self, asked: Asked) -> LogFilter:
        """Return which lines are meant; raises BadArgument, which says what is not understood."""
        start, end = _day(asked.start), _day(asked.end)
        if start and end and end < start:
            raise BadArgument("The last day is before the first one.")
        with self._transaction() as tx:
            client = _client(tx, asked.client)
            invoice = _invoice(tx, asked.invoice)
        return LogFilter(
            _type(asked.type),
            client.number if client else None,
            invoice,
            day_begins(start, self.workspace) if start else None,
            day_begins(end + timedelta(days=1), self.workspace) if end else None,
        )

    def page(self, wanted: LogFilter, *, before: str | None = None, limit: int) -> list[LogLine]:
        """Return the newest lines, after the one of that id; raises UnknownRecord for an id that is not there."""
        with self._transaction() as tx:
            found = tx.payments.page(wanted, before=before, limit=limit)
            return log_lines(tx, self._services.gateways, found)

    def all(self, wanted: LogFilter) -> Iterator[LogLine]:
        """Yield every line that is wanted, newest first."""
        lines = self.page(wanted, limit=_AT_ONCE)
        while lines:
            yield from lines
            lines = self.page(wanted, before=lines[-1].payment.id, limit=_AT_ONCE)

    def client_names(self) -> list[str]:
        """Return the clients' names, each once, in their order."""
        with self._transaction() as tx:
            return sorted({contact.label for contact in tx.contacts.list()}, key=str.casefold)

    def client_name(self, number: str) -> str:
        """Return what the client is called, or the text itself where it is no client's number."""
        with self._transaction() as tx:
            found = tx.contacts.find(number)
        return found.label if found else number

    def _transaction(self) -> AbstractContextManager[Transaction]:
        return self._services.store.transaction(self.workspace.id)


def _type(text: str) -> PaymentType | None:
    wanted = text.strip().lower()
    if not wanted:
        return None
    if wanted not in set(PaymentType):
        raise BadArgument(f"“{text[:_LONGEST]}” is no kind of movement; there are {', '.join(PaymentType)}.")
    return PaymentType(wanted)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadArgument(f"“{text[:_LONGEST]}” is not a day; write it like 2026-03-31.") from None


def _invoice(tx: Transaction, text: str) -> str | None:
    wanted = text.strip().upper()
    if not wanted:
        return None
    if tx.invoices.find(wanted) is None:
        raise BadArgument(f"There is no invoice “{text[:_LONGEST]}”.")
    return wanted


def _client(tx: Transaction, text: str) -> Contact | None:
    """Return the client of that number or name, or the only one whose name has the text in it."""
    wanted = text.strip().casefold()
    if not wanted:
        return None
    clients = tx.contacts.list()
    exact = [client for client in clients if wanted in {name.casefold() for name in _names(client)}]
    within = [client for client in clients if any(wanted in name.casefold() for name in _names(client))]
    found = exact or within
    if len(found) == 1:
        return found[0]
    if not found:
        raise BadArgument(f"No client is called “{text[:_LONGEST]}”.")
    some = ", ".join(f"{client.number} ({client.label})" for client in found[:5])
    raise BadArgument(f"Several clients are called “{text[:_LONGEST]}”: {some}.")


def _names(client: Contact) -> list[str]:
    return [name for name in (client.number, client.label, client.name, client.company) if name]
