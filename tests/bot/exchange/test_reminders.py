"""The reminder schedule and late fees come along, and what was due before an import is not made up for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from billing.money import Money
from billing.ports import Store
from bot.exchange.dumping import dump_workspace
from bot.exchange.loading import load_workspace, read_workspace
from bot.exchange.refusal import DocumentRefused
from storage.store import memory_store
from tests.support.workspaces import NOW, SMALL

SCHEDULE: dict[str, Any] = {
    "active": True,
    "steps": [-3, 0, 7],
    "hour": 8,
    "working_days": False,
    "region": "QLD",
    "set_by": "Ada",
    "late_fee": {"interval": "month", "after_days": 5, "most_percent": "10", "percent": "2"},
}


@pytest.fixture
def stores() -> Iterator[tuple[Store, Store]]:
    made = memory_store(lambda: NOW), memory_store(lambda: NOW)
    yield made
    for store in made:
        store.close()


def document(**reminders: Any) -> dict[str, Any]:
    fees = [{"period": 0, "amount": "20.00", "charged_on": "2026-03-01"}]
    first, *others = SMALL["invoices"]
    return {
        **SMALL,
        "invoices": [{**first, "reminders_paused": True, "late_fees": fees}, *others],
        "reminders": {**SCHEDULE, **reminders},
    }


def test_what_comes_out_goes_in_again_as_the_same(stores: tuple[Store, Store]) -> None:
    first, second = stores
    workspace = load_workspace(first, document(), NOW)
    dumped = dump_workspace(first, workspace.id)
    again = load_workspace(second, dumped, NOW)
    assert dump_workspace(second, again.id) == dumped
    assert dumped["reminders"] == SCHEDULE
    with second.transaction(again.id) as tx:
        number = str(SMALL["invoices"][0]["number"])
        assert tx.invoices.get(number).reminders_paused
        assert [fee.money for fee in tx.reminders.fees(number)] == [Money(20_00, "AUD")]


def test_an_import_switches_reminders_on_from_then_on(stores: tuple[Store, Store]) -> None:
    later = NOW + timedelta(days=3)
    fee = {"most_percent": "10", "amount": "25.00", "currency": "NOK"}
    workspace = load_workspace(stores[0], document(late_fee=fee), later)
    with stores[0].transaction(workspace.id) as tx:
        schedule = tx.reminders.schedule()
    assert schedule is not None
    assert (schedule.since, schedule.set_by) == (later, "Ada")
    assert schedule.late_fee is not None
    assert (schedule.late_fee.amount, schedule.late_fee.since) == (Money(25_00, "NOK"), workspace.day_of(later))


def test_a_workspace_without_a_schedule_has_none(stores: tuple[Store, Store]) -> None:
    workspace = load_workspace(stores[0], SMALL, NOW)
    assert "reminders" not in dump_workspace(stores[0], workspace.id)
    with stores[0].transaction(workspace.id) as tx:
        assert tx.reminders.schedule() is None
        tx.people.save_workspace(replace(tx.people.workspace(), name="Another"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hour": 24}, "reminders: The hour is one from 0 to 23."),
        ({"steps": []}, "reminders: Name between 1 and 12 days"),
        ({"late_fee": {"most_percent": "10"}}, "reminders: A late fee is either"),
        ({"late_fee": {"most_percent": "10", "amount": "1.234"}}, "reminders: “1.234” has more than 2 decimals"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DocumentRefused, match=said):
        read_workspace(json.dumps(document(**changes)).encode(), NOW)


def test_two_fees_of_one_period_are_refused() -> None:
    data = document()
    data["invoices"][0]["late_fees"] *= 2
    with pytest.raises(DocumentRefused, match="two late fees of one period"):
        read_workspace(json.dumps(data).encode(), NOW)
