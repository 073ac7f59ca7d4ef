"""A model's words while it still speaks: they stream into the thread, and the reply ends the message they are in.

There is one message whatever happens. Where it stands is noted as soon as Slack says so; the reply, an outbox row like
any other, ends it and marks it with its key. A stream that Slack has closed meanwhile, or that a crash cut short, gets
the whole reply by an edit. Whatever cannot be streamed is posted instead.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import structlog

from billing.errors import BillingError
from billing.screens import REFRESHED, Screen
from bot.slack.blocks import cards_alone, reply_message
from bot.slack.elements import escape_markdown
from bot.slack.errors import SlackRefused, slack_errors
from bot.slack.posting import drawn, found, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slack_sdk import WebClient
    from slack_sdk.web.chat_stream import ChatStream

    from billing.ports import Clock, Store
    from billing.workspaces import Workspace
    from bot.assistant.reply import Reply
    from bot.slack.address import SlackAddress
    from bot.slack.elements import Block
    from bot.slack.pacing import Pace
    from bot.slack.tokens import Clients

# How much is gathered before Slack is called: a call for every word would soon be too many.
_GATHERED: Final = 256
_WHOLE_WORDS: Final = re.compile(r"(?s:.*)\s")
# Slack ended the stream by its own clock or by an earlier try of ours, or somebody deleted its message.
_ENDED: Final = frozenset({"message_not_in_streaming_state", "message_not_found"})
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Stream:
    """The words of one reply on their way. It never raises: what does not arrive is in the reply.

    `ts` is the message that they stand in, "" before the first have arrived.
    """

    streams: Streams
    workspace: Workspace
    address: SlackAddress
    key: str
    ts: str = ""
    dead: bool = False
    _said: str = ""
    _gathered: str = ""
    _chat: ChatStream | None = None

    def say(self, piece: str) -> None:
        """Take a piece of the model's words."""
        self._said += piece
        self._gathered += piece
        # Words leave whole: half of an address would not be known for one.
        ready = _WHOLE_WORDS.match(self._gathered)
        if self.dead or len(self._gathered) < _GATHERED or ready is None:
            return
        try:
            with slack_errors():
                self._send(ready[0])
        except BillingError:
            self.dead = True
            _log.info("slack_stream_died", key=self.key, begun=bool(self.ts))
        self._gathered = self._gathered[ready.end() :]

    def ending(self, reply: Reply) -> dict[str, Any] | None:
        """Return how the reply ends the message, for its outbox row; None where nothing was streamed.

        `whole` says that what was streamed, with the `rest` that was not yet, ends in the reply's words.
        """
        if not self.ts:
            return None
        words = reply.reply.strip()
        whole = not self.dead and bool(words) and self._said.rstrip().endswith(words)
        return {"stream": {"channel": self.address.channel, "ts": self.ts, "whole": whole, "rest": self._gathered}}

    def _send(self, text: str) -> None:
        if self._chat is None:
            # In a crowded channel the whole reply comes at its turn instead.
            self.dead = not self.streams.pace.take(self.address.channel)
            if self.dead:
                return
            self._chat = self.streams.opened(self.workspace, self.address)
        self._chat.append(markdown_text=escape_markdown(text))
        if self._chat.ts and not self.ts:
            self.ts = self._chat.ts
            self.streams.note(self.workspace, self.key, self.ts)


