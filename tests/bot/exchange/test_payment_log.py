"""What Stripe booked for a payment goes along with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from billing.money import Money
from billing.payments import Payment
from bot.exchange.dumping import dump_workspace
from bot.exchange.loading import load_workspace
from bot.exchange.refusal import DocumentRefused
from storage.store import memory_store
from tests.support.workspaces import NOW, SMALL


def lines(data: object) -> list[Payment]:
    store = memory_store(lambda: NOW)
    workspace = load_workspace(store, data, NOW)
    with store.transaction(workspace.id) as tx:
        found = tx.payments.list()
    store.close()
    return found


@pytest.mark.parametrize(
    ("fee", "net"),
    [
        (Money(14_80, "AUD"), Money(485_20, "AUD")),
        (Money(0, "USD"), Money(-99_50, "USD")),
        (None, None),
    ],
)
def test_fee_and_net_come_back_as_they_were(fee: Money | None, net: Money | None) -> None:
    store = memory_store(lambda: NOW)
    workspace = load_workspace(store, SMALL, NOW)
    with store.transaction(workspace.id) as tx:
        first = tx.payments.list()[0]
        tx.payments.save(replace(first, fee=fee, net=net))
    exported = dump_workspace(store, workspace.id)
    store.close()
    (again,) = [line for line in lines(exported) if line.stripe_object_id == first.stripe_object_id]
    assert (again.fee, again.net) == (fee, net)


def test_a_net_that_is_no_amount_is_refused_at_its_place() -> None:
    store = memory_store(lambda: NOW)
    workspace = load_workspace(store, SMALL, NOW)
    exported = dump_workspace(store, workspace.id)
    store.close()
    exported["payments"][0]["net"] = "--5"
    with pytest.raises(DocumentRefused, match="net"):
        lines(exported)
