"""Events doubled, shuffled, at any distance from each other, days late, about others, or poison among a thousand."""

from __future__ import annotations

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, delete

from billing.queues import RowState
from storage import tables
from tests.support.town import Town
from tests.support.walking_stripe import deliver

pytestmark = [pytest.mark.walk, pytest.mark.thorough, pytest.mark.timeout(300)]

PAYMENTS = 6
AT_MOST_APART = 0.5


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a storm has to come again


def told_in_any_way(town: Town, events: list[tuple[str, bytes]], chances: random.Random) -> None:
    """Tell each event two or three times, in any order, up to half a second apart."""
    copies = [event for event in events for _ in range(chances.randint(2, 3))]
    chances.shuffle(copies)
    delays = [chances.random() * AT_MOST_APART for _ in copies]

    def tell(event: tuple[str, bytes], delay: float) -> None:
        time.sleep(delay)
        town.evie.stripe_tells(event[1], event[0])

    with ThreadPoolExecutor(16) as stripe:
        list(stripe.map(tell, copies, delays))


def test_a_storm_of_events_pays_and_tells_each_payment_once(town: Town) -> None:
    town.settle_in()
    for _ in range(PAYMENTS):
        town.bill_and_pay()
    events = town.events()
    told_in_any_way(town, events, dice(8))
    town.evie.until_over()
    assert town.evie.lost() == []
    assert town.problems() == []
    assert len(town.evie.rows("payments", status="succeeded")) == PAYMENTS

    # Days later, when the inbox has forgotten them, all of them come once more.
    forget_the_inbox(town)
    told_in_any_way(town, events, dice(9))
    town.evie.until_over()
    assert town.problems() == []
    assert len(town.evie.rows("payments", status="succeeded")) == PAYMENTS


def forget_the_inbox(town: Town) -> None:
    engine = create_engine(town.evie.database_url)
    with engine.begin() as connection:
        connection.execute(delete(tables.inbox))
    engine.dispose()
    town.evie.taken.clear()


def test_events_of_another_account_or_mode_change_nothing(town: Town) -> None:
    town.settle_in()
    town.bill_and_pay()
    foreign = [
        json.dumps(json.loads(body) | change | {"id": f"{event_id}_{place}"}).encode()
        for event_id, body in town.events()
        for place, change in enumerate(({"account": "acct_of_somebody"}, {"livemode": True}))
    ]
    assert {deliver(town.evie.url, body) for body in foreign} == {200}
    town.evie.until_over()
    assert {row["state"] for row in town.evie.rows("inbox", source="stripe")} == {RowState.IGNORED}
    assert town.evie.rows("payments") == []
    assert [invoice["paid_amount"] for invoice in town.evie.rows("invoices")] == [0]


def test_one_poisonous_event_in_a_thousand_is_parked_and_the_others_go_on(town: Town) -> None:
    town.settle_in()
    town.bill_and_pay()
    events = [body for _, body in town.events()]
    model = json.loads(next(body for body in events if b'"type": "payment_intent.succeeded"' in body))
    moons = [json.dumps(model | {"id": f"evt_moon_{n}", "type": "moon.risen"}).encode() for n in range(995)]
    poison = json.dumps(
        model | {"id": "evt_poison", "data": {"object": {"id": "pi_nobodys", "object": "payment_intent"}}}
    )
    told = [*moons, poison.encode(), *events]
    dice(8).shuffle(told)
    with ThreadPoolExecutor(8) as stripe:
        assert set(stripe.map(lambda body: deliver(town.evie.url, body), told)) == {200}

    def handled() -> bool:
        return not town.evie.rows("inbox", state=RowState.WAITING) and not town.evie.rows(
            "outbox", state=RowState.WAITING
        )

    town.evie.until(handled, "a thousand events to be handled", patience=120)
    (parked,) = town.evie.rows("inbox", state=RowState.PARKED)
    assert parked["key"] == ":evt_poison"
    assert parked["last_error"]
    assert town.evie.readiness()[1]["parked"] == 1
    assert len(town.evie.rows("payments", status="succeeded")) == 1
    assert len([key for key in town.posts() if key.startswith("notify:")]) == 1
