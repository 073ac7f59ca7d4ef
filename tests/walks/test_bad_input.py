"""What nobody of ours has sent stores nothing; what cannot be meant stops the start; what comes again counts once."""

import json
from functools import partial
from typing import Any

import pytest

from tests.support.slack import FakeSlack
from tests.support.slack_requests import encoded, send, signed
from tests.support.walking import Evie
from tests.support.walking_slack import Colleague
from tests.support.walking_stripe import at_once, deliver

pytestmark = pytest.mark.walk

UNKNOWN_EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "moon.risen",
    "account": "acct_somebody",
    "livemode": False,
    "created": 1_773_187_200,
    "data": {"object": {"id": "moon_1", "object": "moon"}},
}


def test_only_what_stripe_and_slack_have_signed_is_stored_and_once(
    evie: Evie, slack: FakeSlack, workspace: dict[str, Any]
) -> None:
    evie.move_in(workspace)
    evie.serve()
    secret = (evie.folder / "evie-sandbox" / "webhook-secret").read_text()
    event = json.dumps(UNKNOWN_EVENT).encode()

    assert deliver(evie.url, event, "whsec_of_somebody_else") == 400
    assert deliver(evie.url, b"this is no event", secret) == 400
    ada = Colleague(evie, slack)
    body, _ = encoded(ada.message("show unpaid invoices"))
    assert send(evie.url, body, signed(body, secret="not-slacks")) == 401
    assert send(evie.url, body, {}) == 401
    assert evie.rows("inbox") == []

    assert deliver(evie.url, event, secret) == 200
    evie.until_quiet()
    assert len(evie.rows("inbox", source="stripe", state="ignored")) == 1

    said = Colleague(evie, slack)
    assert at_once(partial(send, evie.url), said.message("show opportunities"), times=5) == [200] * 5
    evie.until(said.heard, "an answer")
    evie.until_quiet()
    assert len(said.heard()) == 1
    assert len(evie.rows("inbox", source="slack")) == 1
    assert len(evie.rows("outbox")) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "books.db"),
        ("SLACK_SIGNING_SECRET", ""),
        ("STRIPE_API_KEY", "pk_test_0123456789"),
        ("EVIE_SECRET_KEY", "too-short"),
    ],
)
def test_a_setting_that_cannot_be_meant_stops_the_start_with_its_name(evie: Evie, name: str, value: str) -> None:
    done = evie.run("serve", **{name: value})
    assert done.returncode == 1
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith(name)
    assert not value or value not in sentence
    assert not (evie.folder / "evie.db").exists()
