"""The deals that are invoiced: a piece of work, its client and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from billing.money import Money


class Stage(StrEnum):
    """How far the deal is."""

    LEAD = "lead"
    PROPOSAL = "proposal"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A deal. `value` is None where nobody has said what it is worth; `currency` is then what it would be in."""

    workspace_id: str
    number: str
    name: str
    contact: str | None
    currency: str
    value: Money | None
    stage: Stage
    created_at: datetime
    request_key: str | None = None
