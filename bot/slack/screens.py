"""What Evie has shown in Slack and draws again when it changes: cards about an invoice, and App Home.

A card stands in a message as it was when it was posted; where the invoice is paid in the meantime, the message says
so. Nothing is drawn that has scrolled away long ago, and what cannot be edited any more stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import structlog

from billing.screens import EVERYTHING, REFRESHED, Screen
from bot.assistant.reply import Reply
from bot.slack.blocks import reply_message
from bot.slack.deciding import card_closed
from bot.slack.errors import SlackRefused, slack_errors
from bot.slack.home import closed_home, home_cards, home_owner, home_place, home_view
from skills.card_now import card_now
from skills.cards import for_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from billing.ports import Clock, Formats, Links, Store
    from billing.workspaces import Member, Workspace
    from bot.slack.tokens import Clients
    from skills.cards import Card

# More of one invoice's cards than these stand in nobody's view at the same time.
_MOST_CARDS: Final = 5
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SlackScreens:
    """What is shown, and how it is drawn. Every method raises ProviderUnavailable where Slack is away."""

    clients: Clients
    store: Store
    clock: Clock
    links: Links
    formats_for: Callable[[Workspace], Formats]

    def open_home(self, workspace: Workspace, member: Member) -> None:
        """Draw the member's home, and from then on whenever something changes."""
        self._draw_home(workspace, member)
        place = home_place(member.slack_user_id or "")
        with self.store.transaction(workspace.id) as tx:
            tx.screens.put(Screen(workspace.id, place, EVERYTHING, self.clock()))

    def close_home(self, workspace: Workspace, slack_user_id: str, sentence: str) -> None:
        """Draw the home of somebody Evie does not work for."""
        self._publish(workspace, slack_user_id, closed_home(sentence))

    def note(self, workspace: Workspace, reply: Reply, receipt: dict[str, Any]) -> None:
        """Remember where a reply's cards stand, so that they can be drawn again."""
        if not receipt.get("ts"):
            return
        with self.store.transaction(workspace.id) as tx:
            for about in {card.about for card in reply.cards if card.about}:
                place = f"{receipt['channel']}:{receipt['ts']}:{about}"
                content = {"reply": reply.stored(), "channel": receipt["channel"], "ts": receipt["ts"]}
                tx.screens.put(Screen(workspace.id, place, about, self.clock(), content))

    def thread_of(self, workspace: Workspace, channel: str, story: str) -> str | None:
        """Return the ts of the message that a story began with in the channel, however long ago that was."""
        with self.store.transaction(workspace.id) as tx:
            begun = tx.screens.about(_story(story), since=workspace.created_at)
        return next((str(one.content["ts"]) for one in begun if one.content["channel"] == channel), None)

    def begin_story(self, workspace: Workspace, channel: str, story: str, ts: str) -> None:
        """Remember the message that a story begins with in the channel."""
        screen = Screen(
            workspace.id, f"{channel}:{_story(story)}", _story(story), self.clock(), {"channel": channel, "ts": ts}
        )
        with self.store.transaction(workspace.id) as tx:
            tx.screens.put(screen)

    def refresh(self, workspace: Workspace, about: str) -> None:
        """Draw again what is shown about the record, and every home that was opened lately."""
        with self.store.transaction(workspace.id) as tx:
            found = tx.screens.about(about, EVERYTHING, since=self.clock() - REFRESHED)
            members = {member.slack_user_id: member for member in tx.people.members() if member.slack_user_id}
        for screen in found:
            owner = members.get(home_owner(screen.place) or "")
            if owner is not None:
                self._draw_home(workspace, owner)
        for screen in [one for one in found if one.content][:_MOST_CARDS]:
            self._draw_card(workspace, screen)

    def _draw_home(self, workspace: Workspace, member: Member) -> None:
        formats, now = self.formats_for(workspace), self.clock()
        with self.store.transaction(workspace.id) as tx:
            cards = home_cards(tx, workspace, member, formats, now)
        self._publish(workspace, member.slack_user_id or "", home_view(cards, member, formats.moment(now)))

    def _publish(self, workspace: Workspace, slack_user_id: str, view: dict[str, Any]) -> None:
        try:
            with slack_errors():
                self.clients(workspace).views_publish(user_id=slack_user_id, view=view)
        except SlackRefused as error:
            # Somebody who has left, or a home that the app's settings switch off: nobody looks at it.
            _log.info("slack_home_not_drawn", reason=error.reason)

    def _draw_card(self, workspace: Workspace, screen: Screen) -> None:
        reply = Reply.restored(screen.content["reply"])
        fresh = replace(reply, cards=tuple(self._fresh(workspace, reply)))
        if fresh == reply:
            return
        message = reply_message(fresh, f"Updated {self.formats_for(workspace).moment(self.clock())}")
        try:
            with slack_errors():
                self.clients(workspace).chat_update(
                    channel=screen.content["channel"],
                    ts=screen.content["ts"],
                    text=message.text,
                    blocks=message.blocks,
                    parse="none",
                )
        except SlackRefused as error:
            _log.info("slack_card_not_drawn_again", about=screen.about, reason=error.reason)
        with self.store.transaction(workspace.id) as tx:
            tx.screens.put(replace(screen, content={**screen.content, "reply": fresh.stored()}))

    def _fresh(self, workspace: Workspace, reply: Reply) -> Iterator[Card]:
        formats, now = self.formats_for(workspace), self.clock()
        for card in reply.cards:
            with self.store.transaction(workspace.id) as tx:
                if card.about:
                    fresh = card_now(tx, card.about, formats, workspace.day_of(now), self.links)
                    yield for_reader(fresh, card.reader) if card.reader else fresh
                else:
                    yield card_closed(tx, card, formats, now)


def _story(record: str) -> str:
    # Not the record itself: the beginning of its story is news of that day, and is not drawn again.
    return f"story:{record}"
