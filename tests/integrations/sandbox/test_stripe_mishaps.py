"""What goes wrong at the sandbox when a test asks for it, in this process and over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from integrations.sandbox.stripe.in_process import in_process_config
from integrations.sandbox.stripe.mishaps import Mishap

if TYPE_CHECKING:
    from stripe import StripeClient

    from integrations.sandbox.stripe.sandbox import SandboxStripe
    from tests.support.stripe import RunningSandbox

CREATE = "post /v1/payment_links"
LINK: Any = {
    "line_items": [
        {"quantity": 1, "price_data": {"currency": "aud", "unit_amount": 100, "product_data": {"name": "Deposit"}}},
    ],
}
# A connection that broke off is tried again by the package itself, with the same key.
ONCE: stripe.RequestOptions = {"max_network_retries": 0}


@pytest.fixture(params=["in process", "over HTTP"])
def reached(request: pytest.FixtureRequest, sandbox_server: RunningSandbox) -> StripeClient:
    """Stripe's client of the sandbox, by each way that there is to it."""
    config = in_process_config(sandbox_server.core) if request.param == "in process" else sandbox_server.config
    return config.client()


@pytest.mark.parametrize(
    ("mishap", "error", "done"),
    [
        (Mishap.RATE_LIMITED, stripe.RateLimitError, 0),
        (Mishap.BROKEN_BEFORE, stripe.APIError, 0),
        (Mishap.BROKEN_AFTER, stripe.APIError, 1),
        (Mishap.LOST_REQUEST, stripe.APIConnectionError, 0),
        (Mishap.LOST_ANSWER, stripe.APIConnectionError, 1),
    ],
)
def test_the_next_request_goes_wrong_and_no_other(
    sandbox_server: RunningSandbox, reached: StripeClient, mishap: Mishap, error: type[Exception], done: int
) -> None:
    sandbox_server.core.faults.plan(CREATE, mishap)

    with pytest.raises(error):
        reached.v1.payment_links.create(LINK, ONCE)

    assert len(reached.v1.payment_links.list().data) == done
    reached.v1.payment_links.create(LINK)
    assert len(reached.v1.payment_links.list().data) == done + 1


def test_after_a_lost_answer_the_same_key_finds_what_was_done(
    sandbox_server: RunningSandbox, reached: StripeClient
) -> None:
    sandbox_server.core.faults.plan(CREATE, Mishap.LOST_ANSWER)
    with pytest.raises(stripe.APIConnectionError):
        reached.v1.payment_links.create(LINK, {"idempotency_key": "k1", "max_network_retries": 0})

    again = reached.v1.payment_links.create(LINK, {"idempotency_key": "k1"})

    assert [link.id for link in reached.v1.payment_links.list().data] == [again.id]


@pytest.mark.parametrize("mishap", [Mishap.BROKEN_BEFORE, Mishap.BROKEN_AFTER])
def test_a_500_is_repeated_to_the_same_key(
    sandbox_server: RunningSandbox, reached: StripeClient, mishap: Mishap
) -> None:
    sandbox_server.core.faults.plan(CREATE, mishap)

    for _ in range(2):
        with pytest.raises(stripe.APIError):
            reached.v1.payment_links.create(LINK, {"idempotency_key": "k1"})
    assert reached.v1.payment_links.create(LINK, {"idempotency_key": "k2"}).active


def test_operations_go_wrong_apart_as_often_as_was_planned(sandbox: SandboxStripe, client: StripeClient) -> None:
    link = client.v1.payment_links.create(LINK)
    sandbox.faults.plan("get /v1/payment_links/{payment_link}", Mishap.RATE_LIMITED, times=2)

    client.v1.payment_links.list()
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            client.v1.payment_links.retrieve(link.id)
    assert client.v1.payment_links.retrieve(link.id).id == link.id


def test_a_plan_can_be_dropped(sandbox: SandboxStripe, client: StripeClient) -> None:
    sandbox.faults.plan(CREATE, Mishap.RATE_LIMITED)
    sandbox.faults.clear()

    assert client.v1.payment_links.create(LINK).active


@pytest.mark.parametrize("mishap", list(Mishap))
def test_connecting_goes_wrong_too(sandbox_server: RunningSandbox, reached: StripeClient, mishap: Mishap) -> None:
    sandbox_server.core.faults.plan("post /oauth/token", mishap)

    with pytest.raises(stripe.StripeError):
        reached.oauth.token(params={"grant_type": "authorization_code", "code": "ac_unknown"})
