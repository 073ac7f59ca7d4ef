"""What happened in the domain, in the past tense: the only thing that notifications and automations listen to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from billing.automations import Trigger
    from billing.invoices import Invoice


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """A fact. `key` is unique in the workspace for ever: what follows from the fact is keyed by it.

    `record` is the invoice as it stands after it, where whoever tells of the fact has it in hand.
    """

    workspace_id: str
    trigger: Trigger
    key: str
    occurred_at: datetime
    invoice: str
    payment: str | None = None
    record: Invoice | None = None
