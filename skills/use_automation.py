"""Switching on a ready-made automation by its name."""

from __future__ import annotations

from typing import Annotated, Literal

from billing.asking import channel_for
from billing.composing import Wanted, compose, switch
from billing.errors import MissingArgument
from billing.roles import Role
from skills.arguments import ArgumentType, Channel
from skills.automation_cards import automation_card, told
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
    effect=Effect.WRITE,
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
    ),
    undone_by="delete_automation",
)
def use_automation(context: Context, *, ready: ReadyMade, channel: Channel | None = None) -> Outcome:
    """Switch on one of the ready-made automations by its name.

    Args:
        ready: Which one.
        channel: Where it posts, if it does; left out, where such news goes anyway.
    """
    entry, actor = READY[ready], context.actor
    with context.transaction() as tx:
        place = channel or channel_for(tx, entry.trigger)
        if place is None:
            raise MissingArgument("Which channel should it post to?", ("channel",))
        where = entry.where(context.workspace.currency)
        wanted = Wanted((entry.trigger,), entry.actions(place), actor.member, context.key, entry.title, where=where)
        same = [one for one in tx.automations.list(name=entry.title) if one.trigger is entry.trigger]
        found = same[0] if same else compose(tx, wanted, title, now=context.now)
        made = switch(tx, found.number, actor, active=True, now=context.now)
    text = f"{made.number} is on: {told(context, made)} {caution(made, context.formats)}".strip()
    return Outcome(text, {"number": made.number, "active": True}, automation_card(context, made), (made.number,))
