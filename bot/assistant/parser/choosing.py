"""Choices: kinds, statuses, stages, intervals and whatever else a skill takes one of a few words for."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from bot.assistant.parser.dates import UNITS, read_span
from bot.assistant.parser.values import Value
from skills.grammar import phrases_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.assistant.parser.clauses import Clause
    from skills.arguments import ArgumentType
    from skills.spec import Argument
    from skills.words import Token

_UNIT_VALUES: Final = {
    "days": ("day", 1),
    "weeks": ("week", 1),
    "fortnights": ("week", 2),
    "months": ("month", 1),
    "years": ("year", 1),
}
_ANSWER: Final = 3  # so many words at most answer how often
RHYTHMS: Final = {
    "fortnightly": ("week", 2),
    "biweekly": ("week", 2),
    "bi-weekly": ("week", 2),
    "bimonthly": ("month", 2),
    "bi-monthly": ("month", 2),
    "quarterly": ("month", 3),
    "half-yearly": ("month", 6),
    "biannually": ("month", 6),
}


def chosen(clause: Clause, argument: Argument) -> list[Value]:
    """Return the values of a choice that are named, from left to right, the longest phrase at each place."""
    tokens = clause.tokens
    if argument.type.name == "interval":
        rhythms = list(_rhythms(tokens))
        found = (value for value in _phrases(tokens, argument) if not _is_mere_unit(value, tokens))
        plain = [value for value in found if not any(value.overlaps(other) for other in rhythms)]
        return sorted([*rhythms, *plain], key=lambda value: value.start)
    return list(_phrases(tokens, argument))


def _is_mere_unit(value: Value, tokens: Sequence[Token]) -> bool:
    """Say whether a unit of time stands alone in a longer message: `another week` is no rhythm."""
    return value.end - value.start == 1 and tokens[value.start].word in UNITS and len(tokens) > _ANSWER


def _phrases(tokens: Sequence[Token], argument: Argument) -> Iterator[Value]:
    said = _by_first_word(argument.type)
    place = 0
    while place < len(tokens):
        word = tokens[place].word
        found = next((entry for entry in said.get(word, ()) if _said(tokens, place, entry[0])), None)
        if found is None:
            place += 1
            continue
        phrase, value = found
        yield Value(argument.type.name, _meaning(value, argument), place, place + len(phrase))
        place += len(phrase)


@lru_cache(maxsize=256)
def _by_first_word(type_: ArgumentType) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Return the phrases of a choice by the word they begin with, in any of its forms, the longest first."""
    found: defaultdict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for value, phrases in phrases_of(type_).items():
        for phrase in phrases:
            for form in (phrase[0], f"{phrase[0]}s", f"{phrase[0]}es"):
                found[form].append((phrase, value))
    return {word: sorted(entries, key=lambda entry: -len(entry[0])) for word, entries in found.items()}


def _meaning(value: str, argument: Argument) -> Any:  # noqa: ANN401 - a JSON value
    if not value:
        return None
    return value.split(",") if argument.type.many else _unit(value, argument)


def _unit(value: str, argument: Argument) -> Any:  # noqa: ANN401 - a JSON value
    return (value, 1) if argument.type.name == "interval" else value


def _said(tokens: Sequence[Token], place: int, phrase: tuple[str, ...]) -> bool:
    if place + len(phrase) > len(tokens):
        return False
    return all(_is(tokens[place + at].word, word) for at, word in enumerate(phrase))


def _is(said: str, word: str) -> bool:
    # Plurals are the same choice (`deposits`); other forms are not: “pay” is no status, “paid” is.
    return said in {word, word + "s", word + "es"}


def _rhythms(tokens: Sequence[Token]) -> Iterator[Value]:
    """Find how often: `fortnightly`, `every 2 weeks`, `every other month`."""
    for place, token in enumerate(tokens):
        if token.word in RHYTHMS:
            yield Value("interval", RHYTHMS[token.word], place, place + 1)
        if token.word in {"every", "each"} and place + 1 < len(tokens):
            found = _counted(tokens, place + 1)
            if found is not None:
                yield Value("interval", found[0], place, found[1])


def _counted(tokens: Sequence[Token], place: int) -> tuple[tuple[str, int], int] | None:
    word = tokens[place].word
    following = tokens[place + 1].word if place + 1 < len(tokens) else ""
    if word in {"other", "second"} and following in UNITS:
        unit, count = _UNIT_VALUES[UNITS[following]]
        return (unit, 2 * count), place + 2
    if word == "quarter":
        return ("month", 3), place + 1
    if word in {"fortnight", "fortnights"}:
        return ("week", 2), place + 1
    span = read_span(tokens, place)
    if span is None:
        return None
    unit, times = _UNIT_VALUES[span[1]]
    return (unit, span[0] * times), span[2]
