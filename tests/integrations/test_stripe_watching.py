"""Requests to Stripe are told by what they ask for, never by whom they are about."""

from __future__ import annotations

import pytest

from integrations.stripe_watching import operation


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://api.stripe.com/v1/payment_links", "POST /v1/payment_links"),
        ("https://api.stripe.com/v1/payment_links/plink_1Nv0F/line_items", "POST /v1/payment_links/:id/line_items"),
        ("https://api.stripe.com/v1/refunds?email=nora@quist.example", "POST /v1/refunds"),
        ("https://api.stripe.com/v1/customers/nora@quist.example", "POST /v1/customers/:id"),
        ("http://127.0.0.1:8000/sandbox/stripe/v1/accounts/acct_1", "POST /v1/accounts/:id"),
        ("https://connect.stripe.com/oauth/token", "POST /oauth/token"),
    ],
)
def test_an_operation_is_the_path_without_ids_and_without_a_query(url: str, told: str) -> None:
    assert operation("post", url) == told
