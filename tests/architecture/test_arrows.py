"""Who may import whom."""

from __future__ import annotations

from graphlib import TopologicalSorter

import grimp
import pytest
from importlinter import cli

from tests.support.source import ROOMS, ROOT, modules

ROOT_OF_COMPOSITION = "bot/bootstrap.py"
# Each vendor's package, and where it may be imported beside the root of composition.
VENDORS = {
    "stripe": ("integrations/stripe_", "integrations/sandbox/stripe"),
    "openai": ("bot/assistant/model/",),
    "slack_bolt": ("bot/slack/",),
    "slack_sdk": ("bot/slack/",),
    "sqlalchemy": ("storage/",),
    "alembic": ("storage/",),
    "smtplib": ("integrations/mail/",),
    "aiosmtpd": ("integrations/sandbox/",),
    "apscheduler": ("bot/worker/",),
    "prompt_toolkit": ("bot/terminal/",),
}
# Modules of `bot` beside bootstrap.py that name something of storage or integrations, with the reason.
NAMES_CONCRETE_CLASSES: dict[str, str] = {}


def test_the_import_contracts_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT))

    status = cli.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)

    assert status == cli.EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = grimp.build_graph(*ROOMS, cache_dir=None)

    TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}).prepare()


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendors_package_is_imported_in_its_own_room_only(vendor: str) -> None:
    users = [module.path for module in modules(*ROOMS) if module.imports_from(vendor)]

    assert users, f"nothing imports {vendor} any more"
    assert [path for path in users if not path.startswith((*VENDORS[vendor], ROOT_OF_COMPOSITION))] == []


def test_only_bootstrap_names_concrete_classes() -> None:
    naming = {
        module.path: sorted(module.imports_from("storage", "integrations"))
        for module in modules("bot")
        if module.path != ROOT_OF_COMPOSITION and module.imports_from("storage", "integrations")
    }

    assert {path: names for path, names in naming.items() if path not in NAMES_CONCRETE_CLASSES} == {}
    assert set(NAMES_CONCRETE_CLASSES) <= set(naming), "an exception that is needed no more"
