"""The sandbox's webhooks: signed, repeated until they are taken, and kept so that what was missed can be found."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import stripe
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from integrations.sandbox.stripe.faults import OAuthFault
from integrations.sandbox.stripe.in_process import in_process_config
from integrations.sandbox.stripe.sandbox import SandboxStripe
from integrations.sandbox.stripe.settings import SandboxSettings
from integrations.stripe_connect import StripeGateways
from integrations.stripe_events import verify
from tests.support.records import a_link, an_invoice
from tests.support.stripe import (
    DECLINED_CARD,
    WEBHOOK_SECRET,
    SettableClock,
    a_connection,
    a_payer,
    listening,
    serving,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from stripe import RequestOptions, StripeClient


@dataclass
class Receiver:
    """A webhook endpoint that checks each signature, and answers what it is told to."""

    clock: SettableClock
    status: int = 200
    received: list[dict[str, Any]] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        body = await request.body()
        verify(body, request.headers["stripe-signature"], [WEBHOOK_SECRET], self.clock())
        self.received.append(json.loads(body))
        return Response(status_code=self.status)

    def types(self) -> list[str]:
        return [event["type"] for event in self.received]


@dataclass
class Shop:
    """A sandbox that tells the receiver, with one link."""

    core: SandboxStripe
    account: str
    link: str
    client: StripeClient

    def undelivered(self) -> list[str]:
        listed = self.client.v1.events.list({"delivery_success": False}, {"stripe_account": self.account})
        return [event.type for event in listed.data]

    def pay(self, **typed: str) -> None:
        self.core.pay(self.link, a_payer(**typed))


@pytest.fixture
def receiver(stripe_clock: SettableClock) -> Receiver:
    return Receiver(stripe_clock)


@contextmanager
def opened(port: int, clock: SettableClock) -> Iterator[Shop]:
    """A shop whose webhook goes to that port."""
    url = f"http://127.0.0.1:{port}/stripe/webhook"
    core = SandboxStripe(SandboxSettings("http://s.example", webhook_url=url, webhook_secret=WEBHOOK_SECRET), clock)
    account = core.connect("Bluebird Studio")
    gateway = StripeGateways(in_process_config(core)).for_connection(a_connection(account))
    link = gateway.create_payment_link(a_link(url=None, stripe_payment_link_id=None), an_invoice(), "Bluebird")
    yield Shop(core, account, link.stripe_payment_link_id or "", in_process_config(core).client())
    core.close()


@pytest.fixture
def shop(receiver: Receiver, stripe_clock: SettableClock) -> Iterator[Shop]:
    app = Starlette(routes=[Route("/stripe/webhook", receiver.take, methods=["POST"])])
    with listening() as (listener, port), serving(app, listener), opened(port, stripe_clock) as shop:
        yield shop


def expect_soon(condition: Any) -> None:
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("it did not happen within five seconds")


def test_a_payment_is_told_in_the_order_it_happened(shop: Shop, receiver: Receiver) -> None:
    shop.pay()

    assert shop.core.webhooks.deliver_pending() == 4
    assert receiver.types() == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "payment_link.updated",
    ]
    assert {event["account"] for event in receiver.received} == {shop.account}
    assert all(event["pending_webhooks"] == 1 and event["livemode"] is False for event in receiver.received)


def test_a_decline_is_told_too(shop: Shop, receiver: Receiver) -> None:
    shop.pay(number=DECLINED_CARD)
    shop.core.webhooks.deliver_pending()

    assert receiver.types() == ["charge.failed", "payment_intent.payment_failed"]


def test_what_is_delivered_is_not_delivered_again(shop: Shop, receiver: Receiver) -> None:
    shop.pay()

    assert [shop.core.webhooks.deliver_pending(), shop.core.webhooks.deliver_pending()] == [4, 0]
    assert shop.undelivered() == []


def test_what_is_refused_stays_to_be_found_until_it_is_taken(shop: Shop, receiver: Receiver) -> None:
    receiver.status = 503
    shop.pay()

    assert shop.core.webhooks.deliver_pending() == 0
    assert len(shop.undelivered()) == 4
    receiver.status = 200
    assert shop.core.webhooks.deliver_pending() == 4
    assert shop.undelivered() == []


def test_an_event_can_be_repeated_and_delivered_at_once(shop: Shop, receiver: Receiver) -> None:
    shop.pay()
    event = shop.client.v1.events.list({"limit": 1}, {"stripe_account": shop.account}).data[0]

    statuses = shop.core.webhooks.deliver(event.id, times=5)

    assert statuses == [200] * 5
    assert [told["id"] for told in receiver.received] == [event.id] * 5


def test_in_the_background_news_go_out_by_themselves(shop: Shop, receiver: Receiver) -> None:
    shop.core.webhooks.start()
    shop.pay()

    expect_soon(lambda: len(receiver.received) == 4)
    expect_soon(lambda: shop.undelivered() == [])


def test_a_refused_event_waits_longer_each_time(
    shop: Shop,
    receiver: Receiver,
    stripe_clock: SettableClock,
) -> None:
    receiver.status = 500
    shop.pay(number=DECLINED_CARD)

    tried = []
    for _ in range(9):
        shop.core.webhooks.deliver_due()
        tried.append(len(receiver.received))
        stripe_clock.move(timedelta(seconds=1))

    # Two events, at once and then after one, two and four seconds.
    assert tried == [2, 4, 4, 6, 6, 6, 6, 8, 8]


def test_nobody_at_the_address_is_no_reason_to_stop(stripe_clock: SettableClock) -> None:
    with listening() as (_, port):
        pass
    with opened(port, stripe_clock) as shop:
        shop.pay()

        assert shop.core.webhooks.deliver_pending() == 0
        assert len(shop.undelivered()) == 4


def test_without_an_address_nothing_waits_to_be_told(sandbox: SandboxStripe) -> None:
    account = sandbox.connect("Bluebird Studio")
    config = in_process_config(sandbox)
    gateway = StripeGateways(config).for_connection(a_connection(account))
    link = gateway.create_payment_link(a_link(url=None, stripe_payment_link_id=None), an_invoice(), "Bluebird")
    sandbox.pay(link.stripe_payment_link_id or "", a_payer())

    events = config.client().v1.events.list({"delivery_success": True}, {"stripe_account": account}).data
    assert len(events) == 4
    assert sandbox.webhooks.deliver_pending() == 0
    assert sandbox.webhooks.deliver(events[0].id) == [0]


def test_events_are_found_by_their_types(shop: Shop) -> None:
    shop.pay()
    options: RequestOptions = {"stripe_account": shop.account}
    both = shop.client.v1.events.list({"types": ["charge.succeeded", "payment_intent.succeeded"]}, options)
    one = shop.client.v1.events.list({"type": "charge.succeeded"}, options)

    assert (len(both.data), len(one.data)) == (2, 1)


def test_an_event_of_the_own_account_names_none_and_says_what_asked_for_it(
    stripe_clock: SettableClock,
    sandbox: SandboxStripe,
) -> None:
    client = in_process_config(sandbox).client()
    own = StripeGateways(in_process_config(sandbox)).own_account()
    gateway = StripeGateways(in_process_config(sandbox)).for_connection(
        a_connection(own.stripe_account_id, direct=True),
    )
    link = gateway.create_payment_link(a_link(url=None, stripe_payment_link_id=None), an_invoice(), "Bluebird")
    client.v1.payment_links.update(link.stripe_payment_link_id or "", {"active": False}, {"idempotency_key": "off-1"})

    (event,) = client.v1.events.list().data
    assert "account" not in event
    assert event.request is not None
    assert event.request.idempotency_key == "off-1"


def test_in_an_outage_nothing_arrives_and_everything_is_listed(shop: Shop, receiver: Receiver) -> None:
    shop.core.webhooks.drop(on=True)
    shop.pay(number=DECLINED_CARD)
    during = shop.core.webhooks.deliver_pending()
    shop.core.webhooks.drop(on=False)
    shop.core.webhooks.deliver_pending()
    lost = shop.undelivered()
    shop.pay()
    shop.core.webhooks.deliver_pending()

    assert during == 0
    assert lost == ["payment_intent.payment_failed", "charge.failed"]
    assert receiver.types() == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "payment_link.updated",
    ]
    assert shop.undelivered() == lost


def test_events_are_kept_for_thirty_days(shop: Shop, stripe_clock: SettableClock) -> None:
    shop.pay()
    options: RequestOptions = {"stripe_account": shop.account}
    event = shop.client.v1.events.list({}, options).data[0]
    stripe_clock.move(timedelta(days=30) - timedelta(seconds=1))
    assert shop.client.v1.events.retrieve(event.id, options=options).id == event.id

    stripe_clock.move(timedelta(seconds=1))

    assert shop.client.v1.events.list({}, options).data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such event"):
        shop.client.v1.events.retrieve(event.id, options=options)


def test_a_group_of_types_is_found_by_a_star(shop: Shop) -> None:
    shop.pay()

    found = shop.client.v1.events.list({"type": "charge.*"}, {"stripe_account": shop.account}).data
    assert [event.type for event in found] == ["charge.succeeded"]


def test_up_to_twenty_types_are_asked_for_at_once(shop: Shop) -> None:
    options: RequestOptions = {"stripe_account": shop.account}
    with pytest.raises(stripe.InvalidRequestError, match="up to 20 event types"):
        shop.client.v1.events.list({"types": ["charge.failed"] * 21}, options)
    with pytest.raises(stripe.InvalidRequestError, match="only specify one"):
        shop.client.v1.events.list({"types": ["charge.failed"], "type": "charge.failed"}, options)


def test_an_account_that_ends_our_access_is_told_of(shop: Shop, receiver: Receiver) -> None:
    shop.core.disconnect(shop.account)
    shop.core.webhooks.deliver_pending()

    assert receiver.types() == ["account.application.deauthorized"]
    with pytest.raises(stripe.PermissionError):
        shop.client.v1.accounts.retrieve_current(options={"stripe_account": shop.account})
    with pytest.raises(OAuthFault, match="not connected"):
        shop.core.disconnect(shop.account)
