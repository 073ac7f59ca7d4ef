"""What stands on people's screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import mappers
from storage.rows import Rows

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from billing.screens import Screen


class SqlScreens:
    """What is shown in one workspace (`billing.ports.Screens`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._rows = Rows(connection, mappers.SCREEN, workspace_id)

    def put(self, screen: Screen) -> None:
        """Insert, or write all fields of the one at that place."""
        self._rows.put(screen)

    def about(self, *subjects: str, since: datetime) -> list[Screen]:
        """Return what is shown about any of the subjects since then, the newest first."""
        columns = self._rows.columns
        wanted = (columns.about.in_(subjects), columns.shown_at >= since)
        return self._rows.many(*wanted, order=[columns.shown_at.desc(), columns.place])
