"""What a form is: how it is drawn, what its fields mean, and where an error belongs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from billing.errors import BillingError
from bot.slack.modals.digesting import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from billing.conversations import Actor, SkillCall
    from bot.assistant.forms import Forms
    from bot.slack.elements import Block
    from bot.slack.modals.fields import Said
    from skills.context import Context

T = TypeVar("T")

_EMPTY: Final = digest("")


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
    """What was filled in, with the errors that were found in it by block. `was` are digests of what had been shown.

    `channels` are Slack's ids by the names that stand in for channels of which only the id is known.
    """

    said: Said
    was: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)

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

    def changed(self, *names: str) -> Said:
        """Return those of the fields that hold something else than they were shown with."""
        return {
            name: self.said[name] for name in names if self.text(name) and self.was.get(name) != digest(self.text(name))
        }

    def emptied(self, name: str) -> bool:
        """Say whether a field held something when it was shown, and holds nothing any more."""
        return not self.text(name) and self.was.get(name, _EMPTY) != _EMPTY

    def channel(self, name: str, desk: Desk) -> str:
        """Return the name of the channel that was chosen; one that we do not know yet gets its name from the worker.

        Slack hands over its id, and to ask for the name would take longer than a window waits.
        """
        slack_channel_id = self.text(name)
        with desk.context.transaction() as tx:
            known = (one.name for one in tx.people.channels() if one.slack_channel_id == slack_channel_id)
            found = next(known, None)
        if found is None:
            found = f"#{slack_channel_id.lower()}"
            self.channels[found] = slack_channel_id
        return found

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
