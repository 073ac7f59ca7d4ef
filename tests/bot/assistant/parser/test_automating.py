"""Sentences that make automations, and those that only look like it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.assistant.parser import Parser
from bot.assistant.understanding import Memory, Question
from skills.registry import SKILLS
from tests.support.parsing import calls_of, surroundings, understood

PARSER = Parser(SKILLS)
POST = {"do": "post_message", "channel": "#billing"}
WON = {"do": "move_opportunity", "stage": "won"}
BIG = {"min_amount": "5000", "kind": "deposit"}
PAID, LATE = "payment_succeeded", "invoice_overdue"


def heard(text: str, memory: Memory | None = None) -> list[dict[str, Any]]:
    understood = PARSER.parse(text, memory or Memory(), surroundings())
    return [dict(call.arguments) for call in understood.calls if call.skill == "create_automation"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (
            "when a deposit over 5k is paid, move the deal to won and tell #billing",
            [
                {
                    "where": {"min_amount": "5000", "kind": "deposit"},
                    "action": {"do": "move_opportunity", "stage": "won"},
                },
                {
                    "where": {"min_amount": "5000", "kind": "deposit"},
                    "action": POST,
                },
            ],
        ),
        ("whenever somebody pays, thank them", [{"action": {"do": "email_contact"}}]),
        ("have the deal moved to won once a deposit is paid", [{"where": {"kind": "deposit"}, "action": WON}]),
        (
            'as soon as Northwind pays, shout "Hooray!" in #billing',
            [
                {
                    "where": {"contact": "CON-3"},
                    "action": {**POST, "text": "Hooray!"},
                }
            ],
        ),
        (
            "once a deposit is paid raise a 50% progress invoice",
            [{"where": {"kind": "deposit"}, "action": {"do": "create_invoice", "kind": "progress", "percent": "50"}}],
        ),
        (
            "post in #billing 2 hours after a payment of at most 200 comes in",
            [
                {
                    "where": {"max_amount": "200"},
                    "after": "PT2H",
                    "action": POST,
                }
            ],
        ),
        (
            "when an invoice is paid, email the client and two days later tell #billing",
            [
                {"action": {"do": "email_contact"}},
                {"action": {**POST, "after": "P2D"}},
            ],
        ),
    ],
)
def test_what_happens_and_what_is_to_be_done_are_read_together(text: str, meant: list[dict[str, Any]]) -> None:
    assert heard(text) == [{"trigger": PAID, **one} for one in meant]


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("if a card is declined, email the customer", "payment_failed"),
        ("if a payment doesn't go through email the client", "payment_failed"),
        ("email clients whenever money is refunded", "refund_created"),
        ("when a chargeback comes in email the client", "dispute_opened"),
        ("when a membership is cancelled, email the client", "subscription_cancelled"),
        ("every time a subscription renews, email the client", "subscription_renewed"),
        ("when an order is placed, email the customer", "order_created"),
        ("when an invoice is raised, email the client", "invoice_created"),
        ("whenever an invoice goes out, email the client", "invoice_sent"),
    ],
)
def test_every_trigger_has_words_of_its_own(text: str, trigger: str) -> None:
    assert heard(text) == [{"trigger": trigger, "action": {"do": "email_contact"}}]


@pytest.mark.parametrize(
    ("text", "trigger", "after"),
    [
        ("two days after an invoice goes overdue remind them", LATE, "P2D"),
        ("if an invoice is overdue for a week remind them", LATE, "P1W"),
        ("when an invoice is late by 3 days, send a reminder", LATE, "P3D"),
        ("remind clients when an invoice is a week late", LATE, "P1W"),
        ("automatically chase clients three days before the due date", "invoice_due", "-P3D"),
        ("when an invoice is overdue, wait two days and then send a reminder", LATE, "P2D"),
    ],
)
def test_how_long_after_or_before_is_read(text: str, trigger: str, after: str) -> None:
    assert heard(text) == [{"trigger": trigger, "after": after, "action": {"do": "send_reminder"}}]


@pytest.mark.parametrize(
    ("often", "rule"),
    [
        ("every Monday at 9", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9"),
        ("every weekday at 8:30", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=8;BYMINUTE=30"),
        ("each day at 5 pm", "FREQ=DAILY;BYHOUR=17"),
        ("every other week on Friday at noon", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;BYHOUR=12"),
        ("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
        ("every Tuesday and Thursday at 10am", "FREQ=WEEKLY;BYDAY=TU,TH;BYHOUR=10"),
        ("on the first of every month", "FREQ=MONTHLY;BYMONTHDAY=1"),
        ("on the last day of the month", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    ],
)
def test_how_often_is_read_as_a_recurrence_rule(often: str, rule: str) -> None:
    action = {**POST, "text": "Look"}
    assert heard(f'{often} post "Look" in #billing') == [{"trigger": "scheduled", "schedule": rule, "action": action}]


@pytest.mark.parametrize(
    "text",
    [
        "what happens when a payment fails?",
        "when is INV-2001 due",
        "when Northwind paid, we were happy",
        "don't post to #billing when a refund happens",
        "never email clients when they pay",
        "if it is late, should I remind them?",
        "tell #billing when INV-2001 is paid",
        "when a deposit is paid, dance on the table",
        "when a deposit over €5,000 is paid, tell #billing",
        "when Zebedee pays, tell #billing",
        "send the final invoice when you can",
    ],
)
def test_what_is_not_understood_to_the_last_word_makes_nothing(text: str) -> None:
    assert heard(text) == []


def test_what_is_missing_is_asked_for_and_the_answer_completes_it() -> None:
    opened = PARSER.parse("set up an automation", Memory(), surroundings()).question
    assert opened is not None
    assert opened.missing == ("trigger", "action")
    half = PARSER.parse("when an invoice goes overdue", Memory(question=opened), surroundings()).question
    assert half is not None
    assert half.missing == ("action",)
    assert heard("send a reminder after three days", Memory(question=half)) == [
        {"trigger": LATE, "after": "P3D", "action": {"do": "send_reminder"}},
    ]


def test_an_automation_without_a_trigger_is_asked_when_it_is_to_run() -> None:
    question = PARSER.parse("set up a rule that posts to #billing", Memory(), surroundings()).question
    assert question == Question(
        skill="create_automation",
        arguments={"action": POST},
        missing=("trigger",),
        text=question.text if question else "",
    )


def test_why_one_did_not_run_for_a_client_is_asked_of_the_automation() -> None:
    understood = PARSER.parse("why didn't AUT-1 fire for Northwind? the automation", Memory(), surroundings())
    assert [(call.skill, dict(call.arguments)) for call in understood.calls] == [
        ("automation_runs", {"automation": "AUT-1"}),
    ]


@pytest.mark.parametrize(
    ("text", "skill", "arguments"),
    [
        ("did AUT-1 run for INV-2001?", "automation_runs", {"automation": "AUT-1"}),
        ("why hasn't AUT-2 done anything for Northwind?", "automation_runs", {"automation": "AUT-2"}),
        ("why didn't AUT-2 run for INV-2001?", "automation_runs", {"automation": "AUT-2"}),
        ("why didn't the receipt automation fire for Harper?", "automation_runs", {"automation": "AUT-1"}),
        ("what would AUT-1 do with INV-2003?", "try_automation", {"automation": "AUT-1", "invoice": "INV-2003"}),
        ("would AUT-1 fire for INV-2003?", "try_automation", {"automation": "AUT-1", "invoice": "INV-2003"}),
        (
            "would the receipt automation run for INV-2003?",
            "try_automation",
            {"automation": "AUT-1", "invoice": "INV-2003"},
        ),
        ("what ready-made automations are there?", "list_automations", {}),
    ],
)
def test_what_it_did_and_what_it_would_do_are_two_questions(text: str, skill: str, arguments: dict[str, str]) -> None:
    assert calls_of(understood(text)) == [(skill, arguments)]


def test_test_it_means_the_automation_that_was_spoken_of() -> None:
    said = understood("test it with INV-2003", Memory(focus=("AUT-1", "INV-2001")))
    assert calls_of(said) == [("try_automation", {"automation": "AUT-1", "invoice": "INV-2003"})]


@pytest.mark.parametrize("occasion", ["when an invoice is paid for the first time", "when the first payment comes in"])
def test_the_first_payment_is_a_condition(occasion: str) -> None:
    [(_, said)] = calls_of(understood(f"{occasion}, tell #ops"))
    assert said["where"] == {"payment": "first"}


@pytest.mark.parametrize("coming", ["comes in", "has come in", "is paid", "gets paid"])
def test_a_deposit_that_comes_in_is_one_that_is_paid(coming: str) -> None:
    made = calls_of(understood(f"whenever a deposit above 5k {coming}, move the deal to won and let #ops know"))
    assert [said["trigger"] for _, said in made] == ["payment_succeeded", "payment_succeeded"]
    assert {said["where"]["kind"] for _, said in made} == {"deposit"}
