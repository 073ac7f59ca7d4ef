"""What is said next: what ran put right, answers that carry more than was asked for, and looks that go on."""

from __future__ import annotations

from typing import Any

import pytest

from billing.conversations import SkillCall
from bot.assistant.understanding import DoneCall, Memory, Question
from tests.support.parsing import calls_of, understood

Call = tuple[str, dict[str, Any]]


def ran(skill: str, number: str | None = None, **arguments: Any) -> Memory:
    """Return the memory after a call that was carried out and made the record of that number, if any."""
    named = tuple(value for value in arguments.values() if isinstance(value, str) and value[3:4] == "-")
    result = {"number": number} if number else {}
    return Memory(
        focus=((number,) if number else ()) + named,
        last_calls=(DoneCall(skill, arguments, "done", result),),
        created=(number,) if number else (),
    )


def waits(skill: str, **arguments: Any) -> Memory:
    """Return the memory while the card of one call waits for a yes."""
    return Memory(
        focus=tuple(value for value in arguments.values() if isinstance(value, str) and value[3:4] == "-"),
        proposal=(SkillCall(skill, arguments),),
        last_calls=(DoneCall(skill, arguments, "needs_confirmation"),),
    )


def asks(skill: str, *missing: str, options: tuple[str, ...] = (), **arguments: Any) -> Memory:
    """Return the memory while a question is open."""
    return Memory(question=Question(skill, arguments, missing, options))


BILLED = ran("create_invoice", "INV-2009", opportunity="OPP-3", amount="2000.00")


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("oh wait, I meant the menu boards", ("create_invoice", {"opportunity": "OPP-4", "amount": "2000.00"})),
        ("wrong client, it was Harper", ("create_invoice", {"opportunity": "OPP-2", "amount": "2000.00"})),
        ("no no, progress, not deposit", ("update_invoice", {"invoice": "INV-2009", "kind": "progress"})),
        ("oh wait, I meant fifteen hundred flat", ("update_invoice", {"invoice": "INV-2009", "amount": "1500"})),
        ("call it 'Push alerts' instead", ("update_invoice", {"invoice": "INV-2009", "description": "Push alerts"})),
        ("net 30 while you're at it", ("update_invoice", {"invoice": "INV-2009", "due": "2026-04-10"})),
        ("scratch that one, I've billed it already", ("void_invoice", {"invoice": "INV-2009"})),
    ],
)
def test_what_was_made_is_put_right(text: str, call: Call) -> None:
    assert calls_of(understood(text, BILLED)) == [call]


def test_an_update_that_goes_on_says_only_what_is_new() -> None:
    memory = ran("update_invoice", invoice="INV-2004", amount="800.00")
    assert calls_of(understood("and due the fifth of May", memory)) == [
        ("update_invoice", {"invoice": "INV-2004", "due": "2026-05-05"}),
    ]


def test_an_update_of_another_record_is_the_same_change() -> None:
    memory = ran("update_invoice", invoice="INV-2004", amount="800.00")
    assert calls_of(understood("sorry, 2006 I mean", memory)) == [
        ("update_invoice", {"invoice": "INV-2006", "amount": "800.00"}),
    ]


@pytest.mark.parametrize(
    ("text", "amount"), [("54, not 52", "54000"), ("54k, not 52k", "54000"), ("53500, not 52", "53500")]
)
def test_an_amount_is_corrected_in_the_thousands_in_which_it_is_denied(text: str, amount: str) -> None:
    memory = ran("update_opportunity", opportunity="OPP-3", amount="52000.00")
    assert calls_of(understood(text, memory)) == [("update_opportunity", {"opportunity": "OPP-3", "amount": amount})]


@pytest.mark.parametrize(
    ("text", "invoice"),
    [
        ("argh, typo, 2001", "INV-2001"),
        ("Northwind's app, I should have said", "INV-2002"),
        ("wrong number, two thousand and one is the one", "INV-2001"),
    ],
)
def test_a_dressed_correction_changes_what_waits(text: str, invoice: str) -> None:
    assert calls_of(understood(text, waits("void_invoice", invoice="INV-2004"))) == [
        ("void_invoice", {"invoice": invoice}),
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [("the Thursday before instead", "2026-03-19"), ("the day after", "2026-03-21"), ("a week later", "2026-03-27")],
)
def test_a_day_is_told_from_the_one_that_was_said(text: str, day: str) -> None:
    memory = waits("send_invoice", invoice="INV-2004", on="2026-03-20")
    assert calls_of(understood(text, memory)) == [("send_invoice", {"invoice": "INV-2004", "on": day})]


