"""Noting what is done beside the skills: by a command at the desk, a client's click, an automation, or a schedule.

The runner notes every call of a skill itself. With what is noted here, each change that somebody decided on has a line
that says who, through which front, and on whose word. Money that Stripe tells of has the payment log.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from billing.conversations import Actor, AuditEntry
from billing.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from billing.conversations import SkillCall
    from billing.ports import Transaction


# The fronts at which no member speaks.
AUTOMATION: Final = "automation"
SCHEDULE: Final = "schedule"
PORTAL: Final = "portal"
STRIPE: Final = "stripe"
SLACK: Final = "slack"
WEB: Final = "web"


def note(tx: Transaction, actor: Actor, deed: SkillCall, *, now: datetime, key: str = "") -> None:
    """Note that the actor did it. `key` is the same where it is tried again; left out, each time is another."""
    named = key or f"{actor.front}:{deed.skill}:{secrets.token_hex(8)}"
    tx.talk.audit(
        AuditEntry(tx.workspace_id, named, now, actor.member, actor.front, deed.skill, deed.arguments, "done")
    )


def on_behalf_of(tx: Transaction, member: str, front: str) -> Actor:
    """Return who does what a program does: for the member who wanted it so, "" where that is nobody of ours."""
    return Actor(tx.workspace_id, member, Role.VIEWER, front)
