"""What a person does next with a list or a report, as buttons; each says a sentence that means what it is called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from billing.invoices import OVERDUE
from billing.roles import Role
from skills.cards import Button, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from billing.automations import Automation
    from billing.invoices import Invoice

# With more of them, whoever reads says which one they mean.
_EACH: Final = 4

REMIND_ALL: Final = Button("Remind everyone overdue", say="remind everyone who is overdue", needs=Role.EDITOR)


def next_first(buttons: Sequence[Button], label: str) -> tuple[Button, ...]:
    """Return the buttons with the one of that label at their head and standing out, as they are where none has it."""
    ahead = [replace(button, tone=Tone.GOOD) for button in buttons if button.label == label]
    return (*ahead, *(button for button in buttons if button.label != label))


def after_invoices(listed: Sequence[Invoice], today: date) -> tuple[Button, ...]:
    """Return what follows a list of invoices: a look at each of a few, and reminders where some are late."""
    few = listed if len(listed) <= _EACH else ()
    each = tuple(Button(f"Show {invoice.number}", say=f"show {invoice.number}") for invoice in few)
    late = any(invoice.status_on(today) == OVERDUE for invoice in listed)
    return (*each, *((REMIND_ALL,) if late else ()), Button("New invoice", form="create_invoice", needs=Role.EDITOR))


def after_payments(invoice: str | None) -> tuple[Button, ...]:
    """Return what follows a list of payments: a look at the invoice that they are of."""
    return (Button(f"Show {invoice}", say=f"show {invoice}"),) if invoice else ()


def after_report(client: str | None, *, late: bool) -> tuple[Button, ...]:
    """Return what follows a report, of one client (by number) or of all."""
    whose = f" for {client}" if client else ""
    unpaid = Button("Unpaid invoices", say=f"show unpaid invoices{whose}")
    return (unpaid, REMIND_ALL) if late and not client else (unpaid,)


def after_automations(listed: Sequence[Automation]) -> tuple[Button, ...]:
    """Return what follows a list of automations: each of a few is paused or switched on."""
    few = listed if len(listed) <= _EACH else ()
    return (
        *(_switch(automation) for automation in few),
        Button("New automation", form="create_automation", needs=Role.EDITOR),
    )


def _switch(automation: Automation) -> Button:
    number = automation.number
    if automation.active:
        return Button(f"Pause {number}", say=f"pause {number}", needs=Role.EDITOR)
    return Button(f"Switch on {number}", say=f"turn on {number}", needs=Role.EDITOR, tone=Tone.GOOD)
