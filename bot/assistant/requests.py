"""What a front hands to the assistant, and what it may expect back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from billing.conversations import Actor, SkillCall
    from bot.assistant.reply import Reply


@dataclass(frozen=True, slots=True)
class Request:
    """Something said. `key` is unique to it (the inbox row's key): said again with the same key, the same reply.

    `address` is where the conversation lives in its front; it is stored, so that news can be sent there.
    `confirmed` runs at once what would be proposed (`evie ask --yes`, a slash command that names the invoice).
    """

    actor: Actor
    conversation: str
    text: str
    key: str
    address: Mapping[str, Any] = field(default_factory=dict)
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """A click on a confirmation card: `confirm` is the green button, otherwise it was the other one."""

    actor: Actor
    conversation: str
    proposal: str
    confirm: bool
    key: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody filled in on a form: calls as they will run, in order. `key` and `address` are as in a request.

    `confirmed` says that the form itself showed exactly what would happen.
    """

    actor: Actor
    conversation: str
    calls: tuple[SkillCall, ...]
    key: str
    address: Mapping[str, Any] = field(default_factory=dict)
    confirmed: bool = False


class Answers(Protocol):
    """The assistant as the fronts see it. The methods always return a Reply and never raise BillingError."""

    def answer(self, request: Request, on_text: Callable[[str], None] | None = None) -> Reply:
        """Answer what was said; `on_text` gets the model's words as they come, where a model is asked."""

    def press(self, press: Press) -> Reply:
        """Run or drop a proposal that was clicked on."""

    def perform(self, deed: Deed) -> Reply:
        """Carry out what was filled in on a form."""
