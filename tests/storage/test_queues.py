"""Inbox and outbox: every row once, the rows of a lane in order, and none lost with the worker that held it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text

from billing.queues import Claim, Delivered, InboxEvent, OutboxKind, OutboxMessage, QueueHealth, RowState, Source
from storage import SqlStore, tables
from tests.support.books import a_message, add_workspace, an_event
from tests.support.databases import SetClock
from tests.support.records import NOW, WORKSPACE


@pytest.fixture
def queues(any_store: SqlStore) -> SqlStore:
    add_workspace(any_store)
    return any_store


def send(store: SqlStore, *messages: OutboxMessage) -> None:
    for message in messages:
        with store.transaction(message.workspace_id) as tx:
            assert tx.send(message)


def claim(store: SqlStore) -> Claim[OutboxMessage]:
    found = store.claim_outbox(lease_seconds=60)
    assert found is not None
    return found


def claimed(store: SqlStore) -> Iterator[str]:
    """Give the keys of the rows that can be claimed at the same time."""
    while (found := store.claim_outbox(lease_seconds=60)) is not None:
        yield found.row.key


def last_error_of(store: SqlStore, key: str) -> str:
    query = select(tables.outbox.c.last_error).where(tables.outbox.c.key == key)
    with store.engine.connect() as connection:
        error: str = connection.execute(query).scalar_one()
    return error


def test_an_event_that_comes_again_is_the_same_row(queues: SqlStore) -> None:
    assert queues.receive(an_event())
    assert not queues.receive(an_event(body=b"again"))
    assert queues.receive(an_event(source=Source.SLACK))

    keys = [queues.claim_inbox(lease_seconds=60), queues.claim_inbox(lease_seconds=60)]
    assert [found and found.row for found in keys] == [an_event(), an_event(source=Source.SLACK)]
    assert queues.claim_inbox(lease_seconds=60) is None


def test_a_message_sent_again_is_the_same_row(queues: SqlStore) -> None:
    with queues.transaction(WORKSPACE) as tx:
        assert tx.send(a_message())
        assert not tx.send(a_message(payload={"text": "again"}))

    assert claim(queues).row == a_message()
    assert queues.claim_outbox(lease_seconds=60) is None


def test_a_message_of_a_transaction_that_failed_is_not_sent(queues: SqlStore) -> None:
    with pytest.raises(ZeroDivisionError), queues.transaction(WORKSPACE) as tx:
        tx.send(a_message(payload={"half": 1 / (not tx.send(a_message()))}))

    assert queues.claim_outbox(lease_seconds=60) is None


def test_rows_are_taken_oldest_first_and_finished_ones_never_again(queues: SqlStore) -> None:
    send(queues, *(a_message(key) for key in "zam"))
    taken = []
    for _ in range(3):
        found = claim(queues)
        taken.append(found.row.key)
        queues.finish(found)

    assert taken == ["z", "a", "m"]
    assert queues.claim_outbox(lease_seconds=60) is None


def test_the_rows_that_are_held_are_found_without_looking_at_those_that_are_done(store: SqlStore) -> None:
    add_workspace(store)
    for number in range(100):
        store.receive(an_event(str(number)))
    with store.engine.begin() as connection:
        connection.execute(tables.inbox.update().values(state=RowState.DONE))
        connection.execute(text("ANALYZE"))
    said: list[tuple[str, Any]] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: said.append((given[2], given[3])))
    store.claim_inbox(lease_seconds=60)
    [(statement, values)] = [each for each in said if "RETURNING" in each[0]]
    with store.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).scalars("detail").all()

    [step] = [step for step in plan if " held" in step]
    assert step.startswith("SEARCH held USING INDEX")


def test_a_row_is_not_taken_before_its_time(queues: SqlStore, clock: SetClock) -> None:
    send(queues, a_message("later", not_before=NOW + timedelta(minutes=5)), a_message("now"))

    assert list(claimed(queues)) == ["now"]
    clock.advance(301)
    assert "later" in list(claimed(queues))


def test_a_lane_lets_one_row_at_a_time_through(queues: SqlStore) -> None:
    send(queues, *(a_message(key, lane="#billing") for key in "abc"), a_message("x", lane="#ops"), a_message("y"))
    assert list(claimed(queues)) == ["a", "x", "y"]


def test_a_lane_goes_on_when_its_row_is_done_ignored_or_parked(queues: SqlStore) -> None:
    send(queues, *(a_message(key, lane="#billing") for key in "abcd"))
    queues.finish(claim(queues))
    queues.finish(claim(queues), ignored=True)
    queues.park(claim(queues), error="tried too often")

    assert claim(queues).row.key == "d"


def test_a_row_that_is_tried_again_keeps_its_place_in_the_lane(queues: SqlStore, clock: SetClock) -> None:
    send(queues, a_message("a", lane="#billing"), a_message("b", lane="#billing"))
    queues.retry(claim(queues), error="no answer", delay_seconds=30)

    assert last_error_of(queues, "a") == "no answer"
    assert list(claimed(queues)) == []
    clock.advance(30)
    again = claim(queues)
    assert (again.row.key, again.attempts) == ("a", 2)
    assert list(claimed(queues)) == []


def test_a_row_meant_for_later_does_not_hold_up_its_lane(queues: SqlStore, clock: SetClock) -> None:
    later = NOW + timedelta(days=3)
    send(queues, a_message("reminder", lane="#billing", not_before=later), a_message("paid", lane="#billing"))
    queues.finish(claim(queues))
    clock.now = later

    assert [item.message.key for item in queues.delivered(WORKSPACE, after=0, kinds=["say"])] == ["paid"]
    assert list(claimed(queues)) == ["reminder"]


def test_an_older_row_does_not_overtake_one_that_is_being_handled(queues: SqlStore, clock: SetClock) -> None:
    send(
        queues,
        a_message("reminder", lane="#billing", not_before=NOW + timedelta(seconds=10)),
        a_message("paid", lane="#billing"),
    )
    handled = claim(queues)
    clock.advance(10)
    assert list(claimed(queues)) == []

    queues.finish(handled)
    assert list(claimed(queues)) == ["reminder"]


def test_what_left_lately_in_a_lane_is_read_newest_first(queues: SqlStore) -> None:
    add_workspace(queues, "ws_other")
    send(queues, *(a_message(key, lane="c1") for key in "abcd"), a_message("e", lane="c2"))
    send(queues, a_message("f", lane="c1", workspace_id="ws_other"))
    for _ in range(3):
        queues.finish(claim(queues), receipt={"ts": "1"})

    left = queues.lately_delivered(WORKSPACE, "c1", limit=2)
    assert [(one.message.key, dict(one.receipt)) for one in left] == [("c", {"ts": "1"}), ("b", {"ts": "1"})]
    assert [one.message.key for one in queues.lately_delivered(WORKSPACE, "c1", limit=9)] == ["c", "b", "a"]
    assert queues.lately_delivered("ws_other", "c1", limit=9) == []


def test_lanes_of_two_workspaces_are_two_lanes(queues: SqlStore) -> None:
    add_workspace(queues, "ws_other")
    send(queues, a_message("a", lane="#billing"), a_message("b", lane="#billing", workspace_id="ws_other"))

    assert list(claimed(queues)) == ["a", "b"]


def test_lanes_of_two_senders_are_two_lanes(queues: SqlStore) -> None:
    for each in (an_event(lane="1"), an_event("evt_2", lane="1"), an_event(source=Source.SLACK, lane="1")):
        queues.receive(each)

    found: list[InboxEvent] = []
    while (taken := queues.claim_inbox(lease_seconds=60)) is not None:
        found.append(taken.row)
    assert found == [an_event(lane="1"), an_event(source=Source.SLACK, lane="1")]


def test_a_row_whose_worker_died_is_taken_again_when_its_lease_is_over(queues: SqlStore, clock: SetClock) -> None:
    send(queues, a_message(lane="#billing"))
    assert claim(queues).attempts == 1
    clock.advance(59)
    assert queues.claim_outbox(lease_seconds=60) is None
    clock.advance(1)

    assert claim(queues).attempts == 2


@pytest.mark.parametrize("outcome", ["finish", "retry", "park"])
def test_a_worker_whose_lease_was_taken_over_changes_nothing(queues: SqlStore, clock: SetClock, outcome: str) -> None:
    send(queues, a_message())
    late = claim(queues)
    clock.advance(61)
    current = claim(queues)

    if outcome == "finish":
        queues.finish(late)
    elif outcome == "retry":
        queues.retry(late, error="late", delay_seconds=0)
    else:
        queues.park(late, error="late")

    assert last_error_of(queues, "m1") == ""
    assert queues.claim_outbox(lease_seconds=60) is None
    assert queues.delivered(WORKSPACE, after=0, kinds=["say"]) == []
    queues.finish(current)
    assert len(queues.delivered(WORKSPACE, after=0, kinds=["say"])) == 1


def test_a_worker_that_is_late_but_alone_may_still_finish(queues: SqlStore, clock: SetClock) -> None:
    send(queues, a_message())
    held = claim(queues)
    clock.advance(600)
    queues.finish(held)

    assert queues.claim_outbox(lease_seconds=60) is None


def test_a_claim_is_used_up_by_its_first_outcome(queues: SqlStore) -> None:
    send(queues, a_message())
    held = claim(queues)
    queues.retry(held, error="no answer", delay_seconds=0)
    queues.finish(held)

    assert claim(queues).attempts == 2


def test_an_inbox_row_can_be_finished_retried_and_parked(queues: SqlStore) -> None:
    queues.receive(an_event("a"))
    queues.receive(an_event("b"))
    first = queues.claim_inbox(lease_seconds=60)
    assert first is not None
    queues.retry(first, error="Stripe did not answer", delay_seconds=0)
    again = queues.claim_inbox(lease_seconds=60)
    assert again == Claim(first.id, an_event("a"), 2)
    queues.park(again, error="tried too often")
    second = queues.claim_inbox(lease_seconds=60)
    assert second is not None
    queues.finish(second)

    assert queues.claim_inbox(lease_seconds=60) is None
    assert queues.health().parked == 1


def test_deliveries_are_read_in_the_order_of_their_delivery(queues: SqlStore, clock: SetClock) -> None:
    add_workspace(queues, "ws_other")
    notify = a_message("c", kind=OutboxKind.NOTIFY, payload={"event": "payment_succeeded"})
    send(queues, a_message("a"), a_message("b"), notify, a_message("d", workspace_id="ws_other"))
    assert queues.last_delivered(WORKSPACE) == 0
    slow, ignored = claim(queues), claim(queues)
    queues.finish(ignored, ignored=True)
    queues.finish(claim(queues), receipt={"ts": "1.2"})
    queues.finish(claim(queues))
    start = queues.last_delivered(WORKSPACE)
    clock.advance(5)
    queues.finish(slow)

    assert queues.delivered(WORKSPACE, after=0, kinds=["say", "notify"]) == [
        Delivered(1, notify, NOW, {"ts": "1.2"}),
        Delivered(2, a_message("a"), NOW + timedelta(seconds=5)),
    ]
    # Sent after the feed was last read, so the feed has it although its row is the oldest.
    assert [item.message.key for item in queues.delivered(WORKSPACE, after=start, kinds=["say"])] == ["a"]
    assert queues.delivered(WORKSPACE, after=0, kinds=[]) == []


def test_what_comes_in_while_health_is_looked_at_is_not_taken_for_something_of_later(
    queues: SqlStore, clock: SetClock
) -> None:
    def meanwhile(*_: object) -> None:
        clock.advance(1)
        queues.receive(an_event(received_at=clock.now))
        clock.advance(1)

    event.listen(queues.engine, "before_cursor_execute", meanwhile, once=True)
    assert queues.health().oldest_inbox_seconds == 1.0


def test_health_says_how_long_the_oldest_row_has_been_due_however_often_it_was_tried(
    queues: SqlStore, clock: SetClock
) -> None:
    assert queues.health() == QueueHealth(0.0, 0.0, 0)
    queues.receive(an_event())
    send(queues, a_message("later", not_before=NOW + timedelta(days=1)))
    clock.advance(10)
    assert queues.health() == QueueHealth(10.0, 0.0, due_inbox=1)

    send(queues, a_message(created_at=clock.now))
    queues.retry(claim(queues), error="no answer", delay_seconds=3600)
    clock.advance(2.5)
    assert queues.health() == QueueHealth(12.5, 2.5, due_inbox=1, due_outbox=1)
