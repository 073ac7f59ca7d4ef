"""Where a word that nobody knows stands: whether it says what is wanted, or only how, where or why.

`Raise a fresh deposit for the fit-out after the trade fair` asks for the same without `fresh` and `trade fair`; `raise
the roof`, `send it as a spreadsheet` and `send it to Globex` would not be the same without theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from skills.grammar import FAINT
from skills.moods import FINITE, Mood
from skills.names import ARTICLES, NOUNS
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION
from skills.words import stem

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.drafting import Draft
    from skills.grammar import Grammar
    from skills.words import Token

# What belongs to other trades, or to skills that there are not yet.
_ELSEWHERE: Final = NOUNS["product"] | NOUNS["order"] | frozenset("checkout stock parcel xero quickbooks myob".split())
_WHY: Final = frozenset("because since so during".split())
_BY: Final = frozenset("via by through using".split())  # how something is done
_LEADING_ASIDE: Final = _WHY | _BY | {"as"}
_ABOUT: Final = frozenset("about regarding re concerning for on at of from over".split())
_HOW: Final = frozenset("as to in by via with through into onto using".split())  # what makes another wish of it
# Words of some example that mean nothing of the trade elsewhere.
WEAK: Final = frozenset(
    """fresh time full amount part way rest door good second sort front story meeting able ahead job memory date dates
    doing being gone left agent line through whatever day week month remaining waiting looking taking state access
    point total whole stand read rather know forget prefer return
    value details detail info information account price figure item entry statement""".split(),
)
_NOT_LEADING: Final = ARTICLES - _WHY - _BY - _ABOUT - {"as", "in", "with", "to"}
_INSIDE: Final = frozenset("its their his her".split())
_ANY: Final = frozenset(("a", "an", "another", "one", "some", "any", "no"))
_SUBJECTS: Final = frozenset("i we he she they it you everybody everyone somebody someone nobody".split())
_LONGEST_TAIL: Final = 3  # so many words after a last comma are an exclamation


def stands_aside(place: int, draft: Draft, grammar: Grammar, *, anchored: bool = False) -> bool:
    """Say whether a word is none of the trade and only tells how, where or why: `paid via their app`.

    A word that stands where the verb or its object does is no such: it says what is to be done, or to what. Where
    the rest is `anchored` (a verb of the skill with all that it needs), more places are aside.
    """
    clause = draft.clause
    if place <= clause.opening or not _is_plain(place, draft, grammar) or clause.words[place] in _ELSEWHERE:
        return place in draft.own
    if clause.words[place].endswith("ly") or place in draft.own:
        return True
    lead = _lead(place, draft, grammar)
    if _gives_reason(lead, draft) or (clause.words[lead] in _BY and not _goes_out(draft)):
        return True
    writes = draft.book.skill.effect is not Effect.READ
    if _is_name(place, draft) or (writes and (_is_what(place, draft, grammar) or _is_told(place, draft))):
        return False
    if any(place - 1 in run.places for run in draft.mentions.named):
        return True  # “the Whitfield shoot”
    return anchored and not _marks_more(lead, draft, grammar) and _is_beside(place, lead, draft, grammar)


def may_stand_aside(place: int, clause: Clause) -> bool:
    """Say whether a plain word may stand aside in a reading that is not anchored, by what stands before it."""
    return clause.words[place].endswith("ly") or not _LEADING_ASIDE.isdisjoint(clause.words[clause.opening : place])


def may_be_plain(token: Token, grammar: Grammar) -> bool:
    """Say whether a word is none of the trade for some skill at least."""
    if token.kind != "word" or token.word in FUNCTION:
        return False
    return not grammar.knows(token.word) or token.word in WEAK


def _is_told(place: int, draft: Draft) -> bool:
    """Say whether a word is the verb of what is told: `the client asked for it` is not `the client paid for it`."""
    word = draft.clause.words[place]
    return draft.clause.mood is Mood.STATEMENT and (word in FINITE or word.endswith("ed"))


def _is_what(place: int, draft: Draft, grammar: Grammar) -> bool:
    """Say whether a word is the verb's object, with nothing known in its place: `make a logo`, not `a fresh one`."""
    words, at = draft.clause.words, place - 1
    while at > draft.clause.opening and words[at] in ARTICLES:
        at -= 1
    if at != draft.clause.opening:
        return False
    end = place + 1
    while end < len(words) and _is_plain(end, draft, grammar):
        end += 1
    return end == len(words) or (end not in draft.places and words[end] not in draft.book.words - FUNCTION)


