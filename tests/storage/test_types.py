"""What columns take and give: aware instants only, any text, JSON as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from storage import SqlStore
from storage.types import NaiveInstant
from tests.support.books import a_contact, a_conversation, a_turn, add_workspace, an_event
from tests.support.records import NOW, WORKSPACE


def test_a_naive_instant_is_refused_wherever_it_comes_from(any_store: SqlStore) -> None:
    add_workspace(any_store)
    naive = datetime(2026, 3, 11)  # noqa: DTZ001 - the point of the test
    with pytest.raises(StatementError) as written, any_store.transaction(WORKSPACE) as tx:
        tx.contacts.add(a_contact(created_at=naive))
    with pytest.raises(StatementError) as asked, any_store.transaction(WORKSPACE) as tx:
        tx.payments.list(start=naive)
    with pytest.raises(NaiveInstant):
        any_store.receive(an_event(received_at=naive))

    assert {type(error.value.orig) for error in (written, asked)} == {NaiveInstant}


def test_an_instant_comes_back_aware_in_utc_to_the_microsecond(any_store: SqlStore) -> None:
    add_workspace(any_store)
    brisbane = timezone(timedelta(hours=10))
    said_at = datetime(2026, 3, 11, 9, 30, 0, 123456, tzinfo=brisbane)
    with any_store.transaction(WORKSPACE) as tx:
        tx.talk.add_turn(a_turn(said_at=said_at))
        found = tx.talk.turn("k1")

    assert found is not None
    assert found.said_at == said_at
    assert found.said_at.tzinfo is UTC
    assert found.said_at.hour == 23


@pytest.mark.parametrize("name", ["a\x00b", "a\ud83db"], ids=["NUL", "lone surrogate"])
def test_text_that_no_database_holds_is_kept_with_a_mark_and_found_again(any_store: SqlStore, name: str) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.contacts.add(a_contact(name=name))

        assert [contact.name for contact in tx.contacts.list(name=name)] == ["a\ufffdb"]


def test_json_comes_back_as_it_was_whatever_is_in_it(any_store: SqlStore) -> None:
    add_workspace(any_store)
    state = {"nested": [1, 2.5, None, True, {"é": "中\x00\ud83d"}], "": "empty key"}
    with any_store.transaction(WORKSPACE) as tx:
        tx.talk.save_conversation(a_conversation(state=state))
        found = tx.talk.conversation("c1")

    assert found is not None
    assert found.state == state


def test_the_body_of_an_event_is_kept_byte_by_byte(any_store: SqlStore) -> None:
    body = bytes(range(256)) * 10
    any_store.receive(an_event(body=body))
    claim = any_store.claim_inbox(lease_seconds=60)

    assert claim is not None
    assert claim.row == an_event(body=body)


def test_a_word_outside_its_vocabulary_is_refused(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx, pytest.raises(StatementError, match="overdue"):
        tx.invoices.list(status="overdue")


def test_what_fails_in_the_database_does_not_put_clients_into_the_log(any_store: SqlStore) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key") as caught, any_store.transaction("nowhere") as tx:
        tx.contacts.add(a_contact(workspace_id="nowhere", email="nora@quist.example"))

    assert "nora@quist.example" not in str(caught.value)
    assert NOW.isoformat() not in str(caught.value)
