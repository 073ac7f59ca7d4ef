"""People correct themselves while they speak: `1002, wait no, 1004`. What they took back is taken out here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.clauses import Clause
from bot.assistant.parser.contrasting import without_contrast
from bot.assistant.parser.courtesies import Courtesy, courtesy_of
from bot.assistant.parser.numbers import SCALES, TENS, UNITS, read_number
from bot.assistant.parser.spans import spans_in
from bot.assistant.parser.splitting import starts_clause
from bot.assistant.parser.syntax import has_object
from skills.idioms import Idioms
from skills.names import ARTICLES
from skills.vocabulary import FILLERS, FUNCTION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.scene import Scene
    from skills.words import Token

_MARKERS: Final = Idioms.longest_first(
    """
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
)
_DENIED: Final = frozenset("need more one longer other such".split())
_WEAK: Final = frozenset((("no",), ("nope",), ("wait",), ("actually",), ("rather",)))


@dataclass(frozen=True, slots=True)
class Repaired:
    """The tokens that count, and those that were taken back (they may still say what `it` is)."""

    tokens: tuple[Token, ...]
    taken_back: tuple[Token, ...] = ()


def repaired(text: str, tokens: Sequence[Token], scene: Scene) -> Repaired:
    """Apply the corrections of one message, from left to right."""
    current, back = without_contrast(text, tuple(tokens), scene), ()
    dropped = _dropped(current)
    if dropped:
        return Repaired(current[dropped:], current[:dropped])
    for start in range(1, len(current)):
        marker = _marker(current, start) or _between(text, current, start, scene)
        if marker is not None and _denies(Clause(text, current), start, marker, scene):
            marker = None  # “…, no link” asks for none
        if marker is None:
            continue
        left, right = current[:start], current[marker:]
        if right and (starts_clause(Clause(text, right), 0, scene) or _starts_again(text, left, right)):
            return Repaired(right, left)
        merged = _replaced(text, left, right, scene)
        if merged is not None:
            again = repaired(text, merged, scene) if len(merged) < len(current) else None
            return again or Repaired(merged, back)
    return Repaired(current, back)


def _dropped(tokens: Sequence[Token]) -> int:
    """Return where a message begins to take back all of what it said: `void 1004, no, leave it alone`; 0 for none."""
    for start in range(1, len(tokens)):
        words = [token.word for token in tokens[start:] if not token.is_mark]
        whole = len(words) > 1 and courtesy_of(words) == (Courtesy.NO, len(words))
        if whole and tokens[start - 1].is_mark and not tokens[start].is_mark:
            return start
    return 0


def _denies(clause: Clause, start: int, after: int, scene: Scene) -> bool:
    """Say whether a `no` belongs to the word after it: `no link needed`, but `no, 600` and `no Cedar`."""
    said = [token for token in clause.tokens[start:after] if not token.is_mark]
    token = clause.tokens[after]
    if [one.word for one in said] != ["no"] or said[0] is not clause.tokens[after - 1] or token.kind != "word":
        return False
    if token.word in _DENIED:
        return True
    known = token.word in FUNCTION or token.word in FILLERS or bool(scene.around.catalog.known(token.word))
    known = known or read_number(clause.tokens, after) is not None
    return not known and not has_object(clause, after, scene)


def _starts_again(text: str, left: tuple[Token, ...], right: tuple[Token, ...]) -> bool:
    """Say whether the second part begins with the verb of the first: `refund half, no, refund 1000`."""
    before, after = Clause(text, left), Clause(text, right)
    verbs = [clause.words[clause.opening : clause.opening + 1] for clause in (before, after)]
    return verbs[0] == verbs[1] and len(right) > after.opening + 1


def _marker(tokens: Sequence[Token], start: int) -> int | None:
    """Return the place after a correction that begins at `start`, or None if none does."""
    phrases: list[tuple[str, ...]] = []
    place, marks = start, tokens[start].is_mark
    while place < len(tokens):
        if tokens[place].is_mark and tokens[place].word in {",", ".", "...", "…", "-", ";", "!"}:
            marks, place = True, place + 1
            continue
        found = _MARKERS.among(tokens, place)
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
    before = [span for span in spans_in(Clause(text, tokens[:start]), scene) if span.end == start]
    after = [span for span in spans_in(Clause(text, tokens[start + 1 :]), scene) if span.start <= 1]
    return start + 1 if {span.sort for span in before} & {span.sort for span in after} else None


def _replaced(text: str, left: tuple[Token, ...], right: tuple[Token, ...], scene: Scene) -> tuple[Token, ...] | None:
    """Put the first thing of the right side where the last one of its sort is on the left."""
    skipped = 0
    while skipped < len(right) and right[skipped].word in ARTICLES:
        skipped += 1
    after = [span for span in spans_in(Clause(text, right), scene) if span.start in {0, skipped}]
    before = spans_in(Clause(text, left), scene)
    for span in sorted(after, key=lambda span: (span.start, -span.end)):
        target = next((other for other in reversed(before) if other.sort == span.sort), None)
        if target is not None:
            new = _with_unit(left[target.start : target.end], right[span.start : span.end])
            return (*left[: target.start], *new, *left[target.end :], *right[span.end :])
    if len(right) - skipped == 1 and left and right[-1].kind == "word":
        last = max((i for i, token in enumerate(left) if _has_weight(token)), default=None)
        return (*left[:last], right[-1], *left[last + 1 :]) if last is not None else None
    return None


def _with_unit(old: tuple[Token, ...], new: tuple[Token, ...]) -> tuple[Token, ...]:
    """Give a bare number the unit of what it replaces: `twenty percent, no, twenty five` stays a percentage."""
    if any(not _is_number(token) for token in new) or all(map(_is_number, old)):
        return new
    numbers = [place for place, token in enumerate(old) if _is_number(token)]
    before, after = (old[: numbers[0]], old[numbers[-1] + 1 :]) if numbers else ((), ())
    return (*before, *new, *(token for token in after if token.word not in SCALES))


def _is_number(token: Token) -> bool:
    parts = token.word.split("-")
    return token.kind == "number" or all(part in UNITS or part in TENS or part in SCALES for part in parts)


def _has_weight(token: Token) -> bool:
    return token.kind == "word" and token.word not in FUNCTION and token.word not in FILLERS
