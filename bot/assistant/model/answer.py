"""What goes into the model route and what comes out of it, whichever way it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from billing.errors import ProviderUnavailable
from bot.assistant.understanding import Memory, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from billing.conversations import Actor, SkillCall, Turn
    from bot.assistant.reply import CallReport
    from bot.assistant.understanding import Surroundings
    from skills.cards import Card
    from skills.spec import Skill


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What somebody said, with all that the model is told beside it. `history` is oldest first.

    `tools` are the skills that the speaker's role allows: no other is offered, and none can be called.
    """

    text: str
    actor: Actor
    surroundings: Surroundings
    tools: Sequence[Skill]
    memory: Memory = field(default_factory=Memory)
    history: Sequence[Turn] = ()


@dataclass(frozen=True, slots=True)
class Ran:
    """A call that went through the runner: its report, and what the person is shown of it."""

    report: CallReport
    text: str = ""
    card: Card | None = None


# Sends one call through the runner. A question comes back where something is missing or fits several records.
Call: TypeAlias = "Callable[[SkillCall], Ran | Question]"


@dataclass(frozen=True, slots=True)
class Usage:
    """What a request cost: questions to the model, and its tokens in and out."""

    rounds: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.rounds + other.rounds,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
        )

    @property
    def total_tokens(self) -> int:
        """Tokens in and out together."""
        return self.input_tokens + self.output_tokens


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """The model's last words, the calls that were made on the way, and the question that is open, if one is."""

    text: str
    calls: tuple[CallReport, ...] = ()
    question: Question | None = None
    declined: bool = False
    usage: Usage = field(default_factory=Usage)


class ModelUnavailable(ProviderUnavailable):
    """The model gave no usable answer. `calls` were made all the same; `reason` is for the log, not for people."""

    def __init__(self, reason: str, calls: tuple[CallReport, ...], usage: Usage) -> None:
        super().__init__("I could not think that through just now. Try again in a moment, or say it more simply.")
        self.reason = reason
        self.calls = calls
        self.usage = usage


class NoAnswer(Exception):
    """One question to the model went unanswered; the message says why, without anything of its content."""
