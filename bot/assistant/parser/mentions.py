"""Mentions: the words of a clause that name records, by number, by name or by a pronoun."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.numbers import read_digit_pairs, read_number
from skills.names import ARTICLES, NOUNS, PREFIXES
from skills.vocabulary import FILLERS, FUNCTION
from skills.words import parts_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.assistant.parser.clauses import Clause
    from skills.grammar import Grammar
    from skills.names import Catalog

_THINGS: Final = frozenset("it its this that these those them they their same both".split())
_PEOPLE: Final = frozenset("him her his hers he she them they their".split())
_POSSESSIVES: Final = frozenset("his her their its".split())
_RECORD: Final = re.compile(rf"({'|'.join(PREFIXES.values())})-?(\d+)", re.IGNORECASE)
_BESIDE: Final = NOUNS["opportunity"] | NOUNS["contact"]
_LEAST_NUMBER: Final = 100


@dataclass(frozen=True, slots=True)
class Numbered:
    """A record's number at some places; `sure` where only a number can be meant, not an amount."""

    numbers: tuple[str, ...]
    places: frozenset[int]
    sure: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A run of words that stand in names of the catalog.

    `typo` where one of them is only close to what is in the catalog, `joined` where an `and` is before it.
    """

    words: tuple[str, ...]
    places: frozenset[int]
    typo: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Mentions:
    """All that a clause says about records. `unknown` are places of words that nobody and nothing is called."""

    numbered: tuple[Numbered, ...] = ()
    named: tuple[Named, ...] = ()
    pronouns: frozenset[int] = frozenset()
    both: bool = False
    every: frozenset[int] = frozenset()
    unknown: frozenset[int] = field(default_factory=frozenset)


def mentions_in(clause: Clause, taken: Collection[int], grammar: Grammar, catalog: Catalog) -> Mentions:
    """Find the mentions of a clause outside of the places that are taken by other values."""
    numbered = tuple(_numbered(clause, catalog))
    used = set(taken).union(*(entry.places for entry in numbered if entry.sure))
    named = tuple(_named(clause, used, grammar, catalog))
    used = used.union(*(run.places for run in named))
    free = [place for place in range(len(clause.tokens)) if place not in used]
    words = clause.words
    return Mentions(
        numbered=numbered,
        named=named,
        pronouns=frozenset(place for place in free if words[place] in _THINGS | _PEOPLE and not _mere(words, place)),
        both=any(words[place] == "both" for place in free),
        every=frozenset(place for place in free if words[place] in {"all", "every", "each", "everyone", "everybody"}),
        unknown=frozenset(place for place in free if is_unknown(clause, place, grammar)),
    )


def is_unknown(clause: Clause, place: int, grammar: Grammar) -> bool:
    """Say whether nothing is known of a word: neither grammar nor the skills' vocabulary has it."""
    token = clause.tokens[place]
    return token.kind == "word" and not _is_vocabulary(token.word, grammar)


def _is_vocabulary(word: str, grammar: Grammar) -> bool:
    return word in FUNCTION or word in FILLERS or word in ARTICLES or grammar.knows(word)


def _mere(words: tuple[str, ...], place: int) -> bool:
    """Say whether a pronoun only points at the noun or value after it (`this month`, `that has been paid`)."""
    following = words[place + 1] if place + 1 < len(words) else ""
    return words[place] in {"this", "that"} and following in {"is", "has", "have", "are", "month", "week", "year"}


def _numbered(clause: Clause, catalog: Catalog) -> Iterator[Numbered]:
    place = 0
    while place < len(clause.tokens):
        found = _by_prefix(clause, place) or _by_noun(clause, place, catalog) or _bare(clause, place, catalog)
        if found is not None:
            yield found
        place = max(found.places) + 1 if found else place + 1


def _by_prefix(clause: Clause, place: int) -> Numbered | None:
    match = _RECORD.fullmatch(clause.words[place])
    return (
        Numbered(
            (match[0].upper() if "-" in match[0] else f"{match[1].upper()}-{match[2]}",), frozenset((place,)), sure=True
        )
        if match
        else None
    )


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


def _named(clause: Clause, taken: Collection[int], grammar: Grammar, catalog: Catalog) -> Iterator[Named]:
    place = 0
    while place < len(clause.tokens):
        if place in taken or not _is_name(clause, place, grammar, catalog):
            place += 1
            continue
        run = _run(clause, place, taken, grammar, catalog)
        yield run
        place = max(run.places) + 1


def _is_name(clause: Clause, place: int, grammar: Grammar, catalog: Catalog) -> bool:
    """Say whether a word is surely part of a name: it is in one, and no word of the trade.

    A capital letter makes a name of a word of the trade (`Bill`, `Mark`), but not where a sentence begins.
    """
    token = clause.tokens[place]
    if token.kind != "word":
        return False
    if _is_vocabulary(token.word, grammar):
        capital = clause.text[token.start].isupper() and place > clause.opening
        owns = clause.words[place + 1 : place + 2] == ("'s",)  # “bill's draft”
        return (capital or owns) and token.word in catalog.known(token.word) and token.word not in grammar.choice_words
    return any(_indexed(part, catalog) for part in parts_of(token.word))


def _indexed(word: str, catalog: Catalog) -> frozenset[str]:
    return catalog.known(word) or catalog.near(word)


def _run(clause: Clause, start: int, taken: Collection[int], grammar: Grammar, catalog: Catalog) -> Named:
    """Grow a name from its first sure word over the words beside it that the same records have."""
    words, places = _parts(clause, start, catalog), {start}
    holders = _holders(words, catalog)
    for step, place in ((-1, start - 1), (1, start + 1)):
        at = place
        while 0 <= at < len(clause.tokens) and at not in taken:
            skips = clause.words[at] in {"of", "the", "&", "and"} and step > 0
            parts = [] if skips else _parts(clause, at, catalog)
            if not skips and not _joins(clause, at, parts, holders, grammar, catalog):
                break
            if parts:
                holders = holders & _holders(parts, catalog)
                places |= set(range(min(places | {at}), max(places | {at}) + 1))
                words = parts + words if step < 0 else words + parts
            at += step
    after = max(places) + 1
    while after < len(clause.tokens) and clause.words[after] in _BESIDE and after not in taken:
        places.add(after)  # “the bakery job”
        after += 1
    typo = any(not catalog.known(word) for word in words)
    return Named(tuple(dict.fromkeys(words)), frozenset(places), typo, _is_joined(clause, min(places)))


def _is_joined(clause: Clause, place: int) -> bool:
    before = [word for word in clause.words[:place] if word not in ARTICLES]
    return bool(before) and before[-1] in {"and", ",", "&", "plus"}


def _parts(clause: Clause, place: int, catalog: Catalog) -> list[str]:
    if clause.tokens[place].kind != "word":
        return []
    parts = parts_of(clause.words[place])
    known = [part for part in parts if _indexed(part, catalog)]
    return known if 2 * len(known) >= len(parts) - 1 else []


def _holders(words: list[str], catalog: Catalog) -> frozenset[str]:
    sets = [catalog.holding(_indexed(word, catalog)) for word in words]
    return frozenset.intersection(*sets) if sets else frozenset()


def _joins(
    clause: Clause, place: int, parts: list[str], holders: frozenset[str], grammar: Grammar, catalog: Catalog
) -> bool:
    word = clause.words[place]
    if not parts or word in grammar.choice_words or word in FILLERS:
        return False
    return bool(holders & _holders(parts, catalog)) and (word not in FUNCTION or word not in ARTICLES)
