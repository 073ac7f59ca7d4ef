"""The gateway on Stripe: one suite against the sandbox in this process and over HTTP. Each request is checked there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from billing.errors import AmountTooSmall, BadAmount, ProviderRefused, ProviderUnavailable
from billing.money import Money, zero
from billing.payments import Interval, PaymentStatus, PaymentType
from integrations.sandbox.stripe.checkout import Closed, Declined, Paid, Processing
from integrations.sandbox.stripe.in_process import in_process_config
from integrations.sandbox.stripe.mishaps import Mishap
from integrations.stripe_connect import StripeGateways
from integrations.stripe_links import idempotency_key, link_params
from tests.support.records import NOW, a_link, an_invoice, aud
from tests.support.stripe import DECLINED_CARD, RunningSandbox, a_connection, a_payer, listening

if TYPE_CHECKING:
    from stripe import PaymentLink as StripeLink
    from stripe import StripeClient

    from billing.payments import PaymentLink, Settlement
    from integrations.sandbox.stripe.sandbox import SandboxStripe
    from integrations.stripe_gateway import StripeGateway

BUSINESS = "Bluebird Studio"


@pytest.fixture(params=["in_process", "http"])
def local(request: pytest.FixtureRequest) -> RunningSandbox:
    """The sandbox, reached in both ways."""
    if request.param == "http":
        running: RunningSandbox = request.getfixturevalue("sandbox_server")
        return running
    core: SandboxStripe = request.getfixturevalue("sandbox")
    return RunningSandbox(core, in_process_config(core))


@pytest.fixture
def account(local: RunningSandbox) -> str:
    return local.core.connect(BUSINESS)


@pytest.fixture
def client(local: RunningSandbox) -> StripeClient:
    return local.config.client()


@pytest.fixture
def gateway(local: RunningSandbox, account: str) -> StripeGateway:
    return StripeGateways(local.config).for_connection(a_connection(account))


def wanted(**changes: Any) -> PaymentLink:
    """A link that is not made yet."""
    return a_link(url=None, stripe_payment_link_id=None, stripe_account_id=None, **changes)


def make(gateway: StripeGateway, **changes: Any) -> PaymentLink:
    link = wanted(**changes)
    asked = an_invoice(total=link.money, paid=zero(link.money.currency))
    return gateway.create_payment_link(link, asked, BUSINESS)


def at_stripe(client: StripeClient, link: PaymentLink) -> StripeLink:
    assert link.stripe_payment_link_id is not None
    assert link.stripe_account_id is not None
    return client.v1.payment_links.retrieve(
        link.stripe_payment_link_id,
        {"expand": ["line_items"]},
        {"stripe_account": link.stripe_account_id},
    )


def pay(
    local: RunningSandbox, link: PaymentLink, session: str | None = None, **typed: str
) -> Paid | Processing | Declined | Closed:
    assert link.stripe_payment_link_id is not None
    return local.core.pay(link.stripe_payment_link_id, a_payer(**typed), session)


def only(settlements: list[Settlement]) -> Settlement:
    assert len(settlements) == 1
    return settlements[0]


def test_a_one_time_link_asks_for_the_amount_once_and_says_whose_it_is(
    gateway: StripeGateway,
    client: StripeClient,
    account: str,
) -> None:
    made = gateway.create_payment_link(wanted(), an_invoice(description="Shop fit-out"), BUSINESS)

    link = at_stripe(client, made)
    assert (made.url, made.stripe_account_id, made.livemode) == (link.url, account, False)
    assert link.line_items is not None
    (item,) = link.line_items.data
    assert (item.description, item.amount_total, item.currency) == ("Invoice INV-1001 · Shop fit-out", 500_00, "aud")
    assert link.restrictions is not None
    assert link.restrictions.completed_sessions.limit == 1
    assert BUSINESS in (link.inactive_message or "")
    ours = {"evie_workspace": "ws_test", "evie_invoice": "INV-1001", "evie_link": "link_1"}
    digest = link.metadata["evie_made_from"]
    assert link.metadata.to_dict() == ours | {"evie_made_from": digest}
    assert link.payment_intent_data is not None
    assert link.payment_intent_data.metadata.to_dict() == ours


def test_a_link_for_a_part_says_so_and_charges_just_that(
    local: RunningSandbox, gateway: StripeGateway, client: StripeClient
) -> None:
    made = gateway.create_payment_link(wanted(money=aud(150_00)), an_invoice(total=aud(500_00)), BUSINESS)
    link = at_stripe(client, made)
    assert link.line_items is not None
    (item,) = link.line_items.data
    assert (item.amount_total, (item.description or "").startswith("Part of invoice INV-1001")) == (150_00, True)
    assert isinstance(pay(local, made), Paid)
    assert only(gateway.settlements(made)).money == aud(150_00)
    # The link is used up: another part needs another one.
    assert isinstance(pay(local, made), Closed)


@pytest.mark.parametrize(("interval", "count"), [("day", 10), ("week", 2), ("month", 1), ("year", 1)])
def test_a_recurring_link_charges_at_its_interval_and_hands_its_names_to_the_subscription(
    gateway: StripeGateway,
    client: StripeClient,
    interval: str,
    count: int,
) -> None:
    link = at_stripe(client, make(gateway, interval=Interval(interval), interval_count=count))

    assert link.line_items is not None
    price = link.line_items.data[0].price
    assert price is not None
    assert price.recurring is not None
    assert (price.recurring.interval, price.recurring.interval_count) == (interval, count)
    assert link.subscription_data is not None
    assert link.subscription_data.metadata["evie_invoice"] == "INV-1001"
    assert link.restrictions is not None
    assert link.restrictions.completed_sessions.limit == 1


def test_a_recurring_link_begins_one_subscription(gateway: StripeGateway, local: RunningSandbox) -> None:
    made = make(gateway, interval=Interval.MONTH)
    assert isinstance(pay(local, made), Paid)
    assert isinstance(pay(local, made, name="Somebody Else"), Closed)


def test_the_same_link_asked_for_twice_is_made_once(
    gateway: StripeGateway,
    client: StripeClient,
    account: str,
) -> None:
    assert make(gateway) == make(gateway)

    assert len(client.v1.payment_links.list(options={"stripe_account": account}).data) == 1


def test_another_revision_or_another_amount_is_another_link(gateway: StripeGateway) -> None:
    made = {make(gateway, **changes).url for changes in ({}, {"revision": 2}, {"money": aud(400_00)})}

    assert len(made) == 3


def test_the_idempotency_key_fits_stripe_and_changes_with_the_request() -> None:
    link, invoice = wanted(), an_invoice()

    key = idempotency_key(link, link_params(link, invoice, BUSINESS))

    assert key == idempotency_key(link, link_params(link, invoice, BUSINESS))
    assert key != idempotency_key(link, link_params(link, invoice, "Another Studio"))
    assert len(key) <= 255


def test_a_long_description_and_a_long_name_are_cut_to_what_stripe_takes(
    gateway: StripeGateway,
    client: StripeClient,
) -> None:
    made = gateway.create_payment_link(wanted(), an_invoice(description="very " * 400), "B" * 900)

    link = at_stripe(client, made)
    assert link.line_items is not None
    assert len(link.line_items.data[0].description or "") == 250
    assert len(link.inactive_message or "") <= 500


def test_an_amount_below_stripes_minimum_is_refused_before_stripe_is_asked(
    gateway: StripeGateway,
    client: StripeClient,
    account: str,
) -> None:
    with pytest.raises(AmountTooSmall, match=r"0\.30 AUD is below 0\.50 AUD"):
        make(gateway, money=aud(30))

    assert client.v1.payment_links.list(options={"stripe_account": account}).data == []


def test_money_that_stripe_cannot_express_is_refused(gateway: StripeGateway) -> None:
    with pytest.raises(BadAmount, match="last decimal has to be 0"):
        make(gateway, money=Money(1_234, "KWD"))


def test_a_currency_that_stripe_does_not_charge_is_refused_in_words(gateway: StripeGateway) -> None:
    with pytest.raises(ProviderRefused, match="Invalid currency: irr"):
        make(gateway, money=Money(100_000, "IRR"))


def test_a_link_is_switched_off_as_often_as_you_like(
    gateway: StripeGateway,
    client: StripeClient,
    local: RunningSandbox,
) -> None:
    link = make(gateway)
    assert link.stripe_payment_link_id is not None

    gateway.deactivate_payment_link(link.stripe_payment_link_id)
    gateway.deactivate_payment_link(link.stripe_payment_link_id)

    assert at_stripe(client, link).active is False
    assert pay(local, link) == Closed("INV-1001 is paid or no longer open. Please ask Bluebird Studio about it.")


def test_switching_off_what_is_not_there_is_refused_in_words(gateway: StripeGateway) -> None:
    with pytest.raises(ProviderRefused, match="does not know this record"):
        gateway.deactivate_payment_link("plink_nothing")


def test_a_link_that_nobody_paid_has_no_settlements(gateway: StripeGateway) -> None:
    assert gateway.settlements(make(gateway)) == []
    assert gateway.settlements(wanted()) == []


def test_a_paid_link_says_what_came_from_whom_and_when(gateway: StripeGateway, local: RunningSandbox) -> None:
    link = make(gateway)
    pay(local, link)

    settlement = only(gateway.settlements(link))

    assert settlement.status is PaymentStatus.SUCCEEDED
    assert settlement.type is PaymentType.CHARGE
    assert settlement.money == aud(500_00)
    assert settlement.payer == "Jane Client"
    assert settlement.occurred_at == NOW
    assert (settlement.workspace_id, settlement.invoice) == ("ws_test", "INV-1001")
    assert settlement.stripe_object_id.startswith("pi_")
    assert settlement.stripe_account_id == link.stripe_account_id


def test_a_declined_card_is_a_failure_that_names_the_attempt(gateway: StripeGateway, local: RunningSandbox) -> None:
    link = make(gateway)
    declined = pay(local, link, number=DECLINED_CARD)
    assert isinstance(declined, Declined)
    first = only(gateway.settlements(link))
    pay(local, link, declined.session, number=DECLINED_CARD)
    second = only(gateway.settlements(link))

    assert first.status is PaymentStatus.FAILED
    assert first.failure_message == "Your card was declined."
    assert first.stripe_object_id == second.stripe_object_id
    assert first.attempt.startswith("ch_")
    assert first.attempt != second.attempt


def test_a_payment_after_a_decline_is_the_same_object_further_on(gateway: StripeGateway, local: RunningSandbox) -> None:
    link = make(gateway)
    declined = pay(local, link, number=DECLINED_CARD)
    assert isinstance(declined, Declined)
    failed = only(gateway.settlements(link))
    pay(local, link, declined.session)

    settled = only(gateway.settlements(link))

    assert settled.stripe_object_id == failed.stripe_object_id
    assert (settled.status, settled.failure_message, settled.attempt) == (PaymentStatus.SUCCEEDED, "", "")


def test_a_subscription_is_counted_by_its_stripe_invoice(gateway: StripeGateway, local: RunningSandbox) -> None:
    link = make(gateway, interval=Interval.MONTH)
    pay(local, link)

    settlement = only(gateway.settlements(link))

    assert settlement.type is PaymentType.SUBSCRIPTION
    assert settlement.stripe_object_id.startswith("in_")
    assert settlement.money == aud(500_00)
    assert (settlement.workspace_id, settlement.invoice, settlement.payer) == ("ws_test", "INV-1001", "Jane Client")


def test_every_session_of_a_link_is_looked_at_however_many_there_are(
    gateway: StripeGateway,
    local: RunningSandbox,
) -> None:
    link = make(gateway)
    for _ in range(102):
        pay(local, link, number=DECLINED_CARD)

    settlements = gateway.settlements(link)

    assert len({settlement.stripe_object_id for settlement in settlements}) == 102


def test_a_yen_and_a_krona_come_back_as_they_were_asked_for(gateway: StripeGateway, local: RunningSandbox) -> None:
    for money in (Money(5000, "JPY"), Money(7500, "ISK"), Money(12_340, "KWD")):
        link = make(gateway, money=money)
        pay(local, link)

        assert only(gateway.settlements(link)).money == money


def test_the_business_is_named_as_its_customers_know_it(gateway: StripeGateway) -> None:
    assert gateway.account_name() == BUSINESS


def test_in_direct_mode_the_keys_own_account_is_acted_on(local: RunningSandbox, client: StripeClient) -> None:
    own = StripeGateways(local.config).own_account()
    gateway = StripeGateways(local.config).for_connection(a_connection(own.stripe_account_id, direct=True))

    link = make(gateway)

    assert (own.business_name, own.livemode) == ("Evie Sandbox", False)
    assert [made.url for made in client.v1.payment_links.list().data] == [link.url]


def test_an_account_does_not_see_what_belongs_to_another(local: RunningSandbox, gateway: StripeGateway) -> None:
    link = make(gateway)
    stranger = StripeGateways(local.config).for_connection(a_connection(local.core.connect("Cedar Homes")))
    assert link.stripe_payment_link_id is not None

    with pytest.raises(ProviderRefused, match="does not know this record"):
        stranger.deactivate_payment_link(link.stripe_payment_link_id)
    assert stranger.settlements(link) == []


def test_an_account_that_has_ended_our_access_is_refused_with_what_to_do(
    local: RunningSandbox,
    gateway: StripeGateway,
    account: str,
) -> None:
    StripeGateways(local.config).deauthorize(account)

    with pytest.raises(ProviderRefused, match="connect Stripe"):
        make(gateway)


def test_a_wrong_key_is_whoever_runs_evies_to_mend(local: RunningSandbox, account: str) -> None:
    gateway = StripeGateways(replace(local.config, api_key="sk_test_wrong")).for_connection(a_connection(account))

    with pytest.raises(ProviderRefused, match="STRIPE_API_KEY"):
        gateway.account_name()


def test_a_stripe_that_does_not_answer_is_to_be_tried_again(account: str, local: RunningSandbox) -> None:
    with listening() as (_, port):
        nobody = f"http://127.0.0.1:{port}"
    gateway = StripeGateways(replace(local.config, api_base=nobody, http_client=None)).for_connection(
        a_connection(account),
    )

    with pytest.raises(ProviderUnavailable, match="try again"):
        make(gateway)


@pytest.mark.parametrize("mishap", [Mishap.BROKEN_AFTER, Mishap.LOST_ANSWER])
def test_a_link_whose_making_was_not_heard_of_is_looked_up_and_not_made_again(
    local: RunningSandbox, gateway: StripeGateway, mishap: Mishap
) -> None:
    # Stripe's client asks three times where no answer comes, and Stripe makes the link each time only once for its key.
    local.core.faults.plan("post /v1/payment_links", mishap, times=3)
    made = make(gateway)
    assert [link.stripe_payment_link_id for link in gateway.live_links()] == [made.stripe_payment_link_id]


@pytest.mark.parametrize("mishap", [Mishap.BROKEN_BEFORE, Mishap.LOST_REQUEST])
def test_a_link_that_was_not_made_is_not_found(local: RunningSandbox, gateway: StripeGateway, mishap: Mishap) -> None:
    local.core.faults.plan("post /v1/payment_links", mishap, times=3)
    with pytest.raises(ProviderUnavailable):
        make(gateway)
    assert gateway.live_links() == []


def test_a_link_takes_payments_until_it_is_used_up_or_switched_off(
    local: RunningSandbox, gateway: StripeGateway
) -> None:
    used, ended = make(gateway, id="link_used"), make(gateway, id="link_ended")
    for link in (used, ended):
        assert gateway.takes_payments(str(link.stripe_payment_link_id))
    pay(local, used)
    gateway.deactivate_payment_link(str(ended.stripe_payment_link_id))
    for link in (used, ended):
        assert not gateway.takes_payments(str(link.stripe_payment_link_id))
    assert gateway.live_links() == []


def test_a_link_of_somebody_else_is_none_of_ours(gateway: StripeGateway) -> None:
    account = gateway._account
    price: Any = {"currency": "aud", "unit_amount": 100, "product_data": {"name": "Mug"}}
    account.client.v1.payment_links.create({"line_items": [{"price_data": price, "quantity": 1}]}, account.options())
    assert gateway.live_links() == []
