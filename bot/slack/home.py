"""App Home: how the business stands, on a page of its own that is drawn again when something changes."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from billing.roles import Role
from bot.slack.blocks import card_blocks
from bot.slack.elements import section, small_print
from skills.overview import overview

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from billing.ports import Formats, Transaction
    from billing.workspaces import Member, Workspace
    from skills.cards import Card

_HOME_PLACE: Final = "home:"
_MAY: Final = {
    Role.VIEWER: "You can look at everything. An admin can let you do more.",
    Role.EDITOR: "You can make, change and send invoices.",
    Role.ADMIN: "You can do everything.",
}


def home_place(slack_user_id: str) -> str:
    """Return the place of somebody's home among the screens."""
    return f"{_HOME_PLACE}{slack_user_id}"


def home_owner(place: str) -> str | None:
    """Return whose home a place is, None for a message."""
    return place.removeprefix(_HOME_PLACE) if place.startswith(_HOME_PLACE) else None


def home_cards(
    tx: Transaction, workspace: Workspace, member: Member, formats: Formats, now: datetime
) -> tuple[Card, ...]:
    """Return what the home of a member shows."""
    return overview(tx, workspace, member.role, formats, now)


def home_view(cards: Sequence[Card], member: Member, as_of: str) -> dict[str, Any]:
    """Return the view for `views.publish`; `as_of` is when its figures were read."""
    small = small_print(f"{member.name} · {member.role.value}. {_MAY[member.role]} As of {as_of}.")
    drawn = [*chain.from_iterable([*card_blocks(card), {"type": "divider"}] for card in cards), small]
    return {"type": "home", "blocks": drawn}


def closed_home(sentence: str) -> dict[str, Any]:
    """Return the home of somebody Evie does not work for."""
    return {"type": "home", "blocks": [section(sentence)]}
