"""Where a business is decides which day it is there."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from billing.workspaces import Workspace


@pytest.mark.parametrize(
    ("timezone", "day"),
    [
        ("Australia/Brisbane", date(2026, 3, 12)),
        ("Europe/Oslo", date(2026, 3, 11)),
        ("America/Los_Angeles", date(2026, 3, 11)),
    ],
)
def test_an_instant_falls_on_the_day_that_it_is_where_the_business_is(timezone: str, day: date) -> None:
    instant = datetime(2026, 3, 11, 20, 0, tzinfo=UTC)
    workspace = Workspace("ws_1", "Studio", "AUD", "AU", "en_AU", timezone, instant)
    assert workspace.day_of(instant) == day
