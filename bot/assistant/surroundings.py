"""What a sentence is read against: the day, the money, the people and the names of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.assistant.understanding import Surroundings

if TYPE_CHECKING:
    from billing.ports import Transaction
    from skills.context import Context


def surroundings(tx: Transaction, context: Context) -> Surroundings:
    """Read the surroundings in the transaction that the message begins with."""
    return Surroundings(
        today=context.today,
        timezone=context.workspace.timezone,
        currency=context.workspace.currency,
        country=context.workspace.country,
        member=context.actor.member,
        members=tuple(member.name for member in tx.people.members()),
        channels=tuple(channel.name for channel in tx.people.channels()),
        catalog=context.names(tx),
    )
