"""What came in: each inbox row goes to the handler of its source."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from billing.ports.changes import Handled
    from billing.queues import InboxEvent, Source


class Inbox:
    """Hands each row to the handler of its source."""

    def __init__(
        self,
        handlers: Mapping[Source, Callable[[InboxEvent], Handled]],
        together: Callable[[Sequence[InboxEvent]], AbstractContextManager[object]] | None = None,
    ) -> None:
        """`together` is entered while several rows are handled; see `together`."""
        self._handlers = handlers
        self._together = together

    def together(self, rows: Sequence[InboxEvent]) -> AbstractContextManager[object]:
        """Have what handling rows one by one would look up each time looked up once, in this thread."""
        return self._together(rows) if self._together and len(rows) > 1 else nullcontext()

    def handle(self, row: InboxEvent) -> Handled:
        """Handle one row; False where there was nothing to do. Raises whatever its handler raises."""
        handler = self._handlers.get(row.source)
        return handler(row) if handler else False