def test_a_reminder_of_the_day_before_moves_nothing() -> None:
    memory = ran("update_invoice", invoice="INV-2002", due="2026-04-15")
    assert calls_of(understood("and remind her about it the day before", memory)) != [
        ("update_invoice", {"invoice": "INV-2002", "due": "2026-04-14"}),
    ]


def test_a_channel_and_a_role_are_corrected_too() -> None:
    hears = ran("set_notification_channel", channel="#ops", events=["refund_created"])
    assert calls_of(understood("hmm, #billing rather than #ops", hears)) == [
        ("set_notification_channel", {"channel": "#billing", "events": ["refund_created"]}),
    ]
    role = ran("set_role", member="@Sam", role="admin")
    assert calls_of(understood("hmm, too soon - back to editor", role)) == [
        ("set_role", {"member": "@Sam", "role": "editor"}),
    ]


def test_undoing_a_switch_turns_it_back() -> None:
    memory = ran("set_automation", automation="AUT-1", active=False)
    assert calls_of(understood("oh dear, undo that", memory)) == [
        ("set_automation", {"automation": "AUT-1", "active": True}),
    ]


def test_taking_back_a_new_link_voids_nothing() -> None:
    memory = ran("create_payment_link", "INV-2001", invoice="INV-2001")
    assert calls_of(understood("hm no, cancel that", memory)) == [("deactivate_payment_link", {"invoice": "INV-2001"})]


@pytest.mark.parametrize("text", ["and delete the other", "delete the other one", "delete the other automation"])
def test_the_other_of_two_is_not_the_one_that_was_spoken_of_last(text: str) -> None:
    memory = Memory(
        focus=("AUT-2", "AUT-1"),
        last_calls=(DoneCall("set_automation", {"automation": "AUT-2", "active": True}, "done"),),
    )
    assert calls_of(understood(text, memory)) == [("delete_automation", {"automation": "AUT-1"})]


def test_the_other_of_more_than_two_is_asked_for() -> None:
    memory = Memory(
        focus=("INV-2004", "INV-2001", "INV-2002"),
        last_calls=(DoneCall("show_invoice", {"invoice": "INV-2004"}, "done"),),
    )
    said = understood("void the other one", memory)
    assert not said.calls
    assert said.question is not None


def test_the_other_day_is_no_record() -> None:
    memory = ran("show_invoice", invoice="INV-2004")
    assert not calls_of(understood("I met Bill the other day", memory))


def test_nobody_is_deleted_in_place_of_an_automation() -> None:
    assert "delete_automation" not in {
        skill for skill, _ in calls_of(understood("now delete her from our mail", ran("share_portal", contact="CON-5")))
    }


@pytest.mark.parametrize(
    "text", ["hmm no, don't, too pushy", "wait, stop, that was somebody else's money", "no, they called, all good"]
)
def test_why_it_is_a_no_is_no_request(text: str) -> None:
    assert understood(text, waits("send_reminder", invoice="INV-2001")).drop


@pytest.mark.parametrize("text", ["she doesn't work here any more, forget it", "void 2001... no, leave it alone"])
def test_what_a_message_takes_back_at_its_end_is_not_done(text: str) -> None:
    said = understood(text)
    assert said.drop
    assert not said.calls


WHICH_DEAL = asks("create_invoice", "opportunity", options=("OPP-3", "OPP-4"), amount="1200")


