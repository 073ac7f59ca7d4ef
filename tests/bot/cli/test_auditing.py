"""`evie audit`: who did what, through which front, on whose yes; for admins."""

from __future__ import annotations

import csv
import io

import pytest

from tests.bot.cli.conftest import Evie


@pytest.fixture(autouse=True)
def _books(evie: Evie, small: str) -> None:
    assert evie("import", small).code == 0


def test_what_was_done_is_shown_with_who_did_it_and_on_whose_yes(evie: Evie) -> None:
    assert evie("ask", "create a contact Zoe Lund zoe@lund.example", "--conversation", "c").code == 0
    assert "A$100" in evie("ask", "record a cash payment of 100 for INV-2", "--conversation", "c").out
    assert "A$100" in evie("ask", "yes", "--conversation", "c").out
    assert evie("portal", "CON-1").code == 0
    lines = evie("audit").out.splitlines()
    assert [line.partition(")  ")[2].split(" ")[0] for line in lines] == [
        "open_portal",
        "record_payment",
        "create_contact",
        "import",
    ]
    assert lines[1].endswith(": done (yes by Ada)"), lines[1]
    assert "Ada (terminal)" in lines[2]
    only = evie("audit", "--about", "con-1", "--by", "@Ada").out
    assert only == "Nothing of that kind was done.\n"
    assert "open_portal" in evie("audit", "--about", "CON-1").out


def test_all_of_it_can_be_written_as_csv_in_which_no_cell_is_a_formula(evie: Evie) -> None:
    assert evie("ask", "--as", "Ada", "add a contact =cmd|calc from @Evil").code == 0
    rows = list(csv.reader(io.StringIO(evie("audit", "--csv", "-").out)))
    assert rows[0][:4] == ["time", "who", "front", "deed"]
    assert {row[3] for row in rows[1:]} >= {"import"}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_nobody_but_an_admin_reads_it(evie: Evie) -> None:
    refused = evie("audit", "--as", "Vi")
    assert (refused.code, refused.out, refused.err) == (1, "", "Only an admin reads what everybody did.\n")
