"""A skill is read only where its score may still matter: what rules it out before has to be true of every sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from bot.assistant.parser.bounding import Bounds
from bot.assistant.parser.candidates import most_likely
from bot.assistant.parser.clauses import Clause
from bot.assistant.parser.explaining import explained
from bot.assistant.parser.filling import fill
from bot.assistant.parser.intent import readings
from bot.assistant.parser.likeness import likely, likeness
from bot.assistant.parser.scene import Scene
from bot.assistant.parser.seeing import Seen
from bot.assistant.understanding import Memory
from skills.grammar import Grammar
from skills.moods import Mood
from skills.registry import SKILLS
from skills.words import tokenise
from tests.support.parsing import surroundings

_CASES: Final = (Path(__file__).parents[3] / "evaluation" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
_SAID: Final = [turn["user"] for case in map(json.loads, _CASES) for turn in case["turns"]][::3]
_GRAMMAR: Final = Grammar(SKILLS)
_CLOSE: Final = 0.04
_LEAST: Final = 0.5


def _seen(text: str, *focus: str) -> tuple[Seen, Scene]:
    scene = Scene(_GRAMMAR, Memory(focus=focus), surroundings())
    return Seen(Clause(text, tuple(tokenise(text))), scene), scene


@pytest.mark.parametrize("focus", [(), ("INV-2001",)], ids=["at first", "after another message"])
def test_no_skill_is_likelier_than_was_thought_before_it_was_filled(focus: tuple[str, ...]) -> None:
    for text in _SAID:
        seen, scene = _seen(text, *focus)
        for book in _GRAMMAR.books.values():
            draft = fill(book, seen, scene)
            like = likeness(draft)
            assert (
                likely(like) * (like if seen.clause.mood is Mood.STATEMENT else 1) <= most_likely(book, seen) + 1e-9
            ), (text, book.name)


@pytest.mark.parametrize("focus", [(), ("INV-2001",)], ids=["at first", "after another message"])
def test_no_skill_explains_more_than_was_thought_before_it_was_filled(focus: tuple[str, ...]) -> None:
    for text in _SAID:
        seen, scene = _seen(text, *focus)
        bounds = Bounds(seen, scene)
        for book in _GRAMMAR.books.values():
            draft = fill(book, seen, scene)
            for anchored in (False, True):
                told, total = explained(draft, _GRAMMAR, anchored=anchored)
                share = told / total if total else 0
                assert share <= bounds.share(book, anchored=anchored) + 1e-9, (text, book.name)


def test_nothing_is_filled_in_of_which_there_was_no_sign() -> None:
    for text in _SAID:
        seen, scene = _seen(text)
        for book in _GRAMMAR.books.values():
            for name in fill(book, seen, scene).arguments:
                argument = book.skill.argument(name)
                assert argument is not None
                assert seen.may_fill(argument), (text, book.name, name)


def test_whatever_may_matter_is_among_the_readings() -> None:
    for text in _SAID:
        seen, scene = _seen(text)
        whole = readings(seen.clause, scene, within=1.0)
        few = readings(seen.clause, scene, within=_CLOSE, least=_LEAST)
        matter = max(_LEAST, whole[0].score - _CLOSE)
        assert [(r.skill, r.score) for r in few if r.score >= matter] == [
            (r.skill, r.score) for r in whole if r.score >= matter
        ]
        assert few
