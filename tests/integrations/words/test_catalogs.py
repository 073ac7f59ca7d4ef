from __future__ import annotations

import gettext
import re
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from integrations.words import catalogs, collecting

LANGUAGES = list(catalogs.LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_clients_read_is_translated_and_no_other(language: str) -> None:
    known = {str(each.id) for each in collecting.catalog(language) if each.id}

    assert known == collecting.texts_in_use(), "run `make words`, and translate what is new"
    assert collecting.missing(collecting.catalog(language)) == []
    assert [each.id for each in collecting.catalog(language) if each.id and each.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_gettext_reads_is_what_the_translators_wrote(language: str) -> None:
    compiled = gettext.translation(catalogs.DOMAIN, catalogs.FOLDER, [language])

    for each in collecting.catalog(language):
        if each.id:
            assert compiled.gettext(str(each.id)) == each.string, "run `make words`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_same_places_to_fill_in(language: str) -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    for each in collecting.catalog(language):
        assert places(str(each.id)) == places(str(each.string)), each.id


def test_english_says_what_the_texts_say() -> None:
    assert all(each.id == each.string for each in collecting.catalog("en") if each.id)


def test_a_new_text_waits_for_its_translation_and_one_that_nobody_uses_goes() -> None:
    renewed = collecting.renewed("de", {"Invoice", "Something new"})

    assert {str(each.id): each.string for each in renewed if each.id} == {"Invoice": "Rechnung", "Something new": ""}
    assert collecting.missing(renewed) == ["Something new"]


def test_compiling_twice_gives_the_same_bytes() -> None:
    first, second = (collecting.compiled(collecting.catalog("fr")) for _ in range(2))

    assert first == second


def test_the_files_are_as_make_words_writes_them() -> None:
    for language in LANGUAGES:
        path = collecting.po_file(language)
        with path.open("rb") as file:
            texts = [str(each.id) for each in read_po(file) if each.id]
        assert texts == sorted(texts)
        assert not re.search(r"^#[,~].*(fuzzy|~)", path.read_text("utf-8"), re.MULTILINE)
