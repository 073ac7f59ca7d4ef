"""Messages that are no requests: a yes, a no, thanks, a greeting."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from skills.idioms import Idioms

if TYPE_CHECKING:
    from collections.abc import Sequence


class Courtesy(StrEnum):
    """What a short message is for."""

    YES = "yes"
    NO = "no"
    UNDO = "undo"
    THANKS = "thanks"
    GREETING = "greeting"


_YES: Final = frozenset(
    """yes y yep yeah yup ya aye sure ok okay k confirm confirmed proceed approved approve affirmative definitely
    absolutely certainly""".split(),
)
_YES_PHRASES: Final = (
    "go ahead",
    "go for it",
    "do it",
    "do that",
    "please do",
    "make it so",
    "fire away",
    "sounds good",
    "looks good",
    "looks right",
    "looks fine",
    "that is right",
    "that is correct",
    "all good",
    "yes please",
)
_NO: Final = frozenset("no nope nah n cancel stop abort nevermind nvm nm wait".split())
_NO_PHRASES: Final = (
    "never mind",
    "forget it",
    "forget that",
    "forget about it",
    "leave it",
    "leave that",
    "leave it as it is",
    "leave it as is",
    "leave it be",
    "keep it",
    "keep it as it is",
    "leave it alone",
    "leave it there",
    "let us leave it",
    "do not worry about it",
    "do not worry",
    "skip it",
    "skip that",
    "drop it",
    "drop that",
    "stop that",
    "stop it",
    "do not",
    "do not do it",
    "do not do that",
    "do not bother",
    "hold on",
    "hang on",
    "not now",
    "not yet",
    "no thanks",
    "no thank you",
)
_LATER_PHRASES: Final = (
    "no idea",
    "not sure",
    "not now",
    "do not know",
    "some other time",
    "another time",
    "changed my mind",
    "change of plan",
    "change my mind",
    "on second thoughts",
    "on second thought",
)
# What is said instead of an answer.
_EXCUSES: Final = frozenset(
    """dunno idk help what who why how skip later whatever nothing none nobody tbd tba same any anything i do not know
    leave ignore cancel stop next back exit quit sorry pass""".split(),
)
_UNDO_PHRASES: Final = (
    "cancel that",
    "cancel it",
    "cancel this",
    "scrap that",
    "scrap it",
    "scratch that",
    "scrap that one",
    "scratch that one",
    "strike that",
    "strike that one",
    "undo that one",
    "reverse that",
    "undo that",
    "undo it",
    "undo",
    "take that back",
)
_THANKS: Final = frozenset(
    """thanks thank thx ta cheers heaps great awesome cool nice perfect lovely brilliant good excellent wonderful
    legend champ beauty sweet job work done ok okay bye goodbye later see ya night tomorrow everything all now today
    that is it for you so much very a lot mate again too this time have weekend day and the evening am i""".split(),
)
_THANKS_CORE: Final = frozenset(
    "thanks thank thx ta cheers great awesome cool nice perfect lovely brilliant excellent bye goodbye sweet good "
    "wonderful legend".split(),
)
_GREETING: Final = frozenset(
    """hi hello hey morning afternoon evening good day gday g'day howdy yo there evie how are you going doing is it
    today things everyone all team to see nice meet who""".split(),
)
_GREETING_CORE: Final = frozenset("hi hello hey morning afternoon evening gday g'day howdy yo".split())
_PADDING: Final = frozenset(
    """oops whoops actually please pls um uh oh well then thanks so just right mate evie it that hmm hm ah er erm ugh
    argh gosh hey dear""".split()
)


_UNDOING: Final = Idioms.longest_first(_UNDO_PHRASES)
_TAKING_BACK: Final = Idioms.longest_first(_UNDO_PHRASES + _NO_PHRASES)
_GIVING_UP: Final = Idioms.longest_first(_UNDO_PHRASES + _NO_PHRASES + _LATER_PHRASES)
_ANSWERS: Final = (
    (Courtesy.UNDO, frozenset[str](), _UNDOING),
    (Courtesy.NO, _NO, Idioms.longest_first(_NO_PHRASES)),
    (Courtesy.YES, _YES, Idioms.longest_first(_YES_PHRASES)),
)


def courtesy_of(words: Sequence[str]) -> tuple[Courtesy | None, int]:
    """Return what a message begins with and how many of its words that takes; (None, 0) for a plain request."""
    spoken = list(words)
    if spoken and set(spoken) <= _GREETING and set(spoken) & (_GREETING_CORE | {"how"}):
        return Courtesy.GREETING, len(spoken)
    if _takes_back(spoken):
        return Courtesy.UNDO, len(spoken)
    for courtesy, single, phrases in _ANSWERS:
        taken = _taken(spoken, single, phrases)
        if taken:
            return courtesy, taken
    if spoken and set(spoken) <= _THANKS | _PADDING and set(spoken) & _THANKS_CORE:
        return Courtesy.THANKS, len(spoken)
    return None, 0


def _takes_back(words: list[str]) -> bool:
    """Say whether a message only takes something back, a no among it or not: `nah scrap that`."""
    whole = _taken(words, _NO, _TAKING_BACK) == len(words)
    return whole and bool(words) and _has_phrase(words, _UNDOING)


def _has_phrase(words: Sequence[str], phrases: Idioms) -> bool:
    return any(phrases.at(words, place) is not None for place in range(len(words)))


def gives_up(words: Sequence[str]) -> bool:
    """Say whether a message has words that drop what is pending, wherever in it: `oh just forget it, will you`."""
    return _has_phrase(words, _GIVING_UP)


def is_no_value(words: Sequence[str]) -> bool:
    """Say whether a message is a courtesy or an excuse, so that it cannot be what was asked for."""
    courtesy, taken = courtesy_of(words)
    if courtesy is not None and (courtesy is not Courtesy.YES or taken == len(words)):
        return True
    return (
        gives_up(words)
        or set(words[:1]) <= _GREETING_CORE - {"morning", "afternoon", "evening"}
        or (set(words) <= _EXCUSES | _PADDING)
    )


def _taken(words: list[str], single: frozenset[str], phrases: Idioms) -> int:
    """Return how many words from the start only say yes (or only no), with padding around them."""
    place, core = 0, 0
    while place < len(words):
        phrase = phrases.at(words, place)
        if phrase is not None:
            place += len(phrase)
            core = place
        elif words[place] in single:
            place += 1
            core = place
        elif words[place] in _PADDING:
            place += 1
        else:
            break
    return place if core and place == len(words) else core
