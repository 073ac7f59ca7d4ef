"""Sentences with money in them: plain for logs, and for people as their workspace writes it."""

from __future__ import annotations

import re
from pathlib import Path

from billing.errors import BadAmount
from billing.money import Money
from billing.wording import worded

ROOT = Path(__file__).parents[2]
# An amount that is put into a sentence as a bare decimal with its code beside it.
BARE = re.compile(r"\{(\w+\.)*(\w+)\} \{(\w+\.)*currency\}")


def test_a_sentence_is_plain_for_logs_and_in_the_workspaces_way_for_people() -> None:
    said = worded("That is ", Money(200_000, "AUD"), " too much.")
    assert str(said) == "That is 2000.00 AUD too much."
    assert said.in_words(lambda money: f"A${money.decimal:,}") == "That is A$2,000.00 too much."


def test_an_errors_sentence_has_its_amounts_in_parts_and_takes_no_name_for_one() -> None:
    refused = BadAmount(Money(5_000, "JPY"), " of {money} is paid already.")
    assert refused.user_message == "5000 JPY of {money} is paid already."
    assert refused.wording.in_words(lambda money: f"¥{money}") == "¥5000 of {money} is paid already."


def test_no_sentence_of_the_house_has_a_bare_amount_in_it() -> None:
    houses = (*ROOT.glob("billing/*.py"), *ROOT.glob("skills/*.py"), *ROOT.glob("integrations/stripe_*.py"))
    assert len(houses) > 50
    found = [house.name for house in houses if BARE.search(house.read_text())]
    assert found == ["wording.py"]
