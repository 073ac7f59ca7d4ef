"""The little grammar that several modules need: whether a word has an object after it, and so is a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from skills.vocabulary import OBJECTS

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause

PARTICLES: Final = frozenset("up out off over on back".split())
_NAMED: Final = frozenset(("record", "number", "channel", "quote", "email", "member"))


def object_follows(clause: Clause, place: int) -> bool:
    """Say whether an article, a pronoun, a number or an address follows a word, past `up`, `out` and the like."""
    at = place + 1 + (place + 2 < len(clause.tokens) and clause.words[place + 1] in PARTICLES)
    if at >= len(clause.tokens):
        return False
    return clause.words[at] in OBJECTS or clause.tokens[at].kind in _NAMED
