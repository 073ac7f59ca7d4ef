"""What waits and what was given up, in the queues of all workspaces."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.correlation import following
from billing.queues import RowState, Unfinished
from storage import SqlStore
from tests.support.books import a_message, add_workspace, an_event
from tests.support.databases import SetClock
from tests.support.records import NOW, WORKSPACE


@pytest.fixture
def queues(any_store: SqlStore) -> SqlStore:
    add_workspace(any_store)
    return any_store


def park_one_of_each(store: SqlStore) -> list[Unfinished]:
    store.receive(an_event(correlation="aa"))
    with following("bb"), store.transaction(WORKSPACE) as tx:
        tx.send(a_message())
    event, message = store.claim_inbox(lease_seconds=60), store.claim_outbox(lease_seconds=60)
    assert event is not None
    assert message is not None
    store.park(event, error="UnknownRecord: no such invoice")
    store.park(message, error="ProviderRefused: no such channel")
    return store.unfinished.parked()


def test_what_was_given_up_is_listed_with_its_reason_and_its_cause(queues: SqlStore) -> None:
    event, message = park_one_of_each(queues)
    assert (event.id.startswith("in-"), message.id.startswith("out-")) == (True, True)
    assert (event.kind, message.kind) == ("stripe checkout.session.completed", "say")
    assert (event.correlation, message.correlation) == ("aa", "bb")
    assert (event.reason, event.attempts, event.since) == ("UnknownRecord: no such invoice", 1, NOW)
    assert (event.message, message.message) == (None, a_message())
    assert (event.workspace_id, message.workspace_id) == ("", WORKSPACE)
    assert queues.unfinished.parked(most=0) == []


def test_a_row_is_driven_again_by_one_of_two_who_ask_and_goes_on_counting(queues: SqlStore, clock: SetClock) -> None:
    event, message = park_one_of_each(queues)
    clock.advance(3600)
    for row in (event, message):
        assert queues.unfinished.drive_again(row)
        assert not queues.unfinished.drive_again(row)
    assert queues.unfinished.parked() == []
    taken, sent = queues.claim_inbox(lease_seconds=60), queues.claim_outbox(lease_seconds=60)
    assert taken is not None
    assert sent is not None
    assert (taken.tries, sent.tries) == (1, 1)
    assert min(taken.attempts, sent.attempts) > 1
    assert (taken.correlation, sent.correlation) == ("aa", "bb")
    assert (taken.waited, sent.waited) == (0.0, 0.0)


def test_the_oldest_row_is_the_one_that_was_due_first_in_either_queue(queues: SqlStore, clock: SetClock) -> None:
    assert queues.unfinished.oldest() is None
    with queues.transaction(WORKSPACE) as tx:
        tx.send(a_message("later", not_before=NOW + timedelta(days=1)))
    assert queues.unfinished.oldest() is None
    queues.receive(an_event(received_at=NOW + timedelta(seconds=5)))
    with queues.transaction(WORKSPACE) as tx:
        tx.send(a_message("soon"))
    clock.advance(10)
    oldest = queues.unfinished.oldest()
    assert oldest is not None
    assert (oldest.kind, oldest.since, oldest.state) == ("say", NOW, RowState.WAITING)


def test_rows_that_are_sent_together_have_the_cause_of_their_sender(queues: SqlStore) -> None:
    with following("cc"), queues.transaction(WORKSPACE) as tx:
        tx.send_all([a_message("one"), a_message("two")])
    claims = [queues.claim_outbox(lease_seconds=60), queues.claim_outbox(lease_seconds=60)]
    assert [claim and claim.correlation for claim in claims] == ["cc", "cc"]


def test_a_row_that_is_driven_again_has_all_its_tries_before_it_and_no_earlier_claim_holds_it(
    queues: SqlStore, clock: SetClock
) -> None:
    with queues.transaction(WORKSPACE) as tx:
        tx.send(a_message())
    assert [claim and claim.tries for claim in (queues.claim_outbox(lease_seconds=0) for _ in range(2))] == [1, 2]
    late = queues.claim_outbox(lease_seconds=60)
    assert late is not None
    queues.park(late, error="no")
    (row,) = queues.unfinished.parked()
    assert row.attempts == 3
    assert queues.unfinished.drive_again(row)

    queues.finish(late)
    again = queues.claim_outbox(lease_seconds=60)
    assert again is not None
    assert (again.tries, again.attempts > late.attempts) == (1, True)
    queues.park(again, error="no")
    assert [row.attempts for row in queues.unfinished.parked()] == [1]


def test_what_waits_for_a_person_is_let_go_at_once_and_nothing_else_is(queues: SqlStore) -> None:
    with queues.transaction(WORKSPACE) as tx:
        tx.send(replace(a_message(), key="held", lane="a"))
        tx.send(replace(a_message(), key="busy", lane="b"))
    for error in ("WaitsForPerson: not in that channel", "ProviderUnavailable: busy"):
        claim = queues.claim_outbox(lease_seconds=60)
        assert claim is not None
        queues.retry(claim, error=error, delay_seconds=300)
    assert queues.claim_outbox(lease_seconds=60) is None
    assert (queues.unfinished.let_go("ws_other"), queues.unfinished.let_go(WORKSPACE)) == (0, 1)
    claim = queues.claim_outbox(lease_seconds=60)
    assert claim is not None
    assert (claim.row.key, claim.attempts) == ("held", 2)
    assert queues.unfinished.let_go(WORKSPACE) == 0
    assert queues.claim_outbox(lease_seconds=60) is None
