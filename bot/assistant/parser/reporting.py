"""What somebody tells that they did: `I already voided it last night`. It is done, and must not be done again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from skills.moods import FINITE, Mood
from skills.spec import Effect
from skills.vocabulary import FILLERS, alike
from skills.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.drafting import Draft
    from skills.grammar import Grammar

_DOERS: Final = frozenset(("i", "we"))
_BETWEEN: Final = FILLERS | frozenset("already have had just both only also never once finally even myself".split())
_DONE: Final = frozenset(("already", "just"))
_AGO: Final = frozenset("ago yesterday earlier last once".split())
_PRESENT: Final = frozenset(
    """is are am has have do does gets says wants reckons thinks needs owes sends gives takes makes leaves goes writes
    speaks rings calls hopes promises swears insists complains mentions forgets finds moves changes starts finishes
    stops lands arrives clears seems looks feels knows might must should could can cannot sounds reads happens shows
    picks pays works uses prefers claims expects comes keeps likes loves settled cleared
    changed moved cancelled""".split()
)
_PAST: Final = FINITE - _PRESENT - frozenset("put hit let read made sent paid won lost sorted".split())


def is_done_already(draft: Draft, grammar: Grammar) -> bool:
    """Say whether a clause tells that the speakers did what the skill would do, and no example of it tells that."""
    clause, did = draft.clause, _deed(draft.clause, grammar)
    base, opening = grammar.base_of(did), clause.words[clause.opening : clause.opening + 1]
    if draft.book.skill.effect is Effect.READ or base is None:
        return False
    if not draft.book.opens_with(base) and base not in alike("send"):
        return False  # whoever sent something was not paid by it
    if clause.mood is Mood.REQUEST and opening and draft.book.opens_with(opening[0]):
        return False  # “resend the invoice that I sent”
    telling = (p for p in draft.book.patterns if p.mood is Mood.STATEMENT and _DOERS & p.word_set)
    return not any(stem(did) in pattern.stems for pattern in telling)


def reports(clause: Clause, grammar: Grammar) -> bool:
    """Say whether a clause tells what somebody did: `last year we billed them half`, `took me forever`."""
    words = [word for word in clause.words if word not in FILLERS]
    opens = words[:1] and words[0] in _PAST
    long_ago = bool(_AGO & {*words[:3]}) and bool(_DOERS & {*words[:5]})
    return bool(opens) or long_ago or _deed(clause, grammar) != ""


def _deed(clause: Clause, grammar: Grammar) -> str:
    """Return the verb of what the speakers did; empty where none is told."""
    words = clause.words
    for place, word in enumerate(words):
        at = _past(words, place + 1) if word in _DOERS or (word in _DONE and place <= 1) else 0
        if at and at < len(words) and _is_past(words[at], grammar):
            return words[at]
    return ""


def _past(words: Sequence[str], place: int) -> int:
    while place < len(words) and words[place] in _BETWEEN:
        place += 1
    return place


def _is_past(word: str, grammar: Grammar) -> bool:
    base = grammar.base_of(word)
    return base is not None and base != word and not word.endswith(("ing", "s"))
