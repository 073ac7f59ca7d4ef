"""Switching an automation on or off."""

from __future__ import annotations

from dataclasses import replace

from billing.composing import switch
from billing.errors import ProposalGone
from billing.ports import Transaction
from billing.roles import Role
from skills.arguments import Automation, Flag
from skills.automation_cards import automation_card, switching_card
from skills.cards import Card
from skills.context import Context, Outcome
from skills.describing import caution
from skills.recurring import next_occurrence
from skills.spec import Effect, skill

# As many deeds about one automation as nobody does within the life of a card.
_LOOKED_THROUGH = 200


@skill(
    effect=Effect.WRITE,
    role=Role.EDITOR,
    undone_by="set_automation",
    examples=(
        "enable {automation} {active=true}",
        "enable the automation {automation} {active=true}",
        "turn on {automation} {active=true}",
        "turn the {automation} automation on {active=true}",
        "turn {automation} back on {active=true}",
        "switch on {automation} {active=true}",
        "switch {automation} back on {active=true}",
        "activate {automation} {active=true}",
        "reactivate {automation} {active=true}",
        "resume {automation} {active=true}",
        "unpause {automation} {active=true}",
        "restart {automation} {active=true}",
        "start {automation} again {active=true}",
        "disable {automation} {active=false}",
        "disable the automation {automation} {active=false}",
        "turn off {automation} {active=false}",
        "turn the {automation} automation off {active=false}",
        "switch off {automation} {active=false}",
        "switch {automation} off {active=false}",
        "pause {automation} {active=false}",
        "put {automation} on hold {active=false}",
        "suspend {automation} {active=false}",
        "stop {automation} {active=false}",
        "stop the {automation} automation {active=false}",
        "deactivate {automation} {active=false}",
        "get {automation} going again {active=true}",
        "get {automation} running again {active=true}",
        "get the {automation} automation going {active=true}",
        "bring {automation} back {active=true}",
        "let {automation} run again {active=true}",
        "turn the {automation} automation back on {active=true}",
        "{automation} on {active=true}",
        "{automation} off {active=false}",
        "shut {automation} off {active=false}",
        "shut down {automation} {active=false}",
        "stop {automation} for now {active=false}",
        "{automation} should be on {active=true}",
        "mute {automation} {active=false}",
        "freeze {automation} {active=false}",
        "set {automation} live {active=true}",
        "put {automation} live {active=true}",
        "{automation} should be paused {active=false}",
        "{automation} should be off for now {active=false}",
        "{automation} should be running {active=true}",
        "{automation} can be off {active=false}",
        "{automation} can stay off {active=false}",
        "{automation} can rest for a while {active=false}",
        "put {automation} to sleep {active=false}",
        "wake {automation} up {active=true}",
        "i do not want {automation} running {active=false}",
        "i want {automation} running {active=true}",
        "i want {automation} running again {active=true}",
        "i want {automation} off {active=false}",
        "i want {automation} on {active=true}",
        "knock {automation} off {active=false}",
        "give {automation} a rest {active=false}",
    ),
)
def set_automation(context: Context, *, automation: Automation, active: Flag) -> Outcome:
    """Switch an automation on or off.

    An admin who switches it on lets it write to clients without asking, if that is what it does: what it writes is
    shown first, and it waits for a yes.

    Args:
        automation: The automation.
        active: Whether it should run from now on.
    """
    with context.transaction() as tx:
        _require_as_shown(tx, context, automation)
        changed = switch(tx, automation, context.actor, active=active, now=context.now)
        if active and changed.schedule is not None:
            # What fell into the time while it was off is not made up for.
            following = next_occurrence(
                changed.schedule, context.workspace.timezone, changed.created_at, after=context.now
            )
            changed = tx.automations.save(replace(changed, next_at=following))
    card = automation_card(context, changed)
    text = (
        f"{changed.name} is {'on' if active else 'off'}. {caution(changed, context.formats) if active else ''}".strip()
    )
    return Outcome(text, {"number": changed.number, "active": active}, card, (changed.number,))


def _require_as_shown(tx: Transaction, context: Context, number: str) -> None:
    """Raise ProposalGone where it was changed after the card of which this is the yes had shown what it does."""
    shown = tx.talk.proposal(context.message)
    if shown is None:
        return
    for entry in tx.talk.audit_entries(limit=_LOOKED_THROUGH, about=number):
        if entry.skill == "update_automation" and entry.at > shown.created_at:
            raise ProposalGone(f"{number} was changed after you saw it. Switch it on again to see what it does now.")


def _asks(context: Context, *, automation: Automation, active: Flag) -> Card | None:
    """Return what an admin's yes would confirm; None where a switch confirms nothing that is not confirmed."""
    with context.transaction() as tx:
        rule = tx.automations.get(automation)
    if not (active and rule.reaches_client and context.actor.role is Role.ADMIN) or rule.unattended:
        return None
    return switching_card(context, rule)


set_automation = set_automation.asked_by(_asks)
