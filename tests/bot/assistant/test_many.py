"""Several calls that are alike, on one card: what one record forbids is left out and said, the rest goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from billing.invoices import InvoiceStatus
from billing.queues import OutboxKind
from tests.support.assisting import Chat


@pytest.fixture(autouse=True)
def _invoices(chat: Chat) -> None:
    for number in ("INV-1001", "INV-1002", "INV-1003"):
        chat.studio.done("create_invoice", opportunity="OPP-1", amount="500")
        change(chat, number, status=InvoiceStatus.SENT)
    chat.means("yes", confirm=True)
    chat.means("remind everyone", *[("send_reminder", {"invoice": f"INV-{1001 + place}"}) for place in range(3)])


def change(chat: Chat, number: str, **changes: Any) -> None:
    with chat.studio.store.transaction(chat.studio.id) as tx:
        tx.invoices.save(replace(tx.invoices.get(number), **changes))


def test_a_disputed_invoice_does_not_keep_the_others_from_being_proposed(chat: Chat) -> None:
    change(chat, "INV-1002", disputed=True)
    asked = chat.says("remind everyone")
    assert [call.status for call in asked.calls] == ["needs_confirmation", "failed", "needs_confirmation"]
    assert asked.reply.startswith("Nobody is reminded of INV-1002 just now: its payment is disputed.")
    assert "Send these 2? Say yes to go ahead." in asked.reply
    chat.says("yes")
    assert [mail.payload["invoice"] for mail in chat.studio.outbox(OutboxKind.MAIL)] == ["INV-1001", "INV-1003"]


def test_one_that_is_paid_before_the_yes_is_left_out_then(chat: Chat) -> None:
    assert "Send these 3?" in chat.says("remind everyone").reply
    change(chat, "INV-1001", status=InvoiceStatus.PAID)
    done = chat.says("yes")
    assert [call.status for call in done.calls] == ["failed", "done", "done"]
    assert len(chat.studio.outbox(OutboxKind.MAIL)) == 2


def test_steps_that_build_on_each_other_still_end_at_the_first_that_fails(chat: Chat) -> None:
    change(chat, "INV-1001", status=InvoiceStatus.VOID)
    chat.means("send and remind", ("send_invoice", {"invoice": "INV-1001"}), ("send_reminder", {"invoice": "INV-1002"}))
    assert [call.status for call in chat.says("send and remind").calls] == ["failed"]


def test_what_was_listed_or_done_together_is_remembered_as_such_until_something_else_is_spoken_of(chat: Chat) -> None:
    def listed() -> tuple[str, ...]:
        chat.says("well")
        return chat.parser.heard[-1].listed

    chat.means("list", ("list_invoices", {}))
    chat.means("one", ("show_invoice", {"invoice": "INV-1002"}))
    chat.says("list")
    assert listed() == ("INV-1001", "INV-1002", "INV-1003")
    chat.says("one")
    assert listed() == ()
    chat.says("remind everyone")
    assert listed() == ("INV-1001", "INV-1002", "INV-1003")


def test_an_automation_of_several_steps_is_told_once_as_it_is_at_the_end(chat: Chat) -> None:
    moves = {"do": "move_opportunity", "stage": "won"}
    posts = {"do": "post_message", "channel": "#billing"}
    made = [("create_automation", {"trigger": ["payment_succeeded"], "action": action}) for action in (moves, posts)]
    chat.means("do both", *made)
    told = chat.says("do both")
    assert [call.status for call in told.calls] == ["done", "done"]
    assert told.reply.startswith("AUT-1 has 2 steps")
    assert "AUT-1 is made" not in told.reply
