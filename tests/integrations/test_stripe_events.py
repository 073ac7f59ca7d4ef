"""Webhook events: signatures, and bodies that somebody made up to hurt us."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe import WebhookSignature

from integrations.stripe_events import BadEvent, BadSignature, StripeEvent, parse, verify

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
SECRET = "whsec_first"


def an_event(**changes: Any) -> dict[str, Any]:
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "account": "acct_1",
        "livemode": False,
        "created": 1_773_219_600,
        "data": {"object": {"id": "cs_test_1", "object": "checkout.session", "amount_total": 50000}},
    }
    return event | changes


def encode(event: object) -> bytes:
    return json.dumps(event).encode()


def sign(body: bytes, secret: str = SECRET, at: datetime = NOW) -> str:
    """Sign as Stripe's own package does."""
    header: str = WebhookSignature.generate_signature_header(body.decode(), secret, int(at.timestamp()))
    return header


def sign_bytes(body: bytes) -> str:
    """Sign a body that is no text, as whoever knows the secret could."""
    stamp = int(NOW.timestamp())
    return f"t={stamp},v1={hmac.new(SECRET.encode(), b'%d.' % stamp + body, sha256).hexdigest()}"


def test_a_signed_event_is_read() -> None:
    body = encode(an_event())

    assert verify(body, sign(body), [SECRET], NOW) == StripeEvent(
        id="evt_1",
        type="checkout.session.completed",
        account="acct_1",
        livemode=False,
        created=datetime(2026, 3, 11, 9, 0, tzinfo=UTC),
        object_id="cs_test_1",
        object_type="checkout.session",
    )


def test_an_event_of_our_own_account_names_none() -> None:
    event = an_event()
    del event["account"]

    assert parse(encode(event)).account is None


@pytest.mark.parametrize("secrets", [[SECRET, "whsec_second"], ["whsec_second", SECRET], ["", SECRET]])
def test_any_of_several_secrets_will_do(secrets: list[str]) -> None:
    body = encode(an_event())

    assert verify(body, sign(body), secrets, NOW).id == "evt_1"


def test_while_a_secret_is_rotated_one_right_signature_of_two_will_do() -> None:
    body = encode(an_event())
    old, new = (sign(body, secret) for secret in ("whsec_old", SECRET))

    assert verify(body, f"{old},{new.partition(',')[2]}", [SECRET], NOW).id == "evt_1"


@pytest.mark.parametrize("secrets", [[], [""], ["  "], ["whsec_other"]])
def test_without_the_right_secret_nothing_is_accepted(secrets: list[str]) -> None:
    body = encode(an_event())

    with pytest.raises(BadSignature):
        verify(body, sign(body), secrets, NOW)


def test_a_signature_made_with_an_empty_secret_opens_nothing() -> None:
    body = encode(an_event())

    with pytest.raises(BadSignature):
        verify(body, sign(body, ""), [""], NOW)


def test_a_changed_body_is_refused() -> None:
    body = encode(an_event())

    with pytest.raises(BadSignature):
        verify(body.replace(b"50000", b"50001"), sign(body), [SECRET], NOW)


@pytest.mark.parametrize("minutes", [-5, 5])
def test_five_minutes_either_way_are_let_through(minutes: int) -> None:
    body = encode(an_event())

    assert verify(body, sign(body, at=NOW + timedelta(minutes=minutes)), [SECRET], NOW).id == "evt_1"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_more_than_five_minutes_either_way_are_not(seconds: int) -> None:
    body = encode(an_event())

    with pytest.raises(BadSignature):
        verify(body, sign(body, at=NOW + timedelta(seconds=seconds)), [SECRET], NOW)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1",
        "v1=abc",
        "t=,v1=",
        "t=1,v1",
        "nonsense",
        ",,,===",
        "t=1773219600,v1=é" + "a" * 63,
        "t=" + "9" * 400 + ",v1=" + "a" * 64,
        "t=-1773219600,v1=" + "a" * 64,
        "t=1773219600,v1=" + "A" * 64,
        "t=\u0661\u0662,v1=" + "a" * 64,
        "t=1773219600,v1=\udcff",
    ],
)
def test_a_header_of_another_form_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        verify(encode(an_event()), header, [SECRET], NOW)


