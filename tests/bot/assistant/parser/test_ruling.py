"""Messages about automations that are there: changed, stopped, asked about; and such as are told, not asked for."""

from __future__ import annotations

from typing import Any

import pytest

from bot.assistant.parser.phrasing import NO_REPORT, NONE_DOES_THAT, NONE_IS_ON
from bot.assistant.understanding import DoneCall, Memory
from skills.names import Catalog, Names
from tests.support.parsing import SMALL_PARSER, a_catalog, calls_of, understood

THANKS = Names("automation", "AUT-3", "Thank the client", ("Thank the client", "AUT-3"), status="active")
POST = {"do": "post_message", "channel": "#billing"}
MADE = Memory(
    focus=("AUT-1",), last_calls=(DoneCall("create_automation", {"trigger": "payment_succeeded"}, "done", {}),)
)
TIMED = Memory(
    focus=("AUT-1",),
    last_calls=(DoneCall("create_automation", {"schedule": "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9"}, "done", {}),),
)


def changes(text: str, memory: Memory = MADE) -> list[dict[str, Any]]:
    return [said for skill, said in calls_of(understood(text, memory)) if skill == "update_automation"]


@pytest.mark.parametrize(
    ("text", "number", "name"),
    [
        ("rename the receipt one to Gratitude", "AUT-1", "Gratitude"),
        ("please rename AUT-2 to Late ones", "AUT-2", "Late ones"),
        ("change the name of AUT-2 to Shouting.", "AUT-2", "Shouting"),
        ('call it "Big thanks"', "AUT-1", "Big thanks"),
        ("call it Slow thanks", "AUT-1", "Slow thanks"),
        ("AUT-2 should be called Shouting", "AUT-2", "Shouting"),
        ("call the receipt automation Receipts", "AUT-1", "Receipts"),
    ],
)
def test_an_automation_is_renamed(text: str, number: str, name: str) -> None:
    assert changes(text) == [{"automation": number, "name": name}]


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("make it 10k instead", {"amount": "10000"}),
        ("no, 10k", {"amount": "10000"}),
        ("make it over 2000", {"where": {"min_amount": "2000"}}),
        ("but only for Northwind", {"where": {"contact": "CON-3"}}),
        ("make it only for deposits over 500", {"where": {"min_amount": "500", "kind": "deposit"}}),
        ("make it for final invoices instead", {"where": {"kind": "final"}}),
        ("make it 40%", {"percent": "40"}),
        ("actually tell #ops", {"channel": "#ops"}),
        ("tell #ops instead", {"channel": "#ops"}),
        ("make it two days later", {"after": "P2D"}),
        ("actually, three days before", {"after": "-P3D"}),
        ("it should wait an hour", {"after": "PT1H"}),
        ("move it to lost", {"stage": "lost"}),
        ("have it say “Hooray, {client}!”", {"text": "Hooray, {client}!"}),
        ("make it every Friday at 4pm", {"schedule": "FREQ=WEEKLY;BYDAY=FR;BYHOUR=16"}),
        ("also thank the client", {"also": {"do": "email_contact"}}),
        ("tell #ops too", {"also": {"do": "post_message", "channel": "#ops"}}),
    ],
)
def test_what_was_made_just_before_is_changed(text: str, changed: dict[str, Any]) -> None:
    assert changes(text) == [{"automation": "AUT-1", **changed}]


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("make the receipt automation only for payments over 1000", {"where": {"min_amount": "1000"}}),
        ("the receipt automation should wait an hour", {"after": "PT1H"}),
        ('change the text of the receipt rule to "Ta!"', {"text": "Ta!"}),
        ("change AUT-1 to 3 days", {"after": "P3D"}),
        ("edit AUT-1", {}),
        ("AUT-1: only over 3000", {"where": {"min_amount": "3000"}}),
        ("change the schedule of AUT-1 to every Friday", {"schedule": "FREQ=WEEKLY;BYDAY=FR"}),
    ],
)
def test_one_that_is_named_is_changed_whatever_was_spoken_of(text: str, changed: dict[str, Any]) -> None:
    assert changes(text, Memory()) == [{"automation": "AUT-1", **changed}]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("move it to Friday", "FREQ=WEEKLY;BYDAY=FR;BYHOUR=9"),
        ("make it at 10:30", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=10;BYMINUTE=30"),
        ("no, Tuesday and Thursday at 8", "FREQ=WEEKLY;BYDAY=TU,TH;BYHOUR=8"),
    ],
)
def test_a_schedule_is_moved_from_what_it_was(text: str, rule: str) -> None:
    assert changes(text, TIMED) == [{"automation": "AUT-1", "schedule": rule}]


