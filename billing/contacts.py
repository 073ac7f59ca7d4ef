"""The people and companies that are billed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """A client. `portal_token` is the unguessable part of the client's portal address."""

    workspace_id: str
    number: str
    name: str
    portal_token: str
    created_at: datetime
    company: str | None = None
    email: str | None = None
    phone: str | None = None
    request_key: str | None = None

    @property
    def label(self) -> str:
        """What people call the client: the company, else the person."""
        return self.company or self.name
