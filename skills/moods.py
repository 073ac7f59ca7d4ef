"""Whether words ask for something to be done, ask a question or state a fact: sentences and examples alike."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from skills.vocabulary import COMMANDS, FILLERS, OBJECTS

if TYPE_CHECKING:
    from collections.abc import Sequence


class Mood(StrEnum):
    """`request` covers commands and bare noun phrases (`deposit for Cedar`): both want something."""

    REQUEST = "request"
    QUESTION = "question"
    STATEMENT = "statement"


_PREFIXES: Final = tuple(
    sorted(
        (
            tuple(line.split())
            for line in """
            can you
            could you
            can you please
            could you please
            would you
            will you
            would you mind
            would you kindly
            do you mind
            can we
            could we
            shall we
            can i get you to
            i need you to
            i want you to
            i would like you to
            i need to
            i want to
            i would like to
            i would love to
            i will need to
            we need to
            we want to
            we should
            we would like to
            you need to
            you can
            you should
            i am going to need
            i need
            i want
            i would like
            i would love
            we need
            we want
            let us
            go ahead and
            go and
            help me
            help me to
            time to
            be a legend and
            do me a favour and
            can i get
            could i get
            can i have
            could i have
            may i have
            can i see
            could i see
            may i see
            can we get
            can we see
            could we see
            let me
            let me see
            give me
            give us
            get me
            get us
            """.strip().splitlines()
        ),
        key=len,
        reverse=True,
    ),
)
_ASKING: Final = frozenset(
    """what which who whom whose how why where when is are was were am do does did has have had will would shall
    should can could may might""".split(),
)
_FINITE: Final = frozenset(
    """is are was were am has have had did does got gets says said wants wanted asked paid came went will would wrote
    replied called rang emailed told approved agreed confirmed reckons thinks""".split(),
)
_SUBJECTS: Final = frozenset("i we he she they it there someone everybody everyone nobody".split())
_RELATIVE: Final = frozenset("that which who what whether if when whenever once because since as whatever".split())


def past_courtesy(words: Sequence[str]) -> int:
    """Return how many words at the start only ask politely: `um could you please`, `i'd like to`."""
    place = 0
    while place < len(words):
        if words[place] in FILLERS:
            place += 1
            continue
        prefix = next((p for p in _PREFIXES if tuple(words[place : place + len(p)]) == p), None)
        if prefix is None or not any(word.isalnum() for word in words[place + len(prefix) :]):
            break
        place += len(prefix)
    return place


def mood_of(words: Sequence[str]) -> Mood:
    """Return the mood of folded words; values and names may stand there as any other word, or as empty text."""
    start = past_courtesy(words)
    rest = [word for word in words[start:] if word not in FILLERS]
    if not rest:
        return Mood.REQUEST
    asked = any(word in {"can", "could", "may", "need", "want", "would", "let", "us"} for word in words[:start])
    if rest[0] in _ASKING and not (asked and rest[0] in {"have", "do"}):
        return Mood.QUESTION
    if rest[0] in _SUBJECTS:
        return Mood.STATEMENT
    if rest[0] in COMMANDS or _has_object(rest):
        return Mood.REQUEST
    return Mood.STATEMENT if not asked and _states(rest) else Mood.REQUEST


def _has_object(words: Sequence[str]) -> bool:
    """Say whether an article, a pronoun or a number follows the first word, which is a verb then."""
    return len(words) > 1 and (words[1] in OBJECTS or any(sign.isdigit() for sign in words[1]))


def _states(words: Sequence[str]) -> bool:
    """Say whether a finite verb follows a subject (`order one is packed`), outside of a subordinate clause."""
    for place, word in enumerate(words[1:], start=1):
        if words[place - 1] in _RELATIVE or word in _RELATIVE:
            return False
        if word in _FINITE:
            return True
    return False
