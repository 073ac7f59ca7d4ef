"""Mentions: the words of a clause that name records, by number, by name or by a pronoun."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.naming import Named, NameFinder, excluding, is_unknown
from bot.assistant.parser.numbers import read_digit_pairs, read_number
from skills.names import NOUNS, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.assistant.parser.clauses import Clause
    from skills.grammar import Grammar
    from skills.names import Catalog

_THINGS: Final = frozenset("it its this that these those them they their same both".split())
PEOPLE: Final = frozenset("him her his hers he she them they their".split())
_EVERY: Final = frozenset("all every each everyone everybody everything anyone anybody whoever".split())
_RECORD: Final = re.compile(rf"({'|'.join(PREFIXES.values())})-?(\d+)", re.IGNORECASE)
_LEAST_NUMBER: Final = 100


@dataclass(frozen=True, slots=True)
class Numbered:
    """A record's number at some places; `sure` where only a number can be meant, not an amount.

    One that is `excluded` says what is not meant: `all drafts but 1003`.
    """

    numbers: tuple[str, ...]
    places: frozenset[int]
    sure: bool
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Mentions:
    """All that a clause says about records. `unknown` are places of words that nobody and nothing is called."""

    numbered: tuple[Numbered, ...] = ()
    named: tuple[Named, ...] = ()
    pronouns: frozenset[int] = frozenset()
    both: bool = False
    every: frozenset[int] = frozenset()
    unknown: frozenset[int] = field(default_factory=frozenset)


def mentions_in(
    clause: Clause, taken: frozenset[int], grammar: Grammar, catalog: Catalog, numbers: Iterable[Numbered] | None = None
) -> Mentions:
    """Find the mentions of a clause outside of the places that are taken; `numbers` are those found before, if any."""
    found = numbered_in(clause, catalog) if numbers is None else numbers
    numbered = tuple(entry for entry in found if taken.isdisjoint(entry.places))
    used = set(taken).union(*(entry.places for entry in numbered if entry.sure))
    named = tuple(NameFinder(clause, used, grammar, catalog).runs())
    used = used.union(*(run.places for run in named))
    free = [place for place in range(len(clause.tokens)) if place not in used]
    words = clause.words
    return Mentions(
        numbered=numbered,
        named=named,
        pronouns=frozenset(
            place for place in free if words[place] in _THINGS | PEOPLE and not _mere(words, place, grammar)
        ),
        both=any(words[place] == "both" for place in free),
        every=frozenset(
            place for place in free if words[place] in _EVERY or words[place - 1 : place + 1] == ("whole", "lot")
        ),
        unknown=frozenset(place for place in free if is_unknown(clause, place, grammar)),
    )


def _mere(words: tuple[str, ...], place: int, grammar: Grammar) -> bool:
    """Say whether a pronoun only points at the noun or value after it (`this month`, `that has been paid`)."""
    following = words[place + 1] if place + 1 < len(words) else ""
    if words[place] in {"this", "that"} and words[place - 1 : place] != ("make",) and following in grammar.states:
        return True  # “send that draft to Fjord”
    return words[place] in {"this", "that"} and following in {"is", "has", "have", "are", "month", "week", "year"}


def numbered_in(clause: Clause, catalog: Catalog) -> Iterator[Numbered]:
    """Find the records' numbers of a clause, whatever is taken by something else."""
    place = 0
    while place < len(clause.tokens):
        found = _by_prefix(clause, place) or _by_noun(clause, place, catalog) or _bare(clause, place, catalog)
        if found is not None:
            phrase = excluding(clause.words[:place]) if _EVERY & {*clause.words[:place]} else None
            taken = frozenset(range(place - len(phrase or ()), place))
            yield replace(found, places=found.places | taken, excluded=phrase is not None)
        place = max(found.places) + 1 if found else place + 1


def _by_prefix(clause: Clause, place: int) -> Numbered | None:
    match = _RECORD.fullmatch(clause.words[place])
    return Numbered((f"{match[1].upper()}-{match[2]}",), frozenset((place,)), sure=True) if match else None


def _by_noun(clause: Clause, place: int, catalog: Catalog) -> Numbered | None:
    """Read `invoice 1004`, `order one`, `invoice number ten oh four`."""
    record = next((record for record, nouns in NOUNS.items() if clause.words[place] in nouns), None)
    if record is None:
        return None
    at = place + 1
    while at < len(clause.words) and clause.words[at] in {"number", "no", "#", "."}:
        at += 1
    read = _digits(clause, at)
    if read is None:
        return None
    digits, end = read
    number = f"{PREFIXES[record]}-{digits}"
    named = record == "opportunity" and at == place + 1 and place > 0 and bool(catalog.known(clause.words[place - 1]))
    if named and catalog.by_number(number) is None:
        return None  # “invoice the Whitfield job 650”
    sure = at > place + 1 or catalog.by_number(number) is not None
    return Numbered((number,), frozenset(range(place, end)), sure)


def _digits(clause: Clause, place: int) -> tuple[str, int] | None:
    if place >= len(clause.tokens):
        return None
    pairs = read_digit_pairs(clause.tokens, place)
    number = read_number(clause.tokens, place)
    if number is not None and number.value is not None and (pairs is None or number.end >= pairs[1]):
        whole = number.value == number.value.to_integral_value() and number.value > 0
        return (f"{number.value:.0f}", number.end) if whole else None
    return pairs


def _bare(clause: Clause, place: int, catalog: Catalog) -> Numbered | None:
    """Read a number alone as the record that has it: `send 1003`."""
    start = place + (clause.words[place] == "#")
    before = clause.words[place - 1] if place else ""
    if start >= len(clause.tokens) or before in {"$", "€", "£", "¥"} or not _digit_like(clause, start):
        return None
    read = _digits(clause, start)
    if read is None:
        return None
    digits, end = read
    fitting = tuple(f"{prefix}-{digits}" for prefix in PREFIXES.values() if catalog.by_number(f"{prefix}-{digits}"))
    small = int(digits) < _LEAST_NUMBER and start == place
    return Numbered(fitting, frozenset(range(place, end)), sure=start > place) if fitting and not small else None


def _digit_like(clause: Clause, place: int) -> bool:
    return clause.tokens[place].kind in {"number", "word"}
