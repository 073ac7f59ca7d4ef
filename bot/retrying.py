"""Driving parked rows again: what was given up is opened first, so that it is done now, and never a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.auditing import note
from billing.conversations import SkillCall
from billing.delivering import reopen
from billing.queues import OutboxKind
from billing.stepping import reopen_message, reopen_step, sent_by

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from billing.conversations import Actor
    from billing.ports import Store
    from billing.queues import OutboxMessage, Unfinished

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def drive_again(store: Store, row: Unfinished, who: Actor, now: datetime) -> bool:
    """Let a worker take the row once more, and note who had it so; False where somebody did so already.

    A row that may have arrived keeps its count of tries: Slack is looked through first, and a mail of which nobody
    knows whether it arrived is not sent again.
    """
    if row.message is not None:
        _open(store, row.message, now)
    again = store.unfinished.drive_again(row)
    # An event belongs to no workspace before it is read: where there are several, its line is the log's.
    workspace_id = row.workspace_id or who.workspace_id
    if again and workspace_id:
        with store.transaction(workspace_id) as tx:
            note(tx, who, SkillCall("retry", {"row": row.id, "kind": row.kind}), now=now)
    return again


def _open(store: Store, message: OutboxMessage, now: datetime) -> None:
    """Take back that it was given up: what was written down of that would make the next try do nothing."""
    with store.transaction(message.workspace_id) as tx:
        if message.kind is OutboxKind.MAIL:
            reopen(tx, message.key, now=now)
        elif message.kind is OutboxKind.ACTION:
            reopen_step(tx, str(message.payload["run"]), int(message.payload["position"]))
        step = sent_by(message)
        if step is not None:
            reopen_message(tx, step)


def in_words(row: Unfinished, now: datetime) -> str:
    """Return the row in one line: its id, what it is, since when, how often it was tried, and why that failed."""
    tried = f"tried {row.attempts} time{'s' * (row.attempts != 1)}" if row.attempts else "not tried yet"
    reason = f": {row.reason}" if row.reason else ""
    return f"{row.id} {row.kind}, due {ago(now - row.since)}, {tried}{reason}"


def ago(passed: timedelta) -> str:
    """Return how long ago something was, in its largest unit."""
    seconds = passed.total_seconds()
    for size, unit in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' * (count != 1)} ago"
    return "just now"
