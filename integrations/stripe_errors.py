"""Stripe's errors in our words: the one place where an exception of the vendor becomes a reason of ours."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import stripe

from billing.errors import AmountTooSmall, BillingError, ProviderRefused, ProviderUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST: Final = 300
_NO_ANSWER: Final = "Stripe did not answer properly. Please try again in a minute."
_BUSY: Final = "Stripe is handling too many requests just now. Please try again in a minute."
_BAD_KEY: Final = "Stripe did not accept Evie's key. Whoever runs Evie has to check STRIPE_API_KEY."

_SENTENCES: Final = {
    "account_invalid": "Stripe no longer lets Evie use this account. An admin can say “connect Stripe” to connect it.",
    "amount_too_large": "Stripe does not charge that much at once. Check the amount, or split it over two invoices.",
    "more_permissions_required": "Evie's Stripe key may not do this. Whoever runs Evie has to widen its permissions.",
    "resource_missing": "Stripe does not know this record any more. It may belong to another Stripe account.",
}


@contextmanager
def in_our_words() -> Iterator[None]:
    """Raise what Stripe's package raises within as ProviderUnavailable, ProviderRefused or AmountTooSmall."""
    try:
        yield
    except stripe.StripeError as error:
        raise translate(error) from error


def translate(error: stripe.StripeError) -> BillingError:
    """Return our reason for Stripe's error. Where the outcome is not known, it is one that may be tried again."""
    if isinstance(error, stripe.RateLimitError):
        return ProviderUnavailable(_BUSY)
    if isinstance(error, stripe.APIConnectionError | stripe.APIError):
        return ProviderUnavailable(_NO_ANSWER)
    if error_code(error) == "amount_too_small":
        return AmountTooSmall("That amount is below what Stripe accepts. Raise it, or collect it another way.")
    return ProviderRefused(_refusal(error))


def _refusal(error: stripe.StripeError) -> str:
    if isinstance(error, stripe.IdempotencyError):
        return "Stripe has this request already, with other details. Ask for a new payment link."
    if sentence := _SENTENCES.get(error_code(error)):
        return sentence
    if isinstance(error, stripe.AuthenticationError):
        return _BAD_KEY
    return f"Stripe refused this: {_said(error)}"


def error_code(error: stripe.StripeError) -> str:
    """Return Stripe's code, or "". It is read from the body, as the package drops it from a 403."""
    body: Any = error.json_body
    inner = body.get("error") if isinstance(body, dict) else None
    code = inner.get("code") if isinstance(inner, dict) else error.code
    return code if isinstance(code, str) else ""


def _said(error: stripe.StripeError) -> str:
    """Return Stripe's own sentence, cut to a length that fits a chat."""
    said = " ".join((error.user_message or "no reason was given").split())
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
