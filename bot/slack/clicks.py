"""Clicks on buttons that neither say a sentence nor decide a proposal: a list goes on, a person takes over."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from billing.conversations import SkillCall
from billing.errors import BillingError
from billing.handing_over import take
from bot.assistant.reply import Reply
from bot.assistant.requests import Deed
from skills.cards import Listed
from skills.hand_over_card import taken_words

if TYPE_CHECKING:
    from billing.conversations import Actor
    from billing.ports import Clock, Store
    from bot.assistant.requests import Answers
    from bot.slack.incoming import Clicked

_GOES_ON: Final = "Here is more of it."
_ENDED: Final = "That was all of it."


@dataclass(frozen=True, slots=True)
class Clicks:
    """Does what such a button says, for the person who clicked it."""

    store: Store
    clock: Clock
    answers: Answers

    def go_on(self, actor: Actor, clicked: Clicked, key: str) -> Reply:
        """Return the next page of a list, as it is by now and as the person may see it."""
        asked = Listed(**json.loads(clicked.value))
        calls = (SkillCall(asked.skill, asked.arguments),)
        deed = Deed(actor, clicked.address.conversation, calls, key, clicked.address.stored())
        reply = self.answers.perform(deed)
        cards = tuple(replace(card, listed=asked) if card.listed else card for card in reply.cards)
        ended = any(card.listed and len(card.rows) <= asked.start for card in cards)
        return replace(reply, reply=_ENDED if ended else _GOES_ON, cards=() if ended else cards) if cards else reply

    def take(self, actor: Actor, clicked: Clicked) -> Reply:
        """Let the person take a request, unless somebody has; what is returned is for that person alone."""
        conversation = clicked.address.conversation
        try:
            with self.store.transaction(actor.workspace_id) as tx:
                asked = take(tx, clicked.value, actor, now=self.clock())
        except BillingError as error:
            return Reply(conversation, error.user_message, error=True)
        return Reply(conversation, taken_words(asked, actor.member))
