"""Two admins who take the role from each other at the same moment: one of them stays."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from billing.errors import LastAdmin
from billing.roles import Role
from billing.staffing import set_role
from billing.workspaces import Member
from storage import SqlStore, open_store
from tests.support.books import add_books
from tests.support.databases import SetClock
from tests.support.records import WORKSPACE


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, clock: SetClock) -> Iterator[SqlStore]:
    store = open_store(request.getfixturevalue(f"{request.param}_url"), clock)
    add_books(store)
    yield store
    store.close()


def test_somebody_is_always_left_who_gives_roles(shared: SqlStore) -> None:
    names = ("Ann", "Bea")
    start = Barrier(2)
    with shared.transaction(WORKSPACE) as tx:
        for member in tx.people.members():
            tx.people.save_member(Member(WORKSPACE, member.name, Role.VIEWER, member.slack_user_id))
        for name in names:
            tx.people.save_member(Member(WORKSPACE, name, Role.ADMIN))

    def demote(name: str) -> bool:
        start.wait()
        try:
            with shared.transaction(WORKSPACE) as tx:
                set_role(tx, name, Role.VIEWER)
        except LastAdmin:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(demote, names))

    with shared.transaction(WORKSPACE) as tx:
        assert [member.role for member in tx.people.members()].count(Role.ADMIN) == 1
    assert sorted(done) == [False, True]