@pytest.mark.parametrize(
    ("text", "memory", "calls"),
    [
        (
            "the loyalty app, and give them until the end of the month",
            WHICH_DEAL,
            [("create_invoice", {"opportunity": "OPP-3", "amount": "1200", "due": "2026-03-31"})],
        ),
        (
            "menu boards, with a payment link",
            WHICH_DEAL,
            [
                ("create_invoice", {"opportunity": "OPP-4", "amount": "1200"}),
                ("create_payment_link", {"invoice": "$1"}),
            ],
        ),
        (
            "brain fade, I meant Northwind's menu boards",
            WHICH_DEAL,
            [("create_invoice", {"opportunity": "OPP-4", "amount": "1200"})],
        ),
        (
            "euros of course",
            asks("create_invoice", "currency", opportunity="OPP-1", amount="900"),
            [("create_invoice", {"opportunity": "OPP-1", "amount": "900", "currency": "EUR"})],
        ),
        (
            "Australian dollars, and due Friday",
            asks("create_invoice", "currency", opportunity="OPP-5", amount="900"),
            [("create_invoice", {"opportunity": "OPP-5", "amount": "900", "currency": "AUD", "due": "2026-03-13"})],
        ),
        (
            "two hundred even",
            asks("create_invoice", "amount", opportunity="OPP-2", kind="deposit"),
            [("create_invoice", {"opportunity": "OPP-2", "kind": "deposit", "amount": "200"})],
        ),
        (
            "proposal, and bump it to 720 as well",
            asks("update_opportunity", "stage", opportunity="OPP-2"),
            [("update_opportunity", {"opportunity": "OPP-2", "stage": "proposal", "amount": "720"})],
        ),
        (
            "Berg, and it's about 1,900",
            asks("create_opportunity", "contact", options=("CON-5", "CON-6"), name="Prints"),
            [("create_opportunity", {"name": "Prints", "contact": "CON-5", "amount": "1900"})],
        ),
        (
            "Grace's, she asked for it herself",
            asks("refund_payment", "invoice", options=("INV-2001", "INV-2003"), amount="89"),
            [("refund_payment", {"invoice": "INV-2003", "amount": "89", "reason": "requested_by_customer"})],
        ),
        (
            "admin, while I'm on leave",
            asks("set_role", "role", member="@Vic"),
            [("set_role", {"member": "@Vic", "role": "admin"})],
        ),
        (
            "the day before Anzac Day, so 24 April",
            asks("update_invoice", "due", invoice="INV-2001"),
            [("update_invoice", {"invoice": "INV-2001", "due": "2026-04-24"})],
        ),
        (
            "a fortnight from today",
            asks("update_invoice", "due", invoice="INV-2001"),
            [("update_invoice", {"invoice": "INV-2001", "due": "2026-03-25"})],
        ),
        (
            "the Spanish one, Maya's",
            asks("void_invoice", "invoice"),
            [("void_invoice", {"invoice": "INV-2001"})],
        ),
        (
            "Maya's, and tell her 'due on the 18th'",
            asks("send_reminder", "invoice"),
            [("send_reminder", {"invoice": "INV-2001", "message": "due on the 18th"})],
        ),
        (
            '"Fleet portal", please',
            asks("update_opportunity", "name", opportunity="OPP-2"),
            [("update_opportunity", {"opportunity": "OPP-2", "name": "Fleet portal"})],
        ),
        (
            "hm they trade as Northwind Coffee now",
            asks("list_invoices", "contact"),
            [("list_invoices", {"contact": "CON-3"})],
        ),
    ],
)
def test_an_answer_may_carry_more_than_was_asked_for(text: str, memory: Memory, calls: list[Call]) -> None:
    assert calls_of(understood(text, memory)) == calls


def test_what_is_said_beside_an_answer_is_kept_while_more_is_asked() -> None:
    memory = asks("create_invoice", "opportunity", "amount", options=("OPP-3", "OPP-4"))
    said = understood("loyalty app, due Friday", memory)
    assert said.question is not None
    assert said.question.missing == ("amount",)
    assert said.question.arguments == {"opportunity": "OPP-3", "due": "2026-03-13"}


@pytest.mark.parametrize(
    "text", ["the loyalty app, but don't send it", "the loyalty app, and void 2001", "show the loyalty app, due Friday"]
)
def test_an_answer_with_something_else_beside_it_sets_nothing_of_that(text: str) -> None:
    for skill, arguments in calls_of(understood(text, WHICH_DEAL)):
        assert skill not in {"send_invoice", "update_invoice"}
        assert "due" not in arguments


LISTED = ran("list_payments", contact="CON-3", type="refund")


