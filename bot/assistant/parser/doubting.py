"""What makes a reading doubtful: words that limit or deny it, that it does not know, or that are for somebody else."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.explaining import known_at, left
from bot.assistant.parser.guarding import BINDING
from bot.assistant.parser.standing import stands_aside
from skills.moods import Mood
from skills.names import NOUNS
from skills.vocabulary import DENYING

if TYPE_CHECKING:
    from bot.assistant.parser.drafting import Draft
    from skills.grammar import Grammar
    from skills.phrasebook import Pattern

_UNEXPLAINED_WRITE: Final = 0.6
LIMITED: Final = 0.3
_TURNING: Final = frozenset(("back", "off", "away", "down"))  # after a verb, they make another one of it
_SPEAKER: Final = frozenset(("me", "myself", "us"))
_AFTER_SENDING: Final = frozenset(("send_reminder", "refund_payment"))
_TAKING: Final = tuple((verb,) for verb in "remove revoke take strip withdraw drop delete cut kill stop end".split())
_ALL_OF: Final = frozenset(("all", "every", "each"))
_SEVERAL: Final = (
    NOUNS["invoice"] | NOUNS["contact"] | NOUNS["opportunity"] | NOUNS["automation"] | {"drafts", "deposits"}
)
_THE: Final = frozenset(("the", "that", "this"))
_AFTER_SOMEBODY: Final = {(), *((word,) for word in "from in out off please . ! ? ,".split())}
_UNTIL: Final = frozenset(("until", "till", "by"))


def doubt(draft: Draft, pattern: Pattern, grammar: Grammar, *, anchored: bool = False) -> float:
    """Return how much a write loses by a word that it does not know, and by one that limits or denies it."""
    places = left(draft)
    words = draft.clause.words
    if any(
        token.kind == "quote" and token.word and at not in draft.places for at, token in enumerate(draft.clause.tokens)
    ):
        return LIMITED  # what it says is meant for something
    if _is_taken_away(draft) or _is_to_another(draft, pattern) or _is_of_nobody(draft) or _asks_for_any(draft):
        return LIMITED
    if is_limited(draft, pattern) or _is_for_others(draft, places) or _is_too_early(draft) or _is_of_one_only(draft):
        return LIMITED
    strange = any(
        known_at(place, draft) == 0
        and grammar.weight(words[place]) > 0
        and not stands_aside(place, draft, grammar, anchored=anchored)
        for place in places
    )
    return _UNEXPLAINED_WRITE if strange or any(_turns(place, draft) for place in places) else 1.0


def is_limited(draft: Draft, pattern: Pattern) -> bool:
    """Say whether a word that limits or denies is left, and the skill's own sentences do not have it.

    A “not” has to be in the very example that the clause is like, or in one of which every word was said.
    """
    known = draft.book.words | (_UNTIL if draft.book.words & _UNTIL else frozenset())
    said = draft.seen.degrees.keys()
    denied = (words for words in draft.book.denying if words <= said)
    asked = known if draft.clause.mood is Mood.QUESTION else known - DENYING  # “why did it not …”
    known = asked.union(pattern.word_set, *denied)
    words = (draft.clause.words[place] for place in left(draft))
    return any(word in BINDING and word not in known for word in words)


def _is_for_others(draft: Draft, places: list[int]) -> bool:
    """Say whether `to me` or `everything` is left, which a write would have to know to do what was said."""
    words = draft.clause.words
    if any(words[place] in _SPEAKER and words[place - 1 : place] == ("to",) for place in places):
        return not draft.book.words & _SPEAKER
    return "everything" in {words[place] for place in places} - draft.book.words and not draft.asks


def _is_taken_away(draft: Draft) -> bool:
    """Say whether a choice is to be taken from somebody, where the skill gives it: `remove Sam's admin access`."""
    opening = draft.clause.words[draft.clause.opening : draft.clause.opening + 1]
    return bool(draft.takes("member")) and opening in _TAKING and not {"to", "down"} & {*draft.clause.words}


def _is_of_one_only(draft: Draft) -> bool:
    """Say whether all of several were spoken of, and one record was found: `cancel all invoices for Cedar`."""
    if draft.each is not None or not any(a.type.record and a.name in draft.arguments for a in draft.fillable):
        return False
    words = draft.clause.words
    return any(
        words[place] in _ALL_OF
        and any(word.endswith("s") and word in _SEVERAL for word in words[place + 1 : place + 4])
        for place in draft.mentions.every - draft.places
    )


def _is_to_another(draft: Draft, pattern: Pattern) -> bool:
    """Say whether something is to be done to somebody that the skill only does to the speaker: `phone her`."""
    following = draft.clause.words[draft.clause.opening + 1 : draft.clause.opening + 2]
    return pattern.items[1:2] == ("me",) and following in {("her",), ("him",), ("them",)}


def _is_of_nobody(draft: Draft) -> bool:
    """Say whether somebody is the verb's object where only an automation could be: `delete her from our contacts`."""
    words, place = draft.clause.words, draft.clause.opening + 1
    records = {argument.type.record for argument in draft.book.skill.arguments if argument.type.record}
    alone = words[place + 1 : place + 2] in _AFTER_SOMEBODY
    return records == {"automation"} and words[place : place + 1] in {("her",), ("him",)} and alone


def _asks_for_any(draft: Draft) -> bool:
    """Say whether there is only asked whether there are any: `refunds?`."""
    words = [token.word for token in draft.clause.tokens[draft.clause.opening :] if not token.is_mark]
    return draft.clause.words[-1:] == ("?",) and len(words) == 1 and words[0].endswith("s")


def _is_too_early(draft: Draft) -> bool:
    """Say whether `that draft` is spoken of where the skill needs an invoice that has been sent."""
    words = draft.clause.words
    spoken = any(one in _THE and two == "draft" for one, two in pairwise(words))
    return spoken and draft.book.skill.name in _AFTER_SENDING


def _turns(place: int, draft: Draft) -> bool:
    """Say whether a particle makes another verb of the one before: `give her the money back`."""
    word, following = draft.clause.words[place], draft.clause.words[place + 1 : place + 2]
    at_once = draft.clause.words[place - 1 : place] in {("straight",), ("right",)}
    return word in _TURNING and word not in draft.book.words and following != ("to",) and not at_once
