"""Who may do what: three roles, each including the ones below it."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A member's role: `viewer` reads, `editor` also changes and sends, `admin` also connects and refunds."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"

    def allows(self, needed: Role) -> bool:
        """Say whether somebody with this role may do what needs `needed`."""
        order = list(Role)
        return order.index(self) >= order.index(needed)
