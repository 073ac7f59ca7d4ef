"""What the Tab key offers."""

from __future__ import annotations

import pytest

from bot.exchange import load_workspace
from bot.terminal.suggesting import Suggestion, Vocabulary, Word, openings, suggest, words
from skills.catalogs import load
from skills.registry import SKILLS
from storage import memory_store
from tests.support.workspaces import NOW, SMALL

VOCABULARY = Vocabulary(
    {"send": "invoice", "send it": None, "show all invoices": None, "connect stripe": None, "mark": "opportunity"},
    (
        Word("INV-1", "invoice", "Timetable poster"),
        Word("INV-2", "invoice"),
        Word("Timetable poster", "opportunity", "OPP-1"),
        Word("#billing", "channel"),
    ),
)


def offered(before: str) -> list[str]:
    return [suggestion.text for suggestion in suggest(before, VOCABULARY)]


def test_the_beginning_of_a_sentence_is_finished() -> None:
    assert offered("s") == ["send", "send it", "show all invoices"]
    assert offered("SHOW ") == ["show all invoices"]
    assert suggest("sh", VOCABULARY) == [Suggestion("show all invoices", 2)]


def test_an_empty_line_offers_every_beginning() -> None:
    assert offered("") == ["connect stripe", "mark", "send", "send it", "show all invoices"]


def test_what_an_opening_is_about_comes_first() -> None:
    assert offered("send ") == ["INV-1", "INV-2", "send it"]
    assert offered("mark ") == ["Timetable poster"]


def test_a_name_is_finished_wherever_it_stands() -> None:
    assert suggest("please send inv", VOCABULARY)[0] == Suggestion("INV-1", 3, "Timetable poster")
    assert suggest("a deposit for timetable po", VOCABULARY) == [Suggestion("Timetable poster", 12, "OPP-1")]
    assert offered("post it in #b") == ["#billing"]


def test_what_nothing_begins_with_gets_no_offer() -> None:
    assert offered("zebra") == []


def test_of_thousands_of_names_as_many_are_offered_as_one_reads() -> None:
    many = Vocabulary({}, tuple(Word(f"INV-{number}", "invoice") for number in range(20_000)))
    assert [suggestion.text for suggestion in suggest("inv", many)] == [f"INV-{number}" for number in range(100)]


@pytest.mark.parametrize("opening", ["connect stripe", "send", "create a"])
def test_the_beginnings_come_from_the_skills(opening: str) -> None:
    assert opening in openings(SKILLS)
    assert openings(SKILLS)["send"] == "invoice"


def test_the_names_come_from_the_records() -> None:
    store = memory_store(lambda: NOW)
    workspace = load_workspace(store, SMALL, NOW)
    with store.transaction(workspace.id) as tx:
        found = {word.text: word.remark for word in words(tx, load(tx))}
    store.close()
    assert found["INV-1"] == "Timetable poster"
    assert found["Quist Ferries"] == "CON-1"
    assert found["Timetable poster"] == "OPP-1"
    assert "#billing" in found
    assert found["@Eli"] == "editor"
