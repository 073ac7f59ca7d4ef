"""What is listed somewhere is listed whole."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from billing import errors
from billing.errors import BillingError
from skills.registry import EVERY_SKILL, SKILLS
from tests.support.source import ROOMS, Module, modules

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_every_skill_is_in_the_registry_and_in_a_file_of_its_name() -> None:
    by_file = {module.path: module.skills() for module in modules("skills") if module.skills()}

    assert by_file == {f"skills/{name}.py": [name] for name in EVERY_SKILL}
    assert {name: entry.name for name, entry in EVERY_SKILL.items()} == {name: name for name in EVERY_SKILL}


def test_every_skill_says_what_it_does_and_how_it_is_asked_for() -> None:
    silent = [name for name, skill in SKILLS.items() if not skill.summary or not skill.examples]
    unexplained = [
        f"{name}.{argument.name}"
        for name, skill in EVERY_SKILL.items()
        for argument in skill.arguments
        if not argument.description
    ]

    assert silent == []
    assert unexplained == []


def test_what_reaches_a_customer_is_shown_first() -> None:
    unseen = [name for name, skill in SKILLS.items() if (skill.effect == "outward") != (skill.preview is not None)]

    assert unseen == []


def test_every_reason_for_a_refusal_in_the_domain_says_its_code() -> None:
    reasons = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, BillingError)]

    assert len(reasons) > 1
    assert [reason.__name__ for reason in reasons if not str(vars(reason).get("code", "")).isidentifier()] == []


def test_no_two_reasons_for_a_refusal_share_a_code() -> None:
    codes = Counter(code for module in modules(*ROOMS) for code in _codes(module))

    assert codes["billing_error"] == 1
    assert {code: times for code, times in codes.items() if times > 1} == {}


def _codes(module: Module) -> Iterator[str]:
    """Yield the codes that the module's exceptions give themselves."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and node.bases:
            for each in node.body:
                if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "code":
                    yield ast.literal_eval(each.value)
