"""Subscriptions at the sandbox: renewed, declined, paid after all, cancelled now or with the period."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import stripe

from integrations.sandbox.stripe.faults import ApiFault
from tests.support.stripe import SettableClock, a_payer
from tests.support.stripe_api import error, get, post, read, recurring
from tests.support.stripe_events import told
from tests.support.stripe_shapes import misfits

if TYPE_CHECKING:
    from stripe import StripeClient

    from integrations.sandbox.stripe.sandbox import SandboxStripe

DAY = 24 * 60 * 60


@pytest.fixture
def subscription(sandbox: SandboxStripe, client: StripeClient) -> stripe.Subscription:
    """A$500.00 every month, since 11 March."""
    sandbox.pay(recurring(sandbox)["id"], a_payer())
    return client.v1.subscriptions.list().data[0]


def types_since(sandbox: SandboxStripe, before: int) -> list[str]:
    return [event["type"] for event in told(sandbox)[before:]]


def test_the_next_period_is_charged_for(
    sandbox: SandboxStripe, client: StripeClient, subscription: stripe.Subscription
) -> None:
    before = len(told(sandbox))
    sandbox.renew(subscription.id)

    now = client.v1.subscriptions.retrieve(subscription.id, {"expand": ["latest_invoice.payments"]})
    first, second = subscription["items"].data[0], now["items"].data[0]
    invoice: Any = now.latest_invoice
    assert (second.current_period_start, second.current_period_end) == (
        first.current_period_end,
        first.current_period_end + 30 * DAY,
    )
    assert (invoice.billing_reason, invoice.status, invoice.amount_paid) == ("subscription_cycle", "paid", 50000)
    assert invoice.number.endswith("-0002")
    assert invoice.lines.data[0].period.start == first.current_period_end
    assert invoice.payments.data[0].status == "paid"
    assert types_since(sandbox, before) == [
        "customer.subscription.updated",
        "customer.subscription.updated",
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice.paid",
        "invoice_payment.paid",
    ]
    assert misfits({"object": "list", "data": told(sandbox)}) == []
    assert len(client.v1.invoices.list({"subscription": subscription.id}).data) == 2


def test_a_renewal_that_is_declined_is_past_due_until_it_is_paid(
    sandbox: SandboxStripe, client: StripeClient, subscription: stripe.Subscription
) -> None:
    before = len(told(sandbox))
    sandbox.renew(subscription.id, fails=True)
    declined = client.v1.subscriptions.retrieve(subscription.id, {"expand": ["latest_invoice"]})
    told_of = types_since(sandbox, before)
    sandbox.retry(subscription.id, fails=True)
    sandbox.retry(subscription.id)
    paid = client.v1.subscriptions.retrieve(subscription.id, {"expand": ["latest_invoice"]})

    assert (declined.status, paid.status) == ("past_due", "active")
    owed: Any = declined.latest_invoice
    settled: Any = paid.latest_invoice
    assert (owed.id, owed.status, owed.attempt_count) == (settled.id, "open", 1)
    assert (settled.status, settled.attempt_count) == ("paid", 3)
    assert told_of[2:] == [
        "charge.failed",
        "payment_intent.payment_failed",
        "invoice.payment_failed",
        "customer.subscription.updated",
    ]
    with pytest.raises(ApiFault, match="owes nothing"):
        sandbox.retry(subscription.id)


def test_cancelled_with_its_period_it_runs_until_then(
    sandbox: SandboxStripe, client: StripeClient, subscription: stripe.Subscription
) -> None:
    ends = subscription["items"].data[0].current_period_end
    ending = client.v1.subscriptions.update(
        subscription.id,
        {"cancel_at_period_end": True, "cancellation_details": {"comment": "Moved", "feedback": "unused"}},
    )
    assert (ending.status, ending.cancel_at_period_end, ending.cancel_at) == ("active", True, ends)
    assert ending.cancellation_details is not None
    assert (ending.cancellation_details.reason, ending.cancellation_details.comment) == (
        "cancellation_requested",
        "Moved",
    )

    sandbox.renew(subscription.id)

    assert client.v1.subscriptions.retrieve(subscription.id).status == "canceled"
    assert told(sandbox)[-1]["type"] == "customer.subscription.deleted"
    assert len(client.v1.invoices.list({"subscription": subscription.id}).data) == 1


def test_a_cancellation_with_the_period_can_be_taken_back(
    sandbox: SandboxStripe, client: StripeClient, subscription: stripe.Subscription
) -> None:
    client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    kept = client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": False})
    sandbox.renew(subscription.id)

    assert (kept.cancel_at, kept.canceled_at, kept.cancel_at_period_end) == (None, None, False)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_cancelled_now_it_has_ended(
    sandbox: SandboxStripe, client: StripeClient, subscription: stripe.Subscription, stripe_clock: SettableClock
) -> None:
    stripe_clock.move(timedelta(days=3))
    ended = client.v1.subscriptions.cancel(subscription.id, {"cancellation_details": {"comment": "Enough"}})

    assert (ended.status, ended.ended_at, ended.canceled_at) == ("canceled",) + (int(stripe_clock().timestamp()),) * 2
    assert told(sandbox)[-1]["type"] == "customer.subscription.deleted"
    assert misfits(read(get(sandbox, f"/v1/subscriptions/{subscription.id}"))) == []
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription"):
        client.v1.subscriptions.cancel(subscription.id)
    with pytest.raises(stripe.InvalidRequestError, match="can only update its cancellation_details and metadata"):
        client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    with pytest.raises(ApiFault, match="does not renew"):
        sandbox.renew(subscription.id)
    assert client.v1.subscriptions.update(subscription.id, {"metadata": {"a": "1"}}).metadata.to_dict() == {"a": "1"}


def test_those_that_have_ended_are_listed_only_where_they_are_asked_for(
    client: StripeClient, subscription: stripe.Subscription
) -> None:
    client.v1.subscriptions.cancel(subscription.id)

    def found(**params: Any) -> int:
        return len(client.v1.subscriptions.list(params).data)  # type: ignore[arg-type]  # statuses as plain text

    assert [found(), found(status="active"), found(status="canceled"), found(status="ended"), found(status="all")] == [
        0,
        0,
        1,
        1,
        1,
    ]


def test_a_change_that_changes_nothing_is_not_told(sandbox: SandboxStripe, subscription: stripe.Subscription) -> None:
    before = len(told(sandbox))
    post(sandbox, f"/v1/subscriptions/{subscription.id}", {"cancel_at_period_end": "false"})
    described = read(post(sandbox, f"/v1/subscriptions/{subscription.id}", {"description": "Care"}))

    assert described["description"] == "Care"
    (event,) = told(sandbox)[before:]
    assert event["data"]["previous_attributes"]["description"] is None


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"trial_end": "now"}, "does not support 'trial_end'"),
        ({"cancel_at_period_end": "soon"}, "Invalid boolean: soon"),
        ({"cancellation_details[feedback]": "bored"}, "must be one of"),
    ],
)
def test_what_the_sandbox_cannot_change_is_said(
    sandbox: SandboxStripe, subscription: stripe.Subscription, form: dict[str, str], words: str
) -> None:
    assert words in error(post(sandbox, f"/v1/subscriptions/{subscription.id}", form))["message"]


def test_an_end_with_a_last_invoice_is_not_supported(client: StripeClient, subscription: stripe.Subscription) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="does not support 'prorate'"):
        client.v1.subscriptions.cancel(subscription.id, {"prorate": True})


def test_a_recurring_link_takes_as_many_subscribers_as_come(sandbox: SandboxStripe, client: StripeClient) -> None:
    link = recurring(sandbox)["id"]
    for name in ("Jane", "Joe", "Jill"):
        sandbox.pay(link, a_payer(name=name))

    assert len(client.v1.subscriptions.list().data) == 3
