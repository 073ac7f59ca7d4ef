"""The daily digest: once a day at its hour by the business's clock, whatever the clocks or the workers do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from billing.digesting import queue_digest
from billing.news import NewsSettings
from billing.queues import OutboxKind
from bot.worker.digesting import queue_all_digests
from tests.support.studio import Studio


def switch_on(studio: Studio, hour: int = 9, timezone: str = "Australia/Brisbane") -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.people.save_workspace(replace(tx.people.workspace(), timezone=timezone))
        tx.news.save_settings(NewsSettings(studio.id, None, "#billing", hour, studio.now))


def days(studio: Studio) -> list[str]:
    return [str(message.payload["on"]) for message in studio.outbox(OutboxKind.DIGEST)]


def tick(studio: Studio, moment: datetime) -> bool:
    studio.now = moment
    with studio.store.transaction(studio.id) as tx:
        return queue_digest(tx, now=moment)


def test_there_is_none_unless_it_was_set(studio: Studio) -> None:
    assert not tick(studio, studio.now + timedelta(days=1))
    queue_all_digests(studio.store, studio.clock)
    assert days(studio) == []


def test_it_is_queued_once_a_day_at_its_hour_where_the_business_is(studio: Studio) -> None:
    # 10 in the morning of the 11th in Brisbane: the hour of that day has passed when it is set.
    switch_on(studio)
    begun = studio.now
    assert not tick(studio, begun + timedelta(hours=5))
    assert not tick(studio, begun + timedelta(hours=22, minutes=59))
    assert tick(studio, begun + timedelta(hours=23))
    assert not tick(studio, begun + timedelta(hours=23, minutes=1))
    for _ in range(2):
        queue_all_digests(studio.store, studio.clock)
    assert days(studio) == ["2026-03-12"]


def test_a_worker_that_was_away_makes_up_for_the_morning_of_the_same_day(studio: Studio) -> None:
    switch_on(studio)
    studio.now += timedelta(days=3, hours=6)
    queue_all_digests(studio.store, studio.clock)
    assert days(studio) == ["2026-03-14"]


@pytest.mark.parametrize("hour", [1, 2, 3])
@pytest.mark.parametrize(("day", "month"), [(29, 3), (25, 10)])
def test_a_day_on_which_the_clocks_change_has_one(studio: Studio, hour: int, day: int, month: int) -> None:
    studio.now = datetime(2026, month, day - 1, 20, tzinfo=UTC)
    switch_on(studio, hour, "Europe/Berlin")
    begun = studio.now
    for minutes in range(0, 24 * 60, 15):
        tick(studio, begun + timedelta(minutes=minutes))
    assert days(studio) == [f"2026-{month:02}-{day}"]


def test_half_a_setting_is_none(studio: Studio) -> None:
    for settings in (
        NewsSettings(studio.id, None, "#billing"),
        NewsSettings(studio.id, None, "#billing", 9),
    ):
        with studio.store.transaction(studio.id) as tx:
            tx.news.save_settings(settings)
        assert not tick(studio, studio.now)
