"""The other forms: changing and sending an invoice, a new automation, and the settings; each by its button."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from billing.automations import ActionKind, Automation, Trigger
from billing.invoices import Invoice, InvoiceKind, InvoiceStatus
from billing.money import Money
from billing.queues import OutboxKind
from billing.roles import Role
from billing.workspaces import Channel, Member, NotificationRoute
from tests.support.books import a_contact
from tests.support.records import an_invoice, an_opportunity
from tests.support.slack import Fault
from tests.support.slack_office import OFFICE, Office, until

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def books(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Vic", Role.VIEWER, "U2"))
        tx.contacts.add(a_contact(workspace_id=OFFICE, company="Bluebird", email="tess@bluebird.example"))
        tx.opportunities.add(an_opportunity(workspace_id=OFFICE))
        tx.invoices.add(
            an_invoice(workspace_id=OFFICE, number="INV-1001", total=Money(50_000, "AUD"), due_on=date(2026, 4, 1))
        )


def clicks(office: Office, form: str, *, user: str = "U1") -> Json:
    """Return a click on the button of a card that opens a form."""
    card = {"channel": "C1", "ts": "5.1", "text": "Invoice", "blocks": []}
    return office.slack.click("evie_form_3", form, card, user=user)


def invoice(office: Office, number: str = "INV-1001") -> Invoice:
    with office.store.transaction(OFFICE) as tx:
        return tx.invoices.get(number)


def change_it(office: Office, **changes: Any) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.invoices.save(replace(tx.invoices.get("INV-1001"), **changes))


def values_of(view: Json) -> Json:
    fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    return {
        name: (field.get("initial_option") or {}).get("value")
        or field.get("initial_value")
        or field.get("initial_date")
        or field.get("initial_conversation")
        for name, field in fields.items()
    }


def words(view: Json) -> str:
    return str([block for block in view["blocks"] if block["type"] != "input"])


def mails(office: Office) -> list[Json]:
    return [row for row in office.rows("outbox") if row["kind"] == OutboxKind.MAIL]


# Changing an invoice.


def test_an_invoice_is_changed_by_what_was_changed_in_the_form_alone(office: Office) -> None:
    view = office.opens(clicks(office, "update_invoice INV-1001"))
    assert values_of(view)["amount"] == "500.00"
    assert values_of(view)["due"] == "2026-04-01"
    assert office.submits(view, due="2026-05-01") == {}
    [deed] = office.answers.deeds
    assert [(call.skill, call.arguments) for call in deed.calls] == [
        ("update_invoice", {"invoice": "INV-1001", "due": "2026-05-01"}),
    ]
    assert invoice(office).due_on == date(2026, 5, 1)
    [post] = office.slack.posts
    assert (post["channel"], post["thread_ts"]) == ("C1", "5.1")


def test_amount_and_kind_are_changed_as_well(office: Office) -> None:
    view = office.opens(clicks(office, "update_invoice INV-1001"))
    assert office.submits(view, amount="$650", kind="progress") == {}
    assert (invoice(office).total, invoice(office).kind) == (Money(65_000, "AUD"), InvoiceKind.PROGRESS)


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({}, "amount", "Nothing is changed yet"),
        ({"amount": "30%"}, "amount", "Write an amount such as 500"),
        ({"amount": "EUR 500"}, "amount", ""),
        ({"due": "2020-01-01"}, "due", ""),
    ],
)
def test_what_cannot_be_changed_is_said_at_its_field(office: Office, values: Json, field: str, said: str) -> None:
    view = office.opens(clicks(office, "update_invoice INV-1001"))
    answer = office.submits(view, **values)
    assert answer["response_action"] == "errors"
    assert said in answer["errors"][field]
    assert office.rows("inbox") == []
    assert invoice(office).total == Money(50_000, "AUD")


def test_a_paid_invoice_opens_no_form(office: Office) -> None:
    change_it(office, status=InvoiceStatus.PAID, paid=Money(50_000, "AUD"))
    assert "paid" in office.refuses(clicks(office, "update_invoice INV-1001"))


def test_an_invoice_that_was_paid_while_the_form_was_open_is_not_changed(office: Office) -> None:
    view = office.opens(clicks(office, "update_invoice INV-1001"))
    change_it(office, status=InvoiceStatus.PAID, paid=Money(50_000, "AUD"))
    answer = office.submits(view, amount="650")
    assert "paid" in "".join(answer["errors"].values())
    assert invoice(office).total == Money(50_000, "AUD")


@pytest.mark.parametrize("form", ["update_invoice INV-1001", "send_invoice INV-1001", "create_automation", "settings"])
def test_a_viewer_opens_none_of_them(office: Office, form: str) -> None:
    assert "you need to be" in office.refuses(clicks(office, form, user="U2"))


def test_an_editor_has_no_settings(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Vic", Role.EDITOR, "U2"))
    assert "you need to be an admin" in office.refuses(clicks(office, "settings", user="U2"))


def test_an_invoice_that_is_not_there_opens_nothing(office: Office) -> None:
    assert "INV-9" in office.refuses(clicks(office, "update_invoice INV-9"))


def test_a_button_of_a_form_that_is_no_more_says_so(office: Office) -> None:
    assert "could not open" in office.refuses(clicks(office, "an_older_form"))


# Sending it with a message.


def test_the_form_shows_the_mail_and_sending_it_off_sends_it_without_another_question(office: Office) -> None:
    view = office.opens(clicks(office, "send_invoice INV-1001"))
    assert "tess@bluebird.example" in words(view)
    assert "A$500.00" in words(view)
    assert office.submits(view, message="Thank you for the tea!") == {}
    [deed] = office.answers.deeds
    assert deed.confirmed
    assert invoice(office).sent_at is not None
    [mail] = mails(office)
    assert "Thank you for the tea!" in str(mail["payload"])
    assert all("evie_confirm" not in str(post["blocks"]) for post in office.slack.posts)


def test_two_clicks_send_one_mail(office: Office) -> None:
    view = office.opens(clicks(office, "send_invoice INV-1001"))
    assert office.submits(view) == {}
    assert office.submits(view)["response_action"] == "update"
    assert len(mails(office)) == 1


def test_another_address_is_checked_at_its_field(office: Office) -> None:
    view = office.opens(clicks(office, "send_invoice INV-1001"))
    answer = office.submits(view, to="nobody")
    assert answer == {"response_action": "errors", "errors": {"to": "Not an e-mail address."}}
    assert office.submits(view, to="accounts@bluebird.example") == {}
    assert "accounts@bluebird.example" in str(mails(office))


def test_what_has_changed_since_is_shown_again_before_it_is_sent(office: Office) -> None:
    view = office.opens(clicks(office, "send_invoice INV-1001"))
    change_it(office, total=Money(70_000, "AUD"))
    answer = office.submits(view, message="Thank you!")
    assert answer["response_action"] == "update"
    anew = view | answer["view"]
    assert "has changed since" in words(anew)
    assert "A$700.00" in words(anew)
    assert values_of(anew)["message"] == "Thank you!"
    assert mails(office) == []
    assert office.submits(anew) == {}
    assert len(mails(office)) == 1


def test_an_invoice_that_became_void_is_not_sent(office: Office) -> None:
    view = office.opens(clicks(office, "send_invoice INV-1001"))
    change_it(office, status=InvoiceStatus.VOID)
    answer = office.submits(view)
    assert "void" in str(answer["view"])
    assert mails(office) == []


# A new automation.


MOST_BLOCKS = 100  # in a window, says Slack


def automations(office: Office) -> list[Automation]:
    with office.store.transaction(OFFICE) as tx:
        return tx.automations.list()


def chooses(office: Office, view: Json, field: str, values: Json) -> Json:
    """Choose something in a field that others depend on, and return the form as it is then."""
    drawn = view["hash"]
    assert office.send(office.slack.choosing(view, field, values)) == 200
    until(lambda: office.slack.views[-1]["hash"] != drawn)
    return office.slack.views[-1]


def filled_in(office: Office, **values: Any) -> Json:
    """Open the form of a new automation and choose what decides about fields; return it with all that was asked for."""
    view = office.opens(clicks(office, "create_automation"))
    chosen: Json = {}
    for field in ("ready", "trigger", "only", "do", "second_do", "third_do"):
        if field in values:
            chosen[field] = values[field]
            view = chooses(office, view, field, chosen)
    return view


def makes(office: Office, **values: Any) -> Json:
    """Fill in the form of a new automation and send it off; return what Slack is answered."""
    return office.submits(filled_in(office, **values), **values)


def fields_of(view: Json) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def test_the_form_begins_with_few_fields_and_shows_what_belongs_to_each_choice(office: Office) -> None:
    view = office.opens(clicks(office, "create_automation"))
    assert fields_of(view) == ["ready", "trigger", "only", "do"]
    view = chooses(office, view, "trigger", {"trigger": ["scheduled"]})
    assert fields_of(view) == ["ready", "trigger", "often", "hour", "only", "do"]
    view = chooses(office, view, "trigger", {"trigger": ["invoice_due"]})
    assert fields_of(view) == ["ready", "trigger", "after", "only", "do"]
    view = chooses(office, view, "do", {"do": "assign_task", "after": "-P1D"})
    assert fields_of(view) == ["ready", "trigger", "after", "only", "do", "to", "text", "second_do"]
    view = chooses(office, view, "only", {"only": ["contact", "min_amount"], "to": "@Vic", "text": "Ring them"})
    assert fields_of(view)[3:6] == ["only", "min_amount", "contact"]
    kept = values_of(view)
    assert (kept["after"], kept["do"], kept["to"], kept["text"]) == ("-P1D", "assign_task", "@Vic", "Ring them")
    view = chooses(office, view, "ready", {"ready": "dunning"})
    assert fields_of(view) == ["ready"]


def test_of_two_choices_made_at_once_the_later_drawing_stays(office: Office) -> None:
    view = office.opens(clicks(office, "create_automation"))
    newer = chooses(office, view, "do", {"do": "send_reminder"})
    assert office.send(office.slack.choosing(view, "trigger", {"trigger": ["scheduled"]})) == 200
    until(lambda: len(office.slack.called("views.update")) == 2)
    assert office.slack.views[-1]["hash"] == newer["hash"]


@pytest.mark.parametrize("user", ["U2", "U0GUEST"])
def test_whoever_may_not_make_one_sees_no_more_of_the_form(office: Office, user: str) -> None:
    view = office.opens(clicks(office, "create_automation"))
    assert office.send(office.slack.choosing(view, "do", {"do": "send_reminder"}, user=user)) == 200
    chooses(office, view, "do", {"do": "send_reminder"})
    assert len(office.slack.called("views.update")) == 1


def test_what_was_chosen_too_fast_for_its_fields_to_appear_is_asked_for_once_it_is_sent_off(office: Office) -> None:
    view = office.opens(clicks(office, "create_automation"))
    answer = office.submits(view, trigger=["invoice_sent"], do="post_message")
    assert answer["response_action"] == "update"
    assert "Choose the channel that the message goes to." in words(answer["view"])
    assert "channel" in fields_of(answer["view"])
    assert automations(office) == []


def test_a_form_that_could_not_be_drawn_again_can_still_be_sent_off(office: Office) -> None:
    view = office.opens(clicks(office, "create_automation"))
    office.slack.fail("views.update", Fault(status=500))
    assert office.send(office.slack.choosing(view, "do", {"do": "send_reminder"})) == 200
    until(lambda: office.slack.called("views.update"))
    assert office.submits(view, trigger=["invoice_overdue"], do="send_reminder") == {}


def test_an_automation_is_made_of_when_which_and_what(office: Office) -> None:
    answer = makes(
        office,
        trigger=["invoice_overdue", "payment_failed"],
        only=["kind", "min_amount", "contact"],
        kind="deposit",
        min_amount="1,000",
        contact="CON-1",
        after="P1D",
        do="post_message",
        channel="C1",
        text="Look at this",
    )
    assert answer == {}
    [made] = automations(office)
    assert made.triggers == (Trigger.INVOICE_OVERDUE, Trigger.PAYMENT_FAILED)
    assert (made.where.kind, made.where.min_amount, made.where.contact) == ("deposit", Money(100_000, "AUD"), "CON-1")
    assert made.after == "P1D"
    assert [(step.do, dict(step.arguments)) for step in made.actions] == [
        (ActionKind.POST_MESSAGE, {"channel": "#billing", "text": "Look at this"}),
    ]
    assert not made.active


def test_a_channel_that_we_did_not_know_gets_its_name_from_slack(office: Office) -> None:
    assert makes(office, trigger=["invoice_sent"], do="post_message", channel="C3") == {}
    assert office.slack.called("conversations.info") == [{"channel": "C3"}]
    assert [step.arguments["channel"] for step in automations(office)[0].actions] == ["#ops"]
    assert office.channels()["#ops"] == "C3"


@pytest.mark.parametrize(
    ("do", "field"),
    [("post_message", "channel"), ("move_opportunity", "stage"), ("assign_task", "to"), ("call_webhook", "url")],
)
def test_what_an_action_cannot_do_without_is_asked_for_at_its_field(office: Office, do: str, field: str) -> None:
    assert makes(office, trigger=["invoice_sent"], do=do)["errors"].keys() == {field}


@pytest.mark.parametrize(
    ("values", "done"),
    [
        ({"do": "move_opportunity", "stage": "won"}, {"stage": "won"}),
        ({"do": "email_contact", "text": "Thanks"}, {"text": "Thanks"}),
        ({"do": "create_invoice"}, {"kind": "final"}),
        ({"do": "assign_task", "to": "@Vic"}, {"to": "@Vic"}),
        ({"do": "call_webhook", "url": "https://hooks.shop.example/paid"}, {"url": "https://hooks.shop.example/paid"}),
    ],
)
def test_each_action_has_its_own_fields(office: Office, values: Json, done: Json) -> None:
    assert makes(office, trigger=["payment_succeeded"], **values) == {}
    assert [dict(step.arguments) for step in automations(office)[0].actions] == [done]


def test_a_form_has_room_for_three_steps_each_with_its_own_wait(office: Office) -> None:
    answer = makes(
        office,
        trigger=["payment_succeeded"],
        do="move_opportunity",
        stage="won",
        second_do="create_invoice",
        second_percent="40%",
        second_wait="P1D",
        third_do="post_message",
        third_channel="C1",
        third_text="Hooray",
    )
    assert answer == {}
    assert len(office.slack.views[-1]["blocks"]) <= MOST_BLOCKS
    [made] = automations(office)
    assert [(step.do, dict(step.arguments), step.after) for step in made.actions] == [
        (ActionKind.MOVE_OPPORTUNITY, {"stage": "won"}, None),
        (ActionKind.CREATE_INVOICE, {"kind": "progress", "percent": "40"}, "P1D"),
        (ActionKind.POST_MESSAGE, {"channel": "#billing", "text": "Hooray"}, None),
    ]


def test_a_form_makes_what_runs_at_a_time_and_before_a_day(office: Office) -> None:
    at_nine: Json = {"trigger": ["scheduled"], "often": "FREQ=WEEKLY;BYDAY=MO", "do": "post_message", "channel": "C1"}
    assert makes(office, **at_nine) == {}
    assert makes(office, trigger=["invoice_due"], after="-P3D", do="send_reminder") == {}
    weekly, before = automations(office)
    assert weekly.schedule == "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9"
    assert (before.trigger, before.after) == (Trigger.INVOICE_DUE, "-P3D")


def test_a_form_takes_every_condition(office: Office) -> None:
    answer = makes(
        office,
        trigger=["invoice_overdue"],
        only=["max_amount", "opportunity", "deal_stage", "payment", "days_overdue"],
        max_amount="5,000",
        opportunity="OPP-1",
        deal_stage="won",
        payment="first",
        days_overdue="7",
        do="send_reminder",
    )
    assert answer == {}
    where = automations(office)[0].where
    assert (where.max_amount, where.opportunity, where.stage) == (Money(500_000, "AUD"), "OPP-1", "won")
    assert (where.payment, where.days_overdue) == ("first", 7)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"do": "send_reminder"}, "trigger"),
        ({"trigger": ["invoice_sent"]}, "do"),
        ({"trigger": ["scheduled"], "do": "post_message", "channel": "C1"}, "often"),
        (
            {"trigger": ["invoice_sent"], "do": "send_reminder", "only": ["days_overdue"], "days_overdue": "soon"},
            "days_overdue",
        ),
        ({"trigger": ["invoice_sent"], "do": "send_reminder", "second_do": "post_message"}, "second_channel"),
    ],
)
def test_what_a_form_of_an_automation_lacks_is_said_at_its_field(office: Office, values: Json, field: str) -> None:
    assert makes(office, **values)["errors"].keys() == {field}
    assert automations(office) == []


def test_a_ready_made_one_that_is_chosen_in_the_form_is_shown_before_it_is_switched_on(office: Office) -> None:
    assert makes(office, ready="thank_you") == {}
    assert automations(office) == []
    [post] = office.slack.posts
    assert "Switch on Thank-you?" in str(post)
    assert "Thank you, {client}! Your payment of {amount} for {deal} has arrived." in str(post)


def test_an_amount_in_another_currency_is_no_condition(office: Office) -> None:
    answer = makes(office, trigger=["invoice_sent"], do="send_reminder", only=["min_amount"], min_amount="USD 5")
    assert answer["errors"] == {"min_amount": "Write it in AUD."}


# The settings.


def test_the_settings_show_how_things_are(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.people.set_route(NotificationRoute(OFFICE, "payment_failed", "#billing"))
    view = office.opens(clicks(office, "settings"))
    assert values_of(view)["payment_failed"] == "C1"
    assert values_of(view)["payment_succeeded"] is None
    assert "Ada: admin, Vic: viewer" in str(view["blocks"])
    assert "Stripe" in words(view)


def test_channels_and_a_role_are_set_at_once(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_channel(Channel(OFFICE, "#ops", "C3"))
    view = office.opens(clicks(office, "settings"))
    assert office.submits(view, payment_failed="C3", refund_created="C1", member="@Vic", role="editor") == {}
    with office.store.transaction(OFFICE) as tx:
        routes = {route.event: route.channel for route in tx.people.routes()}
    assert routes == {"payment_failed": "#ops", "refund_created": "#billing"}
    assert office.members()["Vic"] is Role.EDITOR
    [post] = office.slack.posts
    assert "#ops now hears of" in post["text"]
    assert "Vic is an editor now" in post["text"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "payment_succeeded"),
        ({"member": "@Vic"}, "role"),
        ({"role": "editor"}, "member"),
        ({"member": "@Ada", "role": "viewer"}, "role"),
    ],
)
def test_what_cannot_be_set_is_said_at_its_field(office: Office, values: Json, field: str) -> None:
    view = office.opens(clicks(office, "settings"))
    assert office.submits(view, **values)["errors"].keys() == {field}
    assert office.members()["Ada"] is Role.ADMIN
