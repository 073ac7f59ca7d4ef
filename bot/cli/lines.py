"""The lines that `evie ask --jsonl` reads."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, ValidationError


class BadLine(ValueError):
    """A line that is no request; the message says what is wrong with it."""


class Line(BaseModel):
    """A request: what is said, by whom, in which conversation. Other fields are the writer's own and left alone."""

    conversation: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    text: str
    speaker: Annotated[str | None, Field(alias="as")] = None


def read_line(raw: bytes) -> Line:
    """Return the request of a line; raises BadLine."""
    try:
        return Line.model_validate_json(raw)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(step) for step in problem["loc"])
        raise BadLine(f"{field}: {problem['msg']}" if field else problem["msg"]) from None
