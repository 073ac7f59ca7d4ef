"""Listing automations."""

from __future__ import annotations

from billing.roles import Role
from skills.context import Context, Outcome
from skills.presenting import automation_row, list_card
from skills.spec import Effect, skill


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "list automations",
        "list our automations",
        "what automations have we got",
        "what automations do we have",
        "what automations are there",
        "show me our automations",
        "show all automations",
        "show the automation rules",
        "which automations are on",
        "which automations are active",
        "which automations are running",
        "are any automations running",
        "do we have any automations",
        "automations",
        "automation list",
        "what happens automatically",
        "what is automated",
        "which automations are turned on",
        "which automations do we have turned on",
    ),
)
def list_automations(context: Context) -> Outcome:
    """List the automations: when each runs, what it does, and whether it is on."""
    with context.transaction() as tx:
        automations = tx.automations.list()
    rows = [automation_row(automation, context.formats) for automation in automations]
    numbers = [automation.number for automation in automations]
    count = f"{len(rows)} automation{'' if len(rows) == 1 else 's'}"
    on = sum(automation.active for automation in automations)
    text = f"{count}, {on} on." if rows else "There are no automations yet."
    card = list_card("Automations", rows)
    return Outcome(text, {"automations": numbers}, card, tuple(numbers))
