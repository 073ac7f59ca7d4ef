"""What came in: each inbox row goes to the handler of its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from billing.queues import InboxEvent, Source


class Inbox:
    """Hands each row to the handler of its source."""

    def __init__(self, handlers: Mapping[Source, Callable[[InboxEvent], bool]]) -> None:
        self._handlers = handlers

    def handle(self, row: InboxEvent) -> bool:
        """Handle one row; False where there was nothing to do. Raises whatever its handler raises."""
        handler = self._handlers.get(row.source)
        return handler is not None and handler(row)
