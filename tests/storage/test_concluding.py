"""Several events at once: taken together, written together with their ends, and nothing of them where one fails."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from billing.correlation import current
from billing.errors import UnknownRecord
from billing.ports import Transaction
from billing.ports.changes import Change, Ending, LeaseLost
from billing.queues import Claim, InboxEvent, Source
from storage import SqlStore, tables
from tests.support.books import a_contact, a_message, add_workspace, an_event
from tests.support.databases import SetClock
from tests.support.records import WORKSPACE


@pytest.fixture
def queues(any_store: SqlStore) -> SqlStore:
    add_workspace(any_store)
    add_workspace(any_store, "ws_other")
    return any_store


def take(store: SqlStore, most: int = 8) -> list[Claim[InboxEvent]]:
    return store.claim_events(lease_seconds=60, most=most)


def keys(claims: list[Claim[InboxEvent]]) -> list[str]:
    return [claim.row.key for claim in claims]


def naming(number: str, workspace_id: str = WORKSPACE) -> Change:
    """Return the change that there is a contact of that number."""

    def make(tx: Transaction) -> bool:
        tx.contacts.add(a_contact(number=number, workspace_id=workspace_id))
        return True

    return Change(workspace_id, make)


def refuse(_tx: Transaction) -> bool:
    raise UnknownRecord("There is no INV-9 here.")


def contacts(store: SqlStore, workspace_id: str = WORKSPACE) -> list[str]:
    with store.transaction(workspace_id) as tx:
        return [contact.number for contact in tx.contacts.list()]


def states(store: SqlStore) -> dict[str, str]:
    columns = tables.inbox.c
    with store.engine.connect() as connection:
        return {row.key: row.state for row in connection.execute(select(columns.key, columns.state))}


def test_several_of_stripes_events_are_taken_at_once_the_oldest_first(queues: SqlStore) -> None:
    for key in "abcd":
        queues.receive(an_event(key))
    assert keys(take(queues, most=3)) == ["a", "b", "c"]
    assert keys(take(queues, most=3)) == ["d"]
    assert take(queues, most=3) == []


def test_of_one_lane_one_event_is_taken_at_a_time(queues: SqlStore) -> None:
    for key, lane in (("a", "pi_1"), ("b", "pi_1"), ("c", "pi_2")):
        queues.receive(an_event(key, lane=lane))
    assert keys(take(queues)) == ["a", "c"]
    assert take(queues) == []


def test_what_somebody_said_in_slack_is_taken_by_itself(queues: SqlStore) -> None:
    for key, source in (("a", Source.SLACK), ("b", Source.STRIPE), ("c", Source.SLACK), ("d", Source.STRIPE)):
        queues.receive(an_event(key, source=source))
    assert [keys(take(queues)) for _ in range(4)] == [["a"], ["b"], ["c"], ["d"]]


def test_changes_of_several_workspaces_are_written_with_the_ends_of_their_events(queues: SqlStore) -> None:
    for key in "abc":
        queues.receive(an_event(key))
    first, second, third = take(queues)
    nothing = Change(WORKSPACE, lambda _tx: False)
    ends = [
        Ending(first, naming("CON-2", "ws_other"), ""),
        Ending(second, nothing, ""),
        Ending(third, naming("CON-1"), ""),
    ]

    assert queues.conclude(ends) == [True, False, True]
    assert (contacts(queues), contacts(queues, "ws_other")) == (["CON-1"], ["CON-2"])
    assert states(queues) == {"a": "done", "b": "ignored", "c": "done"}
    with queues.transaction("ws_other") as tx:
        assert tx.names.version() == 1


def test_what_follows_from_a_change_is_found_under_its_events_correlation(queues: SqlStore) -> None:
    for key in "ab":
        queues.receive(an_event(key))
    seen: list[str] = []

    def look(tx: Transaction) -> bool:
        seen.append(current())
        return tx.send(a_message(current()))

    first, second = take(queues)
    queues.conclude([Ending(first, Change(WORKSPACE, look), "one"), Ending(second, Change(WORKSPACE, look), "two")])
    sent = [queues.claim_outbox(lease_seconds=60), queues.claim_outbox(lease_seconds=60)]
    assert seen == [claim.correlation for claim in sent if claim] == ["one", "two"]


def test_where_one_change_fails_nothing_is_written_and_every_event_is_still_held(queues: SqlStore) -> None:
    for key in "ab":
        queues.receive(an_event(key))
    first, second = take(queues)
    with pytest.raises(UnknownRecord):
        queues.conclude([Ending(first, naming("CON-1"), ""), Ending(second, Change(WORKSPACE, refuse), "")])
    assert contacts(queues) == []
    assert take(queues) == []
    assert queues.conclude([Ending(first, naming("CON-1"), "")]) == [True]


def test_an_event_that_was_taken_over_is_not_written_twice(queues: SqlStore, clock: SetClock) -> None:
    queues.receive(an_event("a"))
    (late,) = take(queues)
    clock.advance(61)
    (new,) = take(queues)
    with pytest.raises(LeaseLost):
        queues.conclude([Ending(late, naming("CON-1"), "")])
    assert contacts(queues) == []
    queues.conclude([Ending(new, naming("CON-1"), "")])
    with pytest.raises(LeaseLost):
        queues.conclude([Ending(late, naming("CON-2"), "")])
    assert contacts(queues) == ["CON-1"]
