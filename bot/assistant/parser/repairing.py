"""People correct themselves while they speak: `1002, wait no, 1004`. What they took back is taken out here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.choosing import chosen
from bot.assistant.parser.clauses import Clause
from bot.assistant.parser.mentions import mentions_in
from bot.assistant.parser.splitting import starts_clause
from skills.names import ARTICLES
from skills.vocabulary import FILLERS, FUNCTION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.scene import Scene
    from skills.words import Token

_MARKERS: Final = tuple(
    sorted(
        (
            tuple(line.split())
            for line in """
            sorry
            no wait
            wait no
            no sorry
            sorry no
            i mean
            i meant
            make that
            no make that
            no make it
            scratch that
            strike that
            scrap that
            no scrap that
            cancel that
            leave it
            hang on
            hold on
            no hang on
            forget that
            or rather
            rather
            correction
            oops
            whoops
            wait
            actually
            no
            nope
            i meant to say
            """.strip().splitlines()
        ),
        key=len,
        reverse=True,
    ),
)
_WEAK: Final = frozenset((("no",), ("nope",), ("wait",), ("actually",), ("rather",)))
_TYPES: Final = {"percent": "number", "amount": "number", "date": "time", "period": "time"}


@dataclass(frozen=True, slots=True)
class Repaired:
    """The tokens that count, and those that were taken back (they may still say what `it` is)."""

    tokens: tuple[Token, ...]
    taken_back: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class _Span:
    sort: str
    start: int
    end: int


def repaired(text: str, tokens: Sequence[Token], scene: Scene) -> Repaired:
    """Apply the corrections of one message, from left to right."""
    current, back = tuple(tokens), ()
    for start in range(1, len(current)):
        marker = _marker(current, start) or _between(text, current, start, scene)
        if marker is None:
            continue
        left, right = current[:start], current[marker:]
        if right and starts_clause(Clause(text, right), 0, scene):
            return Repaired(right, left)
        merged = _replaced(text, left, right, scene)
        if merged is not None:
            return Repaired(merged, back)
    return Repaired(current, back)


def _marker(tokens: Sequence[Token], start: int) -> int | None:
    """Return the place after a correction that begins at `start`, or None if none does."""
    phrases: list[tuple[str, ...]] = []
    place, marks = start, tokens[start].is_mark
    while place < len(tokens):
        if tokens[place].is_mark and tokens[place].word in {",", ".", "...", "…", "-", ";", "!"}:
            marks, place = True, place + 1
            continue
        found = next((p for p in _MARKERS if tuple(t.word for t in tokens[place : place + len(p)]) == p), None)
        if found is None:
            if not phrases or tokens[place].word not in FILLERS:
                break
            place += 1
            continue
        phrases.append(found)
        place += len(found)
    if not phrases or (all(phrase in _WEAK for phrase in phrases) and not marks):
        return None
    return place if place < len(tokens) else None


def _between(text: str, tokens: tuple[Token, ...], start: int, scene: Scene) -> int | None:
    """Return the place after a bare `no` that stands between two things of one sort: `the twentieth no the third`."""
    if tokens[start].word not in {"no", "nope", "wait"} or start + 1 >= len(tokens):
        return None
    before = [span for span in _spans(Clause(text, tokens[:start]), scene) if span.end == start]
    after = [span for span in _spans(Clause(text, tokens[start + 1 :]), scene) if span.start <= 1]
    return start + 1 if {span.sort for span in before} & {span.sort for span in after} else None


def _replaced(text: str, left: tuple[Token, ...], right: tuple[Token, ...], scene: Scene) -> tuple[Token, ...] | None:
    """Put the first thing of the right side where the last one of its sort is on the left."""
    skipped = 0
    while skipped < len(right) and right[skipped].word in ARTICLES:
        skipped += 1
    after = [span for span in _spans(Clause(text, right), scene) if span.start in {0, skipped}]
    before = _spans(Clause(text, left), scene)
    for span in sorted(after, key=lambda span: (span.start, -span.end)):
        target = next((other for other in reversed(before) if other.sort == span.sort), None)
        if target is not None:
            return (*left[: target.start], *right[span.start : span.end], *left[target.end :], *right[span.end :])
    if len(right) - skipped == 1 and left and right[-1].kind == "word":
        last = max((i for i, token in enumerate(left) if _has_weight(token)), default=None)
        return (*left[:last], right[-1], *left[last + 1 :]) if last is not None else None
    return None


def _has_weight(token: Token) -> bool:
    return token.kind == "word" and token.word not in FUNCTION and token.word not in FILLERS


def _spans(clause: Clause, scene: Scene) -> list[_Span]:
    """Return everything in a clause that can be corrected, in its order."""
    values = [value for value in scene.values(clause) if value.type != "member" or not value.bare]
    spans = [_Span(_TYPES.get(value.type, value.type), value.start, value.end) for value in values]
    taken = frozenset().union(*(value.places for value in values if not value.bare))
    mentions = mentions_in(clause, taken, scene.grammar, scene.around.catalog)
    spans += [_Span("record", min(m.places), max(m.places) + 1) for m in mentions.numbered]
    spans += [_Span("name", min(m.places), max(m.places) + 1) for m in mentions.named]
    for argument in scene.grammar.choosable:
        spans += [_Span(argument.type.name, v.start, v.end) for v in chosen(clause, argument)]
    return sorted(spans, key=lambda span: (span.end, span.start))
