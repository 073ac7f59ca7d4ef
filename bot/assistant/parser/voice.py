"""Wishes that are said as statements, turned into commands: `the link is to be disabled`, `Acme has to get a bill`.

The examples of the skills are in the active voice; here the passive is made one of them, so that none has to be
written twice.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.clauses import Clause
from skills.grammar import choices
from skills.idioms import Idioms
from skills.moods import Mood
from skills.names import NOUNS
from skills.vocabulary import FILLERS, OBJECTS, PARTICLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skills.grammar import Grammar
    from skills.words import Token

_MODALS: Final = (
    ("should",),
    ("must",),
    ("shall",),
    ("can",),
    ("may",),
    ("could",),
    ("needs", "to"),
    ("need", "to"),
    ("has", "to"),
    ("have", "to"),
    ("is", "to"),
    ("are", "to"),
    ("ought", "to"),
    ("'s", "to"),
    ("wants", "to"),
    ("want", "to"),
    ("had", "better"),
    ("to",),
)
_LACKING: Final = frozenset("needs need wants want requires require".split())
_CAUSING: Final = frozenset("want need like have get got see".split())
_HAVING: Final = Idioms.longest_first(
    """
    gets
    is getting
    are getting
    get
    has to get
    have to get
    has got to get
    needs to get
    need to get
    must get
    should get
    ought to get
    is to get
    are to get
    is due
    are due
    is up for
    are up for
    is owed
    needs
    need
    wants
    deserves
    requires
    has to have
    needs to have
    must have
    should have
    would like
    could use
    could do with
    is ready for
    are ready for
    is after
    are after
    has asked for
    asked for
    is asking for
    """.strip().splitlines()
)
_LEAVING: Final = Idioms.longest_first(
    f"{before} {after}"
    for before, after in product(
        ("goes", "go", "can go", "should go", "must go", "has to go", "have to go", "is to go", "are to go",
         "needs to go", "need to go", "may go", "ought to go", "is ready to go", "are ready to go"),
        ("out", "off"),
    )
)  # fmt: skip
_MOVING: Final = Idioms.longest_first(
    f"{verb} {where}"
    for verb in ("goes", "moves", "can go", "should go", "can move", "is moving", "is off", "has moved", "has gone")
    for where in ("to", "into")
)
_DETERMINING: Final = frozenset("a an the another some his her their its my our".split())
_OWN: Final = frozenset("his her their its".split())
_EVERYONE: Final = frozenset("everybody everyone anybody anyone whoever all every each those".split())
_NOT: Final = frozenset("not never no nor without if when unless".split())
_SUBJECTS: Final = frozenset("i we you he she they who what".split())
_SUBORDINATE: Final = frozenset("that which because since whenever once after before until".split())


def as_command(clause: Clause, grammar: Grammar) -> Clause | None:
    """Return a clause as a command where it is a wish in another form, else None."""
    words, start = clause.words, clause.opening
    if start >= len(words):
        return None
    found = _passive(words, start, grammar) or _caused(words, start, grammar)
    if found is None:
        return _due_to(clause, grammar) if clause.mood is Mood.STATEMENT else None
    first, verb, after, base = found
    spoken = set(words[start:after])
    if spoken & _NOT or (words[first:verb] and words[first] in _SUBJECTS) or _SUBORDINATE & spoken:
        return None
    return _turned(clause, first, verb, after, base)


def commanding(text: str, tokens: Sequence[Token], grammar: Grammar) -> tuple[Token, ...]:
    """Return the tokens of `have a deal moved to won` as those of `move a deal to won`; any others as they are."""
    clause = Clause(text, tuple(tokens))
    return (as_command(clause, grammar) or clause).tokens


def _due_to(clause: Clause, grammar: Grammar) -> Clause | None:
    """Turn `Acme has to get a bill for 800` into `a bill for 800 for Acme`, `1003 goes out` into `send 1003`."""
    words, start = clause.words, clause.opening
    for place in range(start + 1, len(words) - 1):
        leaves, has = _LEAVING.at(words, place), _HAVING.at(words, place)
        subject = clause.tokens[start:place]
        spoken = {token.word for token in subject}
        if spoken & _NOT or subject[0].word in _SUBJECTS or (_SUBORDINATE & spoken and not _EVERYONE & spoken):
            return None
        moves = _MOVING.at(words, place)
        if moves is not None and _is_stage(words, place + len(moves), grammar):
            return _led(clause, "move", subject, clause.tokens[place + len(moves) - 1 :])
        if leaves is not None:
            return _led(clause, "send", subject, clause.tokens[place + len(leaves) :])
        if has is not None:
            return _had(clause, subject, place + len(has), grammar)
    return None


def _is_stage(words: Sequence[str], place: int, grammar: Grammar) -> bool:
    """Say whether a stage is named, past an article."""
    stage = grammar.choice("stage")
    said = words[place + (words[place : place + 1] == ("the",)) :][:1]
    return stage is not None and any(said == phrase[:1] for said_for in choices(stage).values() for phrase in said_for)


def _had(clause: Clause, subject: tuple[Token, ...], place: int, grammar: Grammar) -> Clause | None:
    """Return what somebody shall have as what is asked for, for them; what shall be done to it comes first."""
    words, tokens = clause.words, clause.tokens
    named = words[place : place + 1] and (words[place] in _DETERMINING or words[place] in grammar.choice_singles)
    if not named and tokens[place : place + 1] and tokens[place].kind != "number":
        return None
    for at in range(place + 1, len(words)):
        base = grammar.base_of(words[at])
        if base is not None and words[at] != base and not words[at].endswith(("ing", "s")):
            return _led(clause, base, tokens[place:at], (*tokens[at + 1 :], _word("for", subject[0]), *subject))
    rest = (*tokens[place + (words[place] in _OWN) :], _word("for", subject[0]), *subject)
    bills = bool((NOUNS["invoice"] | grammar.kinds) & {*words[place:]}) and "link" not in words
    return Clause(clause.text, (_word("create", subject[0]), *rest) if bills else rest)


def _led(clause: Clause, verb: str, thing: tuple[Token, ...], rest: tuple[Token, ...]) -> Clause:
    return Clause(clause.text, (_word(verb, thing[0]), *thing, *rest))


def _word(word: str, beside: Token) -> Token:
    return replace(beside, word=word, kind="word", end=beside.start)


def _passive(words: Sequence[str], start: int, grammar: Grammar) -> tuple[int, int, int, str] | None:
    """Find `… is to be sent`, `… needs sending`: the places of subject, modal and what follows, and the verb."""
    for place in range(start + 1, len(words) - 1):
        if words[place] in _LACKING:
            base = grammar.base_of(words[place + 1]) if words[place + 1].endswith("ing") else None
            if base is not None:
                return start, place, place + 2, base
        for modal in _MODALS:
            be = place + len(modal)
            if tuple(words[place:be]) == modal and words[be : be + 1] == ("be",):
                at = _past_adverbs(words, be + 1)
                base = grammar.base_of(words[at]) if at < len(words) else None
                if base is not None and not words[at].endswith("ing"):
                    return start, place, at + 1, base
    return None


def _caused(words: Sequence[str], start: int, grammar: Grammar) -> tuple[int, int, int, str] | None:
    """Find `I want … sent`, `get … sent`: the places of the object and its participle, and the verb."""
    opens = words[start] in {"have", "get", "see"}
    if not opens and not (start and words[start - 1] in _CAUSING):
        return None
    first = start + opens
    for place in range(first + 1, len(words)):
        base = grammar.base_of(words[place])
        if base is None or words[place] == base or words[place].endswith(("ing", "s")):
            continue
        return first, place, place + 1, base
    return None


def _past_adverbs(words: Sequence[str], place: int) -> int:
    while place < len(words) and (words[place] in FILLERS or words[place].endswith("ly")):
        place += 1
    return place


def _turned(clause: Clause, first: int, verb: int, after: int, base: str) -> Clause:
    """Put the verb first: particle and the rest stay behind its object."""
    tokens = clause.tokens
    said = tokens[after - 1]
    command = type(said)(base, "word", said.start, said.end)
    subject: tuple[Token, ...] = tokens[first:verb]
    if clause.words[after : after + 1] and clause.words[after] in PARTICLES and clause.words[first] not in OBJECTS:
        return Clause(clause.text, (command, tokens[after], *subject, *tokens[after + 1 :]))
    return Clause(clause.text, (command, *subject, *tokens[after:]))
