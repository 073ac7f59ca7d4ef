"""Filling an argument with what was spoken of before: `it`, `them`, or nothing said at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.mentions import PEOPLE
from bot.assistant.parser.referring import Found, listed, recall, record_of
from skills.spec import Effect

if TYPE_CHECKING:
    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.scene import Scene
    from skills.spec import Argument

_RULE: Final = "automation"
_ONE: Final = frozenset({(), ("one",), (".",), ("!",), ("?",), (",",), ("too",)})
_POSSESSIVE: Final = frozenset(("their", "his", "its", "theirs"))


def fill_recalled(draft: Draft, argument: Argument, scene: Scene) -> None:
    """Fill a record from what was spoken of, unless something else was named that nobody knows."""
    pronouns = draft.mentions.pronouns - draft.places
    if not argument.required and not _is_nearest(draft, argument, scene):
        return
    if not pronouns and (not argument.required or draft.mentions.unknown - draft.places or _means_another(draft)):
        return
    record = argument.type.record or ""
    several = listed(record, draft.mentions, scene)
    if several:
        if argument.required:
            draft.ask(argument.name, pronouns, several)
        return
    numbers = recall(record, draft.mentions, scene)
    draft.far = draft.far or (bool(pronouns) and _is_far(record, scene))
    if draft.mentions.both and len(numbers) > 1 and argument.required:
        draft.put_each(argument.name, Found(numbers, pronouns))
    elif len(numbers) == 1 or (numbers and not draft.mentions.both):
        draft.recalled = draft.recalled or not pronouns
        draft.put(argument.name, numbers[0], pronouns)


def _means_another(draft: Draft) -> bool:
    """Say whether the one that was spoken of last is the very one that is not meant: `delete the other`."""
    words = draft.clause.words
    return any(words[at : at + 2] == ("the", "other") and words[at + 2 : at + 3] in _ONE for at in range(len(words)))


def _is_far(record: str, scene: Scene) -> bool:
    """Say whether something unlike it was spoken of since: deals, clients and invoices hang together, rules do not."""
    nearest = next(iter(scene.memory.focus), None) if not scene.made else None
    return nearest is not None and (record == _RULE) is not (record_of(nearest) == _RULE)


def _is_nearest(draft: Draft, argument: Argument, scene: Scene) -> bool:
    """Say whether a pronoun means this kind of record: what was spoken of last, or a person."""
    words = draft.clause.words
    people = [place for place in draft.mentions.pronouns if words[place] in PEOPLE]
    if draft.book.skill.effect is not Effect.READ:
        people = [place for place in people if words[place] not in _POSSESSIVE]  # “their site” changes no client
    if argument.type.record == "contact" and people:
        return True
    made = [entry.record for entry in scene.made]
    focus = [record_of(number) for number in scene.memory.focus]
    return argument.type.record in (made or focus)[:1]
