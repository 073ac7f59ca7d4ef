"""The cases of an evaluation file: sentences, each with the right answer, one case a line."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from billing.errors import BillingError


class CasesRefused(BillingError):
    """A line of the file is no case; the message names the line."""

    code = "cases_refused"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExpectedCall(_Part):
    """A call; in its arguments `"$1"` is the record of the turn's first call, `"$new1"` the case's first invoice."""

    skill: str
    arguments: dict[str, Any]


class ExpectedQuestion(_Part):
    """A question back about a skill, naming every argument that is missing."""

    skill: str
    missing: tuple[str, ...]


class CaseTurn(_Part):
    """Something said, and exactly one right kind of answer. `accept` holds further right lists of calls."""

    user: str
    expect: tuple[ExpectedCall, ...] | None = None
    accept: tuple[tuple[ExpectedCall, ...], ...] = ()
    clarify: ExpectedQuestion | None = None
    decline: Literal[True] | None = None
    none: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_answer(self) -> CaseTurn:
        answers = [self.expect, self.clarify, self.decline, self.none]
        if sum(answer is not None for answer in answers) != 1:
            message = "a turn has exactly one of expect, clarify, decline and none"
            raise ValueError(message)
        if self.accept and self.expect is None:
            message = "accept stands beside expect only"
            raise ValueError(message)
        return self

    @property
    def right_lists(self) -> tuple[tuple[ExpectedCall, ...], ...]:
        """Every list of calls that is right; none where no call is."""
        return () if self.expect is None else (self.expect, *self.accept)

    @property
    def skills(self) -> frozenset[str]:
        """The skills that the right answer is about."""
        if self.clarify is not None:
            return frozenset({self.clarify.skill})
        return frozenset(call.skill for call in self.expect or ())


class Case(_Part):
    """A conversation of one speaker, with its tags."""

    id: str
    tags: tuple[str, ...] = ()
    speaker: str = Field(alias="as")
    turns: tuple[CaseTurn, ...] = Field(min_length=1)


def read_cases(text: str) -> list[Case]:
    """Return the cases of a JSON Lines text; raises CasesRefused for the first line that is none."""
    cases = [_read(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not cases:
        raise CasesRefused("There is no case in this file.")
    return cases


def _read(number: int, line: str) -> Case:
    try:
        return Case.model_validate(json.loads(line))
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in problem["loc"])
        reason = problem["msg"].removeprefix("Value error, ")
        raise CasesRefused(f"Line {number}, {place or 'the whole line'}: {reason}.") from None
    except (ValueError, RecursionError):
        raise CasesRefused(f"Line {number} is not JSON.") from None
