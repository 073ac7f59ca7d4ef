"""What stands outside while workers are killed: a ledger of all that reached somebody, and a death at a chosen step.

The ledger is a file that is appended to: what is in it has happened, whatever became of the process that did it.
"""

from __future__ import annotations

import json
import os
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from billing.mail import Sent
from billing.webhooks import Call
from bot.worker.fronts import LocalFront

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from billing.mail import InvoiceMail, Note
    from billing.ports import Formats
    from storage import SqlStore


@dataclass
class Death:
    """Kills this very process, without any warning, at the step of that number; 0 never does."""

    at: int = 0
    steps: int = 0

    def step(self, *_event: object) -> None:
        """Count a step: a statement, a commit, or a moment before or after somebody outside was reached."""
        self.steps += 1
        if self.steps == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, store: SqlStore) -> None:
        """Count every statement and every commit of the store's database."""

        def statement(*_details: object) -> None:
            self.step()

        event.listen(store.engine, "before_cursor_execute", statement)
        event.listen(store.engine, "commit", statement)


@dataclass
class Ledger:
    """All that reached somebody outside, each line the kind and the key of an effect."""

    path: Path
    death: Death = field(default_factory=Death)

    def write(self, kind: str, key: str) -> None:
        """Let an effect happen: it has, as soon as the line is there."""
        self.death.step()
        line = json.dumps([kind, key]) + "\n"
        with self.path.open("ab", buffering=0) as file:
            file.write(line.encode())
        self.death.step()

    def read(self) -> list[tuple[str, str]]:
        """Return every effect in the order in which they happened."""
        with suppress(FileNotFoundError):
            return [(kind, key) for kind, key in map(json.loads, self.path.read_text().splitlines())]
        return []


class LedgerFront(LocalFront):
    """A chat that keeps the key of each message, as Slack does in a message's metadata."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def post_notice(self, *message: object, **how: object) -> Mapping[str, Any]:
        """Tell a channel; the key is the fifth of what a notice is made of."""
        key = str(message[4])
        if not (how.get("again") and ("post", key) in self._ledger.read()):
            self._ledger.write("post", key)
        return {}


@dataclass
class LedgerMailer:
    """A mail server. What it takes is sent; nothing can be looked up there."""

    ledger: Ledger

    def tell(self, note: Note) -> Sent:
        """Take a note."""
        self.ledger.write("mail", note.key)
        return Sent(f"<{note.key}>")

    def send(self, mail: InvoiceMail, formats: Formats, handing_over: Callable[[], None] = lambda: None) -> Sent:  # noqa: ARG002
        """Take a mail."""
        handing_over()
        self.ledger.write("mail", mail.key)
        return Sent(f"<{mail.key}>")


@dataclass
class LedgerHook:
    """Another system that tells messages apart by their id, as the Standard Webhooks specification asks of it."""

    ledger: Ledger

    def __call__(self, url: str, key: str, body: Mapping[str, Any], secret: str) -> Call:  # noqa: ARG002
        """Take a message; the same one again is no news."""
        if ("hook", key) not in self.ledger.read():
            self.ledger.write("hook", key)
        return Call(taken=True, reason="answered 204")
