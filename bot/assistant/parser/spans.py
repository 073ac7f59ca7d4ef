"""What in a clause can be corrected or contrasted: values, names and choices, each of a sort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.choosing import chosen
from bot.assistant.parser.mentions import mentions_in

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.scene import Scene

_TYPES: Final = {"percent": "number", "amount": "number", "date": "time", "period": "time"}


@dataclass(frozen=True, slots=True)
class Span:
    """Something of one sort at the tokens `start` to `end` (excluded)."""

    sort: str
    start: int
    end: int


def spans_in(clause: Clause, scene: Scene) -> list[Span]:
    """Return everything in a clause that can be corrected, in its order."""
    values = [value for value in scene.values(clause) if value.type != "member" or not value.bare]
    spans = [Span(_TYPES.get(value.type, value.type), value.start, value.end) for value in values]
    taken = frozenset().union(*(value.places for value in values if not value.bare))
    mentions = mentions_in(clause, taken, scene.grammar, scene.around.catalog)
    spans += [Span("record", min(m.places), max(m.places) + 1) for m in mentions.numbered]
    spans += [Span("name", min(m.places), max(m.places) + 1) for m in mentions.named]
    for argument in scene.grammar.choosable:
        spans += [Span(argument.type.name, v.start, v.end) for v in chosen(clause, argument)]
    return sorted(spans, key=lambda span: (span.end, span.start))
