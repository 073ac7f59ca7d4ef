"""What a message says twice: it is done once, as it was said last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from skills.spec import Effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing.conversations import SkillCall
    from bot.assistant.parser.requesting import Step

_BETTER: Final = {("make", "it"), ("make", "that"), ("make", "them")}


def without_repeats(sure: Sequence[Step]) -> list[Step]:
    """Leave out a clause that the one beside it says again, or takes back with its `no, make it …`."""
    kept: list[Step] = []
    for step in sure:
        if kept and _repeats(step, kept[-1]):
            continue
        if kept and _changes(step) and (_repeats(kept[-1], step) or _replaces(step, kept[-1])):
            kept.pop()
        kept.append(step)
    return kept


def _repeats(step: Step, other: Step) -> bool:
    """Say whether a clause says nothing that the other does not say: the same calls, or less of them."""
    if len(step.calls) != len(other.calls) or not all(map(_is_within, step.calls, other.calls)):
        return False
    if step.reading is None or not step.reading.draft.asks:
        return True
    # “… is +47 912 34 567, save that on his contact” asks for nothing: it was told.
    told = {name for call in other.calls for name in call.arguments}
    skill = step.reading.draft.book.skill
    needed = {argument.name for argument in skill.arguments if argument.required}
    return not {*step.reading.draft.asks} & needed - told


def _changes(step: Step) -> bool:
    return step.reading is not None and step.reading.draft.book.skill.effect is not Effect.READ


def _is_within(call: SkillCall, other: SkillCall) -> bool:
    return call.skill == other.skill and call.arguments.items() <= other.arguments.items()


def _replaces(step: Step, before: Step) -> bool:
    """Say whether a clause says better what the one before it said: `a weekly link, er, make it every two weeks`."""
    words = step.clause.words[step.clause.opening :]
    if words[:2] not in _BETTER or len(step.calls) != 1 or len(before.calls) != 1 or step.reading is None:
        return False
    [call], [earlier], skill = step.calls, before.calls, step.reading.draft.book.skill
    needed = [argument.name for argument in skill.arguments if argument.required]
    return call.skill == earlier.skill and all(
        call.arguments.get(name) == earlier.arguments.get(name) for name in needed
    )