@dataclass(frozen=True, slots=True)
class Streams:
    """Opens streams, and ends them with the reply."""

    clients: Clients
    store: Store
    clock: Clock
    pace: Pace

    def begin(self, workspace: Workspace, address: SlackAddress, key: str) -> Stream | None:
        """Return a stream for the answer to be; None where there can be none: in what only one person sees.

        One that a crash cut short is dead, and its message is known.
        """
        if address.private or address.thread_ts is None:
            return None
        with self.store.transaction(workspace.id) as tx:
            begun = tx.screens.about(_about(key), since=self.clock() - REFRESHED)
        ts = str(begun[0].content["ts"]) if begun else ""
        return Stream(self, workspace, address, key, ts, dead=bool(ts))

    def opened(self, workspace: Workspace, address: SlackAddress) -> ChatStream:
        """Return Slack's helper for a stream in the thread; it calls Slack at the first words."""
        # Slack wants to know for whom it is wherever others listen.
        alone = address.channel.startswith("D")
        return self.clients(workspace).chat_stream(
            buffer_size=1,
            channel=address.channel,
            thread_ts=address.thread_ts or "",
            recipient_team_id=None if alone else address.team,
            recipient_user_id=None if alone else address.user,
        )

    def note(self, workspace: Workspace, key: str, ts: str) -> None:
        """Remember the message that the words of a reply stand in."""
        screen = Screen(workspace.id, _about(key), _about(key), self.clock(), {"ts": ts})
        with self.store.transaction(workspace.id) as tx:
            tx.screens.put(screen)

    def end(  # noqa: PLR0913 - a reply, its key, and the message that it ends
        self,
        workspace: Workspace,
        address: SlackAddress,
        reply: Reply,
        stream: Mapping[str, Any],
        key: str,
        *,
        again: datetime | None,
    ) -> dict[str, Any] | None:
        """End a streamed message with the reply; None where it is gone, so that the reply has to be posted."""
        client, receipt = self.clients(workspace), {"channel": stream["channel"], "ts": stream["ts"]}
        if again:
            # The message bears the time of its first word, which was said before there was a reply.
            since = min(again, datetime.fromtimestamp(float(stream["ts"]), UTC))
            if before := found(client, address.channel, address.thread_ts, key, since):
                return receipt | {"ts": before}
        if not stream["whole"]:
            self._halted(client, stream, key)
        elif self._completed(client, reply, stream, key):
            return receipt
        return receipt if self._edited(client, reply, stream, key) else None

    def leave(self, workspace: Workspace, ending: Mapping[str, Any] | None) -> None:
        """End a streamed message as it is, where the reply itself is for one person alone. Never fails."""
        if ending is None:
            return
        stream = ending["stream"]
        with suppress(BillingError), slack_errors():
            self.clients(workspace).chat_stopStream(
                channel=stream["channel"], ts=stream["ts"], markdown_text=escape_markdown(stream["rest"]) or None
            )

    def _completed(self, client: WebClient, reply: Reply, stream: Mapping[str, Any], key: str) -> bool:
        """End the stream with the last words and the cards; False where it has ended without them."""

        def stop(blocks: list[Block]) -> None:
            with slack_errors():
                client.chat_stopStream(
                    channel=stream["channel"],
                    ts=stream["ts"],
                    markdown_text=escape_markdown(stream["rest"]) or None,
                    blocks=blocks or None,
                    metadata=mark(key),
                )

        try:
            drawn(stop, cards_alone(reply), key)
        except SlackRefused as error:
            _log.info("slack_stream_not_completed", key=key, reason=error.reason)
            if error.reason not in _ENDED:
                self._halted(client, stream, key)
            return False
        return True

    def _halted(self, client: WebClient, stream: Mapping[str, Any], key: str) -> None:
        """End the stream as it stands, which it has to before it can be edited; nothing to do where it has ended."""
        try:
            with slack_errors():
                client.chat_stopStream(channel=stream["channel"], ts=stream["ts"])
        except SlackRefused as error:
            _log.info("slack_stream_not_stopped", key=key, reason=error.reason)

    def _edited(self, client: WebClient, reply: Reply, stream: Mapping[str, Any], key: str) -> bool:
        message = reply_message(reply)

        def edit(blocks: list[Block]) -> None:
            with slack_errors():
                client.chat_update(
                    channel=stream["channel"],
                    ts=stream["ts"],
                    text=message.text,
                    blocks=blocks,
                    metadata=mark(key),
                    parse="none",
                )

        try:
            drawn(edit, message.blocks, key)
        except SlackRefused as error:
            _log.warning("slack_stream_not_edited", key=key, reason=error.reason)
            return False
        return True


def _about(key: str) -> str:
    return f"stream:{key}"
