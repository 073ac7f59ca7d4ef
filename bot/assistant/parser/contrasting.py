"""What is named only to be left out: `send 1003, not 1004`, `now rather than at the end of the month`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.clauses import Clause
from bot.assistant.parser.spans import Span, spans_in
from skills.idioms import Idioms
from skills.names import ARTICLES
from skills.vocabulary import FILLERS

if TYPE_CHECKING:
    from bot.assistant.parser.scene import Scene
    from skills.words import Token

_PHRASES: Final = Idioms(
    (("rather", "than"), ("instead", "of"), ("as", "opposed", "to"), ("and", "not"), ("but", "not"), ("not",))
)
_REPLACING: Final = frozenset(("but", "rather", "instead"))
_SORTS: Final = frozenset(
    "record name number time email reason method ending kind interval stage channel member role".split()
)


def without_contrast(text: str, tokens: tuple[Token, ...], scene: Scene) -> tuple[Token, ...]:
    """Return the tokens without what is denied in favour of something of its sort that is said as well."""
    place = 0
    while place < len(tokens) - 1:
        phrase = _PHRASES.among(tokens, place)
        cut = _cut(text, tokens, place, place + len(phrase), scene) if phrase else None
        if cut is None:
            place += 1
        else:
            tokens = cut
    return tokens


def _cut(text: str, tokens: tuple[Token, ...], start: int, after: int, scene: Scene) -> tuple[Token, ...] | None:
    """Take out the first thing after a `not`, where one of its sort stands before it or after a `but`."""
    spans = spans_in(Clause(text, tokens), scene)
    denied = _denied(spans, tokens, after)
    if denied is None:
        return None
    begin = start - 1 if start and tokens[start - 1].is_mark else start
    before = [span for span in spans if span.end <= begin and _alike(span.sort, denied.sort)]
    follows = denied.end < len(tokens) and (tokens[denied.end].word in _REPLACING or tokens[denied.end].word == ",")
    instead = [span for span in spans if span.start > denied.end and span.sort == denied.sort] if follows else []
    if instead:
        return (*tokens[:start], *tokens[instead[0].start :])
    return (*tokens[:begin], *tokens[denied.end :]) if before else None


def _alike(one: str, other: str) -> bool:
    """Say whether things are of one sort; who gets something is named or has an address."""
    return one == other or {one, other} == {"email", "name"}


def _denied(spans: list[Span], tokens: tuple[Token, ...], after: int) -> Span | None:
    while after < len(tokens) and (tokens[after].word in ARTICLES or tokens[after].word in FILLERS):
        after += 1
    found = [span for span in spans if span.start == after or (span.start < after < span.end)]
    return max((s for s in found if s.sort in _SORTS), key=lambda span: span.end, default=None)
