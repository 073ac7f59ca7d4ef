"""The cursor that PostgreSQL is asked with: its rows are described by as much as SQLAlchemy reads of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import Cursor

if TYPE_CHECKING:
    # What DB-API says of a column: its name, the number of its type, and five things that nobody asks for.
    Described = tuple[str, int, None, None, None, None, None]


class PlainCursor(Cursor[Any]):
    """A cursor that makes a tuple of a column. psycopg's own looks its type up, which takes longer than the query."""

    @property
    def description(self) -> list[Described] | None:  # type: ignore[override] # DB-API wants sequences, and this is one
        """Return the columns of what was found; None where nothing was asked for."""
        found = self.pgresult
        if found is None or not found.nfields:
            return None
        return [_described(found.fname(place), found.ftype(place)) for place in range(found.nfields)]


def _described(name: bytes | None, kind: int) -> Described:
    return ((name or b"").decode(), kind, None, None, None, None, None)
