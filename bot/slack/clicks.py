"""Clicks on buttons that neither say a sentence nor decide a proposal: somebody takes over from Evie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.errors import BillingError
from billing.handing_over import take
from bot.assistant.reply import Reply
from skills.hand_over_card import taken_words

if TYPE_CHECKING:
    from billing.conversations import Actor
    from billing.ports import Clock, Store
    from bot.slack.incoming import Clicked


@dataclass(frozen=True, slots=True)
class Clicks:
    """Does what such a button says, for the person who clicked it."""

    store: Store
    clock: Clock

    def take(self, actor: Actor, clicked: Clicked) -> Reply:
        """Let the person take a request, unless somebody has; what is returned is for that person alone."""
        conversation = clicked.address.conversation
        try:
            with self.store.transaction(actor.workspace_id) as tx:
                asked = take(tx, clicked.value, actor, now=self.clock())
        except BillingError as error:
            return Reply(conversation, error.user_message, error=True)
        return Reply(conversation, taken_words(asked, actor.member))
