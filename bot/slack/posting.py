"""One message into Slack, and how it is found again: each carries its outbox key, which a second try looks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from slack_sdk.webhook import WebhookClient

from billing.errors import ProviderUnavailable
from bot.slack.errors import in_our_words, slack_errors

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.slack.blocks import Message

EVENT_TYPE: Final = "evie_message"

_OK: Final = 200
_LOOK_BACK: Final = 100
_WHOLE_THREAD: Final = 1000
_TIMEOUT_SECONDS: Final = 10


def mark(key: str) -> dict[str, Any]:
    """Return the metadata by which a message of that key is found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


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


def found(client: WebClient, channel: str, thread_ts: str | None, key: str) -> str | None:
    """Return the ts of our message of that key, if an earlier try has brought it there."""
    with slack_errors():
        if thread_ts:
            # Oldest first, so a whole page is asked for: the newest of it is ours.
            page = client.conversations_replies(
                channel=channel, ts=thread_ts, include_all_metadata=True, limit=_WHOLE_THREAD
            )
        else:
            page = client.conversations_history(channel=channel, include_all_metadata=True, limit=_LOOK_BACK)
    for message in page["messages"]:
        metadata = message.get("metadata") or {}
        if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get("key") == key:
            return str(message["ts"])
    return None
