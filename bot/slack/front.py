"""What leaves for Slack: replies, news and sentences out of the outbox, each marked so that it can be found again.

A post whose answer got lost may have arrived. So every message carries its outbox key as metadata, and a second
try (`again`) looks for that key before it posts. An ephemeral message cannot be looked for: it may come twice.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import structlog

from billing.errors import BillingError, ProviderUnavailable, WaitsForPerson
from billing.queues import OutboxKind
from bot.assistant.reply import Reply
from bot.slack.address import SlackAddress
from bot.slack.blocks import Message, decided_message, notice_message, reply_message
from bot.slack.direct import is_direct, reached
from bot.slack.errors import SlackRefused, slack_errors
from bot.slack.posting import drawn, found, posted, responded
from bot.slack.waiting import UNPOSTABLE, UNTIL_MENDED_SECONDS, tell_admins

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from billing.ports import Store
    from billing.workspaces import Channel, Workspace
    from bot.slack.channels import Channels
    from bot.slack.screens import SlackScreens
    from bot.slack.streaming import Streams
    from bot.slack.tokens import Clients
    from skills.cards import Card


# Why a channel takes no answer any more.
_CLOSED = frozenset(
    "cannot_reply_to_message channel_not_found is_archived not_in_channel restricted_action "
    "restricted_action_non_threadable_channel restricted_action_read_only_channel restricted_action_thread_locked "
    "thread_not_found".split(),
)
_THREADLESS = frozenset(
    "cannot_reply_to_message message_not_found restricted_action_non_threadable_channel "
    "restricted_action_thread_locked thread_not_found".split(),
)

_LOOK_BACK = 100
_INSTALLED_AGAIN_SECONDS = 1.0
_log = structlog.get_logger(__name__)


class SlackFront:
    """Posts to Slack. Every method raises ProviderUnavailable (try again) or ProviderRefused (mend it first)."""

    def __init__(
        self, client_for: Clients, channels: Channels, store: Store, screens: SlackScreens, streams: Streams
    ) -> None:
        self._client_for = client_for
        self._channels = channels
        self._store = store
        self._screens = screens
        self._streams = streams

    def post_reply(  # noqa: PLR0913 - what an outbox row of kind `reply` holds
        self,
        workspace: Workspace,
        address: Mapping[str, Any],
        reply: Reply,
        key: str,
        *,
        update: Mapping[str, Any] | None = None,
        again: datetime | None = None,
    ) -> dict[str, Any]:
        """Post a reply where it was asked for; return {"channel", "ts"}.

        `update` changes a card: the one whose button was pressed, {"channel", "ts", "text", "blocks"} for a message
        and {"response_url", "decided"} for an ephemeral one, which the reply then replaces; or the one that was
        decided without a click, {"proposal", "decided"}. With {"instead"} the card becomes the reply. Or it is the
        message that the reply was streamed into, {"stream"} as `Stream.ending` returns it.
        """
        place = SlackAddress.restored(address)
        if update and "stream" in update:
            if "proposal" in update:
                self._edit(workspace, self._settled(workspace, reply.conversation, update))
            ended = self._streams.end(workspace, place, reply, update["stream"], key, again=again)
            receipt = ended or self._deliver(workspace, place, reply_message(reply), key, again=again)
            self._screens.note(workspace, reply, receipt)
            return receipt
        if update and "response_url" in update:
            message = reply_message(reply, update["decided"])
            if responded(update["response_url"], message, replace=True):
                return {"channel": place.channel, "ts": None}
            return self._deliver(workspace, place, message, key, again=again)
        if update and "instead" in update and self._edit(workspace, update):
            return {"channel": update["channel"], "ts": update["ts"]}
        if update and "instead" not in update:
            self._edit(workspace, update if "ts" in update else self._settled(workspace, reply.conversation, update))
        receipt = self._deliver(workspace, place, reply_message(reply), key, again=again)
        self._screens.note(workspace, reply, receipt)
        return receipt

    def refresh(self, workspace: Workspace, about: str) -> None:
        """Draw again what is shown about a record."""
        self._screens.refresh(workspace, about)

    def say(
        self, workspace: Workspace, address: Mapping[str, Any], text: str, key: str, *, again: datetime | None = None
    ) -> dict[str, Any]:
        """Post a sentence to a conversation; return {"channel", "ts"}.

        Nobody waits for it just now. So what is for one person alone goes to their direct messages: Slack shows an
        ephemeral message only to who is there at that moment, and says of none whether it was seen.
        """
        place = SlackAddress.restored(address)
        if place.private:
            return self._post(workspace, place.user, None, notice_message(text), key, again=again)
        return self._deliver(workspace, place, notice_message(text), key, again=again)

    def post_notice(  # noqa: PLR0913 - a message, where it goes, and its key
        self,
        workspace: Workspace,
        channel: Channel,
        text: str,
        cards: Sequence[Card],
        key: str,
        *,
        story: str = "",
        again: datetime | None = None,
    ) -> dict[str, Any]:
        """Post news to a channel, whose id is looked up where it is unknown; return {"channel", "ts"}.

        What belongs to one `story` stays together in a thread, and is seen in the channel all the same. Where
        something in Slack has to be mended first, the news waits, and the admins are told.
        """
        installation = self._client_for.installation(workspace)
        try:
            receipt = self._post_notice(workspace, channel, notice_message(text, cards), key, story=story, again=again)
        except SlackRefused as error:
            if channel.name.startswith("@"):
                raise
            if self._client_for.installation(workspace) != installation:
                # What is let go when Evie is installed again was on its way at that moment.
                raise ProviderUnavailable(error.user_message, retry_after=_INSTALLED_AGAIN_SECONDS) from error
            tell_admins(self._store, workspace, channel, error, installation)
            if error.reason in UNPOSTABLE:
                raise
            raise WaitsForPerson(error.user_message, retry_after=UNTIL_MENDED_SECONDS) from error
        self._screens.note(workspace, Reply("", "", cards=tuple(cards)), receipt)
        return receipt

    def _post_notice(  # noqa: PLR0913 - a message, where it goes, and its key
        self, workspace: Workspace, channel: Channel, message: Message, key: str, *, story: str, again: datetime | None
    ) -> dict[str, Any]:
        slack_channel_id = self._channels.id_of(workspace, channel)
        thread_ts = self._screens.thread_of(workspace, slack_channel_id, story) if story else None
        try:
            receipt = self._post(workspace, slack_channel_id, thread_ts, message, key, again=again, news=True)
        except SlackRefused as error:
            if error.reason not in _THREADLESS:
                raise
            # Somebody deleted the message that the story began with, or closed its thread: it begins anew.
            thread_ts = None
            receipt = self._post(workspace, slack_channel_id, None, message, key, again=again, news=True)
        if story and thread_ts is None:
            self._screens.begin_story(workspace, slack_channel_id, story, receipt["ts"])
        return receipt

    def show_status(self, workspace: Workspace, address: SlackAddress, status: str) -> None:
        """Show what Evie is doing in a thread, until she posts there; "" shows nothing any more.

        Never fails: it is a nicety.
        """
        if address.thread_ts is None or address.private:
            return
        try:
            with slack_errors():
                self._client_for(workspace).assistant_threads_setStatus(
                    channel_id=address.channel, thread_ts=address.thread_ts, status=status
                )
        except BillingError:
            _log.debug("slack_status_not_shown", conversation=address.conversation)

    def entitle(self, workspace: Workspace, address: SlackAddress, title: str) -> None:
        """Name a thread of the direct messages, so that it is found again. Never fails: it is a nicety."""
        if address.thread_ts is None or not address.channel.startswith("D"):
            return
        try:
            with slack_errors():
                self._client_for(workspace).assistant_threads_setTitle(
                    channel_id=address.channel, thread_ts=address.thread_ts, title=title
                )
        except BillingError:
            _log.debug("slack_title_not_set", conversation=address.conversation)

    def suggest(self, workspace: Workspace, channel: str, prompts: Sequence[Mapping[str, str]]) -> None:
        """Offer sentences to start with in a direct message. Never fails: it is a nicety."""
        try:
            with slack_errors():
                self._client_for(workspace).assistant_threads_setSuggestedPrompts(
                    channel_id=channel, title="Ask me for example", prompts=[dict(prompt) for prompt in prompts]
                )
        except BillingError:
            _log.debug("slack_prompts_not_shown", channel=channel)

    def _deliver(
        self, workspace: Workspace, place: SlackAddress, message: Message, key: str, *, again: datetime | None
    ) -> dict[str, Any]:
        if place.private:
            return self._whisper(workspace, place, message, key, again=again)
        try:
            return self._post(workspace, place.channel, place.thread_ts, message, key, again=again)
        except SlackRefused as error:
            if error.reason not in _CLOSED or is_direct(place.channel):
                raise
            # Who asked gets an answer, though the channel was archived or left since.
            _log.info("slack_answer_sent_directly", channel=place.channel, reason=error.reason)
            return self._post(workspace, place.user, None, message, key, again=again)

    def _post(  # noqa: PLR0913 - a message, where it goes, and its key
        self,
        workspace: Workspace,
        channel: str,
        thread_ts: str | None,
        message: Message,
        key: str,
        *,
        again: datetime | None,
        news: bool = False,
    ) -> dict[str, Any]:
        client = self._client_for(workspace)
        channel = reached(client, channel, again=again is not None)
        if again and (before := found(client, channel, thread_ts, key, again)):
            return {"channel": channel, "ts": before}
        with self._streams.pace.turn(channel, key, news=news):
            return drawn(
                lambda blocks: posted(client, channel, thread_ts, Message(message.text, blocks), key, news=news),
                message.blocks,
                key,
            )

    def _whisper(
        self, workspace: Workspace, place: SlackAddress, message: Message, key: str, *, again: datetime | None
    ) -> dict[str, Any]:
        """Tell one person only, by the first of three ways that works (see `bot.slack.address`)."""
        try:
            with slack_errors():
                self._client_for(workspace).chat_postEphemeral(
                    channel=place.channel,
                    user=place.user,
                    thread_ts=place.thread_ts,
                    text=message.text,
                    blocks=message.blocks,
                    parse="none",
                )
        except SlackRefused:
            if place.response_url and responded(place.response_url, message, replace=False):
                return {"channel": place.channel, "ts": None}
            return self._post(workspace, place.user, None, message, key, again=again)
        # Slack has a ts for it, but no method that finds or changes a message of that ts.
        return {"channel": place.channel, "ts": None}

    def _settled(self, workspace: Workspace, conversation: str, update: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return how the proposal's card changes, or None where no message of ours in the conversation shows it.

        It left before this reply, in the same lane, and its receipt says where it is. An ephemeral one has none.
        """
        for sent in self._store.lately_delivered(workspace.id, conversation, limit=_LOOK_BACK):
            if sent.message.kind is OutboxKind.REPLY and sent.receipt.get("ts"):
                reply = Reply.restored(sent.message.payload["reply"])
                if update["proposal"] in reply.proposals:
                    message = decided_message(asdict(reply_message(reply)), update["decided"])
                    return {**sent.receipt, "text": message.text, "blocks": message.blocks}
        return None

    def _edit(self, workspace: Workspace, update: Mapping[str, Any] | None) -> bool:
        """Change a card; False where it is gone or too old to be edited, and stays as it is."""
        if update is None:
            return False
        try:
            with slack_errors():
                self._client_for(workspace).chat_update(
                    channel=update["channel"],
                    ts=update["ts"],
                    text=update["text"],
                    blocks=update["blocks"],
                    parse="none",
                )
        except SlackRefused as error:
            _log.info("slack_card_not_edited", channel=update["channel"], ts=update["ts"], reason=error.reason)
            return False
        return True
