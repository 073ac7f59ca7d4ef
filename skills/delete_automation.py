"""Deleting an automation."""

from __future__ import annotations

from billing.composing import remove
from billing.roles import Role
from skills.arguments import Automation
from skills.automation_cards import told
from skills.cards import Card, Field, Tone
from skills.context import Context, Outcome
from skills.spec import Effect, skill


@skill(
    effect=Effect.OUTWARD,
    role=Role.EDITOR,
    examples=(
        "delete {automation}",
        "delete the {automation} automation",
        "remove {automation}",
        "remove the {automation} automation",
        "get rid of {automation}",
        "get rid of the {automation} automation for good",
        "scrap {automation}",
        "scrap the {automation} automation",
        "bin the {automation} automation",
        "drop the {automation} automation",
        "erase {automation}",
        "we don't need the {automation} automation any more",
        "bin {automation} for good",
        "delete {automation} for good",
        "delete {automation} permanently",
        "remove {automation} altogether",
        "trash {automation}",
        "throw out the {automation} automation",
        "chuck out the {automation} automation",
        "lose the {automation} automation",
        "erase the {automation} automation",
        "del {automation}",
        "bin {automation}",
        "we can do without {automation}",
        "we do not need {automation} any more",
        "we no longer need {automation}",
        "{automation} is not needed any more delete it",
        "throw away {automation}",
        "throw {automation} out",
        "chuck {automation} out",
        "get rid of the {automation} automation",
    ),
)
def delete_automation(context: Context, *, automation: Automation) -> Outcome:
    """Delete an automation: it never runs again, and what waits of it is not done.

    Args:
        automation: The automation.
    """
    with context.transaction() as tx:
        gone = remove(tx, automation, now=context.now)
    text = f"{gone.number}, {gone.name}, is deleted. What it did stays on record."
    return Outcome(text, {"number": gone.number}, None, (gone.number,))


def _preview(context: Context, *, automation: Automation) -> Card:
    with context.transaction() as tx:
        found = tx.automations.get(automation)
        runs = tx.automations.runs(automation)
    ran = f"{len(runs)} time{'' if len(runs) == 1 else 's'}"
    return Card(
        title=f"Delete {found.number}, {found.name}?",
        summary=f"Delete {found.number}, {found.name}?",
        tone=Tone.WARNING,
        text=told(context, found),
        fields=(Field("State", "on" if found.active else "off"), Field("It ran", ran)),
        note="It cannot be brought back. To stop it for a while, pause it instead.",
    )


delete_automation = delete_automation.previewed_by(_preview)
