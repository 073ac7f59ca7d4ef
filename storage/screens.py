"""What stands on people's screens."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select

from storage import mappers, tables
from storage.rows import Rows
from storage.statements import of_workspace

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import BindParameter, Connection, Select

    from billing.screens import Screen

# Of what is read ahead about a subject.
ORDER: Final = ("shown_at", "place")


class SqlScreens:
    """What is shown in one workspace (`billing.ports.Screens`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._rows = Rows(connection, mappers.SCREEN, workspace_id)

    def put(self, screen: Screen) -> None:
        """Insert, or write all fields of the one at that place."""
        self._rows.put(screen)

    def about(self, *subjects: str, since: datetime) -> list[Screen]:
        """Return what is shown about any of the subjects since then, the newest first."""
        kept = [self._rows.read_ahead(*ORDER, about=subject) for subject in subjects]
        known = [screens for screens in kept if screens is not None]
        if len(known) < len(subjects):
            return self._rows.prepared(_about(), subjects=subjects, since=since)
        shown = [screen for screens in known for screen in screens if screen.shown_at >= since]
        return sorted(shown, key=lambda screen: (-screen.shown_at.timestamp(), screen.place))


@cache
def _about() -> Select[Any]:
    columns = tables.screens.c
    subjects: BindParameter[Any] = bindparam("subjects", expanding=True)
    since = bindparam("since", type_=columns.shown_at.type)
    wanted = select(tables.screens).where(of_workspace(mappers.SCREEN), columns.about.in_(subjects))
    return wanted.where(columns.shown_at >= since).order_by(columns.shown_at.desc(), columns.place)
