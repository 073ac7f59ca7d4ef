"""The places that the stories happen in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.slack import FakeSlack
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
