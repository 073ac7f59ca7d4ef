"""Somebody nobody knows, beside somebody who is known: it is asked who is meant, and no text is made of the name."""

from __future__ import annotations

import pytest

from tests.support.parsing import calls_of, understood


@pytest.mark.parametrize(
    ("text", "skill", "missing", "options", "name"),
    [
        ("Rupert at Harper needs an invoice for 900", "create_invoice", "opportunity", ("OPP-2",), "Rupert"),
        ("bill Klaus from Petrova 400", "create_invoice", "opportunity", ("OPP-7",), "Klaus"),
        ("can you do a 2k invoice for Hugo at Harper", "create_invoice", "opportunity", ("OPP-2",), "Hugo"),
        ("invoice Petra over at Northwind 500", "create_invoice", "opportunity", ("OPP-3", "OPP-4"), "Petra"),
        ("remind Gustav at Lindqvist", "send_reminder", "invoice", ("INV-2001",), "Gustav"),
        ("send Ingrid of the Harper office the deposit", "send_invoice", "invoice", ("INV-2004",), "Ingrid"),
    ],
)
def test_a_stranger_beside_a_client_is_asked_about(
    text: str, skill: str, missing: str, options: tuple[str, ...], name: str
) -> None:
    said = understood(text)
    assert not said.calls
    assert said.question is not None
    assert (said.question.skill, said.question.missing, said.question.options) == (skill, (missing,), options)
    assert f"nobody called “{name}”" in said.question.text


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("Bill from Harper needs an invoice for 900", ("create_invoice", {"opportunity": "OPP-2", "amount": "900"})),
        ("remind Maya at Lindqvist", ("send_reminder", {"invoice": "INV-2001"})),
        (
            "add Heidi from Harper as a contact, heidi@harper.example",
            ("create_contact", {"name": "Heidi", "company": "Harper", "email": "heidi@harper.example"}),
        ),
    ],
)
def test_who_is_known_or_new_is_not_asked_about(text: str, call: tuple[str, dict[str, str]]) -> None:
    assert calls_of(understood(text)) == [call]


def test_who_asked_for_what_a_number_names_is_not_asked_about() -> None:
    said = understood("refund 2003, Rita at Northwind asked for it")
    assert said.question is None or not said.question.options


def test_a_name_that_looks_like_a_number_is_none() -> None:
    assert not any("amount" in arguments for _, arguments in calls_of(understood("Sven from Harper wants the invoice")))
