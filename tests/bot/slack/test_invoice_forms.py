"""The form of a new invoice: opened from four places, searched in, checked at its fields, and carried out once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from billing.invoices import Invoice, InvoiceKind
from billing.money import Money
from billing.opportunities import Stage
from billing.roles import Role
from billing.workspaces import Member
from tests.support.books import a_contact
from tests.support.records import an_opportunity
from tests.support.slack import Fault
from tests.support.slack_office import OFFICE, Office, until
from tests.support.slack_rules import option_problems

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def books(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Vic", Role.VIEWER, "U2"))
        tx.contacts.add(a_contact(workspace_id=OFFICE, name="Tess Blue", company="Bluebird Cafe"))
        deal = {"workspace_id": OFFICE, "contact": "CON-1", "value": Money(800_000, "AUD")}
        tx.opportunities.add(an_opportunity(**deal, number="OPP-1", name="Bluebird shop fit-out"))
        bare = {"workspace_id": OFFICE, "contact": None, "value": None}
        tx.opportunities.add(an_opportunity(**bare, number="OPP-2", name="Menu photos"))
        tx.opportunities.add(an_opportunity(**bare, number="OPP-3", name="Bluebird van", stage=Stage.LOST))


def invoices(office: Office) -> list[Invoice]:
    with office.store.transaction(OFFICE) as tx:
        return tx.invoices.list()


def form(office: Office, **how: Any) -> Json:
    return office.opens(office.slack.command("", name="/invoice", **how))


def shown(view: Json) -> Json:
    """Return what the fields of a form hold when it opens."""
    values: Json = {}
    for block in (one for one in view["blocks"] if one["type"] == "input"):
        element = block["element"]
        chosen = (element.get("initial_option") or {}).get("value")
        values[block["block_id"]] = chosen or element.get("initial_value") or element.get("initial_date")
    return {name: value for name, value in values.items() if value}


def test_the_command_alone_opens_the_form_and_stores_nothing(office: Office) -> None:
    view = form(office)
    assert view["title"]["text"] == "New invoice"
    assert [block["block_id"] for block in view["blocks"]] == [
        "opportunity",
        "kind",
        "amount",
        "due",
        "description",
        "lines",
    ]
    assert shown(view) == {"kind": "standard"}
    assert office.rows("inbox") == []


def test_the_command_with_words_opens_nothing(office: Office) -> None:
    office.hear(office.slack.command("Bluebird 500", name="/invoice"))
    assert [request.text for request in office.answers.requests] == ["invoice Bluebird 500"]
    assert office.slack.views == []


def test_what_is_filled_in_is_made_and_answered_to_the_person_who_asked(office: Office) -> None:
    view = form(office)
    assert office.submits(view, opportunity="OPP-1", kind="deposit", amount="A$1,250.50", due="2026-04-01") == {}
    [invoice] = invoices(office)
    assert (invoice.opportunity, invoice.kind, invoice.total) == ("OPP-1", InvoiceKind.DEPOSIT, Money(125_050, "AUD"))
    assert invoice.due_on == date(2026, 4, 1)
    [answer] = office.slack.ephemerals
    assert (answer["channel"], answer["user"]) == ("C1", "U1")
    assert invoice.number in answer["text"]
    assert office.slack.posts == []


@pytest.mark.parametrize(("amount", "total"), [("30%", 240_000), ("half", 400_000), ("$900", 90_000)])
def test_a_sum_is_read_as_it_is_in_a_sentence(office: Office, amount: str, total: int) -> None:
    assert office.submits(form(office), opportunity="OPP-1", amount=amount) == {}
    assert [invoice.total for invoice in invoices(office)] == [Money(total, "AUD")]


def test_lines_are_read_row_by_row(office: Office) -> None:
    rows = "Design: 3 days @ 900\n\n12 prints @ 25 each\nTravel to the coast $120.50"
    assert office.submits(form(office), opportunity="OPP-1", lines=rows) == {}
    [invoice] = invoices(office)
    assert [(line.text, line.unit, str(line.quantity)) for line in invoice.lines] == [
        ("Design", "day", "3"),
        ("Prints", "", "12"),
        ("Travel to the coast", "", "1"),
    ]
    assert invoice.total == Money(270_000 + 30_000 + 12_050, "AUD")


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"amount": "lots"}, {"amount": "Write an amount such as 500 or USD 1,250.50, or a percentage such as 30%."}),
        ({"amount": "0"}, {"amount": "An amount has to be more than zero."}),
        ({"amount": "1.234"}, {"amount": "more than 2 decimals"}),
        ({"amount": "-5"}, {"amount": "not an amount"}),
        ({"amount": "120%"}, {"amount": "more than the whole deal"}),
        ({"amount": "30%", "opportunity": "OPP-2"}, {"amount": "Menu photos"}),
        ({}, {"amount": "Say an amount or a percentage, or write lines below."}),
        ({"amount": "5", "lines": "Travel 120"}, {"lines": "leave the amount above empty"}),
        ({"lines": "3 @ 900"}, {"lines": "“3 @ 900”"}),
        ({"lines": "Travel 120\nvarious things"}, {"lines": "“various things”"}),
        ({"lines": "Travel EUR 120"}, {"lines": "AUD"}),
        ({"amount": "5", "due": "2020-01-01"}, {"due": "1 January 2020 has passed already"}),
        ({"amount": "5", "opportunity": "OPP-9"}, {"opportunity": "OPP-9"}),
    ],
)
def test_an_error_is_shown_at_its_field_and_nothing_is_stored(office: Office, values: Json, errors: Json) -> None:
    answer = office.submits(form(office), **{"opportunity": "OPP-1"} | values)
    assert answer["response_action"] == "errors"
    assert answer["errors"].keys() == errors.keys()
    for name, said in errors.items():
        assert said in answer["errors"][name]
    assert office.rows("inbox") == []
    assert invoices(office) == []


def test_a_rehearsal_leaves_no_trace(office: Office) -> None:
    office.submits(form(office), opportunity="OPP-1", kind="final")
    answer = office.submits(form(office), opportunity="OPP-1", kind="final")
    assert "Nothing is left" in "".join(answer["errors"].values())
    office.submits(form(office), opportunity="OPP-1", amount="5")
    assert [invoice.number for invoice in invoices(office)] == ["INV-1001", "INV-1002"]


def test_after_an_error_is_mended_the_same_window_can_be_sent_off(office: Office) -> None:
    view = form(office)
    assert office.submits(view, opportunity="OPP-1", amount="lots")["response_action"] == "errors"
    assert office.submits(view, opportunity="OPP-1", amount="500") == {}
    assert len(invoices(office)) == 1


def test_two_clicks_on_the_same_window_have_one_effect(office: Office) -> None:
    view = form(office)
    submission = office.slack.submission(view, {"opportunity": "OPP-1", "amount": "500"})
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(office.ask, [submission] * 2)) == [{}, {}]
    office.worker.drain()
    assert office.submits(view, opportunity="OPP-1", amount="500") == {}
    assert len(office.rows("inbox")) == 1
    assert len(invoices(office)) == 1
    assert len(office.slack.ephemerals) == 1


def test_two_windows_are_two_invoices(office: Office) -> None:
    for _ in range(2):
        office.submits(form(office), opportunity="OPP-1", amount="500")
    assert len(invoices(office)) == 2


def test_a_viewer_is_told_who_may_and_no_form_opens(office: Office) -> None:
    said = office.refuses(office.slack.command("", name="/invoice", user="U2"))
    assert "you need to be an editor" in said
    assert [answer["user"] for answer in office.slack.ephemerals] == ["U2"]


@pytest.mark.parametrize(("user", "said"), [("U0GUEST", "guests"), ("U0OTHER", "Lantern Office only")])
def test_strangers_are_turned_away(office: Office, user: str, said: str) -> None:
    assert said in office.refuses(office.slack.shortcut("evie_new_invoice", user=user))


def test_whoever_lost_the_role_while_the_form_was_open_is_told_so(office: Office) -> None:
    view = form(office)
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Ada", Role.VIEWER, "U1"))
    answer = office.submits(view, opportunity="OPP-1", amount="500")
    assert answer["response_action"] == "update"
    assert "you need to be an editor" in answer["view"]["blocks"][0]["text"]["text"]
    assert office.rows("inbox") == []


def test_a_role_that_is_lost_after_sending_off_is_looked_at_again(office: Office) -> None:
    assert office.ask(office.slack.submission(form(office), {"opportunity": "OPP-1", "amount": "500"})) == {}
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Ada", Role.VIEWER, "U1"))
    office.worker.drain()
    assert invoices(office) == []
    assert "you need to be an editor" in office.told()[-1]


def test_a_form_of_a_workspace_that_is_not_ours_opens_nothing_and_is_sent_off_for_nothing(office: Office) -> None:
    foreign = {"team": {"id": "T0OTHER", "domain": "other"}}
    assert office.send(office.slack.shortcut("evie_new_invoice") | foreign) == 200
    submission = office.slack.submission(form(office), {"opportunity": "OPP-1", "amount": "500"}) | foreign
    answer = office.ask(submission)
    assert "do not work in this workspace" in answer["view"]["blocks"][0]["text"]["text"]
    assert len(office.slack.views) == 1
    assert office.rows("inbox") == []


def test_when_slack_finds_the_click_too_old_the_person_is_told_to_click_again(office: Office) -> None:
    office.slack.fail("views.open", Fault("expired_trigger_id"))
    assert "Please click again" in office.refuses(office.slack.command("", name="/invoice"))


@pytest.mark.parametrize("fault", [Fault("fatal_error"), Fault(status=500), Fault(retry_after=3, status=429)])
def test_when_slack_does_not_open_the_form_the_person_is_told(office: Office, fault: Fault) -> None:
    office.slack.fail("views.open", fault)
    assert office.refuses(office.slack.command("", name="/invoice"))


def test_the_global_shortcut_is_answered_by_direct_message(office: Office) -> None:
    view = office.opens(office.slack.shortcut("evie_new_invoice"))
    assert office.submits(view, opportunity="OPP-2", amount="500") == {}
    [post] = office.slack.posts
    assert post["channel"] == "D1"


def test_the_button_of_home_opens_the_form(office: Office) -> None:
    office.hear(
        office.slack.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}),
    )
    buttons = [button for block in office.slack.homes["U1"]["blocks"] for button in block.get("elements", [])]
    button = next(one for one in buttons if one.get("text", {}) and one.get("value") == "create_invoice")
    click = office.slack.click(button["action_id"], button["value"], {"channel": "U1", "message_ts": "0"})
    click["container"] = {"type": "view", "view_id": "V1"}
    del click["channel"]
    view = office.opens(click)
    assert office.submits(view, opportunity="OPP-2", amount="500") == {}
    assert [post["channel"] for post in office.slack.posts] == ["D1"]


def test_a_message_becomes_a_form_that_is_filled_in_and_answered_in_its_thread(office: Office) -> None:
    message = {"ts": "7.1", "user": "U2", "text": "please bill Menu photos $1,200 due 2 April :pray:"}
    view = office.opens(office.slack.message_shortcut("evie_invoice_from_message", message))
    assert shown(view) == {"opportunity": "OPP-2", "kind": "standard", "amount": "1200", "due": "2026-04-02"}
    assert office.submits(view) == {}
    assert [invoice.total for invoice in invoices(office)] == [Money(120_000, "AUD")]
    [post] = office.slack.posts
    assert (post["channel"], post["thread_ts"]) == ("C1", "7.1")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Menu photos, 30% deposit", {"opportunity": "OPP-2", "kind": "deposit", "amount": "30%"}),
        (
            "Menu photos: 3 days at 900 and travel 120",
            {"opportunity": "OPP-2", "lines": "3 days @ 900\nTravel 120"},
        ),
        ("<@U2> they want the brochure &amp; the flyers", {}),
        (
            "<@U2> the menu photos are done, that is $1,200 by 2 April",
            {"opportunity": "OPP-2", "amount": "1200", "due": "2026-04-02"},
        ),
    ],
)
def test_whatever_the_message_says_of_the_fields_is_filled_in(office: Office, text: str, values: Json) -> None:
    message = {"ts": "7.1", "user": "U2", "text": text}
    view = office.opens(office.slack.message_shortcut("evie_invoice_from_message", message))
    assert shown(view) == {"kind": "standard"} | values


def test_the_form_quotes_the_message_and_leaves_it_out_of_what_the_client_reads(office: Office) -> None:
    message = {"ts": "7.1", "user": "U2", "text": "<@U2> they want the *brochure* &amp; <!channel>"}
    view = office.opens(office.slack.message_shortcut("evie_invoice_from_message", message))
    [quoted] = view["blocks"][0]["elements"]
    assert quoted == {
        "type": "plain_text",
        "text": "From the message: “@Vic they want the *brochure* &amp; @channel”",
        "emoji": False,
    }


def test_where_evie_is_no_member_a_messages_form_is_answered_directly(office: Office) -> None:
    message = {"ts": "7.1", "user": "U2", "text": "bill Menu photos 500"}
    view = office.opens(office.slack.message_shortcut("evie_invoice_from_message", message, channel="C2"))
    assert office.submits(view) == {}
    assert [post["channel"] for post in office.slack.posts] == ["D1"]


def search(office: Office, typed: str, user: str = "U1") -> list[str]:
    view = form(office) if not office.slack.views else office.slack.views[-1]
    answer = office.ask(office.slack.typing(view, "evie_choose_opportunity", typed, user=user))
    assert len(answer["options"]) <= 100
    assert [problem for one in answer["options"] for problem in option_problems(one)] == []
    return [one["value"] for one in answer["options"]]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["OPP-1", "OPP-2", "OPP-3"]),
        ("blue", ["OPP-1", "OPP-3"]),
        ("fit-out blue", ["OPP-1"]),
        ("tess", ["OPP-1"]),
        ("OPP-2", ["OPP-2"]),
        ("menu fotos", ["OPP-2"]),
        ("bleubird", ["OPP-1", "OPP-3"]),
        ("zebra", []),
    ],
)
def test_deals_are_found_by_name_client_and_number_while_somebody_types(
    office: Office, typed: str, found: list[str]
) -> None:
    assert sorted(search(office, typed)) == found


def test_lost_deals_come_last(office: Office) -> None:
    assert search(office, "blue") == ["OPP-1", "OPP-3"]


def test_strangers_find_nothing(office: Office) -> None:
    assert search(office, "", user="U0OTHER") == []


def test_of_many_deals_a_hundred_are_offered_in_milliseconds(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        for number in range(10, 1510):
            later = office.clock() + timedelta(seconds=number)
            name = f"Project {'very ' * 20}long {number}"
            tx.opportunities.add(
                an_opportunity(workspace_id=OFFICE, number=f"OPP-{number}", name=name, created_at=later)
            )
    form(office)
    started = time.process_time()
    assert len(search(office, "proj")) == 100
    assert time.process_time() - started < 1


def test_the_form_is_acknowledged_before_slack_is_asked_for_anything(office: Office) -> None:
    office.slack.fail("views.open", *[Fault(status=500)] * 3)

    def told(times: int) -> bool:
        return len(office.rows("outbox")) == times

    for sent in (1, 2, 3):
        acknowledged = threading.Event()
        # Slack opens nothing before it was answered: who asked first would be told that nobody answered in time.
        office.slack.meanwhile["views.open"] = partial(acknowledged.wait, 20)
        assert office.send(office.slack.command("", name="/invoice")) == 200
        acknowledged.set()
        until(partial(told, sent))
    assert len(office.slack.called("views.open")) == 3
