"""What speaks for a write: values and names alone never do, and what reaches a client takes a verb of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.dates import UNITS
from bot.assistant.parser.standing import WEAK
from skills.grammar import FAINT
from skills.moods import FINITE, Mood
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION, PARTICLES, related
from skills.words import stem

if TYPE_CHECKING:
    from bot.assistant.parser.drafting import Draft
    from skills.grammar import Grammar
    from skills.phrasebook import Pattern

_MONEY: Final = frozenset(map(stem, related("payment")))
_LOOKING: Final = frozenset("show list see display view check look find".split())  # none of them sends anything
_LEAVING: Final = PARTICLES | {"go"}
_IDLE: Final = frozenset(map(stem, WEAK | UNITS.keys()))  # they alone ask for nothing that reaches a client


def is_spoken_for(draft: Draft, grammar: Grammar) -> bool:
    """Say whether anything but its values speaks for a write: a word of weight, or a choice that it takes.

    What reaches a client takes more than what its record is called: “invoice 2004 to x@y” may be about anything.
    """
    if not draft.arguments and {w for w in draft.seen.said.words if grammar.weight(w) > FAINT} <= _LOOKING:
        return False  # “could you look”
    outward = draft.book.skill.effect is Effect.OUTWARD
    spared = draft.book.nouns | _IDLE if outward else frozenset[str]()
    stems = {stem(word) for word in draft.seen.said.words if grammar.weight(word) > FAINT} - spared
    if any(each in draft.book.stems or related(each) & (draft.book.stems - spared) for each in stems):
        return True
    if draft.book.makes is not None and {"amount", "due"} <= draft.arguments.keys():
        return True  # “Acme, 1500, net 7”
    if outward and (_opens_verb(draft, grammar) or _is_phrasal(draft)):
        return True  # “get it off to the client” is all grammar
    telling = [a for a in draft.book.skill.arguments if "enum" in a.type.schema or a.type.name == "lines"]
    return any(argument.name in draft.arguments for argument in telling)


def _opens_verb(draft: Draft, grammar: Grammar) -> bool:
    """Say whether a clause begins with a verb that the skill's own examples begin with, and that is no mere grammar."""
    clause = draft.clause
    opening = "".join(clause.words[clause.opening : clause.opening + 1])
    own = any(pattern.opens_with_verb and pattern.items[0] == opening for pattern in draft.book.patterns)
    return own and grammar.weight(opening) > FAINT and stem(opening) not in draft.book.nouns | _MONEY


def _is_phrasal(draft: Draft) -> bool:
    """Say whether a clause begins with a verb that has a particle in it, as one of the examples has."""
    clause = draft.clause
    opening, said = clause.words[clause.opening : clause.opening + 1], PARTICLES & {*clause.words}
    return bool(said) and any(p.items[:1] == opening and said & p.word_set for p in draft.book.patterns)


def is_whole(draft: Draft, pattern: Pattern) -> bool:
    """Say whether what reaches a client begins with a verb of the skill, or else is all of an example without one."""
    if draft.book.skill.effect is not Effect.OUTWARD:
        return True
    if draft.clause.mood is Mood.STATEMENT and _is_owned(draft):
        return False
    if draft.clause.mood is not Mood.REQUEST:
        # “1004 needs a link” is not “1004 needs to go out”.
        return all(word in draft.seen.degrees for word in pattern.words if word in _LEAVING)
    opening = next((w for w in draft.clause.words[draft.clause.opening :] if w not in FILLERS), "")
    if opening in _LOOKING:
        return False
    if draft.book.opens_with(opening) and stem(opening) not in draft.book.nouns | _MONEY:
        return True
    filled = [name in draft.arguments for name in pattern.slots]
    return all(filled) and all(word in draft.seen.degrees for word in pattern.words if word not in FUNCTION)


def _is_owned(draft: Draft) -> bool:
    """Say whether all that speaks for a skill is something of somebody's: `Tom's email isn't that any more`."""
    words = draft.clause.words
    own = [
        at for at, word in enumerate(words) if stem(word) in draft.book.stems - _IDLE and word not in FUNCTION | FINITE
    ]
    return bool(own) and all(words[at - 1 : at] == ("'s",) for at in own if at not in draft.places)
