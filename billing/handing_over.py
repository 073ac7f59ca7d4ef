"""Handing a conversation over to a person: who is asked, with what was said, and that exactly one of them takes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from billing.auditing import note
from billing.conversations import SkillCall
from billing.errors import NotAllowed
from billing.hand_overs import HandOver
from billing.queues import OutboxKind, OutboxMessage
from billing.redrawing import changed
from billing.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from billing.conversations import Actor, Turn
    from billing.ports import Transaction

_TURNS: Final = 5
_LONGEST_LINE: Final = 280
_PRIVATELY: Final = "(answered in private)"
EVIE: Final = "Evie"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who wants to talk to a person, where, and about what ("" where they did not say)."""

    member: str
    conversation: str
    topic: str
    request_key: str


def hand_over(tx: Transaction, wanted: Wanted, *, now: datetime) -> HandOver:
    """Ask the people who are set for it, and return what they are asked; a request that waits is not made twice.

    Nor is anybody asked twice; but whoever is set by now hears of what waits still, where it is asked for again.
    """
    asked = tx.hand_overs.by_request(wanted.request_key) or _waiting(tx, wanted) or _made(tx, wanted, now)
    for place in asked_of(tx, wanted.member) if asked.taken_by is None else ():
        tx.send(_question(asked, place, now))
    return asked


def _made(tx: Transaction, wanted: Wanted, now: datetime) -> HandOver:
    return tx.hand_overs.add(
        HandOver(
            workspace_id=tx.workspace_id,
            number=tx.hand_overs.next_number(),
            member=wanted.member,
            conversation=wanted.conversation,
            topic=wanted.topic,
            said=tuple(_lines(tx.talk.turns(wanted.conversation, limit=_TURNS))),
            created_at=now,
            request_key=wanted.request_key,
        ),
    )


def asked_of(tx: Transaction, member: str) -> list[str]:
    """Return who is asked when that member wants a person: `["#help"]`, `["@Sam"]`, or all other admins."""
    people, members = tx.news.settings().people, tx.people.members()
    cannot_help = {f"@{one.name}" for one in members if one.away or one.name == member}
    if people is not None and people not in cannot_help:
        return [people]
    return [f"@{one.name}" for one in members if one.role.allows(Role.ADMIN) and one.name != member]


def take(tx: Transaction, number: str, actor: Actor, *, now: datetime) -> HandOver:
    """Let the person take it, unless somebody has: what is returned says who has it now. The asker is told who.

    Raises UnknownRecord, and NotAllowed for the asker and for a viewer who was not asked.
    """
    # The lock serialises two clicks at the same time.
    asked = tx.hand_overs.get(number, lock=True)
    if actor.member == asked.member:
        raise NotAllowed("You asked for this yourself, so somebody else has to take it.")
    if not actor.role.allows(Role.EDITOR) and tx.news.settings().people != f"@{actor.member}":
        raise NotAllowed("An editor or an admin has to take this.")
    if asked.taken_by is not None:
        return asked
    taken = tx.hand_overs.save(replace(asked, taken_by=actor.member, taken_at=now))
    tx.send(_answer(taken, now))
    note(tx, actor, SkillCall("take_request", {"request": number}), now=now, key=f"taken:{number}")
    changed(tx, number, f"taken:{number}", now=now)
    return taken


def _waiting(tx: Transaction, wanted: Wanted) -> HandOver | None:
    """Return what the member asked for in that conversation and nobody has taken yet."""
    open_ones = tx.hand_overs.list(conversation=wanted.conversation, member=wanted.member, taken_by=None)
    return next((one for one in reversed(open_ones) if wanted.topic in {"", one.topic}), None)


def _lines(turns: Iterable[Turn]) -> Iterable[tuple[str, str]]:
    for turn in turns:
        yield turn.member, _shortened(turn.text)
        yield EVIE, _shortened(_answered(turn.reply))


def _answered(reply: Mapping[str, Any]) -> str:
    # What was whispered to one person, such as an address that opens something, is not passed on.
    private = any(card.get("private") for card in reply.get("cards", ()))
    return _PRIVATELY if private else str(reply.get("reply", ""))


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_LINE else f"{words[:_LONGEST_LINE].rstrip()}…"


def _question(asked: HandOver, place: str, now: datetime) -> OutboxMessage:
    where = {"channel": place} if place.startswith("#") else {"member": place.removeprefix("@")}
    return OutboxMessage(
        workspace_id=asked.workspace_id,
        key=f"handover:{asked.number}:{place}",
        kind=OutboxKind.HANDOVER,
        lane=f"channel:{place}",
        payload={"number": asked.number, **where},
        created_at=now,
    )


def _answer(taken: HandOver, now: datetime) -> OutboxMessage:
    about = f" about “{taken.topic}”" if taken.topic else ""
    text = f"{taken.member}, {taken.taken_by} has taken your request{about} and will get back to you."
    return OutboxMessage(
        workspace_id=taken.workspace_id,
        key=f"taken:{taken.number}",
        kind=OutboxKind.SAY,
        lane=taken.conversation,
        payload={"conversation": taken.conversation, "text": text},
        created_at=now,
    )
