"""One module reads the environment, so that one page can list every setting."""

from __future__ import annotations

import ast

from tests.support.source import ROOMS, Module, modules

SETTINGS = "bot/settings.py"
READERS = {
    "environ",
    "environb",
    "getenv",
    "getenvb",
    "BaseSettings",
    "EnvSettingsSource",
    "dotenv_values",
    "load_dotenv",
}


def _reads(module: Module) -> set[str]:
    names = {node.attr for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}
    names |= {name.rpartition(".")[2] for name in module.imports()}
    names |= {keyword.arg for keyword in ast.walk(module.tree) if isinstance(keyword, ast.keyword) and keyword.arg}
    return names & (READERS | {"envvar"})


def test_only_the_settings_read_the_environment() -> None:
    readers = {module.path: found for module in modules(*ROOMS) if (found := _reads(module))}

    assert set(readers) == {SETTINGS}, readers
