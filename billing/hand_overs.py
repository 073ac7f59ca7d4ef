"""That somebody wants to talk to a person, and who has taken it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class HandOver:
    """That a member wants to talk to a person. `said` is (who, words), oldest first; `taken_by` is a member's name."""

    workspace_id: str
    number: str
    member: str
    conversation: str
    topic: str
    said: tuple[tuple[str, str], ...]
    created_at: datetime
    request_key: str | None = None
    taken_by: str | None = None
    taken_at: datetime | None = None
