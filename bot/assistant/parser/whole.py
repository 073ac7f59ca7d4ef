"""A message read as one request, where all its words together leave little doubt which skill is meant.

Clause by clause, what somebody tells beside a request is easily taken for another, and the reasons for what is asked
are lost. What speaks against doing something stands here, too: a message that leans to something else altogether.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.dates import UNITS
from bot.assistant.parser.doubting import LIMITED, doubt
from bot.assistant.parser.evidence import is_spoken_for
from bot.assistant.parser.explaining import left
from bot.assistant.parser.guarding import is_hypothetical, is_negated, is_supposed
from bot.assistant.parser.intent import reading_as
from bot.assistant.parser.leaning import NOTHING, SEVERAL, learnt
from bot.assistant.parser.requesting import CERTAIN, Step, calls_of, is_sure
from bot.assistant.parser.traits import traits
from skills.grammar import FAINT
from skills.moods import Mood, is_going_on, mood_of
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION, PARTICLES
from skills.words import stem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.intent import Reading
    from bot.assistant.parser.scene import Scene
    from bot.assistant.understanding import Understanding
    from skills.grammar import Grammar

_LIKELY: Final = {Effect.READ: 0.5, Effect.WRITE: 0.85, Effect.OUTWARD: 0.85}
_DOUBTED: Final = 0.6  # so likely is something else where what is unlikely is not done
_FAR_LIKELIER: Final = 4
_HARDLY: Final = 0.01  # less likely than that, what was understood for certain is something else
_LIKELY_THOUGH_TOLD: Final = 0.93
_MARKS: Final = frozenset((",", ".", ";", ":", "-", "!", "?", "so", "because"))
_OF_STATE: Final = frozenset(
    "has have did do does is are was were who what which when where why how should shall".split()
)
_SURE_ENOUGH: Final = 0.75
_EXCEPTING: Final = frozenset(
    """except but unless without not never no nor neither cannot excluding besides apart only if until rather
    instead""".split()
)
_WHEN: Final = frozenset("once when whenever after".split())
_WAITING: Final = frozenset(("create_automation", "update_automation"))
_PART: Final = 3


def leanings(clause: Clause, scene: Scene) -> Mapping[str, float]:
    """Return how likely each skill is meant by a message, `NOTHING` or `SEVERAL`; {} where that was never learnt."""
    if not scene.grammar.books.keys() <= {*learnt().outcomes}:
        return {}
    return learnt().of(traits(clause, scene))


def as_one(clause: Clause, meant: Understanding, likely: Mapping[str, float], scene: Scene) -> Step | None:
    """Return the message as one request, where that says what it means better than clause by clause."""
    best = max(likely, key=likely.__getitem__, default=NOTHING)
    if best not in scene.grammar.books or not _may_be_done(best, likely[best], clause, scene):
        return None
    reading = reading_as(best, clause, scene)
    if reading is None or not _says_more(reading, meant, likely) or _leaves_something(reading):
        return None
    changes = reading.draft.book.skill.effect is not Effect.READ
    # What would be changed has to be said clause by clause, too: a sum of words proves no more than what it is about.
    if changes and (best not in _skills(meant) or not _is_spoken_for(reading, scene)):
        return None
    step = Step(clause, replace(reading, score=max(reading.score, _SURE_ENOUGH)), calls_of(reading))
    return step if is_sure(step) else None


def _is_spoken_for(reading: Reading, scene: Scene) -> bool:
    """Say whether a write is asked for by more than its values, and by nothing that people never say of it.

    What only stands in a part of the message that has none of the call, `the client is away, …`, is told beside it.
    """
    draft, grammar = reading.draft, scene.grammar
    if doubt(draft, reading.pattern, grammar) <= LIMITED or not is_spoken_for(draft, grammar):
        return False
    strange = (place for place in left(draft) if _is_strange(draft.clause.words[place], reading.skill, grammar))
    return all(_stands_beside(place, draft) for place in strange)


def _is_strange(word: str, skill: str, grammar: Grammar) -> bool:
    return grammar.weight(word) > FAINT and learnt().weight(stem(word), skill) <= 0


def _stands_beside(place: int, draft: Draft) -> bool:
    """Say whether a word is of something told, between marks that have nothing of the call between them."""
    words = draft.clause.words
    start = max((at + 1 for at in range(place) if words[at] in _MARKS), default=0)
    end = min((at for at in range(place, len(words)) if words[at] in _MARKS), default=len(words))
    return not draft.places & {*range(start, end)} and mood_of(words[start:end]) is Mood.STATEMENT


def is_unlikely(meant: Understanding, likely: Mapping[str, float], scene: Scene) -> bool:
    """Say whether something would be changed by a message that means something else, as far as its words tell."""
    best = max(likely, key=likely.__getitem__, default=SEVERAL)
    skills = _skills(meant)
    if best == SEVERAL or likely[best] < _DOUBTED:
        return False
    if all(scene.grammar.books[name].skill.effect is Effect.READ for name in skills):
        return False
    as_likely = _likelihood(skills, likely)
    if meant.confidence >= CERTAIN:
        return as_likely < _HARDLY and likely[best] > _LIKELY_THOUGH_TOLD
    return as_likely * _FAR_LIKELIER < likely[best]


def _may_be_done(name: str, likelihood: float, clause: Clause, scene: Scene) -> bool:
    effect = scene.grammar.books[name].skill.effect
    if likelihood < _LIKELY[effect]:
        return False
    if effect is Effect.READ:
        return True
    if clause.mood is Mood.STATEMENT and likelihood < _LIKELY_THOUGH_TOLD:
        return False
    asks = clause.mood is Mood.QUESTION and clause.words[clause.opening] in _OF_STATE
    asks = asks or is_going_on(clause.words, clause.mood)
    return not (asks or is_supposed(clause) or is_hypothetical(clause) or is_negated(clause))


def _leaves_something(reading: Reading) -> bool:
    """Say whether anything of the message finds no place that might change what is meant."""
    draft = reading.draft
    words = enumerate(draft.clause.words)
    # “until the 2nd” says the day; “until she has paid” would say when.
    left = {word for place, word in words if place not in draft.places and place + 1 not in draft.places}
    excepting = left & (_EXCEPTING | UNITS.keys() | _marks(draft)) - reading.pattern.word_set
    return bool(draft.loose or excepting) or _leaves_value(draft) or _is_conditional(reading)


def _marks(draft: Draft) -> set[str]:
    """Return the words before values that no argument has got: `due` where no day was understood."""
    cues = draft.book.cues.items()
    return {cue.before[-1] for name, of_it in cues if name not in draft.arguments for cue in of_it if cue.before} - (
        FUNCTION | FILLERS | draft.book.nouns
    )


def _leaves_value(draft: Draft) -> bool:
    """Say whether a quotation, a second record or a second choice for the same argument is left."""
    quotes = (place for place, token in enumerate(draft.clause.tokens) if token.kind == "quote" and token.word)
    if any(place not in draft.places for place in quotes):
        return True
    if draft.each is not None and len(draft.mentions.numbered) > 1:
        return True
    chosen = (each for each in draft.fillable if "enum" in each.type.schema and each.name in draft.arguments)
    return any(value.value != draft.arguments[each.name] for each in chosen for value in draft.seen.choices(each))


def _is_conditional(reading: Reading) -> bool:
    """Say whether a part of the message says when it is to be done, which only an automation can wait for."""
    draft, words = reading.draft, reading.draft.clause.words
    begins = [0, *(place + 1 for place, word in enumerate(words) if word in {",", "and", "but"})]
    told = [words[place : place + 3] for place in begins if place not in draft.places]
    # “once off” is no condition.
    waits = any(part[:1] and part[0] in _WHEN and len(part) == _PART and part[1] not in PARTICLES for part in told)
    return waits and reading.skill not in _WAITING


def _says_more(reading: Reading, meant: Understanding, likely: Mapping[str, float]) -> bool:
    """Say whether the reading is of another skill than what was understood, or has more of the same call."""
    draft, skills = reading.draft, _skills(meant)
    if skills == {reading.skill}:
        more = not meant.calls or (len(meant.calls) == 1 and meant.calls[0].arguments.items() < draft.arguments.items())
        return more and not draft.asks
    if meant.calls and meant.confidence >= CERTAIN and _likelihood(skills, likely) > _HARDLY:
        return False
    return bool(draft.arguments) or not (draft.asks and meant.calls)


def _likelihood(skills: Collection[str], likely: Mapping[str, float]) -> float:
    return likely[SEVERAL] if len(skills) > 1 else min(likely[name] for name in skills)


def _skills(meant: Understanding) -> set[str]:
    asked = {meant.question.skill} if meant.question is not None else set()
    return {call.skill for call in meant.calls} | asked