@pytest.mark.parametrize(
    "text",
    [
        "actually invoice Northwind for $500",
        "no, send it to Northwind",
        "call it a day",
        "call it off",
        "make it 500 euros",
        "also create a deposit invoice for Northwind for 500",
        "also remind Northwind",
        "make INV-2001 600",
        "make it better",
        "make it 10k and 20k",
        "make it a third or so",
        "only Zebedee",
        "only for Zebedee",
    ],
)
def test_what_may_mean_something_else_changes_no_automation(text: str) -> None:
    assert changes(text) == []


def test_it_is_no_automation_where_something_else_was_spoken_of() -> None:
    assert changes("make it 600", Memory(focus=("INV-2001", "AUT-1"), last_calls=MADE.last_calls)) == []
    assert changes("make it 600", Memory(focus=("AUT-1",))) == []


def test_of_several_that_fit_the_one_door_asks_which() -> None:
    two = Catalog([*a_catalog(THANKS).of("automation"), *_two_thanks()])
    said = calls_of(understood("rename the thank-you rule to Cheers", catalog=two))
    assert said == [("update_automation", {"automation": "thank", "name": "Cheers"})]
    [(_, stopped)] = calls_of(understood("stop thanking people", catalog=two))
    assert stopped == {"automation": "thank", "active": False}


def _two_thanks() -> list[Names]:
    return [Names("automation", "AUT-4", "Thank later", ("Thank later", "AUT-4"), status="active")]


@pytest.mark.parametrize(
    "text", ["stop thanking people", "please stop thanking clients when they pay", "don't thank anybody any more"]
)
def test_what_is_to_stop_is_switched_off(text: str) -> None:
    said = calls_of(understood(text.replace("anybody", "people"), catalog=a_catalog(THANKS)))
    assert said == [("set_automation", {"automation": "AUT-3", "active": False})]


def test_what_nothing_does_cannot_stop() -> None:
    assert understood("stop chasing people automatically").say == NONE_DOES_THAT
    assert calls_of(understood("stop chasing Northwind")) == []
    assert calls_of(understood("do not thank them")) == []


def test_all_that_are_on_are_switched_off_one_by_one() -> None:
    said = calls_of(understood("pause all the automations", catalog=a_catalog(THANKS)))
    assert said == [("set_automation", {"automation": number, "active": False}) for number in ("AUT-1", "AUT-3")]
    assert understood("turn off all automations", catalog=Catalog([])).say == NONE_IS_ON


@pytest.mark.parametrize(
    ("text", "active", "options"),
    [
        ("turn everything on", True, ("AUT-2",)),
        ("Switch everything back on please", True, ("AUT-2",)),
        ("enable all automations", True, ("AUT-2",)),
        ("turn on all the automations", True, ("AUT-2",)),
        ("turn them all on", True, ("AUT-2",)),
        ("turn everything off", False, ("AUT-1", "AUT-3")),
    ],
)
def test_everything_is_never_the_one_that_was_spoken_of_last(
    text: str, options: tuple[str, ...], *, active: bool
) -> None:
    asked = understood(text, MADE, catalog=a_catalog(THANKS))
    assert calls_of(asked) == []
    assert asked.question is not None
    assert (asked.question.skill, asked.question.arguments) == ("set_automation", {"active": active})
    assert (asked.question.missing, asked.question.options) == (("automation",), options)


