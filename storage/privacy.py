"""Where texts that name a person may stand, and how they are found and taken out.

Texts are compared here and not by the database: what is JSON there has its letters escaped, and a name that was written
with another case or space is the same name. That reads the whole workspace, which happens when somebody asks for it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text, and_, false, or_, select, type_coerce, update

from billing.personal import GONE, Mention
from billing.queues import RowState
from storage import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from sqlalchemy import ColumnElement, Connection, Table

    from billing.personal import Traces

# A parked row waits for a person, who reads what is left of it; one that waits for its time still needs its words.
_SETTLED: Final = (RowState.DONE, RowState.IGNORED, RowState.PARKED)


@dataclass(frozen=True, slots=True)
class _Place:
    """Columns of a table with texts in them: JSON, or plain words. `loosely`: people talk freely there."""

    table: Table
    at: str
    documents: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    loosely: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.documents, *self.words)


_PLACES: Final = (
    _Place(tables.turns, "said_at", ("reply",), ("text",), loosely=True),
    _Place(tables.hand_overs, "created_at", ("said",), ("topic",), loosely=True),
    _Place(tables.conversations, "updated_at", ("state",)),
    _Place(tables.proposals, "created_at", ("calls",)),
    _Place(tables.audit_entries, "at", ("arguments",)),
    _Place(tables.automation_runs, "started_at", ("outcomes",)),
    _Place(tables.automation_steps, "due_at", (), ("outcome",)),
    _Place(tables.mails, "at", ("to", "cc"), ("reason",)),
)
_OUTBOX: Final = _Place(tables.outbox, "created_at", ("payload", "receipt"), ("last_error",))
_INBOX: Final = _Place(tables.inbox, "received_at", ("body",), ("last_error",))


class SqlPrivacy:
    """The texts of one workspace (`billing.ports.privacy.Privacy`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def mentions(self, traces: Traces) -> list[Mention]:
        """Return every text that names the person, as it stands."""
        return [
            Mention(place.table.name, row["at"], text)
            for place, row in self._rows()
            for column in place.columns
            for text in _leaves(_read(place, column, row[column]))
            if traces.name(text, loosely=place.loosely)
        ]

    def wipe(self, traces: Traces, *, invoices: Collection[str]) -> int:
        """Take the words out of every text that names the person, and return how many texts these were."""
        mails = tables.mails
        of_theirs = and_(mails.c.workspace_id == self._workspace_id, mails.c.invoice.in_(invoices))
        self._connection.execute(update(mails).where(of_theirs).values(to=[], cc=[], reason=""))
        wiped = 0
        for place, row in list(self._rows()):
            changed = {name: new for name in place.columns if (new := _without(traces, place, name, row)) is not None}
            if changed:
                wiped += len(changed)
                self._connection.execute(update(place.table).where(_same(place.table, row)).values(changed))
        return wiped

    def waiting(self, traces: Traces) -> int:
        """Return how many messages that are not done yet name the person."""
        rows = self._rows_of(_OUTBOX, _OUTBOX.table.c.state.not_in(_SETTLED))
        return sum(
            1 for place, row in rows if any(_without(traces, place, name, row) is not None for name in place.columns)
        )

    def _rows(self) -> Iterator[tuple[_Place, dict[str, Any]]]:
        for place in _PLACES:
            yield from self._rows_of(place)
        yield from self._rows_of(_OUTBOX, _OUTBOX.table.c.state.in_(_SETTLED))
        yield from self._select(_INBOX, and_(_INBOX.table.c.state.in_(_SETTLED), self._received()))

    def _rows_of(self, place: _Place, *where: ColumnElement[bool]) -> Iterator[tuple[_Place, dict[str, Any]]]:
        return self._select(place, and_(place.table.c.workspace_id == self._workspace_id, *where))

    def _select(self, place: _Place, where: ColumnElement[bool]) -> Iterator[tuple[_Place, dict[str, Any]]]:
        keys = list(place.table.primary_key)
        texts = [_raw(place.table, name) for name in place.columns]
        query = select(*keys, place.table.c[place.at].label("at"), *texts).where(where)
        for row in self._connection.execute(query).mappings():
            yield place, dict(row)

    def _received(self) -> ColumnElement[bool]:
        """Return which rows of the inbox, which knows no workspaces, came from this one's Slack or Stripe account."""
        columns, mine = tables.inbox.c, self._workspace_id
        team = select(tables.workspaces.c.slack_team_id).where(tables.workspaces.c.id == mine)
        accounts = tables.stripe_connections.c
        named = select(accounts.stripe_account_id, accounts.direct).where(accounts.workspace_id == mine)
        prefixes = [f"{'' if row.direct else row.stripe_account_id}:" for row in self._connection.execute(named)]
        slack_team_id = self._connection.execute(team).scalar_one_or_none()
        lanes = [columns.lane.startswith(f"slack:{slack_team_id}:", autoescape=True)] if slack_team_id else []
        keys = [columns.key.startswith(prefix, autoescape=True) for prefix in prefixes]
        return or_(false(), *lanes, *keys)


def _raw(table: Table, name: str) -> ColumnElement[Any]:
    column = table.c[name]
    return column if table is tables.inbox else type_coerce(column, Text).label(name)


def _same(table: Table, row: dict[str, Any]) -> ColumnElement[bool]:
    return and_(*(column == row[column.name] for column in table.primary_key))


def _read(place: _Place, column: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what stands in a column: JSON that was read, or its text; what is no JSON is taken as it is."""
    if column in place.words or value is None:
        return value
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _without(traces: Traces, place: _Place, column: str, row: dict[str, Any]) -> Any:  # noqa: ANN401 - as its column
    """Return the column's value without the texts that name the person, None where none does."""
    value = _read(place, column, row[column])
    found = False

    def cleaned(text: str) -> str:
        nonlocal found
        if not traces.name(text, loosely=place.loosely):
            return text
        found = True
        return GONE

    new = _mapped(value, cleaned)
    if not found:
        return None
    if column in place.words:
        return new
    written = json.dumps(new, separators=(",", ":"))
    return written.encode() if isinstance(row[column], bytes) else type_coerce(written, Text)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(item, change) for item in value]
    if isinstance(value, dict):
        return {key: _mapped(item, change) for key, item in value.items()}
    return value


def _leaves(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    found: list[str] = []

    def kept(text: str) -> str:
        found.append(text)
        return text

    _mapped(value, kept)
    return iter(found)
