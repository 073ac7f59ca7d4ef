"""Requests: clause by clause, each against all skills, with what the clauses before it make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from billing.conversations import SkillCall
from bot.assistant.parser.clauses import Clause
from bot.assistant.parser.guarding import is_hypothetical, is_negated, is_supposed
from bot.assistant.parser.intent import Reading, readings
from bot.assistant.parser.scene import Made, Scene
from bot.assistant.parser.seeing import Seen
from bot.assistant.parser.told import spoken_of, take_told
from bot.assistant.parser.voice import as_command
from skills.moods import Mood
from skills.names import NOUNS
from skills.spec import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from skills.words import Token

SURE: Final = 0.6
_SURE_READ: Final = 0.55  # looking something up in vain does no harm
CERTAIN: Final = 0.8
_REASONS: Final = frozenset(("reason", "method", "ending"))  # choices that say why or how, not what
_CLOSE: Final = 0.04
_EITHER_SKILL: Final = 0.7  # what two skills that are about as likely leave of the first
_OF_USE: Final = 0.5  # below it, nothing is done whichever skill it is
_EITHER: Final = frozenset(("amount", "percent"))  # said both, they contradict each other
_AGAIN: Final = 0.3  # by so much the last skill may be less likely than another where a message only goes on
_GOING_ON: Final = frozenset({("and",), ("another",), ("also",), ("plus",)})
_OF_WHAT_IF: Final = frozenset(("help", "try_automation"))  # a dry run is just what such a question asks for
_TOPICS: Final = {"list_subscriptions": "cancel_subscription"}
_ASIDE: Final = 0.5  # what else a clause that only supposes may mean


@dataclass(frozen=True, slots=True)
class Step:
    """A clause and how it was read; `reading` is None where it asks for nothing."""

    clause: Clause
    reading: Reading | None
    calls: tuple[SkillCall, ...] = ()


def steps(clauses: Sequence[Clause], scene: Scene) -> list[Step]:
    """Read the clauses in order. A clause that is not wanted or asks for nothing has no reading."""
    found: list[Step] = []
    for clause in clauses:
        for part, reading in _parts(clause, scene, len(_all_calls(found))):
            if reading is not None and reading.score >= SURE:
                take_told(reading.draft, [step.clause for step in found if not is_sure(step)], scene)
            step = Step(part, reading, calls_of(reading) if reading else ())
            scene = _after(scene, step, len(_all_calls(found)))
            found.append(step)
    found = [_with_reasons(step, found[max(0, at - 1) : at + 2], scene) for at, step in enumerate(found)]
    return _links_first(found)


def _links_first(found: list[Step]) -> list[Step]:
    """Make the link of `send it with a payment link` before it is sent."""
    for at in range(1, len(found)):
        step, before = found[at], found[at - 1]
        start = step.clause.tokens[0].start
        beside = step.clause.text[:start].rstrip().casefold().endswith(("with", " w"))
        if beside and step.calls and any(call.skill != step.calls[0].skill for call in before.calls):
            sends = before.reading is not None and before.reading.draft.book.skill.effect is Effect.OUTWARD
            found[at - 1 : at + 1] = [step, before] if sends else [before, step]
    return found


def _with_reasons(step: Step, around: Sequence[Step], scene: Scene) -> Step:
    """Take what the clauses beside it tell of why and how: `Peter was charged twice, refund 2007`."""
    if step.reading is None or not is_sure(step) or step.reading.draft.book.skill.effect is Effect.READ:
        return step
    draft, more = step.reading.draft, False
    for beside in around:
        if beside is step or is_sure(beside) or beside.clause.mood is not Mood.STATEMENT:
            continue
        told = Seen(beside.clause, scene)
        for argument in draft.fillable:
            said = told.choices(argument) if argument.type.name in _REASONS else []
            if said and argument.name not in draft.arguments:
                draft.put(argument.name, said[0].value)
                more = True
    return replace(step, calls=calls_of(step.reading)) if more else step


def _all_calls(found: Iterable[Step]) -> list[SkillCall]:
    return [call for step in found if is_sure(step) for call in step.calls]


def best_reading(clause: Clause, scene: Scene, least: float = 0.0) -> Reading | None:
    """Return the likeliest reading of a clause, less sure of itself where another skill is as likely.

    Where none is as likely as `least`, it is any of the others.
    """
    command = as_command(clause, scene.grammar)
    if command is not None:
        turned = _best(command, scene, max(least, SURE))
        if turned is not None and turned.score >= SURE:
            return turned
    return _best(clause, scene, least)


def _best(clause: Clause, scene: Scene, least: float) -> Reading | None:
    if is_hypothetical(clause):
        found = readings(clause, scene, within=1.0, looking=is_supposed(clause))
        found = [entry if entry.skill in _OF_WHAT_IF else replace(entry, score=entry.score * _ASIDE) for entry in found]
        found.sort(key=lambda entry: -entry.score)
    else:
        again = clause.words[:1] in _GOING_ON
        within, least = (_AGAIN, _OF_USE) if again else (_CLOSE, max(_OF_USE, least - _CLOSE))
        found = readings(clause, scene, within=within, least=least, looking=is_supposed(clause))
    if not found:
        return None
    best = _of_topic(clause, _going_on(clause, found, scene), scene)
    rival = next((entry for entry in found if entry is not best), None)
    if rival is not None and best.score - rival.score < _CLOSE and _matters(best, rival) and not best.draft.asks:
        return replace(best, score=best.score * _EITHER_SKILL)
    return best


def _going_on(clause: Clause, found: list[Reading], scene: Scene) -> Reading:
    """Return the reading as the last skill again where a message only goes on: `and a final one for Delta, 2k`."""
    last = scene.memory.last_calls[-1].skill if scene.memory.last_calls else None
    if clause.words[:1] not in _GOING_ON:
        return found[0]
    again = next((entry for entry in found if entry.skill == last), None)
    return again if again is not None and again.score >= max(SURE - 0.1, found[0].score - _AGAIN) else found[0]


def _of_topic(clause: Clause, best: Reading, scene: Scene) -> Reading:
    """Return the reading as a skill of what was listed last: `cancel it` after a subscription, and no invoice."""
    last = scene.memory.last_calls[-1].skill if scene.memory.last_calls else ""
    topic = _TOPICS.get(last)
    effect = best.draft.book.skill.effect
    if topic is None or effect is Effect.READ or best.skill == topic or NOUNS["invoice"] & {*clause.words}:
        return best
    pointed = bool(best.draft.mentions.pronouns) or clause.words[-1:] == ("'s",)
    rivals = readings(clause, scene, within=1.0) if pointed else []
    meant = next((entry for entry in rivals if entry.skill == topic and entry.score >= _OF_USE), None)
    return replace(meant, score=max(meant.score, best.score)) if meant is not None else best


def _matters(best: Reading, rival: Reading) -> bool:
    return any(reading.draft.book.skill.effect is not Effect.READ for reading in (best, rival))


def _parts(clause: Clause, scene: Scene, position: int) -> Iterable[tuple[Clause, Reading | None]]:
    """Read a clause as one request, or as two that share its verb where that explains it better."""
    if is_negated(clause):
        return [(clause, None)]
    whole = best_reading(clause, scene)
    if whole is None or whole.score >= CERTAIN:
        return [(clause, whole)]
    return _one_each(clause, scene) or _coordinated(clause, scene, whole, position) or [(clause, whole)]


def _one_each(clause: Clause, scene: Scene) -> list[tuple[Clause, Reading | None]] | None:
    """Read `invoice Priya 350 and Sofia 60` as a request for each, of the same verb."""
    verb = clause.tokens[clause.opening : clause.opening + 1]
    parts: list[tuple[Token, ...]] = [()]
    for token in clause.tokens[clause.opening + 1 :]:
        if token.word in {"and", ",", "&", "plus"}:
            parts.append(())
        else:
            parts[-1] = (*parts[-1], token)
    rows = [Clause(clause.text, (*verb, *part)) for part in parts if part]
    if len(rows) < 2 or not all(_is_row(row, scene) for row in rows):  # noqa: PLR2004 - one is no list
        return None
    found = [(row, best_reading(row, scene, SURE)) for row in rows]
    sure = [reading for _, reading in found if reading and reading.score >= SURE and not reading.draft.asks]
    same = len(sure) == len(rows) and len({reading.skill for reading in sure}) == 1
    return list(found) if same and sure[0].draft.book.skill.effect is not Effect.READ else None


def _is_row(row: Clause, scene: Scene) -> bool:
    """Say whether a part has one sum and a name of its own, and only little beside them."""
    sums = [value for value in scene.values(row) if value.type in {"amount", "percent"}]
    named = Seen(row, scene).mentions(frozenset().union(*(value.places for value in sums))).named
    return len(sums) == 1 and len(named) == 1


def _coordinated(
    clause: Clause, scene: Scene, whole: Reading, position: int
) -> list[tuple[Clause, Reading | None]] | None:
    """Read `connect Stripe and Xero` as two requests; both have to be surer than the whole."""
    verb = clause.tokens[clause.opening : clause.opening + 1]
    for place in range(clause.opening + 2, len(clause.tokens) - 1):
        if clause.words[place] not in {"and", "then"} or place in whole.draft.places:
            continue
        if clause.words[place - 1] == "and" and place - 1 not in whole.draft.places:
            continue  # “and then” is one place to cut
        left = Clause(clause.text, _stripped(clause.tokens[:place]))
        rest = _stripped(clause.tokens[place + 1 :])
        wanted = max(SURE, whole.score)
        first = best_reading(left, scene, wanted)
        if first is None or first.score < wanted:
            continue
        made = _after(scene, Step(left, first, calls_of(first)), position)
        for tokens in ((*verb, *rest), rest):
            right = Clause(clause.text, tokens)
            second = best_reading(right, made, wanted)
            if second is not None and second.score >= wanted and _are_two(first, second):
                return [(left, first), (right, second)]
    return None


def _are_two(first: Reading, second: Reading) -> bool:
    """Say whether both ask for something of their own; one more record for the same is read with the whole."""
    if first.skill != second.skill:
        return True
    records = {argument.name for argument in second.draft.book.skill.arguments if argument.type.record}
    whole = not (first.draft.asks or second.draft.asks or first.draft.loose or second.draft.loose)
    return whole and second.draft.book.makes is not None and bool(second.draft.arguments.keys() - records)


def _stripped(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    while tokens and (tokens[-1].word in {",", ".", ";"} or tokens[-1].word in {"first", "and"}):
        tokens = tokens[:-1]
    while tokens and (tokens[0].is_mark or tokens[0].word in {"and", "then", "also"}):
        tokens = tokens[1:]
    return tokens


def calls_of(reading: Reading) -> tuple[SkillCall, ...]:
    """Return the call of a reading: one for each record where it stands for several."""
    draft = reading.draft
    arguments = dict(draft.arguments)
    if draft.each is None:
        return (SkillCall(reading.skill, arguments),)
    return tuple(SkillCall(reading.skill, {**arguments, draft.each: number}) for number in draft.records)


def _after(scene: Scene, step: Step, position: int) -> Scene:
    """Return the scene for the next clause: what this one makes comes first, then what it is about."""
    if step.reading is None or step.reading.score < SURE:
        return replace(scene, made=(*spoken_of(step.clause, scene), *scene.made))
    book, arguments = step.reading.draft.book, step.reading.draft.arguments
    made: list[Made] = []
    if book.makes is not None:
        made.append(Made(book.makes, f"${position + 1}", _contact(arguments, scene)))
    made += _about(book.skill.arguments, arguments)
    return replace(scene, made=(*made, *scene.made))


def _about(declared: Iterable[Any], arguments: dict[str, Any]) -> list[Made]:
    return [
        Made(argument.type.record, str(arguments[argument.name]))
        for argument in declared
        if argument.type.record and argument.name in arguments
    ]


def _contact(arguments: dict[str, Any], scene: Scene) -> str | None:
    for value in arguments.values():
        entry = scene.around.catalog.by_number(value) if isinstance(value, str) else None
        if entry is not None and entry.contact is not None:
            return entry.contact
    return None


def is_sure(step: Step) -> bool:
    """Say whether a clause was understood."""
    if step.reading is None or step.reading.draft.arguments.keys() >= _EITHER:
        return False
    reads = step.reading.draft.book.skill.effect is Effect.READ
    return step.reading.score >= (_SURE_READ if reads else SURE)
