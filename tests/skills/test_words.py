from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.spelling import Spelling
from skills.words import fold, parts_of, stem, tokenise, words_of


def words(text: str) -> list[str]:
    return [token.word for token in tokenise(text)]


def test_contractions_become_their_words() -> None:
    assert words("don't we've what's Bill's won’t") == [
        *("do", "not", "we", "have", "what", "is"),
        *("bill", "'s", "will", "not"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("INV-1002", "record"),
        ("#billing", "channel"),
        ("@Sam", "member"),
        ("jo@bloggs.example", "email"),
        ("https://hooks.example/x", "url"),
        ("20/3/26", "day"),
        ("12,500.50", "number"),
        ("-5", "number"),
        ("“as discussed”", "quote"),
        ("'see you soon'", "quote"),
        ("fit-out", "word"),
    ],
)
def test_each_kind_of_token_is_told_apart(text: str, kind: str) -> None:
    assert [token.kind for token in tokenise(text)] == [kind]


def test_a_possessive_after_a_plural_is_one_too() -> None:
    assert words("the Jones' invoice") == ["the", "jones", "'s", "invoice"]


def test_an_apostrophe_in_a_word_opens_no_quotation() -> None:
    assert all(token.kind != "quote" for token in tokenise("Maya's and Bill's invoices"))


@given(st.text())
def test_tokens_lie_in_the_text_in_order(text: str) -> None:
    tokens = tokenise(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)


def test_accents_and_case_are_folded_away() -> None:
    assert fold("Chloé Ødegård–Łuk") == "chloe odegard-luk"


@pytest.mark.parametrize(
    ("one", "other"),
    [("invoices", "invoice"), ("sending", "send"), ("sent", "send"), ("statuses", "status"), ("creating", "create")],
)
def test_the_forms_of_a_word_share_their_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("paid", "paint"), ("void", "avoid"), ("bill", "bell"), ("open", "pen")])
def test_different_words_have_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_the_parts_of_a_hyphenated_word_come_with_their_whole() -> None:
    assert parts_of("fit-out") == ["fit", "out", "fitout"]
    assert words_of('The "Fit-out" of Room 4') == ("the", "fit", "out", "fitout", "of", "room", "4")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("invioce", ["invoice"]), ("depositt", ["deposit"]), ("sned", ["send"]), ("overdeu", ["overdue"]), ("xyz", [])],
)
def test_a_typing_error_finds_the_closest_words(typed: str, meant: list[str]) -> None:
    assert Spelling(["invoice", "deposit", "send", "overdue"]).near(typed) == meant


def test_a_short_name_is_not_taken_for_another_short_name() -> None:
    names = Spelling(["jane", "carl", "martin"])
    assert [names.near(name, strict=True) for name in ("jana", "carla", "marvin")] == [[], [], []]
    assert names.near("jnae", strict=True) == ["jane"]
