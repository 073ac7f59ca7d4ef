"""Writing down what became of a row: nobody else knows it, so it is not given up because the database is away."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

import structlog

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

LEASE_SECONDS: Final = 120.0

_log = structlog.get_logger(__name__)
_FIRST_PAUSE_SECONDS: Final = 0.05
_LONGEST_PAUSE_SECONDS: Final = 2.0


class Settling:
    """How rows that a worker holds are written; `ending` is set once that worker has to end."""

    def __init__(self, ending: threading.Event) -> None:
        self.ending = ending

    def write(self, change: Callable[[], None]) -> None:
        """Write, again and again while that fails: a row that is no longer held is left as it is.

        Raises what the last try did once the row may be somebody else's, or the worker has to end.
        """
        until, pause = monotonic() + LEASE_SECONDS, _FIRST_PAUSE_SECONDS
        while True:
            try:
                return change()
            except Exception as error:
                if self.ending.is_set() or monotonic() > until:
                    raise
                _log.warning("row_not_settled", error=type(error).__name__)
            self.ending.wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
