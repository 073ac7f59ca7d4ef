"""One message into Slack, and how it is found again: each carries its outbox key, which a second try looks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog
from slack_sdk.webhook import WebhookClient

from billing.errors import ProviderUnavailable
from bot.slack.charts import without_pictures
from bot.slack.errors import SlackRefused, in_our_words, slack_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from slack_sdk import WebClient

    from bot.slack.blocks import Message
    from bot.slack.elements import Block

T = TypeVar("T")

EVENT_TYPE: Final = "evie_message"

# Why Slack does not take a message's blocks.
_UNDRAWN: Final = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})

_OK: Final = 200
# The most that Slack hands over at once.
_PAGE: Final = 999
# Messages bear Slack's time, and a clock of ours that is wrong by an hour may not make anything come twice.
_CLOCKS_APART_SECONDS: Final = 2 * 3600
_TIMEOUT_SECONDS: Final = 10
_log = structlog.get_logger(__name__)


def mark(key: str) -> dict[str, Any]:
    """Return the metadata by which a message of that key is found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def drawn(send: Callable[[list[Block]], T], blocks: list[Block], key: str) -> T:
    """Send a message with its blocks, and return what `send` returns; with fewer of them where Slack refuses them.

    Slack fetches a picture before it posts, and may fail to. Where it is not that, the sentence alone says what was
    done or is asked; no answer at all would not.
    """
    bare = [without_pictures(block) for block in blocks]
    for fewer in [blocks, bare] if bare != blocks else [blocks]:
        try:
            return send(fewer)
        except SlackRefused as error:
            if error.reason not in _UNDRAWN:
                raise
            _log.warning("slack_blocks_refused", key=key, reason=error.reason, blocks=len(fewer))
    return send([])


def posted(  # noqa: PLR0913 - a message, where it goes, and its key
    client: WebClient, channel: str, thread_ts: str | None, message: Message, key: str, *, news: bool
) -> dict[str, Any]:
    """Post, marked with the key; return {"channel", "ts"}. `news` in a thread is shown in the channel as well."""
    with slack_errors():
        answer = client.chat_postMessage(
            channel=channel,
            thread_ts=thread_ts,
            text=message.text,
            blocks=message.blocks or None,
            mrkdwn=False,
            parse="none",
            unfurl_links=False,
            unfurl_media=False,
            reply_broadcast=True if news and thread_ts else None,
            metadata=mark(key),
        )
    return {"channel": str(answer["channel"]), "ts": str(answer["ts"])}


def responded(response_url: str, message: Message, *, replace: bool) -> bool:
    """Answer at a response URL; False where it has expired (half an hour, five answers)."""
    client = WebhookClient(response_url, timeout=_TIMEOUT_SECONDS, retry_handlers=[])
    with slack_errors():
        answer = client.send(
            text=message.text, blocks=message.blocks, response_type="ephemeral", replace_original=replace
        )
    if answer.status_code == _OK:
        return True
    error = in_our_words(answer.status_code, answer.body, answer.headers)
    if isinstance(error, ProviderUnavailable):
        raise error
    return False


def found(client: WebClient, channel: str, thread_ts: str | None, key: str, since: datetime) -> str | None:
    """Return the ts of our message of that key, if an earlier try, made after `since`, has brought it there."""
    oldest = since.timestamp() - _CLOCKS_APART_SECONDS
    for message in _messages(client, channel, thread_ts, f"{oldest:.6f}"):
        metadata = message.get("metadata") or {}
        if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get("key") == key:
            return str(message["ts"])
    return None


def _messages(client: WebClient, channel: str, thread_ts: str | None, oldest: str) -> Iterator[Mapping[str, Any]]:
    cursor: str | None = None
    while cursor != "":
        how: dict[str, Any] = {"include_all_metadata": True, "limit": _PAGE, "oldest": oldest, "cursor": cursor}
        with slack_errors():
            if thread_ts:
                page = client.conversations_replies(channel=channel, ts=thread_ts, **how)
            else:
                page = client.conversations_history(channel=channel, **how)
        yield from page["messages"]
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
