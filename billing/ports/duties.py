"""What has to be done once a day in a workspace, by whichever process comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date, datetime


class Duties(Protocol):
    """Which duties are taken and done; a duty is known by its name."""

    def take(self, name: str, day: date, *, now: datetime, until: datetime) -> bool:
        """Take the day's duty, to be done by `until`; False where it is done, or somebody else is at it."""

    def done(self, name: str, day: date) -> None:
        """Say that the day's duty is done."""

    def give_back(self, name: str) -> None:
        """Let somebody else take a duty that could not be done."""
