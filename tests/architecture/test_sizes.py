"""Code that fits on a screen is code that is read."""

from __future__ import annotations

import ast

from tests.support.source import ROOMS, Module, modules

LONGEST_FILE = 300
LONGEST_SKILL = 120
LONGEST_FUNCTION = 40
# A migration is one list of statements, written once and never edited.
MIGRATIONS = "storage/migrations/versions/"

SOURCE = [module for module in modules(*ROOMS, "benchmarks") if not module.path.startswith(MIGRATIONS)]


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _long(files: list[Module], limit: int) -> dict[str, int]:
    return {module.path: lines for module in files if (lines := len(module.text.splitlines())) >= limit}


def test_no_file_has_three_hundred_lines() -> None:
    assert _long(SOURCE, LONGEST_FILE) == {}


def test_no_skill_has_a_hundred_and_twenty_lines_beside_its_sentences() -> None:
    """What people say for a skill is data that grows with use, and belongs in the skill's own file all the same."""
    skills = [module for module in SOURCE if module.room == "skills" and module.skills()]
    long = {module.path: lines for module in skills if (lines := _lines_of_skill(module)) >= LONGEST_SKILL}

    assert skills
    assert long == {}


def _lines_of_skill(module: Module) -> int:
    sentences = [
        keyword.value
        for keyword in ast.walk(module.tree)
        if isinstance(keyword, ast.keyword) and keyword.arg == "examples"
    ]
    return len(module.text.splitlines()) - sum((node.end_lineno or node.lineno) - node.lineno for node in sentences)


def test_no_function_has_more_than_forty_lines() -> None:
    long = {
        f"{module.path}:{function.lineno} {function.name}": _lines(function)
        for module in SOURCE
        for function in module.functions()
        if _lines(function) > LONGEST_FUNCTION
    }

    assert long == {}
