"""`evie retry` from outside: what was given up is listed, and tried again by an admin, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from billing.deliveries import DeliveryState
from billing.queues import Claim, OutboxKind, OutboxMessage
from storage import SqlStore, open_store
from tests.bot.cli.conftest import Evie
from tests.support.books import a_delivery, a_message, an_event
from tests.support.databases import SetClock
from tests.support.records import NOW


@pytest.fixture
def store(evie: Evie, small: str) -> Iterator[SqlStore]:
    assert evie("import", small).code == 0
    store = open_store("sqlite:///evie.db", SetClock())
    yield store
    store.close()


def park(store: SqlStore, message: OutboxMessage, reason: str) -> None:
    with store.transaction(message.workspace_id) as tx:
        tx.send(message)
    claim: Claim[OutboxMessage] | None = store.claim_outbox(lease_seconds=60)
    assert claim is not None
    store.park(claim, error=reason)


@pytest.fixture
def parked(store: SqlStore) -> SqlStore:
    """A message, a mail and an event that were given up."""
    (workspace,) = store.directory.workspaces()
    ours = a_message(workspace_id=workspace.id)
    park(store, ours, "ProviderRefused: no such channel")
    mail = a_delivery(workspace_id=workspace.id, invoice="INV-2", state=DeliveryState.REFUSED, reason="Given up.")
    with store.transaction(workspace.id) as tx:
        tx.mails.add(mail)
    park(store, replace(ours, key=mail.key, kind=OutboxKind.MAIL), "ProviderUnavailable: the server is away")
    store.receive(an_event(correlation="f" * 32))
    event = store.claim_inbox(lease_seconds=60)
    assert event is not None
    store.park(event, error="UnknownRecord: no such invoice")
    return store


def test_where_nothing_was_given_up_there_is_nothing_to_do(evie: Evie, store: SqlStore) -> None:
    assert evie("retry").out == "Nothing was given up.\n"
    ran = evie("retry", "--all")
    assert (ran.code, ran.err) == (1, "Nothing of that kind is parked; “evie retry” lists what is.\n")


def test_what_was_given_up_is_listed_with_its_reason_and_its_id(evie: Evie, parked: SqlStore) -> None:
    ran = evie("retry")
    assert ran.code == 0
    event, message, mail, hint = ran.out.splitlines()
    assert event.startswith("in-1 stripe checkout.session.completed, due ")
    assert event.endswith(f"tried 1 time: UnknownRecord: no such invoice [{'f' * 32}]")
    assert message.endswith("tried 1 time: ProviderRefused: no such channel")
    assert mail.startswith("out-2 mail, due ")
    assert "--kind" in hint


def test_one_row_is_tried_again_and_a_second_request_finds_nothing(evie: Evie, parked: SqlStore) -> None:
    assert evie("retry", "out-1").out == "out-1 is tried again by the next worker.\n"
    again = evie("retry", "OUT-1")
    assert (again.code, again.err) == (1, "Nothing is parked as out-1; “evie retry” lists what is.\n")
    assert [row.id for row in parked.unfinished.parked()] == ["in-1", "out-2"]


def test_a_mail_that_was_given_up_may_be_sent_after_all(evie: Evie, parked: SqlStore) -> None:
    (workspace,) = parked.directory.workspaces()
    assert evie("retry", "--kind", "mail").code == 0
    with parked.transaction(workspace.id) as tx:
        assert tx.mails.get("mail:1").state is DeliveryState.WAITING


def test_a_kind_may_be_a_sender_and_all_are_all(evie: Evie, parked: SqlStore) -> None:
    assert evie("retry", "--kind", "stripe").out.startswith("in-1 ")
    assert len(evie("retry", "--all").out.splitlines()) == 2
    assert parked.health().parked == 0


def test_only_an_admin_has_rows_tried_again(evie: Evie, parked: SqlStore) -> None:
    (workspace,) = parked.directory.workspaces()
    with parked.transaction(workspace.id) as tx:
        others = [member.name for member in tx.people.members() if member.role.value != "admin"]
    assert others
    ran = evie("retry", "--all", "--as", others[0])
    assert ran.code == 1
    assert ran.err.startswith("Only an admin can have rows tried again")
    assert parked.health().parked == 3


def test_the_doctor_names_what_was_given_up_and_what_waits_for_too_long(evie: Evie, parked: SqlStore) -> None:
    (workspace,) = parked.directory.workspaces()
    with parked.transaction(workspace.id) as tx:
        tx.send(a_message("old", workspace_id=workspace.id))
    ran = evie("doctor")
    assert ran.code == 1
    words = " ".join(ran.out.split())
    assert "fail queues The oldest row that waits: out-3 say, due" in words
    assert "Is a worker running?" in words
    assert "warn queues Given up: out-2 mail" in words
    assert "Try it again with: evie retry out-2" in words


def test_the_doctor_does_not_name_them_all(evie: Evie, store: SqlStore) -> None:
    (workspace,) = store.directory.workspaces()
    for number in range(7):
        park(store, a_message(f"m{number}", workspace_id=workspace.id, created_at=NOW), "BadArgument: no")
    words = " ".join(evie("doctor").out.split())
    assert "2 more are given up; “evie retry” lists them." in words


def test_the_doctor_says_that_nothing_waits(evie: Evie, store: SqlStore) -> None:
    assert "Nothing waits, and nothing was given up." in evie("doctor").out
