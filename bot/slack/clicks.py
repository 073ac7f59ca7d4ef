"""Clicks on buttons that neither say a sentence nor decide a proposal: a list goes on, a person takes over."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from billing.conversations import SkillCall
from billing.errors import BillingError
from billing.handing_over import take
from bot.assistant.reply import Reply
from bot.assistant.requests import Deed
from bot.slack.blocks import page_from, turned_message
from skills.cards import Listed
from skills.hand_over_card import taken_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.conversations import Actor
    from billing.ports import Clock, Store
    from bot.assistant.requests import Answers
    from bot.slack.incoming import Clicked

_GOES_ON: Final = "Here is more of it."


@dataclass(frozen=True, slots=True)
class Clicks:
    """Does what such a button says, for the person who clicked it."""

    store: Store
    clock: Clock
    answers: Answers

    def turn(self, actor: Actor, clicked: Clicked, key: str) -> tuple[Reply, Mapping[str, Any] | None]:
        """Return another page of a list, as it is by now and as the person may see it, and how it takes its place.

        Where it cannot (the list stands among other cards, or on a home), the page is an answer of its own.
        """
        asked = Listed(**json.loads(clicked.value))
        calls = (SkillCall(asked.skill, asked.arguments),)
        deed = Deed(actor, clicked.address.conversation, calls, key, clicked.address.stored())
        reply = self.answers.perform(deed)
        cards = tuple(page_from(card, asked.start) for card in reply.cards)
        if clicked.address.response_url and cards:
            return replace(reply, cards=cards), {"response_url": clicked.address.response_url, "decided": ""}
        turned = turned_message(clicked.card, cards[0]) if len(cards) == 1 else None
        if turned is None:
            return (replace(reply, reply=_GOES_ON, cards=cards) if cards else reply), None
        place = {"channel": clicked.address.channel, "ts": clicked.card["ts"], "instead": True}
        return replace(reply, cards=cards), {**place, "text": turned.text, "blocks": turned.blocks}

    def whispered(self, actor: Actor, clicked: Clicked) -> Reply:
        """Do what else there is to click, and return what is for that person alone."""
        if clicked.copy:
            # With nothing beside it that would be copied along.
            return Reply(clicked.address.conversation, clicked.value)
        return self._taken(actor, clicked)

    def _taken(self, actor: Actor, clicked: Clicked) -> Reply:
        """Let the person take a request, unless somebody has."""
        conversation = clicked.address.conversation
        try:
            with self.store.transaction(actor.workspace_id) as tx:
                asked = take(tx, clicked.value, actor, now=self.clock())
        except BillingError as error:
            return Reply(conversation, error.user_message, error=True)
        return Reply(conversation, taken_words(asked, actor.member))
