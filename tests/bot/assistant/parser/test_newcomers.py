"""What new records are called, in lists, after colons and in answers."""

from __future__ import annotations

from typing import Any

import pytest

from bot.assistant.understanding import Memory, Question
from tests.support.parsing import calls_of, understood


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("New deal for Maya: spring set, 8k, stage proposal", {"name": "spring set", "contact": "CON-1"}),
        ("create an opportunity for Maya - second shop, 30,000", {"name": "second shop", "amount": "30000"}),
        ("new deal for Maya: menu redesign, 6500, won", {"name": "menu redesign", "amount": "6500", "stage": "won"}),
        ("open a deal called Spring menu for maya at proposal stage", {"name": "Spring menu", "stage": "proposal"}),
    ],
)
def test_a_deal_is_called_what_is_left(text: str, arguments: dict[str, Any]) -> None:
    [(skill, said)] = calls_of(understood(text))
    assert skill == "create_opportunity"
    assert arguments.items() <= said.items()


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("add to contacts >> Clara Weiss, Alpen GmbH, clara@alpen.example, 0412 333 444", "+61412333444"),
        (
            "new contact clara weiss email clara@alpen.example mobile oh four one two triple three double four four",
            None,
        ),
    ],
)
def test_a_person_is_called_what_the_list_begins_with(text: str, phone: str | None) -> None:
    [(skill, said)] = calls_of(understood(text))
    assert (skill, said["name"], said["email"]) == ("create_contact", "Clara Weiss", "clara@alpen.example")
    assert said["phone"] == (phone or "+61412333444")


def test_a_name_may_be_answered_with_its_address() -> None:
    asked = Memory(question=Question(skill="create_contact", arguments={}, missing=("name",)))
    [(skill, said)] = calls_of(understood("Noor Aziz, noor@azizlaw.example", asked))
    assert (skill, said) == ("create_contact", {"name": "Noor Aziz", "email": "noor@azizlaw.example"})


@pytest.mark.parametrize(
    "text",
    ["Create a product: Logo pack, $350", 'Maya wrote "add me as a client"', 'please add the note "Thank you"'],
)
def test_nothing_is_called_what_is_no_name(text: str) -> None:
    assert calls_of(understood(text)) == []
