"""Every automation that can be made is described as a person would write it, whatever it is put together from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from billing.automations import Action, ActionKind, Automation, Conditions, Trigger
from billing.money import Money
from skills.describing import deed, happening, names_of, occasion, sentence, timed_deed, title
from tests.support.books import an_automation
from tests.support.rules import MOVE, POST, REMIND, THANK, a_rule
from tests.support.studio import Studio

ACTIONS = (
    POST,
    MOVE,
    THANK,
    REMIND,
    Action(ActionKind.CREATE_INVOICE, {"percent": "40"}),
    Action(ActionKind.CREATE_INVOICE, {"kind": "progress", "amount": "500.00"}),
    Action(ActionKind.CREATE_INVOICE, {"kind": "final"}),
    Action(ActionKind.CALL_WEBHOOK, {"url": "https://hooks.shop.example/paid"}),
    Action(ActionKind.ASSIGN_TASK, {"to": "@Sam"}),
    Action(ActionKind.ASSIGN_TASK, {"to": "admin"}),
)
LEAST, MOST = Money(500_00, "AUD"), Money(900_00, "AUD")
CONDITIONS = (
    Conditions(),
    Conditions(kind="deposit"),
    Conditions(min_amount=LEAST),
    Conditions(max_amount=MOST),
    Conditions(contact="CON-1", currency="AUD"),
    Conditions(opportunity="OPP-1", stage="won"),
    Conditions(payment="first"),
    Conditions(payment="renewal", days_overdue=1),
    Conditions("final", LEAST, MOST, "AUD", "CON-1", "OPP-1", "won", "renewal", 7, ("moon",)),
)
SPANS = (None, "PT0M", "PT1H", "P2D", "P1WT30M")
EVENTS = [trigger for trigger in Trigger if trigger is not Trigger.SCHEDULED]
SCHEDULES = ("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9", "FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=1TU")
# What no person writes: a word twice, two connections in a row, a gap, or what a program calls nothing.
ODD = re.compile(
    r"\b(\w+) \1\b|\b(after|before|when|if|later) (after|before|when|if|later|,|:)|\ba [aeio]|\ban [^aeiou]"
    r"|\s\s| [,.:;]|\{|\}|None|_|\(\)|CON-|OPP-"
)


def automations() -> Iterator[Automation]:
    """Return every trigger, alone and with another, with every delay, condition and action."""
    made = an_automation(name="", actions=(POST,))
    for trigger, where, action, wait in product(EVENTS, CONDITIONS, ACTIONS, (None, "P1WT30M")):
        steps = (replace(action, after=wait), replace(MOVE, after="P1D"))
        for after in (*SPANS, *(["-P3D"] if trigger is Trigger.INVOICE_DUE else [])):
            yield replace(made, trigger=trigger, where=where, actions=steps, after=after)
    for first, second, where in product(EVENTS, EVENTS, CONDITIONS):
        if first is not second:
            yield replace(made, trigger=first, also=(second,), where=where, after="P1D")
    for rule, where, action in product(SCHEDULES, CONDITIONS, ACTIONS):
        yield replace(made, trigger=Trigger.SCHEDULED, schedule=rule, where=where, actions=(action,))


def test_what_starts_an_automation_is_told_in_words() -> None:
    told = [happening(trigger) for trigger in Trigger if trigger is not Trigger.SCHEDULED]
    assert told[:2] == ["An invoice is paid", "A payment of an invoice fails"]
    assert not any("{" in words or words[0].islower() for words in told)


def test_whatever_an_automation_is_put_together_from_reads_as_a_person_would_write_it(studio: Studio) -> None:
    formats, names = studio.context().formats, {"CON-1": "Bluebird", "OPP-1": "Sign"}
    wrong = [
        text
        for automation in automations()
        for text in (sentence(automation, formats, names), title(automation))
        if ODD.search(text) or text[0].islower()
    ]
    assert wrong[:3] == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "when an invoice is paid"),
        ({"trigger": Trigger.INVOICE_OVERDUE, "after": "P2D"}, "2 days after an invoice becomes overdue"),
        ({"trigger": Trigger.INVOICE_DUE, "after": "-P3D"}, "3 days before an invoice is due"),
        ({"also": (Trigger.PAYMENT_FAILED,)}, "when an invoice is paid or a payment of it fails"),
        (
            {"trigger": Trigger.ORDER_CREATED, "also": (Trigger.INVOICE_SENT,)},
            "when an order comes in or an invoice is sent",
        ),
        (
            {"where": Conditions(kind="deposit", min_amount=LEAST, contact="CON-1")},
            "when a deposit invoice of A$500.00 or more for Bluebird Cafe is paid",
        ),
        (
            {"where": Conditions(max_amount=MOST, currency="AUD", opportunity="OPP-1", stage="won")},
            "when an invoice of at most A$900.00 in AUD of the deal Bluebird shop sign is paid, if the deal is at won",
        ),
        (
            {"where": Conditions(min_amount=LEAST, max_amount=MOST, days_overdue=7, payment="renewal")},
            "when an invoice of A$500.00 to A$900.00 is paid, if it is at least 7 days overdue and it is a renewal",
        ),
        (
            {"where": Conditions(unknown=("moon",))},
            "when an invoice is paid, if “moon” holds, which I do not know, so it never runs",
        ),
        ({"trigger": Trigger.SCHEDULED, "schedule": "FREQ=WEEKLY;BYDAY=MO"}, "every Monday at 9:00"),
        (
            {"trigger": Trigger.SCHEDULED, "schedule": "FREQ=DAILY", "actions": (REMIND,)},
            "every day at 9:00, for each overdue invoice",
        ),
    ],
)
def test_an_occasion_is_said_in_a_clause(studio: Studio, changes: dict[str, Any], said: str) -> None:
    rule = a_rule(studio, **changes)
    with studio.store.transaction(studio.id) as tx:
        names = names_of(tx, rule)
    assert occasion(rule, studio.context().formats, names) == said


def test_a_step_says_what_it_does_and_how_long_after_the_one_before(studio: Studio) -> None:
    assert [deed(action) for action in ACTIONS[4:]] == [
        "draft an invoice for 40% of the deal and ask whether to send it",
        "draft a progress invoice for 500.00 and ask whether to send it",
        "draft a final invoice for what is left of the deal and ask whether to send it",
        "call https://hooks.shop.example/paid",
        "give @Sam a task",
        "give every admin a task",
    ]
    assert timed_deed(replace(REMIND, after="P2D")) == "2 days later remind the client"
    rule = a_rule(studio, MOVE, replace(REMIND, after="P2D"))
    assert sentence(rule, studio.context().formats) == (
        "When an invoice is paid: move the deal to won, then 2 days later remind the client."
    )
