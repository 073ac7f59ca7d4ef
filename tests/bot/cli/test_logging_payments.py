"""The payment log at a prompt."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.bot.cli.conftest import Evie


def test_the_log_is_shown_newest_first(evie: Evie, small: str) -> None:
    evie("import", small)
    ran = evie("payments")
    assert ran.code == 0
    assert "Payment succeeded" in ran.out


def test_an_empty_answer_says_so(evie: Evie, small: str) -> None:
    evie("import", small)
    assert evie("payments", "--type", "dispute").out == "No payment fits.\n"


def test_the_log_goes_to_standard_output_as_csv(evie: Evie, small: str) -> None:
    evie("import", small)
    written = evie("payments", "--csv", "-").out.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    assert rows
    assert {row["type"] for row in rows} == {"charge"}
    assert {row["mode"] for row in rows} <= {"", "test", "live"}


def test_a_file_of_the_log_is_for_its_owner_only(evie: Evie, small: str, home: Path) -> None:
    evie("import", small)
    assert evie("payments", "--csv", "log.csv").code == 0
    file = home / "log.csv"
    assert file.stat().st_mode & 0o077 == 0
    assert file.read_bytes().startswith("\ufefftime,".encode())


def test_what_is_not_understood_is_one_sentence(evie: Evie, small: str) -> None:
    evie("import", small)
    for arguments, said in (
        (("--from", "soon"), "“soon” is not a day; write it like 2026-03-31.\n"),
        (("--client", "Zebra"), "No client is called “Zebra”.\n"),
        (("--csv", "nowhere/log.csv"), "nowhere/log.csv cannot be written: No such file or directory.\n"),
    ):
        ran = evie("payments", *arguments)
        assert (ran.code, ran.err) == (1, said)
