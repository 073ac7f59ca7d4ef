"""What is done once a day is done by one of those who come for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from storage import SqlStore
from tests.support.books import add_workspace
from tests.support.records import NOW, WORKSPACE

NIGHT = date(2026, 3, 11)
HOUR = timedelta(hours=1)


def take(store: SqlStore, night: date = NIGHT, after: timedelta = timedelta()) -> bool:
    with store.transaction(WORKSPACE) as tx:
        return tx.duties.take("sync", night, now=NOW + after, until=NOW + after + HOUR)


def test_of_several_who_come_at_once_one_has_it(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(lambda _: take(any_store), range(4)))

    assert sorted(taken) == [False, False, False, True]


def test_what_is_done_is_not_taken_again_before_the_next_day(any_store: SqlStore) -> None:
    add_workspace(any_store)
    assert take(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.duties.done("sync", NIGHT)

    assert not take(any_store, after=2 * HOUR)
    assert take(any_store, NIGHT + timedelta(days=1), after=24 * HOUR)


def test_who_gave_it_back_or_died_over_it_leaves_it_to_others(any_store: SqlStore) -> None:
    add_workspace(any_store)
    assert take(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.duties.give_back("sync")
    assert take(any_store)

    assert not take(any_store, after=HOUR / 2)
    assert take(any_store, after=2 * HOUR)
