"""A workspace goes in whole or not at all, and comes out as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Evie
from tests.support.workspaces import SMALL


def test_what_was_imported_is_exported(evie: Evie, small: str) -> None:
    taken = evie("import", small)
    assert (taken.code, taken.out) == (0, "“Lantern Row” is in the database.\n")
    assert "products and orders (2) were checked but not kept" in taken.err
    exported = json.loads(evie("export", "-").out)
    assert [invoice["number"] for invoice in exported["invoices"]] == ["INV-1", "INV-2", "INV-3"]
    assert exported["members"] == SMALL["members"]


def test_an_export_is_a_file_for_its_owner_only(evie: Evie, small: str, home: Path) -> None:
    evie("import", small)
    assert evie("export", "out.json").code == 0
    assert (home / "out.json").stat().st_mode & 0o077 == 0


def test_an_export_moves_into_an_empty_database(evie: Evie, small: str, monkeypatch: pytest.MonkeyPatch) -> None:
    evie("import", small)
    evie("export", "out.json")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///second.db")
    assert evie("import", "out.json").code == 0
    assert json.loads(evie("export", "-").out) == json.loads(Path("out.json").read_text(encoding="utf-8"))


def test_a_refusal_names_line_and_field_and_stores_nothing(evie: Evie, home: Path) -> None:
    wrong = json.dumps(SMALL, indent=1).replace('"2026-03-31"', '"31 March"')
    (home / "wrong.json").write_text(wrong, encoding="utf-8")
    ran = evie("import", "wrong.json")
    line = wrong[: wrong.index("31 March")].count("\n") + 1
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"line {line}: invoices[1].due: has to be a date such as 2026-03-31.\n"
    assert evie("export", "-").err == "There is no workspace in this database yet. Import one with: evie import FILE\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"workspace":\n [}', "line 2: Expecting value, at column 3.\n"),
        ("", "line 1: Expecting value, at column 1.\n"),
    ],
)
def test_a_file_that_is_no_json_is_refused_with_its_place(evie: Evie, home: Path, content: str, said: str) -> None:
    (home / "wrong.json").write_text(content, encoding="utf-8")
    ran = evie("import", "wrong.json")
    assert (ran.code, ran.err) == (1, said)


def test_a_file_that_is_not_there_is_said_to_be_so(evie: Evie) -> None:
    ran = evie("import", "nowhere.json")
    assert (ran.code, ran.err) == (1, "nowhere.json cannot be read: No such file or directory.\n")


def test_two_workspaces_are_never_mixed(evie: Evie, small: str) -> None:
    evie("import", small)
    again = evie("import", small)
    assert again.code == 1
    assert "has records already" in again.err


def test_a_place_that_cannot_be_written_is_said_to_be_so(evie: Evie, small: str) -> None:
    evie("import", small)
    ran = evie("export", "missing/out.json")
    assert (ran.code, ran.err) == (1, "missing/out.json cannot be written: No such file or directory.\n")


def test_migrating_makes_the_database(evie: Evie, home: Path) -> None:
    assert evie("migrate").code == 0
    assert evie("migrate").code == 0
    assert (home / "evie.db").exists()
