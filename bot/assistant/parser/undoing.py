"""What takes the last write back: `cancel that` after a new invoice, `undo that` after an automation was switched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing.conversations import SkillCall
from bot.assistant.parser import phrasing
from bot.assistant.understanding import Understanding
from skills.spec import Effect

if TYPE_CHECKING:
    from bot.assistant.parser.scene import Scene
    from bot.assistant.understanding import DoneCall
    from skills.phrasebook import Phrasebook


def undone(scene: Scene) -> Understanding | None:
    """Return what takes the last write back; None where the last call changed nothing."""
    for done in reversed(scene.memory.last_calls):
        book = scene.grammar.books.get(done.skill)
        if book is None or book.skill.effect is Effect.READ or done.status != "done":
            continue
        call = _reverse(done, book, scene)
        return Understanding(calls=(call,)) if call else Understanding(declined=True, say=phrasing.CANNOT_UNDO)
    return None


def _reverse(done: DoneCall, book: Phrasebook, scene: Scene) -> SkillCall | None:
    """Return the call that is the opposite of one that ran; None where there is none."""
    opposite = scene.grammar.books.get(book.skill.undone_by)
    if opposite is None:
        return None
    if opposite is book:
        return SkillCall(book.name, {name: _flipped(value) for name, value in done.arguments.items()})
    needed = next((argument for argument in opposite.skill.arguments if argument.required), None)
    number = done.result.get("number") if needed and needed.type.record == book.makes else None
    number = number or (done.arguments.get(needed.name) if needed else None)
    return SkillCall(opposite.name, {needed.name: number}) if needed and number is not None else None


def _flipped(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Return the other position of a switch; anything else as it is."""
    return not value if isinstance(value, bool) else value
