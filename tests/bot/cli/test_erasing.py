"""`evie export --contact` and `evie erase`: what is kept of one client, and its end."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bot.cli.conftest import Evie


def test_a_clients_data_are_exported_and_erased_after_asking_back(evie: Evie, small: str, home: Path) -> None:
    evie("import", small)
    assert evie("portal", "CON-2").code == 0
    assert evie("export", "ben.json", "--contact", "con-2").code == 0
    data = json.loads((home / "ben.json").read_text())
    assert data["contact"]["name"] == "Ben Ito"
    assert [one["number"] for one in data["invoices"]] == ["INV-3"]
    assert data["invoices"][0]["client"]["name"] == "Ben Ito"
    assert data["payments"]
    assert (home / "ben.json").stat().st_mode & 0o077 == 0

    assert evie("erase", "CON-2", typed="n\n").out.strip() == "Nothing was erased."
    done = evie("erase", "con-2", typed="y\n")
    assert "CON-2 is erased: " in done.out
    assert "1 issued invoice with their payments" in done.out
    again = json.loads(evie("export", "-", "--contact", "CON-2").out)
    assert (again["contact"]["name"], "portal_links" in again["contact"]) == ("Erased client", False)
    assert again["invoices"][0]["client"]["name"] == "Ben Ito"


def test_nobody_but_an_admin_erases_and_nothing_that_is_owed(evie: Evie, small: str) -> None:
    evie("import", small)
    refused = evie("erase", "CON-2", "--yes", "--as", "Eli")
    assert (refused.code, refused.err) == (1, "Only an admin erases a client's data.\n")
    owed = evie("erase", "CON-1", "--yes")
    assert owed.code == 1
    assert "INV-1, INV-2, unpaid or not sent" in owed.err
