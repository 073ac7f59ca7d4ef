"""Asking in the channel before something reaches a client: a card that anybody whose role allows it may decide."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from billing.conversations import Proposal, ProposalState
from billing.queues import OutboxKind, OutboxMessage

if TYPE_CHECKING:
    from datetime import datetime

    from billing.automations import Trigger
    from billing.conversations import SkillCall
    from billing.ports import Transaction

# For how long such a card can be decided. A person asked for it by a rule, not just now.
OPEN_FOR: Final = timedelta(days=14)


class Why(StrEnum):
    """Why something is asked before it is done."""

    UNCONFIRMED = "unconfirmed"
    CHANGED = "changed"
    LATE = "late"
    NEXT_INVOICE = "next_invoice"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the calls that a yes runs, by which automation, about which invoice ("" for none)."""

    calls: tuple[SkillCall, ...]
    automation: str
    invoice: str
    trigger: Trigger | None
    why: Why
    key: str


def ask(tx: Transaction, question: Question, *, now: datetime) -> str:
    """Store the frozen proposal, queue its card for the channel of such news, and return the proposal's id.

    Where no channel is known it waits all the same: lists of runs show it, and it can be said.
    """
    proposal = Proposal(
        workspace_id=tx.workspace_id,
        id=f"prop_{secrets.token_urlsafe(18)}",
        conversation="",
        member="",
        calls=question.calls,
        state=ProposalState.PENDING,
        created_at=now,
        expires_at=now + OPEN_FOR,
    )
    tx.talk.save_proposal(proposal)
    channel = channel_for(tx, question.trigger, question.invoice)
    if channel is not None:
        payload = {
            "proposal": proposal.id,
            "automation": question.automation,
            "invoice": question.invoice,
            "why": question.why.value,
            "channel": channel,
        }
        lane = f"channel:{channel}"
        tx.send(OutboxMessage(tx.workspace_id, f"ask:{question.key}", OutboxKind.ASK, lane, payload, now))
    return proposal.id


def channel_for(tx: Transaction, trigger: Trigger | None, invoice: str = "") -> str | None:
    """Return the channel of the invoice's deal, else that of such news, else of any news, else the first there is."""
    found = tx.invoices.find(invoice) if invoice else None
    own = tx.news.deal_route(found.opportunity) if found else None
    if own is not None:
        return own.channel
    routes = {route.event: route.channel for route in tx.people.routes()}
    names = sorted(channel.name for channel in tx.people.channels())
    return routes.get(str(trigger)) or next(iter([*routes.values(), *names]), None)
