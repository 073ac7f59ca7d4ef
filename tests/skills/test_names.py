from __future__ import annotations

import pytest

from skills.names import Catalog, Names, number_in
from tests.support.parsing import a_catalog


def found(record: str, text: str, *more: Names) -> list[str]:
    return [entry.number for entry in a_catalog(*more).search(record, text)]


@pytest.mark.parametrize(
    ("record", "text", "numbers"),
    [
        ("contact", "Northwind", ["CON-3"]),
        ("contact", "grace okafor", ["CON-3"]),
        ("contact", "Chloe", ["CON-4"]),
        ("contact", "the Harper account", ["CON-2"]),
        ("contact", "Anna", ["CON-5", "CON-6"]),
        ("contact", "Anna from the ballet school", ["CON-6"]),
        ("contact", "Petrova Ballet School", ["CON-6"]),
        ("opportunity", "the wedding job", ["OPP-6"]),
        ("opportunity", "Northwind", ["OPP-3", "OPP-4"]),
        ("opportunity", "Grace's menu boards", ["OPP-4"]),
        ("invoice", "Maya's deposit", ["INV-2001"]),
        ("invoice", "the deposit", ["INV-2001", "INV-2004", "INV-2006"]),
        ("invoice", "the final invoice for Dubois", ["INV-2005"]),
        ("invoice", "Dubois deposit", []),
        ("automation", "the receipt automation", ["AUT-1"]),
    ],
)
def test_all_that_was_said_narrows_together(record: str, text: str, numbers: list[str]) -> None:
    assert found(record, text) == numbers


@pytest.mark.parametrize("text", ["INV-2004", "inv-2004", "2004", "#2004", "inv2004", "INV 2004"])
def test_a_number_is_a_record_however_it_is_written(text: str) -> None:
    assert found("invoice", text) == ["INV-2004"]


def test_a_number_that_nothing_has_finds_nothing() -> None:
    assert found("invoice", "INV-9999") == []


def test_the_number_of_another_kind_of_record_finds_nothing() -> None:
    assert found("invoice", "OPP-1") == []


@pytest.mark.parametrize(
    ("typed", "number"),
    [("Lindqivst", "CON-1"), ("Nortwhind", "CON-3"), ("Northwindd", "CON-3"), ("Haprer", "CON-2"), ("Okafro", "CON-3")],
)
def test_a_small_typing_error_still_finds_the_client(typed: str, number: str) -> None:
    assert found("contact", typed) == [number]


@pytest.mark.parametrize("name", ["Globex", "Harker", "Anja", "Mayo", "Gracey", "Berge", "Northwind Plumbing", "Bilal"])
def test_a_name_that_nobody_has_never_finds_somebody_else(name: str) -> None:
    assert found("contact", name) == []


def test_a_whole_title_wins_over_titles_that_merely_contain_its_words() -> None:
    longer = Names("contact", "CON-9", "Atelier Dubois West", ("Atelier Dubois West", "CON-9"), contact="CON-9")
    assert found("contact", "Atelier Dubois", longer) == ["CON-4"]
    assert found("contact", "Dubois", longer) == ["CON-4", "CON-9"]


def test_records_of_a_kind_come_in_the_order_of_their_numbers() -> None:
    tenth = Names("contact", "CON-10", "Anna Zed", ("Anna Zed", "CON-10"), contact="CON-10")
    assert found("contact", "Anna", tenth) == ["CON-5", "CON-6", "CON-10"]


def test_words_of_grammar_alone_find_nothing() -> None:
    assert found("contact", "the client") == []


def test_an_empty_catalog_finds_nothing() -> None:
    assert Catalog([]).search("contact", "Acme") == []


def test_a_hyphenated_word_is_found_by_its_parts_and_as_one() -> None:
    deal = Names("opportunity", "OPP-9", "Shop fit-out", ("Shop fit-out", "OPP-9"))
    assert found("opportunity", "fit-out", deal) == found("opportunity", "fitout", deal) == ["OPP-9"]


def test_only_the_number_of_that_record_is_read_as_a_number() -> None:
    assert number_in("invoice", "1002") == "INV-1002"
    assert number_in("invoice", "1002 please") is None


def test_what_was_looked_up_is_remembered_and_not_for_ever() -> None:
    catalog = a_catalog()
    first = catalog.narrowed("contact", ("northwind",))
    for number in range(600):
        assert catalog.narrowed("contact", (f"word{number}",)) == []
    assert list(catalog.narrowed("contact", ("northwind",))) == list(first) != []
