"""Stripe's errors in our words."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from billing.errors import AmountTooSmall, BillingError, ProviderRefused, ProviderUnavailable
from integrations.stripe_errors import error_code, in_our_words, translate

# The package's constructors have no annotations.
vendor: Any = stripe


def body(**error: str) -> dict[str, dict[str, str]]:
    return {"error": error}


@pytest.mark.parametrize(
    "error",
    [
        vendor.APIConnectionError("no route"),
        vendor.APIError("oops", http_status=500),
        vendor.APIError("locked", http_status=409),
        vendor.RateLimitError("slow down", http_status=429),
    ],
)
def test_where_the_outcome_is_not_known_trying_again_is_right(error: stripe.StripeError) -> None:
    reason = translate(error)

    assert isinstance(reason, ProviderUnavailable)
    assert reason.retryable


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (vendor.CardError("Your card was declined.", None, "card_declined"), "Your card was declined."),
        (vendor.InvalidRequestError("Invalid currency: xyz", "currency"), "Invalid currency: xyz"),
        (vendor.InvalidRequestError("No such", "id", "resource_missing"), "does not know this record"),
        (vendor.IdempotencyError("Keys …"), "with other details"),
        (vendor.AuthenticationError("Invalid API Key", http_status=401), "STRIPE_API_KEY"),
        (vendor.StripeError(None), "no reason was given"),
    ],
)
def test_a_refusal_says_what_stripe_said_or_what_to_do(error: stripe.StripeError, words: str) -> None:
    reason = translate(error)

    assert isinstance(reason, ProviderRefused)
    assert not reason.retryable
    assert words in reason.user_message


def test_the_code_of_a_403_is_read_from_the_body_where_the_package_drops_it() -> None:
    error = vendor.PermissionError("No.", http_status=403, json_body=body(code="account_invalid"))

    assert error.code is None
    assert error_code(error) == "account_invalid"
    assert "connect Stripe" in translate(error).user_message


@pytest.mark.parametrize("odd", [None, [], "text", {"error": "invalid_grant"}, {"error": {"code": 7}}])
def test_a_body_of_another_form_has_no_code(odd: object) -> None:
    assert error_code(vendor.StripeError("?", json_body=odd)) == ""


def test_what_stripe_finds_too_small_is_too_small() -> None:
    error = vendor.InvalidRequestError("…", None, "amount_too_small", json_body=body(code="amount_too_small"))

    assert isinstance(translate(error), AmountTooSmall)


def test_a_long_sentence_is_cut_and_its_lines_are_joined() -> None:
    reason = translate(vendor.InvalidRequestError("a\nb " + "c" * 1000, None))

    assert reason.user_message.startswith("Stripe refused this: a b ccc")
    assert len(reason.user_message) < 350


def test_reasons_of_our_own_pass_as_they_are() -> None:
    own = BillingError("Ours.")

    with pytest.raises(BillingError) as raised, in_our_words():
        raise own

    assert raised.value is own
