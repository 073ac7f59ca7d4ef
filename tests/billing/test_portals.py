"""Addresses of portals: kept as digests, ended by people or by time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.errors import UnknownRecord
from billing.portals import PortalLink, digest
from billing.sharing import close_portal, open_portal
from tests.support.studio import Studio


def link(studio: Studio, token: str) -> PortalLink:
    found = studio.store.directory.portal_link(digest(token))
    assert found is not None
    return found


def opened(studio: Studio, contact: str = "CON-2") -> str:
    with studio.store.transaction(studio.id) as tx:
        return open_portal(tx, contact, now=studio.now)


def test_every_address_is_another_and_none_can_be_read_from_what_is_kept(studio: Studio) -> None:
    tokens = {opened(studio) for _ in range(20)}
    assert len(tokens) == 20
    with studio.store.transaction(studio.id) as tx:
        kept = repr(tx.portals.of_contact("CON-2"))
    assert all(len(token) >= 43 and token not in kept for token in tokens)


def test_an_address_lives_as_long_as_the_workspace_says(studio: Studio) -> None:
    for_ever = opened(studio)
    with studio.store.transaction(studio.id) as tx:
        tx.people.save_workspace(replace(tx.people.workspace(), portal_days=30))
    for_now = opened(studio)
    assert link(studio, for_now).opens(studio.now + timedelta(days=30, seconds=-1))
    assert not link(studio, for_now).opens(studio.now + timedelta(days=30))
    assert link(studio, for_ever).opens(studio.now + timedelta(days=9999))


def test_closing_ends_every_address_of_that_client_and_of_no_other(studio: Studio) -> None:
    first, second, other = opened(studio), opened(studio), opened(studio, "CON-1")
    with studio.store.transaction(studio.id) as tx:
        assert close_portal(tx, "CON-2", now=studio.now) == 3
        assert close_portal(tx, "CON-2", now=studio.now) == 0
    assert not link(studio, first).opens(studio.now)
    assert not link(studio, second).opens(studio.now)
    assert link(studio, other).opens(studio.now)
    assert link(studio, opened(studio)).opens(studio.now)


def test_nobody_has_a_portal_who_is_no_client(studio: Studio) -> None:
    with pytest.raises(UnknownRecord):
        opened(studio, "CON-9")
