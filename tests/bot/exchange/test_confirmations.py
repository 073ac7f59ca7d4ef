"""A file alone lets no automation write to clients: who is said to have confirmed it has to be an admin."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from billing.automations import Automation
from billing.ports import Store
from billing.roles import Role
from billing.workspaces import Member, Workspace
from bot.exchange.dumping import dump_workspace
from bot.exchange.loading import load_workspace
from storage.store import memory_store
from tests.support.workspaces import NOW, SMALL

CONFIRMED_AT = "2026-03-01T00:00:00Z"


@pytest.fixture
def store() -> Iterator[Store]:
    made = memory_store(lambda: NOW)
    yield made
    made.close()


def thanking(**told: Any) -> dict[str, Any]:
    """Return the small workspace with one automation that is on and thanks clients."""
    data = copy.deepcopy(SMALL)
    data["automations"] = [
        {
            "number": "AUT-1",
            "name": "Thank you",
            "active": True,
            "trigger": "payment_succeeded",
            "action": {"do": "email_contact", "text": "Thank you"},
            **told,
        },
    ]
    return data


def imported(store: Store, data: dict[str, Any]) -> Automation:
    with store.transaction(load_workspace(store, data, NOW).id) as tx:
        return tx.automations.get("AUT-1")


def test_one_that_is_on_and_says_no_more_is_on_and_asks_first(store: Store) -> None:
    rule = imported(store, thanking())
    assert (rule.active, rule.unattended, rule.confirmed_by) == (True, False, None)


def test_one_that_an_admin_of_the_file_has_confirmed_stays_confirmed(store: Store) -> None:
    rule = imported(store, thanking(confirmed_by="Ada", confirmed_at=CONFIRMED_AT))
    assert (rule.unattended, rule.confirmed_by) == (True, "Ada")
    again = dump_workspace(store, rule.workspace_id)["automations"]
    assert [(one["confirmed_by"], one["confirmed_at"]) for one in again] == [("Ada", CONFIRMED_AT)]


@pytest.mark.parametrize("name", ["Eli", "Vi", "import", "Somebody else"])
def test_the_word_of_nobody_else_counts(store: Store, name: str) -> None:
    assert not imported(store, thanking(confirmed_by=name)).unattended


def test_one_that_shall_ask_asks_whoever_confirmed_it(store: Store) -> None:
    assert not imported(store, thanking(confirmed_by="Ada", asks_first=True)).unattended


@pytest.mark.parametrize(("role", "kept"), [(Role.ADMIN, True), (Role.EDITOR, False)])
def test_the_word_of_an_admin_whom_the_workspace_has_already_counts(store: Store, role: Role, *, kept: bool) -> None:
    waiting = Workspace("w1", "Lantern Row", "AUD", "AU", "en_AU", "Australia/Brisbane", NOW)
    with store.transaction(waiting.id) as tx:
        tx.people.save_workspace(waiting)
        tx.people.save_member(Member(waiting.id, "Grace", role))
    assert imported(store, thanking(confirmed_by="Grace")).unattended is kept


def test_who_is_no_admin_any_more_in_the_file_is_none(store: Store) -> None:
    waiting = Workspace("w1", "Lantern Row", "AUD", "AU", "en_AU", "Australia/Brisbane", NOW)
    with store.transaction(waiting.id) as tx:
        tx.people.save_workspace(waiting)
        tx.people.save_member(Member(waiting.id, "Eli", Role.ADMIN))
    assert not imported(store, thanking(confirmed_by="Eli")).unattended
