"""A client's personal data are erased, but for what accounting has to keep, which reads as it did before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from billing.contacts import ERASED, Contact
from billing.conversations import AuditEntry, Turn
from billing.deliveries import DeliveryState
from billing.documenting import document_of
from billing.erasing import Erased, erase
from billing.errors import NotAllowed, StillNeeded, UnknownRecord
from billing.invoices import InvoiceStatus
from billing.parties import Address
from billing.personal import GONE, Traces
from billing.queues import OutboxKind, OutboxMessage
from billing.roles import Role
from billing.settling import settle
from tests.support.studio import NOW, Studio

TESS = Contact("ws", "CON-1", "Tess Blue", NOW, "Bluebird Cafe", "tess@bluebird.example", "+61412345678")


@pytest.mark.parametrize(
    ("text", "exact", "loose"),
    [
        ("Send it to TESS@bluebird.example please", True, True),
        ("the bluebird  cafe pays", True, True),
        ("Tess Blue", True, True),
        ("call 0412 345 678", True, True),
        ("call +61 412-345-678.", True, True),
        ("Tess is late", False, True),
        ("Bluebird Cafeteria, tessellated", False, False),
        ("INV-1001 for A$500.00", False, False),
    ],
)
def test_a_client_is_told_by_name_company_address_and_phone_however_written(
    text: str, *, exact: bool, loose: bool
) -> None:
    traces = Traces.of(TESS)
    assert (traces.name(text, loosely=False), traces.name(text, loosely=True)) == (exact, loose)


def test_an_erased_client_is_told_by_nothing() -> None:
    traces = Traces.of(replace(TESS, name=ERASED))
    assert not traces.name("Erased client, tess@bluebird.example", loosely=True)


def wipe(studio: Studio, number: str = "CON-1", role: Role = Role.ADMIN) -> Erased:
    actor = studio.context(role).actor
    with studio.store.transaction(studio.id) as tx:
        return erase(tx, actor, number, now=studio.now)


def pay(studio: Studio, number: str, minor: int) -> None:
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(number, minor), now=studio.now)


def post_all(studio: Studio, number: str) -> None:
    """Let everything leave that waits, as the worker does."""
    with studio.store.transaction(studio.id) as tx:
        for mail in tx.mails.of_invoice(number):
            tx.mails.save(replace(mail, state=DeliveryState.SENT))
    studio.outbox()


@pytest.fixture
def paid(studio: Studio) -> str:
    """An invoice of Bluebird's that was sent and paid, with talk about it."""
    studio.connect()
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")
    studio.done("send_invoice", invoice="INV-1001", to="tess@bluebird.example")
    pay(studio, "INV-1001", 500_00)
    post_all(studio, "INV-1001")
    with studio.store.transaction(studio.id) as tx:
        tx.talk.add_turn(
            Turn(studio.id, "c1", "t1", "Admin", "did Tess pay?", {"reply": "Bluebird Cafe paid."}, studio.now)
        )
        tx.talk.add_turn(Turn(studio.id, "c1", "t2", "Admin", "and Ned?", {"reply": "Not yet."}, studio.now))
    return "INV-1001"


def test_what_is_kept_says_nothing_of_the_client_beside_what_was_issued(studio: Studio, paid: str) -> None:
    with studio.store.transaction(studio.id) as tx:
        before = document_of(tx, paid)
        traces = Traces.of(tx.contacts.get("CON-1"))
        found = {mention.record for mention in tx.privacy.mentions(traces)}
        assert found >= {
            "turns",
            "mails",
            "audit_entries",
            "outbox",
        }

    done = wipe(studio)

    assert (done.contact, done.kept) == ("CON-1", 1)
    assert done.texts > 3
    with studio.store.transaction(studio.id) as tx:
        contact = tx.contacts.get("CON-1")
        assert (contact.name, contact.company, contact.email, contact.phone) == (ERASED, None, None, None)
        assert tx.portals.of_contact("CON-1") == []
        assert tx.privacy.mentions(traces) == []
        assert document_of(tx, paid) == before
        (payment,) = tx.payments.of_invoice(paid)
        assert payment.payer == "Tess Blue"
        assert [(turn.text, turn.reply["reply"]) for turn in tx.talk.turns("c1", limit=9)[-2:]] == [
            (GONE, GONE),
            ("and Ned?", "Not yet."),
        ]
        sent = next(one for one in tx.talk.audit_entries(limit=99) if one.skill == "send_invoice")
        assert sent.arguments == {"invoice": paid, "to": GONE}
    for wanted in ("tess", "Bluebird", "tess@bluebird.example"):
        assert studio.done("find_contacts", query=wanted).result == {"contacts": []}


