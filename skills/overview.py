"""How the business stands, on one page: what is owed, late and collected, who paid lately, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.roles import Role
from skills.automation_news import automation_news
from skills.cards import Button, Card, Field, Row, Tone, for_reader
from skills.connection_status import stripe_card
from skills.next_steps import REMIND_ALL
from skills.periods import day_begins
from skills.presenting import payment_row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from billing.money import Money
    from billing.ports import Formats, Transaction
    from billing.workspaces import Workspace

_RECENT: Final = 5

# What people do from here, the likeliest first, and the role that each needs.
_ACTIONS: Final = (
    (Role.EDITOR, Button("New invoice", tone=Tone.GOOD, form="create_invoice")),
    (Role.EDITOR, REMIND_ALL),
    (Role.VIEWER, Button("Unpaid invoices", say="show unpaid invoices")),
    (Role.VIEWER, Button("Payments this month", say="list the payments of this month")),
    (Role.VIEWER, Button("Deals", say="list the opportunities")),
    (Role.ADMIN, Button("Automations", say="list the automations")),
    (Role.EDITOR, Button("New automation", form="create_automation")),
    (Role.ADMIN, Button("Settings", form="settings")),
)


def overview(tx: Transaction, workspace: Workspace, role: Role, formats: Formats, now: datetime) -> tuple[Card, ...]:
    """Return the cards for a member of that role, the most important first."""
    active = tx.connections.active()
    stripe = for_reader(stripe_card(active, formats), role)
    figures, recent = _figures(tx, workspace, role, formats, now), _recent(tx, formats)
    cards = (figures, *automation_news(tx, workspace, role, formats, now), recent, stripe)
    # Without Stripe nobody can pay online: that is what has to be done first.
    return cards if active else (cards[-1], *cards[:-1])


def _figures(tx: Transaction, workspace: Workspace, role: Role, formats: Formats, now: datetime) -> Card:
    today = workspace.day_of(now)
    month = day_begins(today.replace(day=1), workspace)
    late = tx.reports.overdue(today)
    fields = (
        Field("Outstanding", _sums(formats, (line.total for line in tx.reports.outstanding()))),
        Field("Overdue", _sums(formats, (line.total for line in late))),
        Field("Collected this month", _sums(formats, (line.total for line in tx.reports.collected(start=month)))),
    )
    summary = " · ".join(f"{field.label}: {field.value}" for field in fields)
    return Card(
        title=workspace.name,
        summary=summary,
        tone=Tone.BAD if late else Tone.NEUTRAL,
        badge=f"{sum(line.invoices for line in late)} overdue" if late else "",
        fields=fields,
        buttons=_actions(role, late=bool(late)),
    )


def _actions(role: Role, *, late: bool) -> tuple[Button, ...]:
    return tuple(button for needed, button in _ACTIONS if role.allows(needed) and (late or button is not REMIND_ALL))


def _sums(formats: Formats, totals: Iterable[Money]) -> str:
    return " and ".join(formats.money(total) for total in totals) or "nothing"


def _recent(tx: Transaction, formats: Formats) -> Card:
    payments = tx.payments.list(limit=_RECENT)
    rows = tuple(payment_row(payment, formats) for payment in payments)
    return Card(
        title="Recent payments",
        summary=f"Recent payments: {len(rows)}",
        rows=rows or (Row("No payment has come in yet"),),
    )
