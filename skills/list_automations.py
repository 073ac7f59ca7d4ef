"""Listing automations."""

from __future__ import annotations

from dataclasses import replace

from billing.automations import Automation
from billing.roles import Role
from skills.asked_about import rule_in
from skills.automation_cards import automation_card, told
from skills.context import Context, Outcome
from skills.describing import automation_row, names_of
from skills.gallery import READY
from skills.next_steps import after_automations
from skills.presenting import list_card
from skills.spec import Effect, skill


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "list automations",
        "what is running on autopilot",
        "what happens on autopilot",
        "what have we got on autopilot",
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
        "which automations write to clients",
        "which automations email clients",
        "which automations are turned on",
        "which automations do we have turned on",
        "which automations have we got",
        "list the automations",
        "list all automations",
        "show the automations",
        "show me all the rules",
        "what rules do we have",
        "what rules are there",
        "which rules are active",
        "what runs automatically",
        "what is set up to run automatically",
        "what workflows are there",
        "what ready-made automations are there",
        "show me the ready-made automations",
        "show the automation gallery",
        "what automations exist",
        "what automations exist here",
        "which automations exist",
        "remind me what automations exist",
        "an overview of the automations",
        "give me an overview of our automations",
        "our automations listed",
        "run me through our automations",
        "take me through the automations",
        "what have we automated",
        "which automations are paused",
    ),
)
def list_automations(context: Context) -> Outcome:
    """List the automations: when each runs, what it does, and whether it is on."""
    with context.transaction() as tx:
        automations = tx.automations.list()
        names = names_of(tx, *automations)
        asked = rule_in(context.names(tx), context.said)
    about = next((one for one in automations if one.number == asked), None)
    if about is not None:
        return _one(context, about, [one.number for one in automations])
    rows = [automation_row(automation, context.formats, names) for automation in automations]
    numbers = [automation.number for automation in automations]
    count = f"{len(rows)} automation{'' if len(rows) == 1 else 's'}"
    titles = {automation.name for automation in automations}
    ready = [entry.title for entry in READY.values() if entry.title not in titles]
    on = sum(automation.active for automation in automations)
    none = "There are no automations yet. Say “when an invoice is paid, …”, or use a ready-made one: {ready}."
    text = f"{count}, {on} on." if rows else none.format(ready=", ".join(ready))
    note = f"Ready to use: {', '.join(ready)}. Say “use the ready-made {ready[0]}”." if ready else ""
    card = list_card("Automations", rows, note=note)
    card = card and replace(card, buttons=after_automations(automations))
    return Outcome(text, {"automations": numbers}, card, tuple(numbers))


def _one(context: Context, about: Automation, numbers: list[str]) -> Outcome:
    """Return the one that the question names: what it does, and whether it is on."""
    text = f"{about.number} is {'on' if about.active else 'off'}. {told(context, about)}"
    return Outcome(text, {"automations": numbers}, automation_card(context, about), (about.number,))
