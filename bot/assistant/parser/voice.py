"""Wishes that are said as statements, turned into commands: `the link is to be disabled`, `I want 1003 sent`.

The examples of the skills are in the active voice; here the passive is made one of them, so that none has to be
written twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.clauses import Clause
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
        return None
    first, verb, after, base = found
    spoken = set(words[start:after])
    if spoken & _NOT or (words[first:verb] and words[first] in _SUBJECTS) or _SUBORDINATE & spoken:
        return None
    return _turned(clause, first, verb, after, base)


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
