"""What is to be written to a client goes with what is sent, whole, and is never read as anything else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.parsing import calls_of, understood

TOLD: list[tuple[str, str, dict[str, Any]]] = [
    (
        "reminder for invoice 2002: thank them nicely",
        "send_reminder",
        {"invoice": "INV-2002", "message": "thank them nicely"},
    ),
    (
        "send 2004 and tell him the vans are ready",
        "send_invoice",
        {"invoice": "INV-2004", "message": "the vans are ready"},
    ),
    (
        "send 2004, let them know we start when it is paid",
        "send_invoice",
        {"invoice": "INV-2004", "message": "we start when it is paid"},
    ),
    (
        "remind Maya about 2001. Inform the client that we moved",
        "send_reminder",
        {"invoice": "INV-2001", "message": "we moved"},
    ),
    (
        "nudge Grace about 2002 and mention that we take cards now",
        "send_reminder",
        {"invoice": "INV-2002", "message": "we take cards now"},
    ),
    (
        "email 2004 to Bill and add that keys are at reception",
        "send_invoice",
        {"invoice": "INV-2004", "message": "keys are at reception"},
    ),
    (
        "chase 2005: 900 is still open, could you check?",
        "send_reminder",
        {"invoice": "INV-2005", "message": "900 is still open, could you check?"},
    ),
    (
        "remind everyone overdue: please pay by Friday",
        "send_reminder",
        {"invoice": "INV-2005", "message": "please pay by Friday"},
    ),
]


@pytest.mark.parametrize(("text", "skill", "arguments"), TOLD)
def test_what_is_told_with_it_is_its_message(text: str, skill: str, arguments: dict[str, Any]) -> None:
    [(meant, said)] = calls_of(understood(text))
    assert meant == skill
    assert {**said, "to": None} == {**arguments, "to": None}


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("send these: 2004 and 2006", ["send_invoice", "send_invoice"]),
        ("send Bill: 2004", ["send_invoice"]),
        ("send 2004: and make a link", ["send_invoice", "create_payment_link"]),
        ("send 2004 to: office@harper.example", ["send_invoice"]),
        ("remind Maya about 2001: on Friday morning", ["send_reminder"]),
        ("two things: send 2004 and remind 2001", ["send_invoice", "send_reminder"]),
    ],
)
def test_records_values_and_other_requests_are_no_message(text: str, calls: list[str]) -> None:
    found = calls_of(understood(text))
    assert [skill for skill, _ in found] == calls
    assert not any("message" in arguments for _, arguments in found)


def test_a_record_alone_is_no_message() -> None:
    assert not any("message" in arguments for _, arguments in calls_of(understood("remind Maya and mention INV-2001")))
