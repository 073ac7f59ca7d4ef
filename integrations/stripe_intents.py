"""Asking Stripe for a payment intent: of the answer, only what we read becomes objects of Stripe's package.

The package makes objects of all that Stripe says, some hundred of them, which took longer than the request; and every
payment is asked for at least once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote

if TYPE_CHECKING:
    from stripe import PaymentIntent

    from integrations.stripe_account import StripeAccount

_EXPANDED: Final = "latest_charge.balance_transaction"
_WHOLE: Final = None
_BOOKED: Final = dict.fromkeys(("object", "id", "currency", "fee", "net"), _WHOLE)
_CHARGE: Final = dict.fromkeys(("object", "id", "created", "captured", "amount_refunded", "disputed"), _WHOLE) | {
    "billing_details": dict.fromkeys(("name", "email"), _WHOLE),
    "balance_transaction": _BOOKED,
}
_READ: Final = dict.fromkeys(
    ("object", "id", "livemode", "status", "amount", "amount_received", "currency", "created", "metadata"), _WHOLE
) | {
    "last_payment_error": {"message": _WHOLE},
    "latest_charge": _CHARGE,
    "presentment_details": dict.fromkeys(("presentment_amount", "presentment_currency"), _WHOLE),
}


def intent_of(account: StripeAccount, intent_id: str) -> PaymentIntent:
    """Return the intent with its charge and what Stripe booked of that; raises what Stripe's package raises.

    It has the fields of `_READ` and no others.
    """
    path = f"/v1/payment_intents/{quote(intent_id, safe='')}"
    answer = account.client.raw_request("get", path, expand=[_EXPANDED], **account.options())
    return cast("PaymentIntent", account.client.deserialize(_only(answer.data, _READ), api_mode="V1"))


def _only(said: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that are wanted; what Stripe leaves out is left out, and what is no object is as it is."""
    return {
        name: _only(said[name], within) if within and isinstance(said[name], Mapping) else said[name]
        for name, within in wanted.items()
        if name in said
    }
