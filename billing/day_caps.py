"""Telling people that an automation has run as often as it may on one day: what comes after is not done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.asking import channel_for
from billing.queues import OutboxKind, OutboxMessage
from billing.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from billing.automations import Automation
    from billing.ports import Transaction


def tell_of_day_cap(tx: Transaction, automation: Automation, *, now: datetime) -> None:
    """Say so once on that day: in the channel, else to each admin."""
    key = f"day_cap:{automation.number}:{tx.people.workspace().day_of(now)}"
    often = f"{automation.day_cap} times" if automation.day_cap > 1 else "once"
    text = (
        f"{automation.number} has run {often} today, which is its limit. What comes after is not done today: "
        f"“show the runs of {automation.number}” tells what."
    )
    channel = channel_for(tx, None)
    admins = [member.name for member in tx.people.members() if member.role is Role.ADMIN]
    places = [("channel", channel)] if channel else [("member", name) for name in admins]
    for kind, name in places:
        payload, lane = {kind: name, "text": text}, f"{kind}:{name}"
        tx.send(OutboxMessage(tx.workspace_id, f"{key}:{name}", OutboxKind.SAY, lane, payload, now))
