"""Invoices by the numbers that their clients know them by, whatever those look like."""

from __future__ import annotations

import pytest

from bot.assistant.parser import Parser
from bot.assistant.understanding import Memory
from skills.names import Names
from skills.registry import SKILLS
from tests.support.parsing import a_catalog, calls_of, surroundings

PARSER = Parser(SKILLS)


def _known_as(alias: str) -> Names:
    return Names("invoice", "INV-2050", "INV-2050 (Reprint)", ("Reprint", "INV-2050"), kind="standard", alias=alias)


@pytest.mark.parametrize("alias", ["2026-0042", "RE-17", "RE/2026/17", "2001", "R.2026_7"])
@pytest.mark.parametrize("said", ["send {}", "send invoice {}", "send invoice number {}", "send #{}"])
def test_an_invoice_is_found_by_its_clients_number(said: str, alias: str) -> None:
    around = surroundings(catalog=a_catalog(_known_as(alias)))
    understanding = PARSER.parse(said.format(alias), Memory(), around)
    assert calls_of(understanding) == [("send_invoice", {"invoice": "INV-2050"})]


def test_the_catalogue_knows_both_numbers_of_an_invoice() -> None:
    catalog = a_catalog(_known_as("RE-17"))
    assert [entry.number for entry in catalog.search("invoice", "#re-17")] == ["INV-2050"]
    assert [entry.number for entry in catalog.search("invoice", "inv 2050")] == ["INV-2050"]
    assert catalog.by_number("re-17") == catalog.by_number("INV-2050")
