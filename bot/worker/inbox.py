"""What came in: each inbox row goes to the handler of its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from billing.ports.changes import Handled
    from billing.queues import InboxEvent, Source


class Inbox:
    """Hands each row to the handler of its source."""

    def __init__(self, handlers: Mapping[Source, Callable[[InboxEvent], Handled]]) -> None:
        self._handlers = handlers

    def handle(self, row: InboxEvent) -> Handled:
        """Handle one row; False where there was nothing to do. Raises whatever its handler raises."""
        handler = self._handlers.get(row.source)
        return handler(row) if handler else False
