"""Finding out whose something is, which is all that may be asked without naming a workspace."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing.errors import DuplicateRecord
from billing.news import NewsSettings
from billing.portals import digest
from billing.sharing import open_portal
from storage import SqlStore
from tests.support.books import a_workspace, add_books
from tests.support.records import NOW


def test_workspaces_are_listed_oldest_first(any_store: SqlStore) -> None:
    assert any_store.directory.workspaces() == []
    younger, older = a_workspace(id="a", created_at=NOW + timedelta(days=1)), a_workspace(id="b")
    any_store.directory.add_workspace(younger)
    any_store.directory.add_workspace(older)

    assert any_store.directory.workspaces() == [older, younger]


def test_a_workspace_is_found_by_its_slack_team(any_store: SqlStore) -> None:
    bound = a_workspace(slack_team_id="T1")
    any_store.directory.add_workspace(bound)
    any_store.directory.add_workspace(a_workspace(id="unbound"))
    any_store.directory.add_workspace(a_workspace(id="also unbound"))

    assert any_store.directory.by_slack_team("T1") == bound
    assert any_store.directory.by_slack_team("T2") is None


@pytest.mark.parametrize("changes", [{}, {"id": "other", "slack_team_id": "T1"}])
def test_an_id_or_a_slack_team_is_one_workspaces(any_store: SqlStore, changes: dict[str, str]) -> None:
    any_store.directory.add_workspace(a_workspace(slack_team_id="T1"))
    with pytest.raises(DuplicateRecord):
        any_store.directory.add_workspace(a_workspace(**changes))


def test_a_token_leads_to_its_record_in_its_workspace(any_store: SqlStore) -> None:
    add_books(any_store, "ws_a")
    add_books(any_store, "ws_b")

    assert any_store.directory.by_pay_token("pay-ws_b") == ("ws_b", "INV-1001")
    assert any_store.directory.by_pay_token("pay-ws_c") is None


def test_a_portals_address_is_found_by_what_is_kept_of_it(any_store: SqlStore) -> None:
    add_books(any_store, "ws_a")
    with any_store.transaction("ws_a") as tx:
        token = open_portal(tx, "CON-1", now=NOW)
        (kept,) = tx.portals.of_contact("CON-1")

    assert any_store.directory.portal_link(digest(token)) == kept
    assert any_store.directory.portal_link(token) is None
    assert token not in repr(kept)


def test_the_workspaces_that_get_a_digest_are_found(any_store: SqlStore) -> None:
    for workspace in ("ws_quiet", "ws_told"):
        any_store.directory.add_workspace(a_workspace(id=workspace))
    with any_store.transaction("ws_told") as tx:
        tx.news.save_settings(NewsSettings("ws_told", None, "#billing", 9, NOW))
    with any_store.transaction("ws_quiet") as tx:
        tx.news.save_settings(NewsSettings("ws_quiet", "#help"))

    assert [workspace.id for workspace in any_store.directory.with_digests()] == ["ws_told"]
