"""What a sentence is read against: the day, the money, the people and the names of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.assistant.understanding import Surroundings

if TYPE_CHECKING:
    from datetime import date

    from billing.ports import Transaction
    from billing.workspaces import Workspace
    from skills.context import Context
    from skills.names import Catalog


def surroundings(tx: Transaction, context: Context) -> Surroundings:
    """Read the surroundings in the transaction that the message begins with."""
    return surroundings_of(tx, context.workspace, context.actor.member, context.today, context.names(tx))


def surroundings_of(tx: Transaction, workspace: Workspace, member: str, today: date, catalog: Catalog) -> Surroundings:
    """Read the surroundings of what a member says on a day, among names that are known already."""
    return Surroundings(
        today=today,
        timezone=workspace.timezone,
        currency=workspace.currency,
        country=workspace.country,
        member=member,
        members=tuple(member.name for member in tx.people.members()),
        channels=tuple(channel.name for channel in tx.people.channels()),
        catalog=catalog,
    )