def test_erasing_again_does_nothing_more(studio: Studio, paid: str) -> None:
    wipe(studio)
    again = wipe(studio)
    assert (again.texts, again.kept) == (0, 1)


def test_nobody_but_an_admin_erases_and_only_who_is_there(studio: Studio) -> None:
    for role in (Role.VIEWER, Role.EDITOR):
        with pytest.raises(NotAllowed):
            wipe(studio, role=role)
    with pytest.raises(UnknownRecord):
        wipe(studio, "CON-9")


def test_what_is_owed_or_runs_or_is_on_its_way_has_to_end_first(studio: Studio) -> None:
    studio.connect()
    studio.done("create_invoice", opportunity="OPP-1", amount="500")
    with pytest.raises(StillNeeded, match="INV-1001, unpaid or not sent"):
        wipe(studio)
    studio.done("send_invoice", invoice="INV-1001")
    studio.run("void_invoice", invoice="INV-1001")
    with pytest.raises(StillNeeded, match="A mail about INV-1001"):
        wipe(studio)
    post_all(studio, "INV-1001")
    said = OutboxMessage(studio.id, "k", OutboxKind.SAY, "l", {"channel": "#x", "text": "Tess Blue paid"}, studio.now)
    with studio.store.transaction(studio.id) as tx:
        tx.send(said)
    with pytest.raises(StillNeeded, match="A message that names CON-1"):
        wipe(studio)
    studio.outbox()
    assert wipe(studio).kept == 1


def test_a_draft_that_was_made_void_is_no_document_and_its_deal_loses_the_clients_name(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        deal = tx.opportunities.get("OPP-2")
        tx.opportunities.save(replace(deal, name="Portrait of Ned Ash"))
    studio.done("create_invoice", opportunity="OPP-2", amount="500")
    studio.done("void_invoice", invoice="INV-1001")

    assert wipe(studio, "CON-2").kept == 0

    assert studio.opportunity("OPP-2").name == "Erased deal"
    assert studio.opportunity("OPP-1").name == "Bluebird shop sign"


def test_a_document_that_the_client_pays_for_somebody_else_keeps_its_payer(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.contacts.save(replace(tx.contacts.get("CON-3"), payer="CON-1"))
    studio.done("create_invoice", opportunity="OPP-3", amount="500")
    with studio.store.transaction(studio.id) as tx:
        draft = tx.invoices.get("INV-1001")
        tx.invoices.save(replace(draft, status=InvoiceStatus.SENT, sent_at=studio.now))
        before = document_of(tx, "INV-1001")

    wipe(studio)

    with studio.store.transaction(studio.id) as tx:
        assert before.payer is not None
        assert document_of(tx, "INV-1001") == before


def test_a_draft_for_somebody_else_is_paid_by_that_client_from_then_on(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.contacts.save(replace(tx.contacts.get("CON-3"), payer="CON-1"))
    studio.done("create_invoice", opportunity="OPP-3", amount="500")
    wipe(studio)
    with studio.store.transaction(studio.id) as tx:
        assert tx.invoices.get("INV-1001").letterhead is None
        assert document_of(tx, "INV-1001").payer is None


def test_a_running_subscription_has_to_be_cancelled_first(studio: Studio, paid: str) -> None:
    from tests.support.books import a_subscription

    with studio.store.transaction(studio.id) as tx:
        tx.subscriptions.put(a_subscription(workspace_id=studio.id, invoice=paid))
    with pytest.raises(StillNeeded, match="subscription of INV-1001"):
        wipe(studio)


def test_street_and_tax_number_are_traces_as_well() -> None:
    placed: Any = replace(TESS, phone="12", address=Address(("4 Tin Lane",)), tax_number="51 824 753 556")
    traces = Traces.of(placed)
    assert traces.name("lives at 4 tin lane", loosely=False)
    assert traces.name("ABN 51 824 753 556", loosely=False)
    assert not traces.name("12", loosely=False)


def test_who_erased_whom_is_noted(studio: Studio, paid: str) -> None:
    wipe(studio)
    with studio.store.transaction(studio.id) as tx:
        entry: AuditEntry = tx.talk.audit_entries(limit=1)[0]
    assert (entry.skill, entry.member, entry.arguments) == ("erase_contact", "Admin", {"contact": "CON-1"})
