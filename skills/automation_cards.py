"""The cards that show one automation: made, switched, tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.invoices import InvoiceStatus
from billing.roles import Role
from billing.unsaid import words_of
from skills.cards import Button, Card, Field, Row, Tone
from skills.describing import caution, names_of, occasion, promise, sentence, timed_deed

if TYPE_CHECKING:
    from billing.automations import Automation
    from skills.context import Context


def told(context: Context, automation: Automation) -> str:
    """Return what an automation is, in one sentence that calls clients and deals by their names."""
    with context.transaction() as tx:
        names = names_of(tx, automation)
    return sentence(automation, context.formats, names)


def step_rows(automation: Automation) -> tuple[Row, ...]:
    """Return its steps in their order, each with the very words that it sends: that is what somebody confirms."""
    return tuple(
        Row(f"{place}. {timed_deed(action)}", detail=words_of(automation, action))
        for place, action in enumerate(automation.actions, start=1)
    )


def switching_card(context: Context, automation: Automation) -> Card:
    """Return the card that waits for a yes to switch an automation on, which may have no number yet."""
    with context.transaction() as tx:
        when = occasion(automation, context.formats, names_of(tx, automation))
    named = ", ".join(part for part in (automation.number, automation.name) if part)
    return Card(
        title=f"Switch on {named}?",
        summary=f"Switch on {automation.name}: {told(context, automation)}",
        tone=Tone.WARNING if automation.reaches_client else Tone.NEUTRAL,
        fields=(_when(when),),
        rows=step_rows(automation),
        note=promise(automation, confirming=context.actor.role is Role.ADMIN),
    )


def automation_card(context: Context, automation: Automation, *, note: str = "", private: bool = False) -> Card:
    """Return the card of one automation with what can be done with it next."""
    on = automation.active
    with context.transaction() as tx:
        names = names_of(tx, automation)
    when = occasion(automation, context.formats, names)
    fields = [_when(when)]
    if automation.next_at is not None:
        fields.append(Field("Next", context.formats.moment(automation.next_at)))
    return Card(
        title=f"{automation.number} · {automation.name}",
        summary=f"{automation.number} {automation.name}: {'on' if on else 'off'}",
        tone=Tone.GOOD if on else Tone.NEUTRAL,
        badge="on" if on else "off",
        fields=tuple(fields),
        rows=step_rows(automation),
        note=" ".join(part for part in (caution(automation, context.formats), note) if part),
        buttons=_buttons(context, automation),
        private=private,
    )


def _when(occasion: str) -> Field:
    # The label says “when” already.
    said = occasion.removeprefix("when ")
    return Field("When", said[0].upper() + said[1:])


def _buttons(context: Context, automation: Automation) -> tuple[Button, ...]:
    number = automation.number
    if automation.active:
        return (Button("Pause", say=f"pause {number}"), Button("What it did", say=f"show the runs of {number}"))
    with context.transaction() as tx:
        invoices = tx.invoices.list()
    newest = [invoice.number for invoice in invoices if invoice.status is not InvoiceStatus.VOID][-1:]
    tries = [Button(f"Try it with {one}", say=f"test {number} with {one}") for one in newest if not automation.schedule]
    return (Button("Switch on", say=f"turn on {number}", tone=Tone.GOOD), *tries)


def made_card(context: Context, automation: Automation, secrets: dict[str, str]) -> Card:
    """Return the card of a new automation; a signing secret is shown this once, to the maker alone."""
    told = [f"Messages to {url} are signed with {secret} (shown this once)." for url, secret in secrets.items()]
    return automation_card(context, automation, note=" ".join(told), private=bool(told))
