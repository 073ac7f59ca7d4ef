"""What a form is: how it is drawn, what its fields mean, and where an error belongs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from billing.errors import BillingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from billing.conversations import Actor, SkillCall
    from bot.assistant.forms import Forms
    from bot.slack.elements import Block
    from bot.slack.modals.fields import Said
    from skills.context import Context

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a form is drawn and read: for whom, and about which record."""

    forms: Forms
    actor: Actor
    about: str = ""

    @property
    def context(self) -> Context:
        """The surroundings of a skill, for looking things up."""
        return self.forms.context(self.actor)


@dataclass(slots=True)
class Filled:
    """What was filled in, with the errors that were found in it by block. `was` is what the form had shown."""

    said: Said
    was: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a field's text, "" where it is empty."""
        return str(self.said.get(name, ""))

    def read(self, name: str, reader: Callable[[str], T]) -> T | None:
        """Return what a field's text means; an error is noted there. None where it is empty or wrong."""
        if not self.text(name):
            return None
        try:
            return reader(self.text(name))
        except BillingError as error:
            self.errors[name] = error.user_message
            return None

    def plain(self, *names: str) -> Said:
        """Return the fields that are arguments as they stand."""
        return {name: self.said[name] for name in names if name in self.said}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A form with what it shows: `values` are what its fields held, so that what was changed can be told."""

    blocks: list[Block]
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """A form. `needs` is the skill whose role it asks for; `places` is where an argument's error is shown.

    `confirms` says that it shows exactly what will happen, so that sending it off is the confirmation; it is then
    drawn anew if that has changed by the time.
    """

    name: str
    needs: str
    title: str
    submit: str
    draw: Callable[[Desk, Mapping[str, Any]], Drawn]
    read: Callable[[Desk, Filled], tuple[SkillCall, ...]]
    places: Mapping[str, str] = field(default_factory=dict)
    confirms: bool = False
