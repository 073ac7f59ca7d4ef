"""Who may import whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest
from importlinter import cli

from tests.support.source import ROOMS, ROOT, modules

# Where the program is put together: in bootstrap.py and composition/, with the local stand-ins beside them. What they
# make is one object, whose module names the types of its parts and nothing more.
COMPOSITION = (
    "bot/application.py",
    "bot/bootstrap.py",
    "bot/composition/keeping.py",
    "bot/composition/pages.py",
    "bot/composition/pieces.py",
    "bot/composition/working.py",
    "bot/standins.py",
)
TYPES_ONLY = "bot/application.py"
# People in the chat and clients on paper read money and texts that are written by the same functions.
WRITES = "bot/formats.py"
# Each vendor's package, and where it may be imported beside the composition.
VENDORS = {
    "stripe": ("integrations/stripe_", "integrations/sandbox/stripe"),
    "openai": ("bot/assistant/model/",),
    "slack_bolt": ("bot/slack/",),
    "slack_sdk": ("bot/slack/",),
    "sqlalchemy": ("storage/",),
    "alembic": ("storage/",),
    "typst": ("integrations/documents/",),
    "facturx": ("integrations/documents/",),
    "segno": ("integrations/documents/",),
    "smtplib": ("integrations/mail/",),
    "aiosmtpd": ("integrations/sandbox/",),
    "apscheduler": ("bot/worker/",),
    "prompt_toolkit": ("bot/terminal/",),
}


def cycle_in(imports: Mapping[str, Iterable[str]]) -> list[str]:
    """Return modules that import each other in a circle, the first one again at the end; [] where none do."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_the_import_contracts_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT))

    status = cli.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)

    assert status == cli.EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = grimp.build_graph(*ROOMS, cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}

    assert cycle_in(imports) == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendors_package_is_imported_in_its_own_room_only(vendor: str) -> None:
    users = [module.path for module in modules(*ROOMS) if module.imports_from(vendor)]

    assert users, f"nothing imports {vendor} any more"
    assert [path for path in users if not path.startswith((*VENDORS[vendor], *COMPOSITION))] == []


def test_only_the_composition_names_concrete_classes() -> None:
    naming = {module.path: module.imports_from("storage", "integrations") for module in modules("bot")}
    writing = naming.pop(WRITES)

    assert {path: names for path, names in naming.items() if names and path not in COMPOSITION} == {}
    assert {name for name in writing if not name.startswith("integrations.words")} == set()
    assert all(naming[path] for path in COMPOSITION), "a module of the composition that need not be one any more"


def test_the_application_names_types_and_imports_nothing_concrete() -> None:
    (module,) = [module for module in modules("bot") if module.path == TYPES_ONLY]

    assert module.imports_from("storage", "integrations", running=True) == set()
