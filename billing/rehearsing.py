"""Trying an automation with an invoice: exactly what would happen, and nothing of it does.

Each step is really done, in a transaction that is then taken back: so what is shown is what the step itself says.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.acting import Occasion, act, text_of
from billing.errors import BillingError
from billing.events import DomainEvent
from billing.matching import Facts, unmet

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from billing.automations import Action
    from billing.ports import Formats, Transaction
    from billing.runs import Unmet


class _TakenBackError(Exception):
    """Ends a transaction so that nothing of it stays."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What one step would do, and the text that it would say; or why it cannot be done."""

    action: Action
    text: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would come of it: the condition that does not hold, if any, and each step all the same."""

    unmet: Unmet | None
    steps: tuple[Tried, ...]


def rehearse(
    transaction: Callable[[], AbstractContextManager[Transaction]],
    number: str,
    invoice: str,
    formats: Formats,
    *,
    now: datetime,
) -> Rehearsal:
    """Try the automation with the invoice; raises UnknownRecord."""
    with transaction() as tx:
        automation = tx.automations.get(number)
        record = tx.invoices.get(invoice)
        today = tx.people.workspace().day_of(now)
        lines = tx.payments.of_invoice(record.number)
        payment = lines[-1].id if lines else None
        event = DomainEvent(tx.workspace_id, automation.trigger, "try", now, invoice, payment)
        missed = unmet(automation.where, Facts(tx, event, today))
    occasion = Occasion(invoice, f"try:{number}", now, today, formats, automation, automation.trigger)
    return Rehearsal(missed, tuple(_tried(transaction, action, occasion) for action in automation.actions))


def _tried(transaction: Callable[[], AbstractContextManager[Transaction]], action: Action, occasion: Occasion) -> Tried:
    tried = Tried(action)
    with suppress(_TakenBackError), transaction() as tx:
        try:
            # What it would start is started too, and taken back with it.
            act(tx, action, occasion)
            tried = Tried(action, text_of(tx, action, occasion))
        except BillingError as error:
            tried = Tried(action, fault=error.user_message)
        raise _TakenBackError
    return tried
