"""Switching on a ready-made automation by its name, once somebody has seen exactly what it does."""

from __future__ import annotations

from typing import Annotated, Literal

from billing.asking import channel_for
from billing.automations import Automation, fingerprint
from billing.composing import Wanted, compose, switch
from billing.errors import BadArgument, MissingArgument
from billing.ports import Transaction
from billing.roles import Role
from skills.arguments import ArgumentType, Channel
from skills.automation_cards import automation_card, switching_card, told
from skills.cards import Card
from skills.context import Context, Outcome
from skills.describing import caution, title
from skills.gallery import READY, WORDS
from skills.spec import Effect, skill

ReadyMade = Annotated[
    Literal["thank_you", "deposit_paid", "dunning", "renewal_failed", "big_payment"],
    ArgumentType(
        "ready_made",
        "The ready-made automation that is wanted.",
        {"type": "string", "enum": [*READY]},
        words=WORDS,
        sample="dunning",
    ),
]


@skill(
    effect=Effect.OUTWARD,
    role=Role.EDITOR,
    examples=(
        "use the ready-made {ready}",
        "use the ready-made {ready} in {channel}",
        "switch on the ready-made {ready}",
        "turn on the ready-made {ready} in {channel}",
        "add the ready-made {ready}",
        "switch on the {ready} automation",
        "turn on the {ready} automation",
        "enable the {ready} automation",
        "set up the {ready} automation",
        "use {ready} from the gallery",
        "add {ready} from the gallery",
        "set up {ready} from the gallery",
        "switch on the {ready} one",
        "turn on the {ready} one",
        "enable the {ready} one",
        "use the {ready} one",
        "set up the {ready} one",
        "add the {ready} one",
        "chase overdue invoices automatically {ready=dunning}",
        "chase late payers automatically {ready=dunning}",
        "remind late payers automatically {ready=dunning}",
        "celebrate big payments {ready=big_payment}",
        "celebrate big payments in {channel} {ready=big_payment}",
    ),
    undone_by="delete_automation",
)
def use_automation(context: Context, *, ready: ReadyMade, channel: Channel | None = None) -> Outcome:
    """Switch on one of the ready-made automations by its name.

    Args:
        ready: Which one.
        channel: Where it posts, if it does; left out, where such news goes anyway.
    """
    with context.transaction() as tx:
        planned = _planned(tx, context, ready, channel)
        wanted = Wanted(
            planned.triggers, planned.actions, context.actor.member, context.key, planned.name, where=planned.where
        )
        found = _there_already(tx, planned) or compose(tx, wanted, title, now=context.now)
        made = switch(tx, found.number, context.actor, active=True, now=context.now)
    text = f"{made.number} is on: {told(context, made)} {caution(made, context.formats)}".strip()
    return Outcome(text, {"number": made.number, "active": True}, automation_card(context, made), (made.number,))


def _planned(tx: Transaction, context: Context, ready: str, channel: str | None) -> Automation:
    """Return the automation as it would be made, without storing it; raises MissingArgument."""
    entry = READY[ready]
    place = channel or channel_for(tx, entry.trigger)
    if place is None:
        raise MissingArgument("Which channel should it post to?", ("channel",))
    return Automation(
        workspace_id=tx.workspace_id,
        number="",
        name=entry.title,
        active=False,
        trigger=entry.trigger,
        actions=entry.actions(place),
        created_at=context.now,
        where=entry.where(context.workspace.currency),
    )


def _there_already(tx: Transaction, planned: Automation) -> Automation | None:
    """Return the one that was taken before, as long as it does exactly the same."""
    same = (one for one in tx.automations.list(name=planned.name) if fingerprint(one) == fingerprint(planned))
    return next(same, None)


def _preview(context: Context, *, ready: ReadyMade, channel: Channel | None = None) -> Card:
    admin = context.actor.role is Role.ADMIN
    with context.transaction() as tx:
        planned = _planned(tx, context, ready, channel)
        found = _there_already(tx, planned)
    if found is not None and found.active and (found.unattended or not (admin and found.reaches_client)):
        raise BadArgument(f"{found.number}, {found.name}, is on already and does exactly this.")
    return switching_card(context, planned)


use_automation = use_automation.previewed_by(_preview)