@pytest.mark.parametrize(
    ("text", "memory", "call"),
    [
        (
            "since 1 February",
            LISTED,
            (
                "list_payments",
                {"contact": "CON-3", "type": "refund", "period": {"from": "2026-02-01", "to": "2026-03-11"}},
            ),
        ),
        ("disputes as well", LISTED, ("list_payments", {"contact": "CON-3", "type": "dispute"})),
        ("and Maya's?", LISTED, ("list_payments", {"contact": "CON-1", "type": "refund"})),
        (
            "any past due?",
            ran("list_subscriptions", status="active"),
            ("list_subscriptions", {"status": "past_due"}),
        ),
        (
            "next month too",
            ran("list_invoices", period={"from": "2026-03-01", "to": "2026-03-31"}),
            ("list_invoices", {"period": {"from": "2026-04-01", "to": "2026-04-30"}}),
        ),
        (
            "that same week, but Harper alone",
            ran("billing_report", measure="collected", period={"from": "2026-03-02", "to": "2026-03-08"}),
            (
                "billing_report",
                {"measure": "collected", "period": {"from": "2026-03-02", "to": "2026-03-08"}, "contact": "CON-2"},
            ),
        ),
    ],
)
def test_a_look_goes_on_with_what_is_said_of_it(text: str, memory: Memory, call: Call) -> None:
    assert calls_of(understood(text, memory)) == [call]


def test_a_look_at_one_of_two_people_is_asked_about_and_stays_the_same_look() -> None:
    said = understood("what about Anna?", ran("billing_report", measure="outstanding", contact="CON-2"))
    assert said.question is not None
    assert (said.question.skill, said.question.missing) == ("billing_report", ("contact",))
    assert said.question.arguments == {"measure": "outstanding"}


@pytest.mark.parametrize("text", ["the draft one", "send it on Friday", "overdue invoices of Harper", "void 2001"])
def test_what_points_or_asks_for_itself_is_no_smaller_look(text: str) -> None:
    assert "list_payments" not in {skill for skill, _ in calls_of(understood(text, LISTED))}


@pytest.mark.parametrize("text", ["good, out it goes", "great, off it goes to the client"])
def test_out_it_goes_sends_it(text: str) -> None:
    assert calls_of(understood(text, ran("show_invoice", invoice="INV-2004"))) == [
        ("send_invoice", {"invoice": "INV-2004"}),
    ]


def test_not_before_a_day_is_on_that_day() -> None:
    said = understood("send it, though not before next Monday", ran("show_invoice", invoice="INV-2004"))
    assert calls_of(said) == [("send_invoice", {"invoice": "INV-2004", "on": "2026-03-16"})]


@pytest.mark.parametrize("text", ["make it 16", "no, 16"])
def test_an_amount_that_may_lack_its_thousands_is_asked_about(text: str) -> None:
    said = understood(text, ran("update_invoice", invoice="INV-2004", amount="15000.00"))
    assert not said.calls
    assert said.question is not None
    assert (said.question.arguments, said.question.missing) == ({"invoice": "INV-2004"}, ("amount",))


@pytest.mark.parametrize("text", ["make it 16", "no, 16"])
def test_an_amount_that_waits_is_asked_about_as_well(text: str) -> None:
    said = understood(text, waits("record_payment", invoice="INV-2001", amount="15000.00"))
    assert not said.calls
    assert said.question is not None
    assert said.question.missing == ("amount",)


@pytest.mark.parametrize(("text", "amount"), [("make it 160", "160"), ("make it 16.50", "16.50")])
def test_a_small_amount_that_is_meant_is_taken(text: str, amount: str) -> None:
    memory = ran("update_invoice", invoice="INV-2004", amount="15000.00")
    assert calls_of(understood(text, memory)) == [("update_invoice", {"invoice": "INV-2004", "amount": amount})]


def test_whether_there_are_any_refunds_refunds_nothing() -> None:
    assert calls_of(understood("refunds?", ran("list_invoices", contact="CON-1"))) == [
        ("list_payments", {"type": "refund"}),
    ]


def test_an_answer_that_still_fits_several_is_asked_about_again() -> None:
    said = understood("Northwind", asks("send_reminder", "invoice", options=("INV-2002", "INV-2003")))
    assert said.question is not None
    assert (said.question.skill, said.question.options) == ("send_reminder", ("INV-2002", "INV-2003"))
