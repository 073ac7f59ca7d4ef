"""A message that asks for nothing says all the same whom an invoice is for, how much it is, and until when."""

from __future__ import annotations

from typing import Any

import pytest

from bot.assistant.parser.clues import clues
from tests.support.parsing import surroundings


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Harper said yes to the wraps, $1,200 by 20 April",
            {"opportunity": "OPP-2", "amount": "1200", "due": "2026-04-20"},
        ),
        ("the van wraps are done", {"opportunity": "OPP-2"}),
        ("Petrova would pay 50% up front", {"opportunity": "OPP-7", "percent": "50"}),
        ("Dubois signed (€2,000)", {"opportunity": "OPP-5", "amount": "2000"}),
        ("Harper signed (USD 2,000)", {"opportunity": "OPP-2", "amount": "2000", "currency": "USD"}),
        ("Harper signed phase 2 (A$7,400)", {"opportunity": "OPP-2", "amount": "7400"}),
    ],
)
def test_what_is_plain_is_found(text: str, found: dict[str, Any]) -> None:
    assert clues(text, surroundings()) == found


@pytest.mark.parametrize(
    "text",
    [
        "lunch, anyone?",
        "Northwind is happy",  # with two deals
        "let us film that",  # one word, which nobody is called
        "3 more boxes at $80, or $90 each",
        "an hour is $80 each",
        "between $500 and $600",
        "20% or 30%, who knows",
        "a part of it, or half of it, or 20%",
        "on 3 May or on 5 May",
        "it was due on 2026-01-05",
        "Dubois: $500",  # of which dollars?
    ],
)
def test_what_could_be_two_things_is_left_out(text: str) -> None:
    assert {name: value for name, value in clues(text, surroundings()).items() if name != "opportunity"} == {}
    assert "opportunity" not in clues(text, surroundings()) or "Dubois" in text