def _marks_more(lead: int, draft: Draft, grammar: Grammar) -> bool:
    """Say whether a word leads to a value that was not understood: the `due` of `due whenever`."""
    word = draft.clause.words[lead]
    if grammar.weight(word) <= FAINT:
        return False
    open_ones = (name for name in draft.book.cues if name not in draft.arguments)
    return any(cue.marking[-1:] == (word,) for name in open_ones for cue in draft.book.cues[name])


def _is_beside(place: int, lead: int, draft: Draft, grammar: Grammar) -> bool:
    """Say whether a word stands where it changes nothing of a wish that is clear without it."""
    words = draft.clause.words
    if draft.book.skill.effect is Effect.READ and lead > draft.clause.opening:
        return True
    if words[lead] not in _HOW or (words[lead] == "in" and words[lead + 1] in _INSIDE and not _sends(draft)):
        return True  # “in its place”
    return _describes_new(place, draft, grammar) or _exclaims(place, draft, grammar)


def _lead(place: int, draft: Draft, grammar: Grammar) -> int:
    """Return the place of the word that leads to a phrase: the preposition before `the trade fair`."""
    words, at = draft.clause.words, place - 1
    while at > draft.clause.opening and (words[at] in _NOT_LEADING or _is_plain(at, draft, grammar)):
        at -= 1
    return at


def _gives_reason(lead: int, draft: Draft) -> bool:
    words = draft.clause.words
    if words[lead] == "as":
        return words[lead + 1] not in {"a", "an"} and words[lead + 1 : lead + 2] != ("",)
    return words[lead] in _WHY


def _goes_out(draft: Draft) -> bool:
    """Say whether it matters which way something goes, and no way that it came is told of: `paid via their app`."""
    return draft.book.skill.effect is Effect.OUTWARD and not draft.book.takes("method")


def _sends(draft: Draft) -> bool:
    """Say whether something goes to a client: by what way it goes, and in what form, is then part of the wish."""
    return draft.book.skill.effect is Effect.OUTWARD and bool(draft.book.takes("text"))


def _is_plain(place: int, draft: Draft, grammar: Grammar) -> bool:
    token = draft.clause.tokens[place]
    return may_be_plain(token, grammar) and not (token.word in WEAK and token.word in draft.book.words)


def _is_name(place: int, draft: Draft) -> bool:
    return draft.clause.text[draft.clause.tokens[place].start].isupper() and not draft.clause.text.isupper()


def _describes_new(place: int, draft: Draft, grammar: Grammar) -> bool:
    """Say whether a word only colours what is to be made: the `fresh` of `a fresh 40% deposit`."""
    words, end = draft.clause.words, len(draft.clause.words)
    before, after = place - 1, place + 1
    while before >= 0 and (_is_plain(before, draft, grammar) or before in draft.places):
        before -= 1
    while after < end and _is_plain(after, draft, grammar):
        after += 1
    if before < 0 or words[before] not in _ANY or after >= end:
        return False
    return after in draft.places or (
        words[after] in draft.book.words and words[after] not in FUNCTION and stem(words[after]) in grammar.nouns
    )


def _exclaims(place: int, draft: Draft, grammar: Grammar) -> bool:
    """Say whether a word belongs to the few that a comma sets off at the end: `…, chop chop`."""
    tokens, start = draft.clause.tokens, place
    while start and not tokens[start - 1].is_mark:
        start -= 1
    tail = [at for at in range(start, len(tokens)) if not tokens[at].is_mark]
    if not start or len(tail) > _LONGEST_TAIL or set(tail) & draft.places:
        return False
    return all(_is_plain(at, draft, grammar) or tokens[at].word in FILLERS | _SUBJECTS for at in tail)
