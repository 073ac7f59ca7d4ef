"""App Home shows how the business stands to each by their role, and it and the cards are drawn again on a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from billing.answering import declined
from billing.automations import Action, ActionKind, Conditions, Trigger
from billing.conversations import ProposalState
from billing.events import DomainEvent
from billing.invoices import InvoiceStatus
from billing.money import Money
from billing.reacting import publish
from billing.roles import Role
from billing.workspaces import Member
from bot.assistant.reply import Reply
from bot.assistant.requests import Request
from skills.cards import Button, Card
from tests.support.books import a_contact, an_automation
from tests.support.records import an_invoice, an_opportunity
from tests.support.slack import Fault
from tests.support.slack_office import OFFICE, Office

Json = dict[str, Any]
MOST_BLOCKS = 100  # in a home or a window, says Slack


@pytest.fixture(autouse=True)
def books(office: Office) -> None:
    """Two invoices: one overdue, one paid this month."""
    with office.store.transaction(OFFICE) as tx:
        tx.contacts.add(a_contact(workspace_id=OFFICE))
        tx.opportunities.add(an_opportunity(workspace_id=OFFICE))
        tx.invoices.add(
            an_invoice(
                workspace_id=OFFICE,
                number="INV-1001",
                status=InvoiceStatus.SENT,
                total=Money(50_000, "AUD"),
                due_on=date(2026, 3, 1),
                token="t1",
            ),
        )


def open_home(office: Office, user: str = "U1") -> Json:
    office.hear(office.slack.event({"type": "app_home_opened", "user": user, "channel": "D1", "tab": "home"}))
    return office.slack.homes[user]


def words(view: Json) -> str:
    """Return all that is read in a view."""
    found: list[str] = []

    def look(part: object) -> None:
        if isinstance(part, dict):
            found.extend(str(part["text"]) for _ in [0] if isinstance(part.get("text"), str))
            for value in part.values():
                look(value)
        elif isinstance(part, list):
            for value in part:
                look(value)

    look(view["blocks"])
    return "\n".join(found)


def pay(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        invoice = tx.invoices.get("INV-1001")
        tx.invoices.save(an_invoice(**{**_fields(invoice), "status": InvoiceStatus.PAID, "paid": invoice.total}))
        publish(tx, DomainEvent(OFFICE, Trigger.PAYMENT_SUCCEEDED, "paid:1", office.clock(), "INV-1001"))
    office.worker.drain()


def _fields(invoice: Any) -> Json:
    return {name: getattr(invoice, name) for name in invoice.__dataclass_fields__}


def test_home_says_what_is_owed_and_late(office: Office) -> None:
    shown = words(open_home(office))
    assert "Lantern Office · 1 overdue" in shown
    assert "*Outstanding*\nA$500.00\n*Overdue*\nA$500.00\n*Collected this month*\nnothing" in shown
    assert "Ada · admin" in shown


def test_without_stripe_the_first_thing_to_do_is_connecting_it_which_only_an_admin_is_offered(office: Office) -> None:
    for_admin, for_viewer = words(open_home(office)), words(open_home(office, "U2"))
    assert for_admin.index("Stripe") < for_admin.index("Outstanding")
    assert "Connect Stripe" in for_admin
    assert "Connect Stripe" not in for_viewer
    assert "Remind everyone overdue" in for_admin
    assert "Remind everyone overdue" not in for_viewer
    assert "Unpaid invoices" in for_viewer
    first = ("New invoice", "Remind everyone overdue", "Unpaid invoices", "Settings")
    assert sorted(first, key=for_admin.index) == list(first)


def test_guests_see_no_figures(office: Office) -> None:
    shown = words(open_home(office, "U0GUEST"))
    assert "guests" in shown
    assert "500" not in shown


def test_a_home_that_is_open_changes_when_money_comes_in(office: Office) -> None:
    open_home(office)
    pay(office)
    shown = words(office.slack.homes["U1"])
    assert "*Outstanding*\nnothing" in shown


def test_a_home_that_nobody_opened_is_not_drawn(office: Office) -> None:
    pay(office)
    assert office.slack.homes == {}


def test_a_button_of_home_is_answered_by_direct_message(office: Office) -> None:
    open_home(office)
    click = office.slack.click("evie_say_0", "show unpaid invoices", {"channel": "U1", "message_ts": "0"})
    click["container"] = {"type": "view", "view_id": "V1"}
    del click["channel"]
    office.hear(click)
    assert [(post["channel"], post["text"]) for post in office.slack.posts] == [
        ("D1", "You said: show unpaid invoices"),
    ]


def _shows_the_invoice(office: Office) -> None:
    card = Card("Invoice INV-1001", "INV-1001 for Tess Blue: A$500.00, overdue", about="INV-1001")
    office.answers.script["show it"] = lambda request: _reply(request, card)


def _reply(request: Request, card: Card) -> Reply:
    return Reply(request.conversation, "Here it is.", cards=(card,))


def test_a_card_is_updated_where_it_stands_when_its_invoice_is_paid(office: Office) -> None:
    _shows_the_invoice(office)
    office.hear(office.slack.message("show it"))
    pay(office)
    [post] = office.slack.posts
    [update] = office.slack.updates
    assert (update["channel"], update["ts"]) == (post["channel"], post["ts"])
    assert "paid" in words(update)


def test_a_card_that_has_not_changed_is_not_touched_again(office: Office) -> None:
    _shows_the_invoice(office)
    office.hear(office.slack.message("show it"))
    pay(office)
    with office.store.transaction(OFFICE) as tx:
        publish(tx, DomainEvent(OFFICE, Trigger.PAYMENT_SUCCEEDED, "paid:2", office.clock(), "INV-1001"))
    office.worker.drain()
    assert len(office.slack.updates) == 1


def test_a_card_that_was_drawn_again_says_when(office: Office) -> None:
    _shows_the_invoice(office)
    office.hear(office.slack.message("show it"))
    pay(office)
    assert "Updated 11 March" in words(office.slack.updates[0])


def test_somebody_who_is_not_in_slack_has_no_home_to_draw(office: Office) -> None:
    with office.store.transaction(OFFICE) as tx:
        tx.people.save_member(Member(OFFICE, "Kit", Role.EDITOR))
    _shows_the_invoice(office)
    office.hear(office.slack.message("show it"))
    pay(office)
    assert office.slack.called("views.publish") == []


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ProposalState.DONE, "Confirmed by Ada, 11 March"),
        (ProposalState.DROPPED, "nothing of it was done"),
        (ProposalState.PENDING, ""),
    ],
)
def test_what_was_decided_is_not_offered_again_where_a_card_beside_it_is_drawn_again(
    office: Office, state: ProposalState, said: str
) -> None:
    asked = Card("Send it?", "Send it?", buttons=(Button("Send", confirm="prop_1"), Button("Cancel", drop="prop_1")))
    card = Card("Invoice INV-1001", "INV-1001", about="INV-1001")
    office.answers.script["show it"] = lambda request: Reply(request.conversation, "Here.", cards=(card, asked))
    office.hear(office.slack.message("show it"))
    office.propose("slack:T0STUDIO:D1:1")
    with office.store.transaction(OFFICE) as tx:
        proposal = tx.talk.proposal("prop_1")
        assert proposal is not None
        confirmed_at = office.clock() if state is ProposalState.DONE else None
        tx.talk.save_proposal(replace(proposal, state=state, confirmed_by="Ada", confirmed_at=confirmed_at))
    pay(office)
    shown = words(office.slack.updates[0])
    assert said in shown
    assert ("Send\n" in shown) == (state is ProposalState.PENDING)


def test_what_can_be_decided_no_more_says_since_when(office: Office) -> None:
    asked = Card("Send it?", "Send it?", buttons=(Button("Send", confirm="prop_1"),))
    card = Card("Invoice INV-1001", "INV-1001", about="INV-1001")
    office.answers.script["show it"] = lambda request: Reply(request.conversation, "Here.", cards=(card, asked))
    office.hear(office.slack.message("show it"))
    office.propose("slack:T0STUDIO:D1:1")
    office.clock.now += timedelta(hours=2)
    pay(office)
    assert "Expired 11 March" in words(office.slack.updates[0])


@pytest.mark.parametrize("reason", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_a_card_that_cannot_be_edited_any_more_stays_and_holds_nothing_up(office: Office, reason: str) -> None:
    _shows_the_invoice(office)
    office.hear(office.slack.message("show it"))
    office.slack.fail("chat.update", Fault(reason))
    pay(office)
    assert [row["state"] for row in office.rows("outbox")] == ["done"] * len(office.rows("outbox"))


def test_while_slack_is_away_the_drawing_waits(office: Office) -> None:
    open_home(office)
    office.slack.fail("views.publish", Fault(status=500))
    pay(office)
    assert [row["state"] for row in office.rows("outbox")] == ["waiting"]


def test_home_shows_what_automations_did_and_is_drawn_again_when_a_question_is_decided(office: Office) -> None:
    thank = Action(ActionKind.EMAIL_CONTACT, {"text": "Thank you"})
    with office.store.transaction(OFFICE) as tx:
        tx.automations.add(an_automation(workspace_id=OFFICE, actions=(thank,), after=None, where=Conditions()))
    before = words(open_home(office))
    assert "Automations lately" not in before
    pay(office)
    shown = office.slack.homes["U1"]
    assert "Automations lately" in words(shown)
    assert "waits for a yes" in words(shown)
    assert "E-mail Nora Quist?" in words(shown)
    assert len(shown["blocks"]) <= MOST_BLOCKS
    assert "Yes, do it" in words(shown)
    assert "Yes, do it" not in words(open_home(office, "U2"))
    with office.store.transaction(OFFICE) as tx:
        declined(tx, tx.talk.undecided()[0], "Ada", now=office.clock())
    office.worker.drain()
    assert "waits for a yes" not in words(office.slack.homes["U1"])
    assert "Ada said no" in words(office.slack.homes["U1"])
