"""Whether words ask for something to be done, ask a question or state a fact: sentences and examples alike."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from skills.openings import OPENINGS
from skills.vocabulary import COMMANDS, FILLERS, OBJECTS

if TYPE_CHECKING:
    from collections.abc import Sequence


class Mood(StrEnum):
    """`request` covers commands and bare noun phrases (`deposit for Cedar`): both want something."""

    REQUEST = "request"
    QUESTION = "question"
    STATEMENT = "statement"


_ASKING: Final = frozenset(
    """what which who whom whose how why where when is are was were am do does did has have had will would shall
    should can could may might""".split(),
)
FINITE: Final = frozenset(
    """is are was were am has have had did does got gets says said wants wanted asked paid came went will would wrote
    replied called rang emailed told approved agreed confirmed reckons thinks ran met dropped popped fell broke lost
    won signed loved loves likes liked keeps kept needs needed owes owed sent sends gave gives took takes made makes
    left leaves went goes wrote writes spoke speaks rings calls hopes promised promises swears swore insists insisted
    complained complains mentioned mentions forgot forgets found finds moved moves changed started starts finished
    finishes stopped stops landed lands arrived arrives bounced cleared clears hit seems seemed looks looked feels felt
    knows knew might must should could can cannot sounds reads happened happens sorted shows showed picked pays
    works worked uses used prefers preferred claims claimed expects expected bought cancelled pulled backed
    turned passed came comes settled transferred wired handed deposited remitted mailed covered joined
    hired switched quit resigned married""".split(),
)
PARTICIPLES: Final = frozenset(
    """paid sent made lost won moved changed found left picked used cancelled claimed expected bought pulled backed
    turned passed sorted started finished cleared landed billed settled""".split(),
)
# After a name's 's, these make it “is” or “has”: “Yuki's away”.
_BEING: Final = frozenset(
    """away out off been gone back busy happy keen ready sick on in at a an the just not already finally still now
    paid late fine ok okay done sorted good rung called asked told got had left lost said sent come given made
    become moved changed finished""".split(),
)
_BE: Final = frozenset("is are am was were 's be been".split())
# After these, what somebody does has not been done.
_AIMING: Final = frozenset(
    """wants want wanted like likes hopes hoping plans planning intends intending prefers promised promises able ready
    happy keen trying about supposed
    going offered offers asked asking meant due wishes expects has have needs need""".split()
)
_NO_VERBS: Final = frozenset("nothing something anything everything outstanding missing owing booking".split())
_PLEAS: Final = (["please"], ("please",), ["kindly"], ("kindly",))  # “please to make …”
_DONE: Final = frozenset("a an the another me us one up that this him her them".split())
_CAUSED: Final = frozenset("the my our that those all every".split())
_SUBJECTS: Final = frozenset("i we he she they it there someone everybody everyone nobody".split())
_RELATIVE: Final = frozenset("that which who what whether if when whenever once because since as whatever".split())


def past_courtesy(words: Sequence[str]) -> int:
    """Return how many words at the start only ask politely: `um could you please`, `i'd like to`."""
    place = 0
    while place < len(words):
        if words[place] in FILLERS or (words[place] == "to" and words[place - 1 : place] in _PLEAS):
            place += 1
            continue
        prefix = OPENINGS.at(words, place)
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
    asked = any(word not in FILLERS for word in words[:start])
    if _has_done(rest):
        return Mood.REQUEST
    if rest[0] in _ASKING and not (asked and rest[0] in {"have", "do"}):
        return Mood.QUESTION
    if rest[0] in _SUBJECTS:
        return Mood.STATEMENT
    if rest[0] in COMMANDS or (rest[0] == "get" and len(rest) > 1) or _has_object(rest):
        return Mood.REQUEST
    return Mood.STATEMENT if not asked and _states(rest) else Mood.REQUEST


def is_going_on(words: Sequence[str], mood: Mood) -> bool:
    """Say whether a statement tells what somebody is doing or will do: `Acme is paying by transfer`, `they'll pay`."""
    if mood is not Mood.STATEMENT:
        return False
    ahead = pairwise(words)
    return "will" in words or any(
        (one in _BE and two.endswith("ing") and two not in _NO_VERBS) or (one in _AIMING and two == "to")
        for one, two in ahead
    )


def _has_done(words: Sequence[str]) -> bool:
    """Say whether `do` or `have` begins a command: `do a deposit`, `have 503 go out on Friday`."""
    following = words[1] if len(words) > 1 else "?"
    if words[0] == "do":
        return following in _DONE or "'s" in words[2:4] or any(sign.isdigit() for sign in following)
    if words[0] == "have" and following in _CAUSED and not _finished(words[2:]):
        return True
    numbered = not following or any(sign.isdigit() for sign in following)
    return words[0] == "have" and numbered and not {"been", "paid"} & {*words}


def _finished(words: Sequence[str]) -> bool:
    """Say whether a participle follows, as in `have the invoices been paid`."""
    return any(word in PARTICIPLES | {"been", "gone", "come", "had"} or word.endswith("ed") for word in words)


def _has_object(words: Sequence[str]) -> bool:
    """Say whether an article, a pronoun or a number follows the first word, which is a verb then."""
    return len(words) > 1 and (words[1] in OBJECTS or any(sign.isdigit() for sign in words[1]))


def _states(words: Sequence[str]) -> bool:
    """Say whether a finite verb follows a subject (`order one is packed`), outside of a subordinate clause."""
    for place, word in enumerate(words[1:], start=1):
        if words[place - 1] in _RELATIVE or word in _RELATIVE:
            return False
        if word in PARTICIPLES and words[place - 1].endswith("s"):
            continue  # “the deals won”, “payments made”
        if word in FINITE or (word == "'s" and _is_being(words[place + 1 : place + 2])):
            return True
    return False


def _is_being(following: Sequence[str]) -> bool:
    """Say whether a name's 's is a verb by the word after it."""
    return any(word in _BEING or word.endswith("ing") for word in following)
