"""What comes without having been asked for: channel posts, and sentences to this conversation."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog
from pydantic import TypeAdapter

from billing.queues import OutboxKind
from skills.cards import Card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from billing.ports import Store
    from billing.queues import Delivered

_CARDS: Final = TypeAdapter(tuple[Card, ...])
_KINDS: Final = tuple(
    kind.value
    for kind in (
        OutboxKind.NOTIFY,
        OutboxKind.SAY,
        OutboxKind.ASK,
        OutboxKind.HANDOVER,
        OutboxKind.DIGEST,
        OutboxKind.ALERT,
    )
)
# A row that is tried again is sent after younger ones: so far back it is looked for.
_LOOK_BACK: Final = 500
_SECONDS: Final = 0.4

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Post:
    """A piece of news: `channel` is empty where it was said to this conversation."""

    channel: str
    text: str
    cards: tuple[Card, ...] = ()


class Feed:
    """Reads the posts that were sent since the feed was made, each once."""

    def __init__(self, store: Store, workspace_id: str, conversation: str) -> None:
        self._store = store
        self._workspace_id = workspace_id
        self._conversation = conversation
        self._start = store.last_delivered(workspace_id)
        self._seen: set[int] = set()

    def new(self) -> list[Post]:
        """Return what was sent since the last call, oldest first."""
        after = max([self._start, *(row - _LOOK_BACK for row in self._seen)])
        rows = self._store.delivered(self._workspace_id, after=after, kinds=_KINDS)
        unseen = [row for row in rows if row.id not in self._seen]
        self._seen = {row for row in self._seen if row > after} | {row.id for row in rows}
        return [post for post in map(self._post, unseen) if post is not None]

    def _post(self, row: Delivered) -> Post | None:
        receipt = row.receipt
        channel = str(receipt.get("channel", ""))
        if not channel and receipt.get("conversation") != self._conversation:
            return None
        return Post(channel, str(receipt.get("text", "")), _CARDS.validate_python(receipt.get("cards", ())))


@contextmanager
def watching(feed: Feed, show: Callable[[Post], None]) -> Iterator[None]:
    """Show news as it comes, from a thread that ends with the block; the last of it is shown before that."""
    stop = threading.Event()

    def watch() -> None:
        ended = False
        while not ended:
            ended = stop.wait(_SECONDS)
            try:
                for post in feed.new():
                    show(post)
            except Exception:  # noqa: BLE001 - the chat goes on, and the next look may succeed
                _log.exception("news_failed")

    thread = threading.Thread(target=watch, name="evie-news", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
