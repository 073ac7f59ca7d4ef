"""Trouble is told of by mail, once for each key."""

from __future__ import annotations

from billing.alerting import alert
from billing.queues import OutboxKind
from tests.support.studio import Studio


def test_the_same_trouble_is_told_of_once(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        assert alert(tx, "slack:1", subject="Evie cannot post", text="Install it again.", now=studio.now)
        assert not alert(tx, "slack:1", subject="Evie cannot post", text="Install it again.", now=studio.now)
        assert alert(tx, "slack:2", subject="Evie cannot post", text="Install it again.", now=studio.now)
    rows = studio.outbox(OutboxKind.ALERT)
    assert [row.payload for row in rows] == [{"subject": "Evie cannot post", "text": "Install it again."}] * 2
