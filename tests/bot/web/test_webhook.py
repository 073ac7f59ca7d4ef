"""Stripe's webhook: durable before it is acknowledged, and nothing stored that Stripe did not sign."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from billing.queues import Source
from bot.web.webhook import LARGEST_BODY
from storage import SqlStore
from tests.support.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.site import StudioSite

WEBHOOK = "/stripe/webhook"


def deliver(studio_site: StudioSite, body: bytes, headers: Any) -> Any:
    with studio_site.client() as client:
        return client.post(WEBHOOK, content=body, headers=headers)


def test_an_event_is_stored_as_it_came_and_the_worker_is_woken(studio_site: StudioSite) -> None:
    body = studio_site.event()
    answer = deliver(studio_site, body, studio_site.signature(body))
    assert answer.status_code == 200
    (row,) = studio_site.inbox()
    assert (row.source, row.key, row.kind) == (Source.STRIPE, "acct_studio:evt_1", "checkout.session.completed")
    assert (row.lane, row.body, row.received_at) == ("cs_1", body, studio_site.studio.now)
    assert studio_site.nudges == 1


def test_an_event_of_the_keys_own_account_and_about_nothing_we_know_is_stored_too(studio_site: StudioSite) -> None:
    body = studio_site.event(account=None, type="a.new.type", data={})
    assert deliver(studio_site, body, studio_site.signature(body)).status_code == 200
    (row,) = studio_site.inbox()
    assert (row.key, row.kind, row.lane) == (":evt_1", "a.new.type", "")


def test_the_same_event_five_times_at_once_is_one_row_and_five_acknowledgements(studio_site: StudioSite) -> None:
    body = studio_site.event()
    headers = studio_site.signature(body)
    with serving(studio_site.app()) as url, ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: httpx2.post(url + WEBHOOK, content=body, headers=headers), range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len(studio_site.inbox()) == 1


@pytest.mark.parametrize(
    "signed",
    [
        lambda site, body: {},
        lambda site, body: {"stripe-signature": ""},
        lambda site, body: {"stripe-signature": "t=1,v1=é".encode()},
        lambda site, body: {"stripe-signature": f"t={'9' * 400},v1={'0' * 64}"},
        lambda site, body: site.signature(body, secret="whsec_of_somebody_else"),
        lambda site, body: site.signature(body + b" "),
        lambda site, body: site.signature(body, age=600),
        lambda site, body: site.signature(body, age=-600),
        lambda site, body: {"stripe-signature": site.signature(body)["stripe-signature"].replace("v1=", "v0=")},
    ],
)
def test_what_is_not_signed_for_us_is_400_and_leaves_no_trace(studio_site: StudioSite, signed: Any) -> None:
    body = studio_site.event()
    answer = deliver(studio_site, body, signed(studio_site, body))
    assert answer.status_code == 400
    assert studio_site.inbox() == []
    assert studio_site.nudges == 0


def test_an_installation_without_a_secret_accepts_nothing(studio_site: StudioSite) -> None:
    studio_site.changes["webhook_secrets"] = ()
    body = studio_site.event()
    assert deliver(studio_site, body, studio_site.signature(body, secret="")).status_code == 400
    assert studio_site.inbox() == []


def test_each_of_several_secrets_is_accepted(studio_site: StudioSite) -> None:
    studio_site.changes["webhook_secrets"] = ("whsec_new", "whsec_old")
    for number, secret in enumerate(("whsec_new", "whsec_old")):
        body = studio_site.event(id=f"evt_{number}")
        assert deliver(studio_site, body, studio_site.signature(body, secret=secret)).status_code == 200
    assert len(studio_site.inbox()) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"{",
        b"\xff\xfe",
        b'{"id": 7}',
        b"[" * 200_000,
        b'{"created": ' + b"9" * 5_000 + b"}",
        b'{"id": "evt_\\ud800", "type": "x", "created": 1, "livemode": true}',
    ],
)
def test_a_signed_body_that_is_no_event_is_400_and_leaves_no_trace(studio_site: StudioSite, body: bytes) -> None:
    assert deliver(studio_site, body, studio_site.signature(body)).status_code == 400
    assert studio_site.inbox() == []


@pytest.mark.parametrize("whole", [True, False])
def test_a_body_that_is_too_large_is_413_however_it_is_sent(studio_site: StudioSite, *, whole: bool) -> None:
    body = b" " * (LARGEST_BODY + 1)

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    with serving(studio_site.app()) as url:
        answer = httpx2.post(url + WEBHOOK, content=body if whole else pieces(), headers=studio_site.signature(body))
    assert answer.status_code == 413
    assert studio_site.inbox() == []


def test_the_largest_body_is_still_read(studio_site: StudioSite) -> None:
    event = studio_site.event()
    body = event + b" " * (LARGEST_BODY - len(event))
    assert deliver(studio_site, body, studio_site.signature(body)).status_code == 200
    assert len(studio_site.inbox()) == 1


def test_what_cannot_be_stored_is_not_acknowledged(studio_site: StudioSite) -> None:
    store = studio_site.studio.store
    assert isinstance(store, SqlStore)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox RENAME TO lost")
    body = studio_site.event()
    answer = deliver(studio_site, body, studio_site.signature(body))
    assert answer.status_code == 503
    assert "inbox" not in answer.text
    assert studio_site.nudges == 0
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE lost RENAME TO inbox")
    assert deliver(studio_site, body, studio_site.signature(body)).status_code == 200


def test_only_post_is_taken(studio_site: StudioSite) -> None:
    with studio_site.client() as client:
        answer = client.get(WEBHOOK)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert answer.headers["content-type"].startswith("text/plain")
