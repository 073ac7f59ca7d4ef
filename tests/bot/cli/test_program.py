"""Every command explains itself, and a failure is one plain sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.failures import CommandFailed, sentence
from bot.cli.program import program
from tests.bot.cli.conftest import Evie

CONTRACT = {"demo", "serve", "worker", "chat", "ask", "import", "export", "eval", "migrate", "doctor", "manifest"}


def commands() -> set[str]:
    """Return the names of all commands, and of the groups of commands."""
    app = program()
    return {str(command.name) for command in app.registered_commands} | {
        str(group.name) for group in app.registered_groups
    }


def test_the_commands_of_the_contract_are_there() -> None:
    assert commands() >= CONTRACT


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_explains_itself(evie: Evie, command: str) -> None:
    ran = evie(command, "--help")
    assert ran.code == 0
    assert "Usage: evie " + command in ran.out


@pytest.mark.parametrize(
    "arguments", [["fly"], ["import"], ["serve", "--port", "0"], ["eval"], ["ask", "hi", "--wings"]]
)
def test_bad_usage_ends_with_2(evie: Evie, arguments: list[str]) -> None:
    ran = evie(*arguments)
    assert ran.code == 2
    assert ran.err


def test_help_needs_none_of_the_large_packages() -> None:
    heavy = ["sqlalchemy", "stripe", "slack_bolt", "starlette", "openai", "prompt_toolkit", "alembic"]
    script = f"import sys; import bot.cli; print([name for name in {heavy!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_a_malformed_setting_is_named(evie: Evie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://nope")
    ran = evie("ask", "help")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("DATABASE_URL has to be sqlite:///file or ")
    assert ran.err.count("\n") == 1


def test_a_database_that_cannot_be_opened_is_no_reason_for_a_traceback(evie: Evie, home: Path) -> None:
    (home / "evie.db").mkdir()
    ran = evie("ask", "help")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "The database cannot be opened. Check DATABASE_URL, and that the database runs.\n"


def test_a_file_that_is_no_database_is_refused(evie: Evie, home: Path) -> None:
    (home / "evie.db").write_bytes(b"not a database, but long enough to look like a header" * 4)
    ran = evie("migrate")
    assert ran.code == 1
    assert "no SQLite database" in ran.err


def test_the_unexpected_has_a_reference_and_keeps_its_secrets() -> None:
    said = sentence(RuntimeError("token xoxb-1"))
    assert "reference" in said
    assert "xoxb" not in said


def test_a_reason_of_the_commands_own_is_said_as_it_is() -> None:
    assert sentence(CommandFailed("The port is taken.")) == "The port is taken."


def test_the_module_is_the_same_program() -> None:
    ran = subprocess.run([sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, check=True)
    assert "Usage: evie" in ran.stdout
