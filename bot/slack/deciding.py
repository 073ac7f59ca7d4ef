"""How a card says that nobody can decide it any more: by whom it was decided and when, or since when it is too late."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from billing.conversations import ProposalState
from bot.slack.blocks import decided_message

if TYPE_CHECKING:
    from datetime import datetime

    from billing.conversations import Proposal
    from billing.ports import Formats, Transaction
    from bot.slack.incoming import Pressed
    from skills.cards import Card

_OVER: Final = "Cancelled or replaced: nothing of it was done"


def decided_by(member: str, proposal: Proposal, formats: Formats, now: datetime) -> str:
    """Return who decided a proposal and when."""
    verb = "Confirmed" if proposal.confirmed_at else "Cancelled"
    return f"{verb} by {member}, {formats.moment(proposal.confirmed_at or now)}"


def expired_words(proposal: Proposal, formats: Formats) -> str:
    """Return since when a proposal that nobody decided cannot be any more."""
    return f"Expired {formats.moment(proposal.expires_at)}"


def change_of(pressed: Pressed, sentence: str) -> dict[str, Any]:
    """Return how the card changes: its buttons go, and it says who decided what and when."""
    if not pressed.card:
        return {"response_url": pressed.address.response_url, "decided": sentence}
    message = decided_message(pressed.card, sentence)
    place = {"channel": pressed.address.channel, "ts": pressed.card["ts"]}
    return {**place, "text": message.text, "blocks": message.blocks}


def card_closed(tx: Transaction, card: Card, formats: Formats, now: datetime) -> Card:
    """Return a proposal's card without the buttons that decide it, where these do nothing any more."""
    asked = next((button.confirm for button in card.buttons if button.confirm), None)
    proposal = tx.talk.proposal(asked) if asked else None
    if proposal is None or (proposal.state is ProposalState.PENDING and now < proposal.expires_at):
        return card
    buttons = tuple(button for button in card.buttons if not button.confirm and not button.drop)
    return replace(card, buttons=buttons, note=_end_of(proposal, formats, now))


def _end_of(proposal: Proposal, formats: Formats, now: datetime) -> str:
    if proposal.state is ProposalState.PENDING:
        return expired_words(proposal, formats)
    return (
        decided_by(proposal.confirmed_by or proposal.member, proposal, formats, now) if proposal.confirmed_at else _OVER
    )
