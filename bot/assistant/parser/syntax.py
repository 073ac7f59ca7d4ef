"""The little grammar that several modules need: whether a word has an object after it, and so is a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from skills.names import PREFIXES
from skills.vocabulary import OBJECTS, PARTICLES

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.scene import Scene

_BETWEEN: Final = PARTICLES | {"over", "on"}
_WHICH: Final = frozenset("what whatever which who whoever".split())
_NAMED: Final = frozenset(("record", "number", "channel", "quote", "member"))


def object_follows(clause: Clause, place: int) -> bool:
    """Say whether an article, a pronoun, a number or an address follows a word, past `up`, `out` and the like."""
    at = place + 1 + (place + 2 < len(clause.tokens) and clause.words[place + 1] in _BETWEEN)
    if at >= len(clause.tokens):
        return False
    return clause.words[at] in OBJECTS or clause.tokens[at].kind in _NAMED or clause.words[at] in _WHICH


def has_object(clause: Clause, place: int, scene: Scene) -> bool:
    """Say whether what follows is an object, or a name."""
    if object_follows(clause, place) and not is_figure(clause, place + 1, scene):
        return True
    at = place + 1 + (place + 2 < len(clause.tokens) and clause.words[place + 1] in _BETWEEN)
    if at >= len(clause.tokens):
        return False
    word = clause.words[at]
    return bool(scene.around.catalog.known(word)) and word not in scene.grammar.words


def is_figure(clause: Clause, place: int, scene: Scene) -> bool:
    """Say whether a number is an amount or a day rather than a record: `net 14`, `NOK 5,000`."""
    token = clause.tokens[place]
    return token.kind == "number" and not any(
        scene.around.catalog.by_number(f"{prefix}-{token.word}") for prefix in PREFIXES.values()
    )
