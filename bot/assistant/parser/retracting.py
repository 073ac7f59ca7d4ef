"""What of a message asks for nothing of its own: what is taken back again, and what only says “do it” once more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.courtesies import Courtesy, courtesy_of
from bot.assistant.parser.requesting import is_sure
from bot.assistant.parser.seeing import Seen
from skills.moods import Mood
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION
from skills.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.requesting import Step
    from bot.assistant.parser.scene import Scene

_BACK: Final = frozenset((Courtesy.NO, Courtesy.UNDO))
_DOING: Final = frozenset(
    """note jot mark write put record log save update sort handle process action arrange happen care done show list see
    display find view look""".split()
)


def wanted_still(parts: Sequence[Clause]) -> Sequence[Clause]:
    """Return the clauses after the last one that only takes back what was said before it; all where none does."""
    last = max((place for place, part in enumerate(parts) if place and _takes_back(part)), default=0)
    return parts[last:]


def _takes_back(clause: Clause) -> bool:
    words = [token.word for token in clause.tokens if not token.is_mark]
    courtesy, taken = courtesy_of(words)
    return courtesy in _BACK and taken == len(words)


def with_topics(parts: Sequence[Clause]) -> list[Clause]:
    """Put what is named first in the place of its pronoun: `the link of Delta, you can take it off`."""
    found: list[Clause] = []
    for part in parts:
        place = _pronoun(part)
        if found and place is not None and _is_definite(found[-1]):
            topic = found.pop()
            part = replace(part, tokens=(*part.tokens[:place], *topic.tokens, *part.tokens[place + 1 :]))  # noqa: PLW2901 - the same part, said whole
        found.append(part)
    return found


def _pronoun(clause: Clause) -> int | None:
    """Return the place of the pronoun that is a request's object, right after its verb."""
    at = clause.opening + 1
    return at if clause.mood is Mood.REQUEST and clause.words[at : at + 1] in {("it",), ("them",)} else None


def _is_definite(clause: Clause) -> bool:
    """Say whether a clause only names a thing that is there already."""
    words = clause.words[clause.opening :]
    return clause.mood is Mood.REQUEST and words[:1] in {("the",), ("that",), ("this",)} and "?" not in words


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
    if not verbs and "ones" in words:
        return True  # “unpaid deposits, which ones are there”
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
