"""Cards: what a skill shows, as plain data. Each front draws them in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from billing.roles import Role


class Tone(StrEnum):
    """How a card or a row feels."""

    NEUTRAL = "neutral"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to do next, for whoever has the role that it `needs`; exactly one of the ways of doing it is set.

    `say` is a sentence that a click says for the person. `confirm` and `drop` hold a proposal's id, `take` the number
    of a request for a person, `more` where a front goes on in a list, `copy` a text to take along, for a front of which
    nothing can be copied otherwise. `form` is a form to fill in: the skill, and the record that it is about
    (`update_invoice INV-1002`); a front without forms leaves it out.
    """

    label: str
    url: str | None = None
    say: str | None = None
    confirm: str | None = None
    drop: str | None = None
    take: str | None = None
    more: str | None = None
    copy: str | None = None
    tone: Tone = Tone.NEUTRAL
    form: str = ""
    needs: Role = Role.VIEWER


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: what it is, how much or what state, and a detail below; `url` is where more of it is seen."""

    title: str
    value: str = ""
    detail: str = ""
    tone: Tone = Tone.NEUTRAL
    url: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: what it is, how much, and how long it is in thousandths of the longest one can be."""

    label: str
    value: str
    share: int
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under a title. `url` is a picture of it, "" where there is none that others could fetch."""

    title: str
    bars: tuple[Bar, ...]
    url: str = ""

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return f"{self.title}. {'; '.join(f'{bar.label}: {bar.value}' for bar in self.bars)}."


@dataclass(frozen=True, slots=True)
class Listed:
    """The call whose rows a card lists, so that a front may show a part of them, from `start`, and then the next."""

    skill: str
    arguments: Mapping[str, Any]
    start: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """A titled block with fields, rows and buttons. `note` is small print, `summary` what a notification reads.

    All texts are plain: a front escapes them for its own markup. `private` is for the person who asked only: where
    others listen, a front shows the whole reply to that person alone. `about` is the number of the record that it
    shows whole, so that it can be drawn again when that changes. `reader` is whose role its buttons fit, None where
    nobody in particular reads it; `listed` is where its rows are from.
    """

    title: str
    summary: str
    tone: Tone = Tone.NEUTRAL
    badge: str = ""
    text: str = ""
    fields: tuple[Field, ...] = ()
    rows: tuple[Row, ...] = ()
    note: str = ""
    buttons: tuple[Button, ...] = ()
    private: bool = False
    charts: tuple[Chart, ...] = ()
    about: str = ""
    reader: Role | None = None
    listed: Listed | None = None


def for_reader(card: Card, role: Role) -> Card:
    """Return the card without what the reader's role does not allow. The role of whoever clicks is looked at again."""
    return replace(card, buttons=tuple(button for button in card.buttons if role.allows(button.needs)), reader=role)
