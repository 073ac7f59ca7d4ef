"""Stripe delivers at least once, and sometimes all at once: what follows from a payment follows once."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support.slack import FakeSlack
from tests.support.walking import Evie, slack_settings
from tests.support.walking_slack import Channel, Colleague
from tests.support.walking_stripe import ForeignStripe, at_once, deliver, foreign_stripe

pytestmark = pytest.mark.walk


@pytest.fixture
def stripe() -> Iterator[ForeignStripe]:
    with foreign_stripe() as stripe:
        yield stripe


@pytest.fixture
def evie_on_sqlite(
    tmp_path: Path, slack: FakeSlack, stripe: ForeignStripe, workspace: dict[str, Any]
) -> Iterator[Evie]:
    """Evie with the worker in the web process."""
    with Evie(tmp_path, **slack_settings(slack), **stripe.settings()) as evie:
        evie.move_in(workspace)
        evie.serve()
        yield evie


@pytest.fixture
def evie_on_postgresql(
    tmp_path: Path, slack: FakeSlack, stripe: ForeignStripe, workspace: dict[str, Any], postgresql_url: str
) -> Iterator[Evie]:
    """Evie with a web process that only takes in, and two workers."""
    with Evie(tmp_path, postgresql_url, **slack_settings(slack), **stripe.settings()) as evie:
        evie.move_in(workspace)
        evie.serve("--web-only", workers=2)
        yield evie


@pytest.fixture(params=["sqlite", "postgresql"])
def evie(request: pytest.FixtureRequest) -> Evie:
    evie: Evie = request.getfixturevalue(f"evie_on_{request.param}")
    return evie


def test_each_event_of_a_payment_five_times_at_once_pays_once_posts_once_and_runs_once(
    evie: Evie, slack: FakeSlack, stripe: ForeignStripe
) -> None:
    answer = Colleague(evie, slack).says("create a 30% deposit invoice for Quist and make a payment link")
    stripe.pay(answer.link("Open pay page"), "Nora Quist")

    events = stripe.events()
    assert len(events) >= 2
    assert set(at_once(partial(deliver, evie.url), *events, times=5)) == {200}
    Channel(evie, slack, "C1").hears("INV-1001 is paid")
    evie.until_quiet()
    assert set(at_once(partial(deliver, evie.url), *events)) == {200}
    evie.until_quiet()

    # Evie may look for missed events meanwhile, and find what came of her own switching the link off.
    taken = Counter(row["key"].rpartition(":")[2] for row in evie.rows("inbox", source="stripe"))
    assert [taken[json.loads(event)["id"]] for event in events] == [1] * len(events)
    assert len(evie.rows("payments", status="succeeded")) == 1
    assert len(Channel(evie, slack, "C1").posts()) == 1
    assert len(evie.rows("automation_runs")) == 1
    assert len(evie.rows("outbox", kind="action")) == 1
