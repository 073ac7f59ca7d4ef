"""How much of an example was said: the part of the intent that every example of every skill goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.saying import FULL
from skills.grammar import FAINT
from skills.moods import Mood
from skills.names import NOUNS
from skills.vocabulary import FILLERS, related
from skills.words import stem

if TYPE_CHECKING:
    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.saying import Said
    from bot.assistant.parser.seeing import Seen
    from skills.grammar import Grammar, Weighed
    from skills.phrasebook import Pattern, Phrasebook

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
    near = grammar.near(draft.book, draft.seen.said.kin)
    rated = [(_likeness(example, draft, busy=busy), example.pattern) for example in near]
    best = max(rate for rate, _ in rated)
    if not any(pattern.implied for _, pattern in rated):
        return max(rated, key=lambda entry: entry[0])
    weighed = [(stem(word), grammar.weight(word)) for word in left]
    meant = max(rated, key=lambda entry: entry[0] + _reach(entry[1], weighed))
    return best, meant[1]


def likely(like: float) -> float:
    """Return how likely a skill is meant by a clause that it explains, and that is so like its nearest example."""
    return 0.35 + 0.65 * like


def most_likely(book: Phrasebook, seen: Seen, grammar: Grammar) -> float:
    """Return how likely a skill is at most, whatever its arguments are filled with; what else counts takes away."""
    most = max(_most_alike(example, seen) for example in grammar.near(book, seen.said.kin))
    return likely(most) * (most if seen.clause.mood is Mood.STATEMENT else 1.0)


def _most_alike(example: Weighed, seen: Seen) -> float:
    """Say how like an example would be with all its places filled, and with the words before them that were said."""
    reached, whole = 0.0, example.least
    for place, (word, key, marked, weight) in enumerate(example.keys):
        has = _has(example.pattern, place, word, key, seen.said)
        reached += weight * has
        if marked:
            whole += weight * has  # as if it was said in full: that never makes it less alike
    if not reached and example.least:
        return 0.0
    filled = FULL * len(example.pattern.slots)
    mood = 1.0 if example.pattern.mood is seen.clause.mood else _OTHER_MOOD
    return min(1.0, mood * (reached + filled) / (whole + filled)) if whole + filled else 0.0


def _has(pattern: Pattern, place: int, word: str, key: str, said: Said) -> float:
    """Return how far a word of an example was said; its verb is said where the clause opens with it."""
    has = said.has(word, key)
    return has if has and (place or not pattern.opens_with_verb or said.opening in related(key)) else 0.0


def _nouns_found(draft: Draft) -> set[str]:
    """Return what the records that were found are called: `the bakery invoice` says no more than its number."""
    found = (a.type.record for a in draft.book.skill.arguments if a.type.record and a.name in draft.arguments)
    return {noun for record in found for noun in NOUNS.get(record, ())}


def _likeness(example: Weighed, draft: Draft, *, busy: bool) -> float:
    said, pattern = draft.seen.said, example.pattern
    reached = whole = 0.0
    for place, (word, key, marked, weight) in enumerate(example.keys):
        if marked and marked not in draft.arguments:
            continue  # it only marks a value that was not said
        whole += weight
        reached += weight * _has(pattern, place, word, key, said)
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
