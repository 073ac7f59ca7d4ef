"""All that happens around forms, put together for the listeners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.slack.address import SlackAddress
from bot.slack.incoming import team_of
from bot.slack.modals.choosing import choices
from bot.slack.modals.fields import CHOOSE

if TYPE_CHECKING:
    from bot.slack.elements import Element
    from bot.slack.modals.opening import Opener
    from bot.slack.modals.people import People
    from bot.slack.modals.redrawing import Redraws
    from bot.slack.modals.submitting import Submits


@dataclass(frozen=True, slots=True)
class FormRoom:
    """What the listeners of forms need."""

    people: People
    opener: Opener
    submits: Submits
    redraws: Redraws

    def options(self, body: dict[str, Any]) -> list[Element]:
        """Return what is found for what was typed so far; nothing for people whom Evie does not know."""
        address = SlackAddress(team_of(body), "", body["user"]["id"])
        workspace = self.people.workspace(address)
        if workspace is None:
            return []
        with self.people.store.transaction(workspace.id) as tx:
            if address.user not in {member.slack_user_id for member in tx.people.members()}:
                return []
            return choices(tx, str(body["action_id"]).removeprefix(CHOOSE), str(body.get("value") or ""))
