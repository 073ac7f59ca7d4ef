"""A conversation's memory: read from its row before a message is understood, written back after it was answered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from billing.conversations import Conversation
from bot.assistant.understanding import MOST_LISTED, DoneCall, Memory
from skills.names import PREFIXES

if TYPE_CHECKING:
    from datetime import datetime

    from billing.conversations import Proposal
    from billing.ports import Transaction
    from bot.assistant.carrying_out import Carried
    from bot.assistant.understanding import Question

_ADAPTER: Final = TypeAdapter(Memory)
_FOCUS: Final = 20


def remembered(tx: Transaction, conversation: str, proposal: Proposal | None) -> Memory:
    """Return what the conversation remembers; `proposal` is the one that waits for this person's yes."""
    stored = tx.talk.conversation(conversation)
    memory = _ADAPTER.validate_python(stored.state) if stored and stored.state else Memory()
    return replace(memory, proposal=tuple(proposal.calls) if proposal else ())


def waiting(tx: Transaction, conversation: str, member: str, now: datetime) -> Proposal | None:
    """Return the person's pending proposal, unless it has expired."""
    proposal = tx.talk.pending(conversation, member)
    return proposal if proposal is not None and now < proposal.expires_at else None


def after(memory: Memory, carried: Carried) -> Memory:
    """Return the memory after a message: its records come first, its calls are the last ones, its question is open."""
    done = tuple(
        DoneCall(ran.skill, dict(ran.arguments), ran.status, dict(ran.outcome.result) if ran.outcome else {})
        for ran in carried.ran
        if ran.status in {"done", "needs_confirmation"}
    )
    return Memory(
        focus=tuple(dict.fromkeys((*carried.mentions, *_asked_about(carried.question), *memory.focus)))[:_FOCUS],
        last_calls=done or memory.last_calls,
        question=carried.question,
        proposal=(),
        created=tuple(dict.fromkeys((*carried.created, *memory.created)))[:_FOCUS],
        shown=carried.shown,
        listed=carried.listed[:MOST_LISTED] if carried.mentions else memory.listed,
    )


def _asked_about(question: Question | None) -> tuple[str, ...]:
    """Return the records that a question is about: they have been spoken of, whether it is answered or not."""
    named = question.arguments.values() if question is not None else ()
    return tuple(value for value in named if isinstance(value, str) and value.partition("-")[0] in PREFIXES.values())


def keep(tx: Transaction, *, conversation: str, memory: Memory, address: dict[str, Any], now: datetime) -> None:
    """Write the memory back; the address stays what it was where none is given."""
    stored = tx.talk.conversation(conversation)
    where = address or (dict(stored.address) if stored else {})
    tx.talk.save_conversation(
        Conversation(tx.workspace_id, conversation, now, _ADAPTER.dump_python(memory, mode="json"), where),
    )
