"""How much of an example was said: the part of the intent that every example of every skill goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.saying import FULL
from skills.grammar import FAINT
from skills.names import NOUNS
from skills.vocabulary import FILLERS, related
from skills.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.drafting import Draft
    from skills.grammar import Grammar
    from skills.phrasebook import Pattern

_OPEN_SLOT: Final = 0.25  # a place of the example that was not filled
_OTHER_MOOD: Final = 0.45
_FAINT_BESIDE: Final = 0.6


def likest(draft: Draft, grammar: Grammar) -> tuple[float, Pattern]:
    """Return how like the nearest example of the draft's skill is (1: all of it was said), and which one it is.

    Among those that are about as near, the one that has most of the clause's own words is meant: what it implies
    was then said, too.
    """
    left = [t.word for p, t in enumerate(draft.clause.tokens) if p not in draft.places and not t.is_mark]
    busy = any(grammar.weight(word) > FAINT for word in left if word not in _nouns_found(draft))
    rated = [(_likeness(pattern, draft, grammar, busy=busy), pattern) for pattern in _near(draft)]
    best = max(rate for rate, _ in rated)
    if not any(pattern.implied for _, pattern in rated):
        return max(rated, key=lambda entry: entry[0])
    weighed = [(stem(word), grammar.weight(word)) for word in left]
    meant = max(rated, key=lambda entry: entry[0] + _reach(entry[1], weighed))
    return best, meant[1]


def _near(draft: Draft) -> Sequence[Pattern]:
    """Return the examples of which something was said; those of values alone, and all where nothing was, are near."""
    kin = draft.seen.said.kin
    near = [pattern for pattern in draft.book.patterns if not pattern.weighty or not kin.isdisjoint(pattern.weighty)]
    return near or draft.book.patterns


def _nouns_found(draft: Draft) -> set[str]:
    """Return what the records that were found are called: `the bakery invoice` says no more than its number."""
    found = (a.type.record for a in draft.book.skill.arguments if a.type.record and a.name in draft.arguments)
    return {noun for record in found for noun in NOUNS.get(record, ())}


def _likeness(pattern: Pattern, draft: Draft, grammar: Grammar, *, busy: bool) -> float:
    said = draft.seen.said
    reached = whole = 0.0
    for place, (word, key, marked) in enumerate(pattern.keys):
        if marked and marked not in draft.arguments:
            continue  # it only marks a value that was not said
        weight = grammar.weight(word)
        whole += weight
        has = said.has(word, key)
        if has and (place or not pattern.opens_with_verb or said.opening in related(key)):
            reached += weight * has
    if pattern.is_faint:
        # An example of grammar words alone has to be said whole, and nothing else.
        if reached < whole or not said.words - FILLERS <= pattern.word_set:
            return 0.0
    elif not reached and whole:
        return 0.0
    for name in pattern.slots:
        filled = name in draft.arguments
        reached += FULL if filled else 0.0
        whole += FULL if filled else _OPEN_SLOT
    mood = 1.0 if pattern.mood is draft.clause.mood else _OTHER_MOOD
    if busy and not pattern.has_weight:
        mood *= _FAINT_BESIDE  # it proves little beside words of weight that it does not have
    return mood * reached / whole if whole else 0.0


def _reach(pattern: Pattern, weighed: list[tuple[str, float]]) -> float:
    """Return how much of the clause an example has, between 0 and 1."""
    whole = sum(weight for _, weight in weighed)
    return sum(weight for key, weight in weighed if key in pattern.stems) / whole if whole else 0.0
