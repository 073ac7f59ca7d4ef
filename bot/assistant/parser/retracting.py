"""What of a message asks for nothing of its own: what is taken back again, and what only says “do it” once more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.courtesies import Courtesy, courtesy_of
from bot.assistant.parser.requesting import is_sure
from bot.assistant.parser.seeing import Seen
from skills.moods import FINITE, Mood
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION, PARTICLES
from skills.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.requesting import Step
    from bot.assistant.parser.scene import Scene
    from skills.words import Token

_BACK: Final = frozenset((Courtesy.NO, Courtesy.UNDO))
_SYSTEMS: Final = frozenset(("stripe", "xero"))
_NAMED: Final = frozenset(("record", "number"))
_POINTING: Final = frozenset("the that this those these our my".split())
_EVERY: Final = frozenset("every each all both everybody everyone anybody anyone whoever".split())
_RELATIVE: Final = frozenset("who that which we i they you".split())
_AFTER: Final = frozenset(
    {(), *((word,) for word in PARTICLES | {"please", "for", "now", "to", "a", "again", "?", "."})}
)
_NEAR: Final = 4
_DOING: Final = frozenset(
    """note jot mark write put record log save update sort handle process action arrange happen care done show list
    listed shown see display find view look""".split()
)


def wanted_still(parts: Sequence[Clause]) -> Sequence[Clause]:
    """Return the clauses after the last one that only takes back what was said before it; all where none does."""
    last = max((place for place, part in enumerate(parts) if place and _takes_back(part)), default=0)
    return parts[last:]


def is_dropped(parts: Sequence[Clause], taken_back: Sequence[Token]) -> bool:
    """Say whether the last clause of several only says no: `she doesn't work here any more, forget it`."""
    if len(parts) <= 1 and not (parts and taken_back):
        return False
    words = [token.word for token in parts[-1].tokens if not token.is_mark]
    return courtesy_of(words) == (Courtesy.NO, len(words))


def _takes_back(clause: Clause) -> bool:
    words = [token.word for token in clause.tokens if not token.is_mark]
    courtesy, taken = courtesy_of(words)
    return courtesy in _BACK and taken == len(words)


def with_topics(parts: Sequence[Clause], scene: Scene) -> list[Clause]:
    """Put what is named first in the place of its pronoun: `the link of Delta, you can take it off`."""
    found: list[Clause] = []
    for part in parts:
        span = _pronoun(part)
        system = _system(found[-1]) if found and span is not None and span[0] < span[1] else None
        if system is not None and span is not None:
            found.append(_put_in(part, span, (system,)))
        elif found and span is not None and _is_thing(found[-1], scene):
            found.append(_put_in(part, span, found.pop().tokens))
        else:
            found.append(part)
    return found


def _put_in(clause: Clause, span: tuple[int, int], thing: tuple[Token, ...]) -> Clause:
    return replace(clause, tokens=(*clause.tokens[: span[0]], *thing, *clause.tokens[span[1] :]))


def _pronoun(clause: Clause) -> tuple[int, int] | None:
    """Return where the pronoun stands that is a request's object, right after its verb, or where it is left out."""
    at = clause.opening + 1
    if clause.mood is not Mood.REQUEST:
        return None
    said = [word for word in clause.words[clause.opening :] if word not in FILLERS]
    if said in (["show", "me"], ["list"], ["show"]):
        return len(clause.tokens), len(clause.tokens)
    word, following = clause.words[at : at + 1], clause.words[at + 1 : at + 2]
    points = word in {("it",), ("them",)} or (word in {("that",), ("those",), ("these",)} and following in _AFTER)
    return (at, at + 1) if points else None


def _system(clause: Clause) -> Token | None:
    """Return what we are connected with, where a clause tells of it and of nothing else: `Stripe's dropped off`."""
    named = [token for token in clause.tokens if token.word in _SYSTEMS]
    return named[0] if len(named) == 1 and not any(token.kind in _NAMED for token in clause.tokens) else None


def _is_thing(clause: Clause, scene: Scene) -> bool:
    """Say whether a clause only names what is there already: `the link of Delta`, `every draft we've got`."""
    words = clause.words[clause.opening :]
    if not words or "?" in words:
        return False
    owned = "'s" in words[1:_NEAR] and words[0] not in FUNCTION and stem(words[0]) not in scene.grammar.verbs
    relative = next((at for at, word in enumerate(words) if at and word in _RELATIVE), 0)
    if clause.mood is Mood.REQUEST:
        return words[0] in _POINTING | _EVERY or owned
    return words[0] in _EVERY and relative > 0 and not FINITE & {*words[:relative]}


def without_topics(found: Sequence[Step], scene: Scene) -> list[Step]:
    """Leave out what only names the thing that the next clause is about, and what only says `note that down`."""
    kept: list[Step] = []
    for step in found:
        if kept and is_sure(kept[-1]) and _only_says_so(step, kept[-1], scene):
            continue
        if kept and _is_topic(kept[-1], step, scene):
            kept.pop()
        kept.append(step)
    return kept


def _only_says_so(step: Step, before: Step, scene: Scene) -> bool:
    """Say whether a clause has nothing but a verb that does what the one before it tells of or names."""
    words = [token.word for token in step.clause.tokens if not token.is_mark]
    verbs = [word for word in words if word not in FUNCTION and word not in FILLERS]
    if not verbs and ("ones" in words or words[-1:] == ["that"]):
        return True  # “unpaid deposits, which ones are there”, “collected in May, how much is that”
    if before.clause.mood is not Mood.STATEMENT and not _is_bare(before, scene):
        return False
    return len(verbs) == 1 and verbs[0] in _DOING and not scene.values(step.clause)


def _is_topic(before: Step, step: Step, scene: Scene) -> bool:
    """Say whether a bare name is what the next clause is about: `the bakery deposit, send it`."""
    if not (_is_bare(before, scene) and is_sure(step)) or before.reading is None or step.reading is None:
        return False
    named = set(map(str, before.reading.draft.arguments.values()))
    again = not Seen(step.clause, scene).mentions(frozenset()).named
    return again and bool(named & set(map(str, step.reading.draft.arguments.values())))


def _is_bare(step: Step, scene: Scene) -> bool:
    """Say whether a clause has no verb, and would only look something up."""
    clause, reading = step.clause, step.reading
    if reading is None or reading.draft.book.skill.effect is not Effect.READ or clause.mood is not Mood.REQUEST:
        return False
    return not any(stem(word) in scene.grammar.verbs for word in clause.words[clause.opening : clause.opening + 1])
