"""The worked example of docs/add-a-skill.md is taken out of the page and used in every way that a skill is used."""

from __future__ import annotations

import importlib.util
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from billing.conversations import SkillCall
from bot.assistant.parser import Parser
from bot.assistant.surroundings import surroundings
from bot.assistant.understanding import Memory
from skills.registry import SKILLS
from skills.schema import tools
from tests.support.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from skills.spec import Skill
    from tests.support.studio import Studio

PAGE = (ROOT / "docs" / "add-a-skill.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"^```\w+ file=(\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
SENTENCE = re.search(r"^> (.+)$", PAGE, re.MULTILINE)


def _module(folder: Path, file: str) -> ModuleType:
    path = folder / file.rpartition("/")[2]
    path.write_text(BLOCKS[file], "utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def count_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Skill:
    """The page's skill, in the registry."""
    skill: Skill = _module(tmp_path, "skills/count_days.py").count_days
    monkeypatch.setitem(SKILLS, skill.name, skill)
    return skill


def _tests_of_the_page(folder: Path) -> dict[str, Any]:
    tests = _module(folder, "tests/skills/test_count_days.py")
    return {name: value for name, value in vars(tests).items() if name.startswith("test_")}


@pytest.mark.parametrize(
    "name", re.findall(r"^def (test_\w+)", BLOCKS["tests/skills/test_count_days.py"], re.MULTILINE)
)
def test_the_tests_of_the_page_pass(count_days: Skill, studio: Studio, tmp_path: Path, name: str) -> None:
    _tests_of_the_page(tmp_path)[name](studio)


def test_the_model_is_offered_what_the_page_shows(count_days: Skill) -> None:
    assert tools([count_days]) == [json.loads(BLOCKS["tool.json"])]


def test_the_help_tells_of_it(count_days: Skill, studio: Studio) -> None:
    card = studio.done("help").card

    assert card is not None
    assert count_days.summary in [row.title for row in card.rows]


def test_the_sentence_of_the_page_is_understood(count_days: Skill, studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")
    context = studio.context()
    with context.transaction() as tx:
        scene = surroundings(tx, context)

    assert SENTENCE is not None
    understood = Parser(SKILLS).parse(SENTENCE[1], Memory(), scene)

    assert understood.calls == (SkillCall("count_days", {"invoice": "INV-1001"}),)


def test_the_page_says_which_line_the_registry_gets(count_days: Skill) -> None:
    assert f"from skills.{count_days.name} import {count_days.name}\n" in PAGE
