"""Where news goes: never anywhere that nobody set, and to a deal's own channel where it has one."""

from __future__ import annotations

import pytest

from billing.automations import Trigger
from billing.news import PROCESSING, DealRoute
from billing.news_channels import channel_of_news
from billing.workspaces import NotificationRoute
from tests.support.studio import Studio


@pytest.fixture(autouse=True)
def _invoice(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")


def channel(studio: Studio, news: str, invoice: str = "INV-1001") -> str | None:
    with studio.store.transaction(studio.id) as tx:
        return channel_of_news(tx, news, invoice)


def route(studio: Studio, event: Trigger, name: str = "#billing") -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.people.set_route(NotificationRoute(studio.id, event, name))


def test_no_amount_goes_to_a_channel_that_nobody_set(studio: Studio) -> None:
    assert channel(studio, Trigger.PAYMENT_SUCCEEDED) is None
    assert channel(studio, PROCESSING) is None


def test_money_on_its_way_is_told_where_payments_are(studio: Studio) -> None:
    route(studio, Trigger.PAYMENT_SUCCEEDED)
    assert channel(studio, PROCESSING) == "#billing"


def test_a_deals_own_channel_gets_its_news_instead_of_the_general_one(studio: Studio) -> None:
    route(studio, Trigger.PAYMENT_SUCCEEDED)
    route(studio, Trigger.INVOICE_SENT)
    studio.done("create_invoice", opportunity="OPP-3", amount="500")
    with studio.store.transaction(studio.id) as tx:
        tx.news.set_deal_route(DealRoute(studio.id, "OPP-1", "#bluebird"))
    for news in (Trigger.PAYMENT_SUCCEEDED, PROCESSING, Trigger.DISPUTE_OPENED, Trigger.INVOICE_SENT):
        assert channel(studio, news) == "#bluebird"
    assert channel(studio, Trigger.PAYMENT_SUCCEEDED, "INV-1002") == "#billing"


def test_what_the_team_does_itself_is_no_news_for_a_deals_channel_unless_it_was_asked_for(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.news.set_deal_route(DealRoute(studio.id, "OPP-1", "#bluebird"))
    assert channel(studio, Trigger.INVOICE_CREATED) is None


def test_news_of_an_invoice_that_is_gone_goes_where_all_news_goes(studio: Studio) -> None:
    route(studio, Trigger.PAYMENT_FAILED)
    assert channel(studio, Trigger.PAYMENT_FAILED, "INV-9") == "#billing"
