"""The project's own source, as the tests of its architecture read it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
ROOMS: Final = ("billing", "skills", "storage", "integrations", "bot")


@dataclass(frozen=True)
class Module:
    """A source file: `path` is relative to the root of the repository, with forward slashes."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def room(self) -> str:
        return self.path.split("/", 1)[0]

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def skills(self) -> list[str]:
        """The names of the skills that it defines."""
        return [
            function.name
            for function in self.functions()
            for decorator in function.decorator_list
            if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "skill"
        ]

    def imports(self, *, running: bool = False) -> set[str]:
        """The dotted names it imports, wherever in the file: of `from a import b`, both `a` and `a.b`.

        With `running`, without those that only a type checker sees.
        """
        found: set[str] = set()
        for node in _seen_when_running(self.tree) if running else ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
                found.update(f"{node.module}.{alias.name}" for alias in node.names)
        return found

    def imports_from(self, *packages: str, running: bool = False) -> set[str]:
        """Those of its imports that are one of the packages or inside one."""
        names = self.imports(running=running)
        return {name for name in names for package in packages if f"{name}.".startswith(f"{package}.")}


def _seen_when_running(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield child
            yield from _seen_when_running(child)


def modules(*folders: str) -> list[Module]:
    """All modules below the folders."""
    files = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [Module(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in files]