def test_only_scheme_v1_counts() -> None:
    body = encode(an_event())

    with pytest.raises(BadSignature):
        verify(body, sign(body).replace("v1=", "v0="), [SECRET], NOW)


@given(header=st.text(), body=st.binary())
def test_whatever_comes_it_is_a_bad_signature_and_nothing_else(header: str, body: bytes) -> None:
    with pytest.raises(BadSignature):
        verify(body, header, [SECRET], NOW)


HOSTILE = [
    b"",
    b"null",
    b"[]",
    b"1",
    b"{}",
    b'"text"',
    b"\xff\xfe",
    b'{"id": "evt_1"',
    b"\xef\xbb\xbf{}",
    b"[" * 200_000,
    b'{"a":' * 200_000,
    b'{"id": ' + b"9" * 5_000 + b"}",
    *(
        encode(an_event(**changes))
        for changes in (
            {"id": None},
            {"id": 7},
            {"id": ""},
            {"id": "evt_1\u0000"},
            {"id": "evt_\ud800"},
            {"id": "evt_1\n"},
            {"id": "e" * 256},
            {"type": None},
            {"type": ["x"]},
            {"type": "a b"},
            {"account": 5},
            {"account": ""},
            {"account": "acct_1'; drop table"},
            {"livemode": None},
            {"livemode": "false"},
            {"created": None},
            {"created": True},
            {"created": 1.5},
            {"created": float("nan")},
            {"created": -1},
            {"created": 2**63},
            {"created": "yesterday"},
            {"created": "2026-03-11T09:00:00"},
            {"created": "0001-01-01T00:00:00+23:59"},
        )
    ),
]


@pytest.mark.parametrize("body", HOSTILE)
def test_a_hostile_body_is_no_event_even_if_it_is_signed(body: bytes) -> None:
    with pytest.raises(BadEvent):
        verify(body, sign_bytes(body), [SECRET], NOW)
    with pytest.raises(BadEvent):
        parse(body)


@given(
    changes=st.dictionaries(
        st.sampled_from(["id", "type", "account", "livemode", "created", "data"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        ),
    ),
)
def test_whatever_the_fields_hold_it_is_an_event_or_a_bad_one(changes: dict[str, Any]) -> None:
    try:
        event = parse(encode(an_event(**changes)))
    except BadEvent:
        return
    assert event.created.tzinfo is UTC
    assert event.id.isascii()
    assert event.object_id.isascii()


@pytest.mark.parametrize("data", [None, [], {}, {"object": None}, {"object": {"id": 5, "object": "\u0000"}}])
def test_an_event_about_nothing_that_has_a_name_names_nothing(data: object) -> None:
    event = parse(encode(an_event(data=data)))

    assert (event.object_id, event.object_type) == ("", "")


def test_a_type_that_we_do_not_know_passes() -> None:
    assert parse(encode(an_event(type="something.brand_new"))).type == "something.brand_new"


def test_a_thin_event_passes_so_that_stripe_does_not_send_it_for_days() -> None:
    thin = {
        "id": "evt_65T",
        "object": "v2.core.event",
        "type": "v2.core.account[configuration.merchant].updated",
        "livemode": False,
        "created": "2026-03-11T09:00:00.000Z",
        "related_object": {"id": "acct_1", "type": "v2.core.account", "url": "/v2/core/accounts/acct_1"},
    }

    event = parse(encode(thin))

    assert (event.created, event.object_id) == (NOW, "")


def test_an_account_that_ended_our_access_is_recognised() -> None:
    assert parse(encode(an_event(type="account.application.deauthorized"))).deauthorized
    assert not parse(encode(an_event())).deauthorized
