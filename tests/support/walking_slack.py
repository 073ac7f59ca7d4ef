"""People in Slack, as a story tells of them: what they say and click, and what they see of Evie there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from tests.support.slack import FakeSlack
from tests.support.slack_requests import send
from tests.support.slack_sending import BOT
from tests.support.walking import Evie

Json = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """A message of Evie's, as its reader sees it."""

    post: Json

    @property
    def words(self) -> str:
        """All that can be read on it, a line for each piece."""
        return "\n".join(_texts(self.post["blocks"]))

    @property
    def facts(self) -> dict[str, str]:
        """Its two columns: each label with what stands beside it."""
        cells = [cell for block in self.post["blocks"] for cell in block.get("fields", [])]
        read = list(_texts(cells))
        return dict(zip(read[::2], read[1::2], strict=True))

    def button(self, label: str) -> Json:
        return next(button for button in self._buttons() if button["text"]["text"] == label)

    def link(self, label: str) -> str:
        """Return where a button leads."""
        return str(self.button(label)["url"])

    def _buttons(self) -> list[Json]:
        rows = [block["elements"] for block in self.post["blocks"] if block["type"] == "actions"]
        return [button for row in rows for button in row]


def _texts(piece: Any) -> Iterator[str]:
    if isinstance(piece, list):
        for part in piece:
            yield from _texts(part)
    elif isinstance(piece, dict):
        bold = piece.get("type") == "mrkdwn"
        for name, part in piece.items():
            if name in {"text", "url"} and isinstance(part, str):
                yield unescape(part.strip("*") if bold else part)
            else:
                yield from _texts(part)


@dataclass
class Colleague:
    """Somebody who talks to Evie in one thread of Slack's: a direct message, or one that begins with a mention."""

    evie: Evie
    slack: FakeSlack
    user: str = "U1"
    channel: str = "D1"
    thread: str = ""

    def says(self, text: str) -> Message:
        """Say it, and return what Evie answers."""
        said = self.message(text)
        return self._answered(said, f"an answer to “{text}”")

    def clicks(self, label: str, message: Message) -> Message:
        """Click on a button of a message, and return what Evie answers."""
        button = message.button(label)
        click = self.slack.click(button["action_id"], button["value"], message.post, user=self.user)
        return self._answered(click, f"an answer to a click on “{label}”")

    def hears(self, words: str) -> Message:
        """Wait for a message in the thread that nobody has asked for."""

        def found() -> Message | None:
            return next((message for message in self.heard() if words in message.words), None)

        message = self.evie.until(found, f"“{words}” in the thread")
        assert message is not None
        return message

    def heard(self) -> list[Message]:
        """Return all that Evie has said in the thread."""
        posts = [post for post in self.slack.posts if post.get("thread_ts") == self.thread]
        return [Message(post) for post in posts if post["channel"] == self.channel]

    def message(self, text: str) -> Json:
        """Return the event that Slack makes of a sentence; the first one begins the thread."""
        place: Json = {"user": self.user, "channel": self.channel}
        if self.thread:
            return self.slack.message(text, **place, thread_ts=self.thread)
        if not self.channel.startswith("D"):
            place["type"] = "app_mention"
            text = f"<@{BOT}> {text}"
        event = self.slack.message(text, **place)
        self.thread = event["event"]["ts"]
        return event

    def _answered(self, payload: Json, what: str) -> Message:
        before = len(self.heard())
        assert send(self.evie.url, payload) == 200, self.evie.logs
        return self.evie.until(lambda: self.heard()[before:], what)[0]


@dataclass(frozen=True)
class Channel:
    """A channel, with what Evie posts there without being asked."""

    evie: Evie
    slack: FakeSlack
    id: str

    def posts(self) -> list[Message]:
        """Return what is read in the channel, oldest first: of a thread only what is shown there as well."""
        here = [post for post in self.slack.posts if post["channel"] == self.id]
        return [Message(post) for post in here if "thread_ts" not in post or post.get("reply_broadcast")]

    def hears(self, words: str) -> Message:
        """Wait for a post."""

        def found() -> list[Message]:
            return [post for post in self.posts() if words in post.words]

        return self.evie.until(found, f"a post “{words}” in the channel")[0]
