"""The cards with which an automation asks before something reaches a client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.acting import Occasion, text_of
from billing.asking import Why
from billing.roles import Role
from billing.sending import recipients
from billing.stepping import APPROVAL
from skills.cards import Button, Card, Field, Row, Tone
from skills.describing import deed
from skills.presenting import kind_name, view

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from billing.conversations import Proposal
    from billing.ports import Formats, Transaction
    from billing.runs import Step

_WHY: Final = {
    Why.UNCONFIRMED: "{automation} asks, because no admin has confirmed that it may write to clients by itself.",
    Why.CHANGED: "{automation} asks, because an admin has confirmed what it is now, not what it was when this began.",
    Why.LATE: "{automation} asks, because this was due more than a day ago.",
    Why.NEXT_INVOICE: "{automation} made this invoice. It is a draft until somebody sends it.",
}


def ask_card(tx: Transaction, proposal: Proposal, payload: Mapping[str, str], formats: Formats, today: date) -> Card:
    """Return the card of a proposal that an automation made, with its buttons."""
    why = Why(payload["why"])
    if proposal.calls[0].skill == APPROVAL:
        which = proposal.calls[0].arguments
        step = tx.automations.step(str(which["run"]), int(which["step"]) - 1)
        card = step_card(tx, [step] if step else [], formats, today)
        say = f"approve {payload['automation']}" + (f" for {payload['invoice']}" if payload["invoice"] else "")
    else:
        card = _invoice_card(tx, payload["invoice"], formats)
        say = f"send {payload['invoice']}"
    buttons = (
        Button("Yes, do it", confirm=proposal.id, tone=Tone.GOOD, needs=Role.EDITOR),
        Button("No", drop=proposal.id, needs=Role.EDITOR),
    )
    until = f"Open until {formats.moment(proposal.expires_at)}; or say “{say}”."
    note = f"{_WHY[why].format(automation=payload['automation'])} {until}"
    return Card(card.title, card.summary, Tone.WARNING, fields=card.fields, rows=card.rows, note=note, buttons=buttons)


def step_card(tx: Transaction, steps: Sequence[Step], formats: Formats, today: date) -> Card:
    """Return what steps that ask would do: to whom, about which invoice, in which words."""
    rows = tuple(_step_row(tx, step, formats, today) for step in steps)
    title = f"{rows[0].title}?" if len(rows) == 1 else f"Do these {len(rows)}?"
    return Card(title=title, summary=title, rows=rows)


def _step_row(tx: Transaction, step: Step, formats: Formats, today: date) -> Row:
    run = tx.automations.get_run(step.run)
    automation = tx.automations.ever(run.automation)
    shown = view(tx, run.invoice)
    occasion = Occasion(run.invoice, "", step.due_at, today, formats, automation, run.trigger)
    text = text_of(tx, step.action, occasion)
    about = f"{run.invoice}, {formats.money(shown.invoice.total)}, {shown.invoice.status_on(today)}"
    to = f"to {recipients(tx, shown.invoice)}" if shown.contact and shown.contact.email else "no e-mail address yet"
    what = deed(step.action).replace("the client", shown.client)
    said = f"“{text}”" if text else ""
    return Row(what[0].upper() + what[1:], about, " · ".join(part for part in (to, said) if part), Tone.WARNING)


def _invoice_card(tx: Transaction, number: str, formats: Formats) -> Card:
    shown = view(tx, number)
    invoice = shown.invoice
    title = f"Send {number} to {shown.client}?"
    fields = (
        Field(kind_name(invoice.kind), number),
        Field("For", shown.opportunity.name),
        Field("Amount", formats.money(invoice.total)),
        Field("Due", formats.day(invoice.due_on)),
    )
    return Card(title=title, summary=title, fields=fields)
