"""What the fronts of one workspace show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from billing.screens import Screen


class Screens(Protocol):
    """What stands on people's screens, known by its place."""

    def put(self, screen: Screen) -> None:
        """Insert, or write all fields of the one at that place."""

    def about(self, *subjects: str, since: datetime) -> list[Screen]:
        """Return what is shown about any of the subjects since then, the newest first."""
