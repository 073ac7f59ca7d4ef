"""The places that the stories happen in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.databases import PostgresqlServer
from tests.support.slack import FakeSlack
from tests.support.town import Town, a_town
from tests.support.walking import Evie, slack_settings


@pytest.fixture
def workspace() -> dict[str, Any]:
    """A small business: one client with one deal, and an automation that moves a deal whose deposit is paid."""
    return {
        "workspace": {
            "name": "Lantern Row",
            "currency": "AUD",
            "country": "AU",
            "locale": "en_AU",
            "timezone": "Australia/Brisbane",
        },
        "members": [{"name": "Ada", "role": "admin", "slack_user_id": "U1"}],
        "channels": [{"name": "#billing", "slack_channel_id": "C1"}],
        "notifications": [
            {"event": "payment_succeeded", "channel": "#billing"},
            {"event": "payment_failed", "channel": "#billing"},
        ],
        "contacts": [
            {"number": "CON-1", "name": "Nora Quist", "company": "Quist Ferries", "email": "nora@quist.example"},
        ],
        "opportunities": [
            {
                "number": "OPP-1",
                "name": "Timetable poster",
                "contact": "CON-1",
                "amount": "8000.00",
                "stage": "proposal",
            },
        ],
        "automations": [
            {
                "number": "AUT-1",
                "name": "Deposit paid wins the deal",
                "active": True,
                "trigger": "payment_succeeded",
                "where": {"kind": "deposit"},
                "action": {"do": "move_opportunity", "stage": "won"},
            },
        ],
    }


@pytest.fixture
def evie(tmp_path: Path, slack: FakeSlack) -> Iterator[Evie]:
    """An installation that is set up for Slack; its Stripe and its mailbox are the local ones."""
    with Evie(tmp_path, **slack_settings(slack)) as evie:
        yield evie


@pytest.fixture
def town_on_sqlite(tmp_path: Path) -> Iterator[Town]:
    """A town in which one process of Evie's does everything."""
    with a_town(tmp_path, None, EVIE_WORKER_THREADS="4") as town:
        yield town


@pytest.fixture
def town_on_postgresql(tmp_path: Path, postgresql_server: PostgresqlServer, postgresql_url: str) -> Iterator[Town]:
    """A town in which Evie is a web process and two workers."""
    with a_town(tmp_path, postgresql_url, EVIE_WORKER_THREADS="2") as town:
        town.evie.beside = 2
        yield town


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest) -> Town:
    """A town on each kind of database."""
    town: Town = request.getfixturevalue(f"town_on_{request.param}")
    return town
