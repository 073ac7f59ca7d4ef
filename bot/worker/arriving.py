"""What came in: it is handled row by row, and what Stripe's events lead to is written for several of them at once.

Most of what an event costs is the database making sure that it is kept, which costs no more for eight of them.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from billing.correlation import current
from billing.ports.changes import Change, Ending
from billing.queues import Ignored
from bot.worker.settling import LEASE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from billing.ports import Store
    from billing.ports.changes import Handled
    from billing.queues import Claim, InboxEvent
    from bot.watching.watcher import Row, Watcher
    from bot.worker.setbacks import Setbacks

# After so long, what was not begun is left to others: the longest question to Stripe still ends within the lease.
_LONG_SECONDS: Final = 30.0
_MOST_AT_ONCE: Final = 32
# So long asking Stripe for all of them may take: what was found out first is written no later.
_ASKING_SECONDS: Final = 3.0


class Handling(Protocol):
    """How rows are handled; `together` is entered with those that are handled in its block."""

    @property
    def handle(self) -> Callable[[InboxEvent], Handled]:
        """Return what handles a row, wholly or up to a change."""

    @property
    def together(self) -> Callable[[Sequence[InboxEvent]], AbstractContextManager[object]]:
        """Return what looks up once what all of them need."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A row whose change is known but not written."""

    row: Row
    ending: Ending


class _Hand:
    """How many rows the next thread takes at once: more each time that one found as many as it asked for.

    So a few events are shared among the threads, each of which waits for Stripe, and many are written together. The
    slower Stripe answers, the fewer these are.
    """

    most = 1

    def found(self, count: int, of: int) -> None:
        """Take note that there were so many, of those that were asked for."""
        self.most = min(2 * count, _MOST_AT_ONCE) if count == of else 1

    def took(self, seconds: float, count: int) -> None:
        """Take note of how long it took to ask Stripe for so many."""
        if seconds > _ASKING_SECONDS:
            self.most = max(1, min(self.most, int(count * _ASKING_SECONDS / seconds)))


class Arriving:
    """Handles due inbox rows; `begun` is called when some were found, before they are handled.

    Once the worker is ending, no row is begun but the first of those that a thread holds.
    """

    def __init__(
        self,
        store: Store,
        work: Handling,
        watcher: Watcher,
        setbacks: Setbacks,
        begun: Callable[[], None],
    ) -> None:
        self._store = store
        self._work = work
        self._watcher = watcher
        self._setbacks = setbacks
        self._begun = begun
        self._settling = setbacks.settling
        self._hand = _Hand()

    def handle_some(self) -> int:
        """Handle what came in, and say how many rows these were; once the worker is ending, one is enough."""
        most = self._hand.most
        claims = self._store.claim_events(lease_seconds=LEASE_SECONDS, most=most)
        self._hand.found(len(claims), most)
        if not claims:
            return 0
        self._begun()
        begun = time.monotonic()
        with ExitStack() as rows, self._work.together([claim.row for claim in claims]):
            asked = [self._asked(claims[0], rows)]
            for claim in claims[1:]:
                if self._settling.ending.is_set() or time.monotonic() - begun > _LONG_SECONDS:
                    # Whoever is free takes it: it must not wait here until its lease is over.
                    self._settling.write(partial(self._store.retry, claim, error="", delay_seconds=0))
                else:
                    asked.append(self._asked(claim, rows))
            self._hand.took(time.monotonic() - begun, len(claims))
            self._conclude([each for each in asked if each is not None])
        return len(claims)

    def _asked(self, claim: Claim[InboxEvent], rows: ExitStack) -> _Asked | None:
        """Handle a row, which is watched until `rows` are closed; return what is left to be written with its end."""
        row = rows.enter_context(self._watcher.row("inbox", claim))
        try:
            handled = self._work.handle(claim.row)
        except Ignored as nothing:
            self._settling.write(partial(self._store.finish, claim, ignored=True, reason=str(nothing)))
            row.outcome = "ignored"
        except Exception as error:  # noqa: BLE001 - whatever it is, the row stays
            row.outcome = self._setbacks.put_back(claim, error)
        else:
            if isinstance(handled, Change):
                return _Asked(row, Ending(claim, handled, current()))
            self._settling.write(partial(self._store.finish, claim, ignored=not handled))
            row.outcome = _outcome(handled=handled)
        return None

    def _conclude(self, asked: Sequence[_Asked]) -> None:
        """Write the changes together; where that fails, each by itself, for one may be the trouble of all."""
        if not asked:
            return
        try:
            said = self._store.conclude([each.ending for each in asked])
        except Exception as error:  # noqa: BLE001 - whatever it is, the rows stay
            if len(asked) == 1:
                asked[0].row.outcome = self._setbacks.put_back(asked[0].ending.claim, error)
            else:
                for each in asked:
                    self._conclude([each])
        else:
            for each, handled in zip(asked, said, strict=True):
                each.row.outcome = _outcome(handled=handled)


def _outcome(*, handled: bool) -> str:
    return "done" if handled else "ignored"
