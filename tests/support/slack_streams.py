"""The streamed messages of a fake Slack: begun with their first words, ended once, and closed when Slack likes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support.slack_views import Views

Json = dict[str, Any]

_CHUNK = 12_000


def stream_refusal(method: str, arguments: Json) -> str | None:
    """Return the error code with which Slack answers a malformed call about a stream."""
    chunks = arguments.get("chunks", [])
    texts = [*(chunk.get("text", "") for chunk in chunks), arguments.get("markdown_text") or ""]
    if any(chunk.get("type") != "markdown_text" for chunk in chunks) or max(map(len, texts)) > _CHUNK:
        return "invalid_chunks"
    if method == "chat.startStream" and not arguments["channel"].startswith("D"):
        for name in ("recipient_user_id", "recipient_team_id"):
            if not arguments.get(name):
                return f"missing_{name}"
    return "no_text" if method == "chat.appendStream" and not any(texts) else None


@dataclass
class Streams(Views):
    """The part of a fake Slack that streams."""

    def close_streams(self) -> None:
        """Do what Slack does with a stream that has been open for too long."""
        for post in self.posts:
            post["streaming"] = False

    def _chat_startStream(self, arguments: Json) -> Json:  # noqa: N802 - Slack's name
        place = {name: arguments[name] for name in ("channel", "thread_ts")}
        post = place | {"ts": self.next_ts(), "text": _words(arguments), "blocks": [], "streaming": True}
        self.posts.append(post)
        return {"channel": post["channel"], "ts": post["ts"]}

    def _chat_appendStream(self, arguments: Json) -> Json:  # noqa: N802 - Slack's name
        post = self._streamed(arguments)
        if post is None:
            return {"error": "message_not_in_streaming_state"}
        post["text"] += _words(arguments)
        return {"channel": post["channel"], "ts": post["ts"]}

    def _chat_stopStream(self, arguments: Json) -> Json:  # noqa: N802 - Slack's name
        post = self._streamed(arguments)
        if post is None:
            return {"error": "message_not_in_streaming_state"}
        post["text"] += _words(arguments)
        post |= {"streaming": False, "blocks": arguments.get("blocks", [])}
        if "metadata" in arguments:
            post["metadata"] = arguments["metadata"]
        return {"channel": post["channel"], "ts": post["ts"], "message": post}

    def _streamed(self, arguments: Json) -> Json | None:
        place = (arguments["channel"], arguments["ts"])
        return next(
            (post for post in self.posts if (post["channel"], post["ts"]) == place and post.get("streaming")), None
        )

    def _rewritten(self, arguments: Json) -> str | None:
        """Write a streamed message anew; return the error where it is still being streamed."""
        place = (arguments["channel"], arguments["ts"])
        post = next((post for post in self.posts if (post["channel"], post["ts"]) == place), {})
        if post.get("streaming"):
            return "streaming_state_conflict"
        if "streaming" in post:
            post |= {name: arguments[name] for name in ("text", "blocks", "metadata") if name in arguments}
        return None


def _words(arguments: Json) -> str:
    chunks = "".join(str(chunk["text"]) for chunk in arguments.get("chunks", []))
    return chunks + (arguments.get("markdown_text") or "")
