"""Leases go by a time that all workers share: whatever becomes of a clock, a row is in one pair of hands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from storage import SqlStore, leases, open_store, tables
from tests.support.books import an_event
from tests.support.databases import SetClock, empty

HOUR = 3600


@pytest.fixture
def two(any_url: str) -> Iterator[tuple[SqlStore, SqlStore]]:
    """Two processes on one database, whose clocks are an hour apart."""
    right = SetClock()
    wrong = SetClock(right.now + timedelta(hours=1))
    stores = open_store(any_url, right, steady_leases=True), open_store(any_url, wrong, steady_leases=True)
    yield stores
    empty(stores[0].engine)
    for store in stores:
        store.close()


def end_leases(store: SqlStore, until: datetime) -> None:
    with store.engine.begin() as connection:
        connection.execute(update(tables.inbox).values(leased_until=until))


def test_a_process_whose_clock_is_an_hour_ahead_takes_nothing_out_of_anothers_hands(
    two: tuple[SqlStore, SqlStore],
) -> None:
    right, wrong = two
    right.receive(an_event(lane="1"))
    right.receive(an_event("evt_2", lane="1"))
    held = right.claim_inbox(lease_seconds=60)
    assert held is not None
    assert wrong.claim_inbox(lease_seconds=60) is None

    right.finish(held)
    following = wrong.claim_inbox(lease_seconds=60)
    assert following is not None
    assert following.row.key == "evt_2"
    assert right.claim_inbox(lease_seconds=60) is None


def test_a_lease_that_is_over_is_anybodys(two: tuple[SqlStore, SqlStore]) -> None:
    right, wrong = two
    right.receive(an_event())
    assert right.claim_inbox(lease_seconds=0) is not None
    again = wrong.claim_inbox(lease_seconds=60)
    assert again is not None
    assert again.attempts == 2


def test_a_lease_of_before_the_machine_was_started_anew_is_over(sqlite_url: str) -> None:
    store = open_store(sqlite_url, SetClock(), steady_leases=True)
    store.receive(an_event())
    assert store.claim_inbox(lease_seconds=60) is not None
    end_leases(store, datetime.fromisoformat("2026-03-11T00:02:00Z"))
    assert store.claim_inbox(lease_seconds=60) is not None
    store.close()


@pytest.mark.parametrize("steady", [True, False])
def test_no_lease_is_longer_than_what_a_restart_can_tell_from_an_old_one(
    any_url: str, clock: SetClock, *, steady: bool
) -> None:
    store = open_store(any_url, clock, steady_leases=steady)
    with pytest.raises(ValueError, match="longer than"):
        store.claim_inbox(lease_seconds=leases.LONGEST_LEASE.total_seconds() + 1)
    store.close()