@pytest.mark.parametrize(
    "text",
    [
        "every Friday at 5pm tell #ops which invoices are unpaid",
        "every monday at 9 post a list of overdue invoices to #ops",
        "every morning post the overdue invoices in #ops",
        "every monday tell #ops what we earned last week",
        "every friday tell #ops how much is outstanding",
        "every friday send #ops a weekly report",
        "send a daily digest to #ops at 8",
        "post the digest in #ops every morning",
        "send the daily digest to #ops every day at 9",
    ],
)
def test_a_report_by_the_calendar_is_the_digest_and_no_text_about_it(text: str) -> None:
    meant = understood(text)
    assert (meant.declined, meant.say, calls_of(meant)) == (True, NO_REPORT, [])


@pytest.mark.parametrize(
    ("text", "posted"),
    [
        ("every friday tell #ops to check the unpaid invoices", "check the unpaid invoices"),
        ('every friday post "which invoices are unpaid?" in #ops', "which invoices are unpaid?"),
        ("every friday post lunch is here to #ops", "lunch is here"),
    ],
)
def test_a_text_by_the_calendar_is_posted_as_it_is(text: str, posted: str) -> None:
    [(skill, said)] = calls_of(understood(text))
    assert (skill, said["action"]["text"]) == ("create_automation", posted)


@pytest.mark.parametrize("text", ["turn them all on", "turn all of them on"])
def test_all_of_them_are_those_that_were_listed_just_before(text: str) -> None:
    shown = Memory(focus=("AUT-1", "AUT-2"), listed=("AUT-1", "AUT-2"))
    said = calls_of(understood(text, shown))
    assert said == [("set_automation", {"automation": number, "active": True}) for number in ("AUT-1", "AUT-2")]


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("why did nothing happen when INV-2001 was paid?", {}),
        ("why was nobody told when Northwind paid?", {}),
        ("why didn't Northwind get a thank-you?", {"automation": "AUT-3"}),
    ],
)
def test_why_nothing_happened_is_asked_of_what_was_looked_at(text: str, arguments: dict[str, str]) -> None:
    assert calls_of(understood(text, catalog=a_catalog(THANKS))) == [("automation_runs", arguments)]


@pytest.mark.parametrize(
    "text", ["what happens when a deposit is paid?", "does anything happen when an invoice goes overdue?"]
)
def test_what_happens_by_itself_is_listed(text: str) -> None:
    assert calls_of(understood(text)) == [("list_automations", {})]


def test_what_is_no_news_of_automations_is_left_to_others() -> None:
    assert ("list_automations", {}) not in calls_of(understood("what happens when I void an invoice?"))
    assert calls_of(understood("why is INV-2001 not paid?")) != [("automation_runs", {})]


@pytest.mark.parametrize("text", ["show me AUT-1", "what does the receipt automation do?", "tell me about AUT-2"])
def test_what_one_does_is_told_by_the_list(text: str) -> None:
    assert calls_of(understood(text)) == [("list_automations", {})]


def test_what_it_does_is_asked_of_the_one_that_was_just_made() -> None:
    assert calls_of(understood("what does it do?", MADE)) == [("list_automations", {})]
    assert calls_of(understood("what does it do?", Memory(focus=("INV-2001",)))) != [("list_automations", {})]


def test_a_yes_to_the_one_thing_that_waits_approves_it() -> None:
    asked = {"skill": "approve_automation", "arguments": {"automation": "AUT-1", "run": "r", "step": 1}}
    shown = Memory(last_calls=(DoneCall("list_approvals", {}, "done", {"waiting": 1, "asked": asked}),))
    assert calls_of(understood("yes", shown)) == [("approve_automation", asked["arguments"])]
    several = Memory(last_calls=(DoneCall("list_approvals", {}, "done", {"waiting": 2}),))
    assert calls_of(understood("approve it", several)) != [("approve_automation", asked["arguments"])]


def test_two_times_in_one_sentence_make_no_automation_of_one_of_them() -> None:
    assert calls_of(understood("remind people 3 days before the due date and again a week after")) == []


