"""How much of an example was said: the part of the intent that every example of every skill goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.comparing import OPEN_SLOT
from bot.assistant.parser.saying import FULL
from skills.grammar import FAINT
from skills.names import NOUNS
from skills.vocabulary import FILLERS
from skills.words import stem

if TYPE_CHECKING:
    from bot.assistant.parser.comparing import Compared
    from bot.assistant.parser.drafting import Draft
    from skills.phrasebook import Pattern

_FAINT_BESIDE: Final = 0.6


def likeness(draft: Draft) -> float:
    """Return how like the nearest example of the draft's skill is: 1 where all of it was said."""
    best, busy = 0.0, _is_busy(draft)
    for each in draft.seen.compared(draft.book):
        if each[1] > best:  # others cannot be any likelier
            best = max(best, _likeness(each, draft, busy=busy))
    return best


def likest(draft: Draft) -> Pattern:
    """Return the nearest example of the draft's skill.

    Among those that are about as near, the one that has most of the clause's own words is meant: what it implies
    was then said, too.
    """
    tokens, weights, busy = draft.clause.tokens, draft.seen.weights, _is_busy(draft)
    near = draft.seen.compared(draft.book)
    if not any(example.pattern.implied for example, *_ in near):
        return _nearest(near, draft, busy=busy)
    weighed = [(stem(tokens[place].word), weights[place]) for place in _left(draft)]
    whole = sum(weight for _, weight in weighed)
    rated = [(_likeness(each, draft, busy=busy), each[0].pattern) for each in near]
    return max(rated, key=lambda entry: entry[0] + (_reach(entry[1], weighed) / whole if whole else 0.0))[1]


def likely(like: float) -> float:
    """Return how likely a skill is meant by a clause that it explains, and that is so like its nearest example."""
    return 0.35 + 0.65 * like


def _nearest(near: list[Compared], draft: Draft, *, busy: bool) -> Pattern:
    """Return the first of the examples that are likest; those that cannot be are not looked at."""
    best, nearest = -1.0, near[0]
    for each in near:
        if each[1] > best:
            like = _likeness(each, draft, busy=busy)
            if like > best:
                best, nearest = like, each
    return nearest[0].pattern


def _left(draft: Draft) -> list[int]:
    """Return the places of the words that have found no use."""
    return [at for at, token in enumerate(draft.clause.tokens) if at not in draft.places and token.kind != "mark"]


def _is_busy(draft: Draft) -> bool:
    """Say whether a word of weight has found no use, beside what the records that were found are called."""
    tokens, weights = draft.clause.tokens, draft.seen.weights
    weighty = [at for at in _left(draft) if weights[at] > FAINT]
    return bool(weighty) and not {tokens[at].word for at in weighty} <= _nouns_found(draft)


def _nouns_found(draft: Draft) -> set[str]:
    """Return what the records that were found are called: `the bakery invoice` says no more than its number."""
    found = (a.type.record for a in draft.book.skill.arguments if a.type.record and a.name in draft.arguments)
    return {noun for record in found for noun in NOUNS.get(record, ())}


def _likeness(each: Compared, draft: Draft, *, busy: bool) -> float:
    example, _, reached, mood = each
    arguments, degrees = draft.arguments, draft.seen.degrees
    pattern, whole = example.pattern, example.least
    for word, weight, argument in example.marks:
        if argument in arguments:  # else it only marks a value that was not said
            whole += weight
            reached += weight * degrees.get(word, 0.0)
    if pattern.is_faint:
        # An example of grammar words alone has to be said whole, and nothing else.
        if reached < whole or not draft.seen.said.words - FILLERS <= pattern.word_set:
            return 0.0
    elif not reached and whole:
        return 0.0
    for name in pattern.slots:
        filled = name in arguments
        reached += FULL if filled else 0.0
        whole += FULL if filled else OPEN_SLOT
    if busy and not pattern.has_weight:
        reached *= _FAINT_BESIDE  # it proves little beside words of weight that it does not have
    return mood * reached / whole if whole else 0.0


def _reach(pattern: Pattern, weighed: list[tuple[str, float]]) -> float:
    """Return how much of the clause an example has."""
    return sum(weight for key, weight in weighed if key in pattern.stems)
