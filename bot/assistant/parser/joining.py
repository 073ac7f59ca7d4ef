"""Calls that are one: changes to one record that follow each other, and what is told of a record that is being made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.conversations import SkillCall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.assistant.parser.scene import Scene


def joined(calls: tuple[SkillCall, ...], scene: Scene) -> tuple[SkillCall, ...]:
    """Make one call of changes to one record that follow each other: `rename it to … and set it at $900`."""
    found: list[SkillCall] = []
    for call in calls:
        if found and _changes_more(found[-1], call, scene):
            found[-1] = SkillCall(call.skill, {**found[-1].arguments, **call.arguments})
        else:
            found.append(call)
    points = any(str(value).startswith("$") for call in calls for value in call.arguments.values())
    return _made_whole(calls, scene) if points else tuple(found)


def _made_whole(calls: tuple[SkillCall, ...], scene: Scene) -> tuple[SkillCall, ...]:
    """Make a record as it is told right after: `invoice Cedar 2k and it is due Friday` has it."""
    whole: list[SkillCall] = []
    moved: dict[str, str] = {}
    for place, call in enumerate(calls, start=1):
        arguments = {name: moved.get(str(value), value) for name, value in call.arguments.items()}
        made = next((value for value in map(str, arguments.values()) if value.startswith("$")), "")
        more = {name: value for name, value in arguments.items() if value != made}
        at = int(made[1:]) - 1 if made else 0
        if made and call.skill.startswith("update_") and _can_have(whole[at], more, scene):
            whole[at] = SkillCall(whole[at].skill, {**whole[at].arguments, **more})
            continue
        whole.append(SkillCall(call.skill, arguments))
        moved[f"${place}"] = f"${len(whole)}"
    return tuple(whole)


def _can_have(call: SkillCall, more: Mapping[str, object], scene: Scene) -> bool:
    """Say whether a call that makes something takes what is told of it, and has none of that yet."""
    book = scene.grammar.books[call.skill]
    return book.makes is not None and not any(name in call.arguments or not book.skill.argument(name) for name in more)


def _changes_more(before: SkillCall, call: SkillCall, scene: Scene) -> bool:
    """Say whether a call changes something else about the record that the one before it changes."""
    if before.skill != call.skill or not call.skill.startswith("update_"):
        return False
    shared = before.arguments.keys() & call.arguments.keys()
    required = {each.name for each in scene.grammar.books[call.skill].skill.arguments if each.required}
    return shared == required and all(before.arguments[name] == call.arguments[name] for name in shared)
