"""What a message makes of what was said before it: the same again, some of it, or something else in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.assistant.parser.again import repeated
from bot.assistant.parser.correcting import corrected, goes_on, is_marked
from bot.assistant.parser.guarding import is_hypothetical
from bot.assistant.parser.refining import refined
from bot.assistant.parser.replacing import is_contrast, some_of

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.scene import Scene
    from bot.assistant.understanding import Understanding


def followed(clause: Clause, request: Understanding, scene: Scene, *, asks: bool) -> Understanding | None:
    """Return what a message means after what was before it; None where it is a request of its own.

    `request` is what it would mean alone, and `asks` whether that is surely something.
    """
    same = None
    if scene.memory.question is None:
        same = repeated(clause, scene) or some_of(clause, scene) or refined(clause, scene)
    if same is not None or is_hypothetical(clause):
        return same
    if asks and not (is_marked(clause) or is_contrast(clause, request, scene) or goes_on(clause, request, scene)):
        return None
    return corrected(clause, scene)