def test_what_is_to_come_is_told_to_whoever_asks_and_what_is_asked_is_not() -> None:
    [(_, said)] = calls_of(understood("let me know when a payment bounces"))
    assert (said["trigger"], said["action"]) == ("payment_failed", {"do": "assign_task", "to": "@Alex"})
    assert ("create_automation", said) not in calls_of(understood("let me know when the Northwind invoice is due"))


def test_a_task_may_be_given_to_a_role() -> None:
    [(_, said)] = calls_of(understood("give the admins a task when a renewal fails"))
    assert said["action"] == {"do": "assign_task", "to": "admin"}


def test_a_dry_run_is_asked_for_by_name() -> None:
    said = calls_of(understood("what would the receipt automation do with INV-2001?"))
    assert said == [("try_automation", {"automation": "AUT-1", "invoice": "INV-2001"})]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (
            "set up an automation: payments of $5,000 or more get announced in #billing",
            {"trigger": "payment_succeeded", "where": {"min_amount": "5000"}, "action": POST},
        ),
        ("refunds should be posted in #billing", {"trigger": "refund_created", "action": POST}),
        ("#billing should hear about every dispute", {"trigger": "dispute_opened", "action": POST}),
        ("#billing gets told when an order comes in", {"trigger": "order_created", "action": POST}),
        (
            "two days before any invoice is due the customer should automatically get a reminder",
            {"trigger": "invoice_due", "after": "-P2D", "action": {"do": "send_reminder"}},
        ),
        (
            "I'd like clients to get a thank-you email when they pay",
            {"trigger": "payment_succeeded", "action": {"do": "email_contact"}},
        ),
        (
            "when an invoice goes overdue the client should be reminded",
            {"trigger": "invoice_overdue", "action": {"do": "send_reminder"}},
        ),
        (
            "once Northwind has paid a deposit, create a 40% progress invoice",
            {
                "trigger": "payment_succeeded",
                "where": {"kind": "deposit", "contact": "CON-3"},
                "action": {"do": "create_invoice", "kind": "progress", "percent": "40"},
            },
        ),
        (
            "when a subscription is cancelled, give Sam a task to call them",
            {
                "trigger": "subscription_cancelled",
                "action": {"do": "assign_task", "to": "@Sam", "text": "call them"},
            },
        ),
        (
            "if someone pays more than $5k tell everyone in #billing",
            {"trigger": "payment_succeeded", "where": {"min_amount": "5000"}, "action": POST},
        ),
    ],
)
def test_how_things_shall_be_is_an_automation(text: str, meant: dict[str, Any]) -> None:
    assert calls_of(understood(text)) == [("create_automation", meant)]


def test_the_end_of_every_month_comes_again_and_that_of_the_month_does_not() -> None:
    [(_, said)] = calls_of(understood('at the end of every month post "Statements" in #billing'))
    assert said["schedule"] == "FREQ=MONTHLY;BYMONTHDAY=-1"
    [(skill, _)] = calls_of(understood("raise a final invoice of $420 for Recital film, due at the end of the month"))
    assert skill == "create_invoice"


def test_who_nobody_knows_is_asked_about_and_the_answer_completes_it() -> None:
    asked = understood("when Zebedee pays tell #billing and thank them").question
    assert asked is not None
    assert (asked.missing, asked.text) == (("where",), "I know no client or deal called “Zebedee”. Who is meant?")
    assert calls_of(understood("Northwind", Memory(question=asked))) == [
        ("create_automation", {"trigger": "payment_succeeded", "action": action, "where": {"contact": "CON-3"}})
        for action in (POST, {"do": "email_contact"})
    ]
    assert calls_of(understood("Yolanda", Memory(question=asked))) == []


def test_a_wish_for_all_of_them_is_done_once() -> None:
    every = calls_of(understood("Every client with an unpaid invoice should get a reminder"))
    assert every == calls_of(understood("Remind every client with an unpaid invoice"))
    assert {skill for skill, _ in every} == {"send_reminder"}


def test_without_these_skills_nothing_is_read_so() -> None:
    assert calls_of(understood("rename AUT-1 to Cheers", parser=SMALL_PARSER)) == []
