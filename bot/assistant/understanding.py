"""What a sentence was understood as, and what is remembered between sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - pydantic reads the annotation at run time
from typing import Any, Final, Protocol

from billing.conversations import SkillCall  # noqa: TC001 - pydantic reads the annotation at run time
from skills.names import Catalog  # noqa: TC001 - as above

# Of a longer list only its beginning is remembered, so that “all of them” is asked about.
MOST_LISTED: Final = 50


@dataclass(frozen=True, slots=True)
class Question:
    """A call that lacks something. `options` are record numbers that the person may choose from.

    `then` are the calls of the same sentence that come after it; they wait for the answer. `before` are calls of
    the sentence that were understood and have not run either; `about` are records it spoke of, for “it”.
    """

    skill: str
    arguments: dict[str, Any]
    missing: tuple[str, ...]
    options: tuple[str, ...] = ()
    then: tuple[SkillCall, ...] = ()
    text: str = ""
    before: tuple[SkillCall, ...] = ()
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understanding:
    """The meaning of one message: calls in order, or one question, or a reason why there is nothing to do.

    Exactly one of these holds: `calls`, `question`, `confirm`, `drop`, `declined`, or nothing (small talk, a
    negation), where `say` is the whole answer. In `calls`, an argument may be `"$1"`: what the first call of
    this message makes. `confidence` is between 0 and 1; below the threshold a model is asked, if there is one.
    """

    calls: tuple[SkillCall, ...] = ()
    question: Question | None = None
    confirm: bool = False
    drop: bool = False
    declined: bool = False
    say: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class DoneCall:
    """A call of an earlier turn with its status (`done`, `needs_confirmation` …) and its result."""

    skill: str
    arguments: dict[str, Any]
    status: str
    result: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Memory:
    """What a conversation remembers between sentences.

    `focus` and `created` are record numbers, the newest first; `last_calls` those of the last turn that had
    any; `question` is open; `proposal` are the calls of the card that waits for a yes, and `shown` is the id of
    the one that the last reply showed. `listed` are the records of one kind that stand side by side in what was
    shown last, in their order: of these, “it” is none in particular.
    """

    focus: tuple[str, ...] = ()
    last_calls: tuple[DoneCall, ...] = ()
    question: Question | None = None
    proposal: tuple[SkillCall, ...] = ()
    created: tuple[str, ...] = ()
    shown: str = ""
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else a sentence is read against: the day, the workspace's currency and country, who speaks, names."""

    today: date
    timezone: str
    currency: str
    country: str
    member: str
    members: tuple[str, ...]
    channels: tuple[str, ...]
    catalog: Catalog


class Understands(Protocol):
    """What reads sentences."""

    def parse(self, text: str, memory: Memory, surroundings: Surroundings) -> Understanding:
        """Return what the text means in the conversation that `memory` is of."""
