"""The history of mails: what is certain stays, and how each end is put into words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from billing.deliveries import Delivery, DeliveryState, MailElsewhere
from billing.delivering import end, hand_over, put_back, reopen, told
from billing.ports import Transaction
from billing.sending import greeted, recipients
from skills.letters import delivery_rows
from tests.support.books import a_delivery
from tests.support.mails import FORMATS
from tests.support.records import NOW
from tests.support.studio import Studio


@pytest.fixture
def tx(studio: Studio) -> Iterator[Transaction]:
    studio.done("create_invoice", opportunity="OPP-1", amount="500")
    with studio.store.transaction(studio.id) as opened:
        opened.mails.add(a_delivery(workspace_id=studio.id))
        yield opened


def state(tx: Transaction) -> DeliveryState:
    return tx.mails.get("mail:1").state


def test_a_mail_is_handed_over_by_one_process_only(tx: Transaction) -> None:
    hand_over(tx, "mail:1", now=NOW)
    with pytest.raises(MailElsewhere):
        hand_over(tx, "mail:1", now=NOW)
    assert state(tx) is DeliveryState.HANDED_OVER


def test_only_who_handed_it_over_puts_it_back(tx: Transaction) -> None:
    hand_over(tx, "mail:1", now=NOW)
    put_back(tx, "mail:1", reason="Busy", handed_over=False, now=NOW)
    assert state(tx) is DeliveryState.HANDED_OVER
    put_back(tx, "mail:1", reason="Busy", handed_over=True, now=NOW)
    assert (state(tx), tx.mails.get("mail:1").reason) == (DeliveryState.WAITING, "Busy")


def test_a_guess_never_replaces_what_is_certain_and_the_truth_replaces_a_guess(tx: Transaction) -> None:
    hand_over(tx, "mail:1", now=NOW)
    end(tx, "mail:1", DeliveryState.UNCERTAIN, now=NOW, reason="?")
    end(tx, "mail:1", DeliveryState.SENT, now=NOW, message_id="<1>")
    end(tx, "mail:1", DeliveryState.UNCERTAIN, now=NOW, reason="?")
    assert (state(tx), tx.mails.get("mail:1").message_id) == (DeliveryState.SENT, "<1>")
    put_back(tx, "mail:1", reason="Busy", handed_over=True, now=NOW)
    assert state(tx) is DeliveryState.SENT


@pytest.mark.parametrize(
    ("how", "then"),
    [
        (DeliveryState.REFUSED, DeliveryState.WAITING),
        (DeliveryState.SENT, DeliveryState.SENT),
        (DeliveryState.UNCERTAIN, DeliveryState.UNCERTAIN),
    ],
)
def test_only_a_mail_that_was_given_up_can_be_sent_after_all(
    tx: Transaction, how: DeliveryState, then: DeliveryState
) -> None:
    end(tx, "mail:1", how, now=NOW, reason="Given up.")
    reopen(tx, "mail:1", now=NOW)
    assert state(tx) is then


def ended(how: DeliveryState, **changes: object) -> Delivery:
    return replace(a_delivery(state=how, reason="Because.", cc=("copy@quist.example",)), **changes)  # type: ignore[arg-type] # fields by their names


@pytest.mark.parametrize(
    ("mail", "said", "shown"),
    [
        (ended(DeliveryState.REFUSED), "could not be e-mailed to nora@quist.example and copy@quist.example", "refused"),
        (ended(DeliveryState.UNCERTAIN), "I cannot tell whether", "not certain"),
        (ended(DeliveryState.DROPPED, leaves_at=NOW), "was to leave on 11 March", "not sent"),
        (ended(DeliveryState.DROPPED), "that was to leave for nora@quist.example", "not sent"),
        (ended(DeliveryState.SENT), "was e-mailed to", "sent 11 March"),
        (ended(DeliveryState.WAITING), "", "will be tried again"),
        (ended(DeliveryState.WAITING, reason=""), "", "on its way"),
        (ended(DeliveryState.WAITING, leaves_at=NOW), "", "goes out on 11 March"),
    ],
)
def test_each_end_is_told_and_shown_in_plain_words(mail: Delivery, said: str, shown: str) -> None:
    assert said in told(mail, FORMATS)
    (row,) = delivery_rows([mail], FORMATS)
    assert shown in row.value
    assert "copy to copy@quist.example" in row.detail


def test_who_is_greeted_depends_on_whose_the_address_is(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", amount="500")
    with studio.store.transaction(studio.id) as tx:
        invoice = tx.invoices.get("INV-1001")
        assert greeted(tx, invoice, ("tess@bluebird.example",)) == "Tess"
        assert greeted(tx, invoice, ("books@elsewhere.example",)) == "Bluebird Cafe"
        assert greeted(tx, replace(invoice, contact=None), ("books@elsewhere.example",)) == ""
        tx.contacts.save(replace(tx.contacts.get("CON-1"), payer="CON-3", email=None))
        assert greeted(tx, invoice, ("ida@elm.example",)) == "Ida"
        who = recipients(tx, invoice)
        assert (who.to, who.cc, str(who)) == (("ida@elm.example",), (), "ida@elm.example")
        tx.contacts.save(replace(tx.contacts.get("CON-1"), cc=("a@b.example",)))
        assert str(recipients(tx, invoice)) == "ida@elm.example (copy to a@b.example)"
        # A payer without an address leaves it to the client.
        tx.contacts.save(replace(tx.contacts.get("CON-1"), payer="CON-2", email="tess@bluebird.example", cc=()))
        assert recipients(tx, invoice).to == ("tess@bluebird.example",)
