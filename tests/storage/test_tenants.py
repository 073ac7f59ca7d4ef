"""One workspace neither sees nor touches what is another's, though both use the same numbers and keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from billing.automations import Trigger
from billing.business import Business
from billing.news import DealRoute, NewsSettings
from billing.pages import Page, PageTicket
from billing.parties import Logo
from billing.payment_log import LogFilter
from billing.portals import digest
from billing.ports import Transaction
from billing.reminders import ChargedFee, ReminderSchedule, ReminderStep, StepOutcome
from billing.roles import Role
from billing.screens import Screen
from billing.webhooks import WebhookEndpoint
from billing.workspaces import Channel, Member, NotificationRoute, SlackInstallation
from storage import SqlStore
from storage.mapping import ForeignRecord
from tests.support.books import (
    a_connect_request,
    a_connection,
    a_contact,
    a_conversation,
    a_credit_note,
    a_delivery,
    a_hand_over,
    a_message,
    a_payment,
    a_portal_link,
    a_proposal,
    a_run,
    a_step,
    a_subscription,
    a_turn,
    a_workspace,
    add_books,
    add_workspace,
    an_audit_entry,
    an_automation,
    an_evaluation,
)
from tests.support.records import NOW, TODAY, a_link, an_invoice, an_opportunity, aud

OURS, THEIRS = "ws_ours", "ws_theirs"


def _fill(tx: Transaction) -> None:
    ours = {"workspace_id": tx.workspace_id}
    tx.links.add(a_link(**ours))
    tx.payments.add(a_payment(**ours))
    tx.tickets.add(PageTicket(tx.workspace_id, tx.workspace_id, "Ada", Page.PAYMENTS, NOW))
    tx.subscriptions.put(a_subscription(**ours))
    tx.automations.add(an_automation(**ours, request_key="r"))
    tx.automations.add_runs([a_run(**ours)])
    tx.automations.add_steps([a_step(**ours)])
    tx.automations.add_evaluations([an_evaluation(**ours)])
    tx.webhooks.put(WebhookEndpoint(tx.workspace_id, "https://hooks.shop.example/", "sealed", NOW))
    tx.credit_notes.add(a_credit_note(**ours))
    tx.business.save(Business(tx.workspace_id, legal_name=f"{tx.workspace_id} Ltd"))
    tx.business.save_logo(Logo("image/png", b"png"))
    tx.business.reach_number("RE-{n}", 7)
    tx.people.save_member(Member(tx.workspace_id, "Ada", Role.ADMIN, "U1"))
    tx.people.save_channel(Channel(tx.workspace_id, "#billing"))
    tx.people.set_route(NotificationRoute(tx.workspace_id, "payment_failed", "#billing"))
    tx.connections.add(a_connection(**ours, stripe_account_id=f"acct_{tx.workspace_id}"))
    tx.connections.add_request(a_connect_request(**ours, token_hash=tx.workspace_id))
    tx.portals.add(a_portal_link(**ours, token_hash=digest(tx.workspace_id)))
    tx.mails.add(a_delivery(**ours))
    tx.news.save_settings(NewsSettings(tx.workspace_id, people="#help"))
    tx.news.set_deal_route(DealRoute(tx.workspace_id, "OPP-1", "#deal"))
    tx.hand_overs.add(a_hand_over(**ours))
    tx.screens.put(Screen(tx.workspace_id, "C1:1.1", "INV-1001", NOW))
    tx.installations.save(SlackInstallation(tx.workspace_id, "T1", "sealed", "UEVIE", "", "U1", NOW))
    tx.reminders.save_schedule(ReminderSchedule(tx.workspace_id, active=True, since=NOW, set_by="Ada", set_at=NOW))
    tx.reminders.add_step(ReminderStep(tx.workspace_id, "INV-1001", TODAY, 3, StepOutcome.QUEUED, NOW))
    tx.reminders.add_fee(ChargedFee(tx.workspace_id, "INV-1001", 0, aud(10_00), TODAY))
    tx.talk.save_conversation(a_conversation(**ours))
    tx.talk.add_turn(a_turn(**ours))
    tx.talk.save_proposal(a_proposal(**ours))
    tx.talk.save_proposal(a_proposal(**ours, id="prop_2", conversation="c2", confirmed_by="Ada", confirmed_at=NOW))
    tx.talk.audit(an_audit_entry(**ours))
    tx.send(a_message(**ours))


READS: dict[str, Callable[[Transaction], object]] = {
    "reminders.schedule": lambda tx: tx.reminders.schedule(),
    "reminders.latest_steps": lambda tx: tx.reminders.latest_steps(limit=9),
    "reminders.fees": lambda tx: tx.reminders.fees("INV-1001"),
    "reports.collected": lambda tx: tx.reports.collected(),
    "contacts.find": lambda tx: tx.contacts.find("CON-1"),
    "contacts.list": lambda tx: tx.contacts.list(),
    "opportunities.find": lambda tx: tx.opportunities.find("OPP-1"),
    "opportunities.list": lambda tx: tx.opportunities.list(contact="CON-1"),
    "invoices.find": lambda tx: tx.invoices.find("INV-1001"),
    "invoices.list": lambda tx: tx.invoices.list(),
    "automations.by_request": lambda tx: tx.automations.by_request("r"),
    "automations.list": lambda tx: tx.automations.list(),
    "automations.runs": lambda tx: tx.automations.runs(),
    "automations.listening": lambda tx: tx.automations.listening(Trigger.PAYMENT_SUCCEEDED),
    "automations.recent": lambda tx: tx.automations.recent(["AUT-1"], "INV-1001", since=NOW, back_to=NOW),
    "automations.steps": lambda tx: tx.automations.steps(a_run().key),
    "automations.step": lambda tx: tx.automations.step(a_run().key, 0),
    "automations.asking": lambda tx: tx.automations.asking(),
    "automations.evaluations": lambda tx: tx.automations.evaluations(),
    "names.version": lambda tx: tx.names.version(),
    "names.changes": lambda tx: tx.names.changes(0, 1),
    "names.contacts": lambda tx: tx.names.contacts(),
    "names.opportunities": lambda tx: tx.names.opportunities(["OPP-1"]),
    "names.invoices": lambda tx: tx.names.invoices(),
    "webhooks.find": lambda tx: tx.webhooks.find("https://hooks.shop.example/"),
    "webhooks.list": lambda tx: tx.webhooks.list(),
    "links.active": lambda tx: tx.links.active("INV-1001"),
    "links.all_active": lambda tx: tx.links.all_active(),
    "links.of_invoice": lambda tx: tx.links.of_invoice("INV-1001"),
    "payments.by_object": lambda tx: tx.payments.by_object("acct_1", "pi_1"),
    "payments.list": lambda tx: tx.payments.list(),
    "payments.of_invoice": lambda tx: tx.payments.of_invoice("INV-1001"),
    "payments.page": lambda tx: tx.payments.page(LogFilter(), limit=10),
    "payments.sums": lambda tx: tx.payments.sums(LogFilter()),
    "tickets.get": lambda tx: tx.tickets.get(THEIRS),
    "subscriptions.find": lambda tx: tx.subscriptions.find("acct_1", "sub_1"),
    "subscriptions.list": lambda tx: tx.subscriptions.list(),
    "credit_notes.list": lambda tx: tx.credit_notes.list(),
    "business.get": lambda tx: tx.business.get().legal_name,
    "business.logo": lambda tx: tx.business.logo(),
    "business.last_number": lambda tx: tx.business.last_number("RE-{n}"),
    "people.members": lambda tx: tx.people.members(),
    "people.channels": lambda tx: tx.people.channels(),
    "people.routes": lambda tx: tx.people.routes(),
    "connections.active": lambda tx: tx.connections.active(),
    "connections.request": lambda tx: tx.connections.request(THEIRS),
    "installations.current": lambda tx: tx.installations.current(),
    "portals.of_contact": lambda tx: tx.portals.of_contact("CON-1"),
    "mails.of_invoice": lambda tx: tx.mails.of_invoice("INV-1001"),
    "news.settings": lambda tx: tx.news.settings().people,
    "news.deal_route": lambda tx: tx.news.deal_route("OPP-1"),
    "news.deal_routes": lambda tx: tx.news.deal_routes(),
    "hand_overs.list": lambda tx: tx.hand_overs.list(member="Ada"),
    "screens.about": lambda tx: tx.screens.about("INV-1001", since=NOW),
    "talk.conversation": lambda tx: tx.talk.conversation("c1"),
    "talk.turn": lambda tx: tx.talk.turn("k1"),
    "talk.turns": lambda tx: tx.talk.turns("c1", limit=9),
    "talk.proposal": lambda tx: tx.talk.proposal("prop_1"),
    "talk.pending": lambda tx: tx.talk.pending("c1", "Ada"),
    "talk.audit_entries": lambda tx: tx.talk.audit_entries(limit=9),
    "talk.confirmed": lambda tx: tx.talk.confirmed(["prop_2"]),
}

WRITES: dict[str, Callable[[Transaction], object]] = {
    "contacts.add": lambda tx: tx.contacts.add(a_contact(workspace_id=THEIRS, number="CON-2")),
    "contacts.save": lambda tx: tx.contacts.save(a_contact(workspace_id=THEIRS, name="Mallory")),
    "opportunities.save": lambda tx: tx.opportunities.save(an_opportunity(workspace_id=THEIRS)),
    "invoices.save": lambda tx: tx.invoices.save(an_invoice(workspace_id=THEIRS)),
    "automations.save": lambda tx: tx.automations.save(an_automation(workspace_id=THEIRS)),
    "automations.add_runs": lambda tx: tx.automations.add_runs([a_run(workspace_id=THEIRS, key="x")]),
    "automations.add_steps": lambda tx: tx.automations.add_steps([a_step(workspace_id=THEIRS, position=9)]),
    "automations.save_step": lambda tx: tx.automations.save_step(a_step(workspace_id=THEIRS)),
    "automations.add_evaluations": lambda tx: tx.automations.add_evaluations([an_evaluation(workspace_id=THEIRS)]),
    "webhooks.put": lambda tx: tx.webhooks.put(WebhookEndpoint(THEIRS, "https://hooks.shop.example/", "s", NOW)),
    "links.save": lambda tx: tx.links.save(a_link(workspace_id=THEIRS)),
    "payments.save": lambda tx: tx.payments.save(a_payment(workspace_id=THEIRS)),
    "tickets.add": lambda tx: tx.tickets.add(PageTicket(THEIRS, "t2", "Ada", Page.PAYMENTS, NOW)),
    "tickets.save": lambda tx: tx.tickets.save(PageTicket(THEIRS, THEIRS, "Ada", Page.PAYMENTS, NOW)),
    "subscriptions.put": lambda tx: tx.subscriptions.put(a_subscription(workspace_id=THEIRS)),
    "credit_notes.save": lambda tx: tx.credit_notes.save(a_credit_note(workspace_id=THEIRS)),
    "business.save": lambda tx: tx.business.save(Business(THEIRS)),
    "people.save_workspace": lambda tx: tx.people.save_workspace(a_workspace(id=THEIRS)),
    "people.save_member": lambda tx: tx.people.save_member(Member(THEIRS, "Mallory", Role.ADMIN)),
    "people.save_channel": lambda tx: tx.people.save_channel(Channel(THEIRS, "#mine")),
    "people.set_route": lambda tx: tx.people.set_route(NotificationRoute(THEIRS, "payment_failed", "#mine")),
    "news.save_settings": lambda tx: tx.news.save_settings(NewsSettings(THEIRS)),
    "news.set_deal_route": lambda tx: tx.news.set_deal_route(DealRoute(THEIRS, "OPP-1", "#mine")),
    "hand_overs.add": lambda tx: tx.hand_overs.add(a_hand_over(workspace_id=THEIRS)),
    "connections.add": lambda tx: tx.connections.add(a_connection(workspace_id=THEIRS)),
    "connections.add_request": lambda tx: tx.connections.add_request(a_connect_request(workspace_id=THEIRS)),
    "portals.save": lambda tx: tx.portals.save(a_portal_link(workspace_id=THEIRS)),
    "portals.add": lambda tx: tx.portals.add(a_portal_link(workspace_id=THEIRS)),
    "mails.save": lambda tx: tx.mails.save(a_delivery(workspace_id=THEIRS)),
    "talk.save_conversation": lambda tx: tx.talk.save_conversation(a_conversation(workspace_id=THEIRS)),
    "talk.add_turn": lambda tx: tx.talk.add_turn(a_turn(workspace_id=THEIRS, key="x")),
    "talk.save_proposal": lambda tx: tx.talk.save_proposal(a_proposal(workspace_id=THEIRS)),
    "talk.audit": lambda tx: tx.talk.audit(an_audit_entry(workspace_id=THEIRS)),
    "send": lambda tx: tx.send(a_message("x", workspace_id=THEIRS)),
}


def test_no_repository_shows_what_is_anothers(any_store: SqlStore) -> None:
    add_books(any_store, THEIRS)
    add_workspace(any_store, OURS)
    with any_store.transaction(THEIRS) as tx:
        _fill(tx)
        assert [name for name, read in READS.items() if not read(tx)] == []

    with any_store.transaction(OURS) as tx:
        assert {name: shown for name, read in READS.items() if (shown := read(tx))} == {}
        assert not tx.connections.end(f"acct_{THEIRS}", NOW)
    assert any_store.delivered(OURS, after=0, kinds=["say"]) == []


def test_two_workspaces_use_the_same_numbers_and_keys_side_by_side(any_store: SqlStore) -> None:
    for workspace in (OURS, THEIRS):
        add_books(any_store, workspace)
        with any_store.transaction(workspace) as tx:
            _fill(tx)
            assert tx.invoices.next_number() == "INV-1002"

    with any_store.transaction(OURS) as tx:
        assert [invoice.workspace_id for invoice in tx.invoices.list()] == [OURS]
        assert tx.talk.turns("c1", limit=9) == [a_turn(workspace_id=OURS)]


SAVES: dict[str, Callable[[Transaction], object]] = {
    "contacts": lambda tx: tx.contacts.save(a_contact(workspace_id=OURS, name="Changed")),
    "opportunities": lambda tx: tx.opportunities.save(an_opportunity(workspace_id=OURS, name="Changed")),
    "invoices": lambda tx: tx.invoices.save(an_invoice(workspace_id=OURS, token="new", description="Changed")),
    "automations": lambda tx: tx.automations.save(an_automation(workspace_id=OURS, name="Changed")),
    "steps": lambda tx: tx.automations.save_step(a_step(workspace_id=OURS, outcome="changed")),
    "links": lambda tx: tx.links.save(a_link(workspace_id=OURS, active=False)),
    "payments": lambda tx: tx.payments.save(a_payment(workspace_id=OURS, payer="Changed")),
    "subscriptions": lambda tx: tx.subscriptions.put(a_subscription(workspace_id=OURS, cancel_at_period_end=True)),
    "members": lambda tx: tx.people.save_member(Member(OURS, "Ada", Role.VIEWER)),
    "channels": lambda tx: tx.people.save_channel(Channel(OURS, "#billing", "C9")),
    "routes": lambda tx: tx.people.set_route(NotificationRoute(OURS, "payment_failed", "#ops")),
    "news": lambda tx: tx.news.save_settings(NewsSettings(OURS, people="@Sam")),
    "deal_routes": lambda tx: tx.news.set_deal_route(DealRoute(OURS, "OPP-1", "#other")),
    "dropped_routes": lambda tx: tx.news.drop_deal_route("OPP-1"),
    "connections": lambda tx: tx.connections.end(f"acct_{OURS}", NOW),
    "conversations": lambda tx: tx.talk.save_conversation(a_conversation(workspace_id=OURS, state={})),
    "proposals": lambda tx: tx.talk.save_proposal(a_proposal(workspace_id=OURS, calls=())),
    "audit": lambda tx: tx.talk.audit(an_audit_entry(workspace_id=OURS, status="failed")),
}


@pytest.mark.parametrize("name", SAVES)
def test_saving_ours_leaves_theirs_as_it_was(any_store: SqlStore, name: str) -> None:
    for workspace in (OURS, THEIRS):
        add_books(any_store, workspace)
        with any_store.transaction(workspace) as tx:
            _fill(tx)
    with any_store.transaction(THEIRS) as tx:
        before = {read: show(tx) for read, show in READS.items()}
    with any_store.transaction(OURS) as tx:
        shown = {read: show(tx) for read, show in READS.items()}
        SAVES[name](tx)
        assert {read: show(tx) for read, show in READS.items()} != shown

    with any_store.transaction(THEIRS) as tx:
        assert {read: show(tx) for read, show in READS.items()} == before


@pytest.mark.parametrize("name", WRITES)
def test_no_repository_writes_a_record_of_another(any_store: SqlStore, name: str) -> None:
    add_books(any_store, THEIRS)
    add_workspace(any_store, OURS)
    with any_store.transaction(OURS) as tx, pytest.raises(ForeignRecord):
        WRITES[name](tx)


def test_a_record_cannot_refer_to_one_of_another_workspace(any_store: SqlStore) -> None:
    add_books(any_store, THEIRS)
    add_workspace(any_store, OURS)
    with pytest.raises(Exception, match=r"(?i)foreign key"), any_store.transaction(OURS) as tx:
        tx.links.add(a_link(workspace_id=OURS))
