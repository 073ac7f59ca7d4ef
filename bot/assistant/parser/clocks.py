"""Times of the day as people say them: `at 9`, `at 9:30`, `at 5pm`, `at noon`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.numbers import read_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skills.words import Token

_LAST_HOUR: Final = 23
_HALF_DAY: Final = 12


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of the day; `end` is the place after it."""

    hour: int
    minute: int
    end: int


def read_clock(tokens: Sequence[Token], place: int) -> Clock | None:
    """Read the time that starts at a token, which has to be its `at`."""
    if _word(tokens, place) != "at":
        return None
    if _word(tokens, place + 1) in {"noon", "midday"}:
        return Clock(_HALF_DAY, 0, place + 2)
    read = read_number(tokens, place + 1)
    hour = int(read.value) if read is not None and read.value is not None else None
    if read is None or hour is None or not 0 <= hour <= _LAST_HOUR:
        return None
    end, minute = read.end, 0
    if _word(tokens, end) in {":", "."} and _word(tokens, end + 1).isdigit():
        minute, end = int(_word(tokens, end + 1)), end + 2
    hour, end = _half(tokens, hour, end)
    return Clock(hour, minute, end)


def _word(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].word if place < len(tokens) else ""


def _half(tokens: Sequence[Token], hour: int, end: int) -> tuple[int, int]:
    half = _word(tokens, end).replace(".", "")
    if half in {"pm", "p"}:
        return hour % _HALF_DAY + _HALF_DAY, end + 1
    if half in {"am", "a"}:
        return hour % _HALF_DAY, end + 1
    return hour, end + (half == "o'clock")
