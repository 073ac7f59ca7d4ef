"""Databases as earlier releases left them: their tables, with typical rows in each.

The rows are made from the tables as they were, not from the program of today, which writes other columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    insert,
    select,
    update,
)
from sqlalchemy.types import TypeEngine

from storage import schema
from storage.engine import writing
from storage.tables import METADATA
from storage.types import Word

Row = dict[str, Any]

THEN: Final = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
_DAY: Final = date(2026, 3, 25)

# What another row, or the program, takes for what it is. `{}` is the number of the row.
_WORDS: Final[dict[str, str | tuple[str, ...]]] = {
    "workspace_id": "ws_1",
    "workspaces.id": "ws_{}",
    "contact": "CON-1",
    "opportunity": "OPP-1",
    "invoice": "INV-1001",
    "automation": "AUT-1",
    "contacts.number": "CON-{}",
    "opportunities.number": "OPP-{}",
    "invoices.number": "INV-100{}",
    "automations.number": "AUT-{}",
    "credit_notes.number": "CRN-{}",
    "hand_overs.number": "ASK-{}",
    "timezone": "Australia/Brisbane",
    "country": "AU",
    "locale": "en_AU",
    "businesses.series": "LR-{{n}}",
    "audit_entries.status": "done",
    "automations.after": "P1D",
    "quiet": "PT1H",
    "notification_routes.event": ("payment_succeeded", "payment_failed"),
    "slack_team_id": "T0STUDIO{}",
    "slack_user_id": "U{}",
    "automation_triggers.automation": "AUT-{}",
    "channels.name": "#billing-{}",
    "deal_routes.opportunity": "OPP-{}",
    "invoices.token": "{}23456789abcdefghijk",
    "portal_links.token_hash": "{}" + 63 * "a",
    "payment_links.invoice": "INV-100{}",
    "channel": "#billing-1",
    "digest_channel": "#billing-1",
    "news_settings.people": "#billing-1",
    "email": "nora{}@quist.example",
    "confirmed_by": "Ada",
    "slack_channel_id": "C{}",
    "stripe_account_id": "acct_{}",
    "url": "https://hooks.quist.example/{}",
}
_DOCUMENTS: Final[dict[str, Any]] = {
    "actions": [{"do": "post_message", "arguments": {"channel": "#billing", "text": "hello"}}],
    "action": {"do": "post_message", "arguments": {"channel": "#billing", "text": "hello"}},
    "where": {"kind": "deposit"},
    "also": ["payment_failed"],
    "calls": [{"skill": "send_invoice", "arguments": {"invoice": "INV-1001"}}],
    "reply": {"conversation": "c", "calls": [], "clarify": None, "declined": False, "reply": "Done.", "route": "rules"},
    "payload": {"channel": "#billing", "text": "hello"},
    "outcomes": ["posted"],
    "steps": [0, 7],
    "to": ["nora@quist.example"],
    "cc": [],
    "lines": [],
    "chain": [],
    "query": [],
    "said": [],
    "tax_rate": "10",
    "conversations.state": {},
    "contacts.address": {},
    "businesses.address": {},
}
# What would say that the row is over, or has a part that few have.
_ABSENT: Final = frozenset(
    "letterhead deductions bank late_fee unmet contacts.payer contacts.locale deleted_at ended_at disabled_at "
    "schedule next_at revoked_at disconnected_at void_at leased_until replaces replaced_by confirmed".split(),
)
_OBJECTS: Final = frozenset({"arguments", "address", "content", "receipt"})
# None is the number of the row. A Boolean is looked at first, as some databases keep it as a number.
_BY_TYPE: Final[tuple[tuple[type[TypeEngine[Any]], Any], ...]] = (
    (Boolean, True),
    (Integer, None),
    (DateTime, THEN),
    (Date, _DAY),
    (LargeBinary, b'{"id": "evt_1"}'),
)
# Where a workspace, an invoice and so on has one row, a second would be of another.
_ONE_EACH: Final = frozenset({"businesses", "logos", "news_settings", "reminder_schedules", "stripe_connections"})


def revisions() -> list[str]:
    """Return every released schema, the oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(schema._config()).walk_revisions()][::-1]


def bring_to(engine: Engine, revision: str) -> MetaData:
    """Bring an empty database to a released schema; return its tables."""
    config = schema._config()
    with writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return shape_of(engine)


def shape_of(engine: Engine) -> MetaData:
    """Return the tables that are in the database."""
    found = MetaData()
    found.reflect(engine)
    found.remove(found.tables[schema.VERSION_TABLE])
    return found


def fill(connection: Connection, shape: MetaData, number: int) -> None:
    """Write a row into each table with the columns that it has in that shape; `number` tells rows apart."""
    for table in shape.sorted_tables:
        if number == 1 or table.name not in _ONE_EACH:
            connection.execute(insert(table).values(a_row(table, number)))


def a_row(table: Table, number: int) -> Row:
    """Return a typical row."""
    filled = [
        column for column in table.columns if not (column.autoincrement is True or _counts_itself(table, column.name))
    ]
    return {column.name: _value(table.name, column.name, column.type, number) for column in filled}


def _counts_itself(table: Table, name: str) -> bool:
    return name == "position" and [column.name for column in table.primary_key] == ["position"]


def _value(table: str, name: str, kind: TypeEngine[Any], number: int) -> Any:
    for known in (f"{table}.{name}", name):
        if known in _ABSENT:
            return None
        if known in _DOCUMENTS:
            return json.dumps(_DOCUMENTS[known])
        if known in _WORDS:
            word = _WORDS[known]
            return word[number - 1] if isinstance(word, tuple) else word.format(number)
    return _by_type(table, name, kind, number)


def _by_type(table: str, name: str, kind: TypeEngine[Any], number: int) -> Any:
    for sort, value in _BY_TYPE:
        if isinstance(kind, sort):
            return number if value is None else value
    if name.endswith("currency"):
        return "AUD"
    if name in _OBJECTS:
        return "{}"
    column = METADATA.tables[table].columns.get(name) if table in METADATA.tables else None
    if column is not None and isinstance(column.type, Word):
        return next(iter(column.type.vocabulary)).value
    return f"{name}-{number}"


def write_as_before(connection: Connection, shape: MetaData) -> None:
    """Do what a program of that shape does: insert, read and change rows by the columns that it knows."""
    fill(connection, shape, 2)
    for table in shape.sorted_tables:
        for row in list(rows(connection, table)):
            own = [column == row[column.name] for column in table.primary_key]
            changed = {name: value for name, value in row.items() if name not in table.primary_key.columns}
            assert connection.execute(update(table).where(*own).values(changed or row)).rowcount == 1


def rows(connection: Connection, table: Table) -> Iterator[Row]:
    """Return the rows of a table by the columns of its shape."""
    for row in connection.execute(select(table)).mappings():
        yield dict(row)
