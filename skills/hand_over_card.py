"""The card that asks a person to take over: who waits, about what, and what was said so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skills.cards import Button, Card, Field, Row, Tone

if TYPE_CHECKING:
    from billing.hand_overs import HandOver
    from billing.ports import Formats


def hand_over_card(asked: HandOver, formats: Formats) -> Card:
    """Return the card as it stands: with a button while nobody has taken it, with who has after that."""
    about = f" about “{asked.topic}”" if asked.topic else ""
    title = f"{asked.member} wants to talk to a person"
    fields = [Field("Asked", formats.moment(asked.created_at)), *([Field("About", asked.topic)] if asked.topic else [])]
    waits = asked.taken_by is None
    if asked.taken_at is not None:
        fields.append(Field("Taken by", f"{asked.taken_by}, {formats.moment(asked.taken_at)}"))
    return Card(
        title=title,
        summary=f"{title}{about}" if waits else f"{asked.taken_by} has taken {asked.member}'s request{about}",
        tone=Tone.WARNING if waits else Tone.GOOD,
        badge="waiting" if waits else "taken",
        fields=tuple(fields),
        rows=tuple(Row(who, detail=words) for who, words in asked.said),
        note=f"{asked.number} · What was said so far is above." if asked.said else asked.number,
        buttons=(Button("I'll take it", take=asked.number, tone=Tone.GOOD),) if waits else (),
        about=asked.number,
    )


def taken_words(asked: HandOver, member: str) -> str:
    """Return what somebody reads who clicked: that they have it, or who has."""
    if asked.taken_by == member:
        return f"It's yours. I've told {asked.member}."
    return f"{asked.taken_by} has taken this already."
