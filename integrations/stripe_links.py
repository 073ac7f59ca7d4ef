"""What a payment link is asked for with: the request to Stripe, made from our link and invoice alone."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from integrations.stripe_money import to_stripe

if TYPE_CHECKING:
    from stripe import StripeObject
    from stripe.params import PaymentLinkCreateParams, PaymentLinkCreateParamsLineItemPriceData

    from billing.invoices import Invoice
    from billing.payments import PaymentLink

# By these names a payment is known again, whichever of its objects an event names.
WORKSPACE: Final = "evie_workspace"
INVOICE: Final = "evie_invoice"
LINK: Final = "evie_link"
# A digest of the request that made a link: one link may have been asked for with several.
MADE_FROM: Final = "evie_made_from"

_LONGEST_NAME: Final = 250
_LONGEST_BUSINESS: Final = 200


def link_params(link: PaymentLink, invoice: Invoice, business: str) -> PaymentLinkCreateParams:
    """Return the parameters that make the link; raises BadAmount for money that Stripe cannot express."""
    metadata = {WORKSPACE: link.workspace_id, INVOICE: invoice.number, LINK: link.id}
    who = _cut(business, _LONGEST_BUSINESS)
    params: PaymentLinkCreateParams = {
        "line_items": [{"price_data": _price(link, invoice), "quantity": 1}],
        "metadata": metadata,
        # Stripe's links may be used by anybody any number of times; an invoice is paid, or subscribed to, once.
        "restrictions": {"completed_sessions": {"limit": 1}},
        "inactive_message": f"{invoice.number} is paid or no longer open. Please ask {who} about it.",
        "after_completion": {
            "type": "hosted_confirmation",
            "hosted_confirmation": {"custom_message": f"Thank you. {who} has your payment for {invoice.number}."},
        },
    }
    if link.recurring:
        params["subscription_data"] = {"metadata": metadata}
    else:
        params["payment_intent_data"] = {"metadata": metadata}
    params["metadata"] = metadata | {MADE_FROM: _digest(params)}
    return params


def idempotency_key(link: PaymentLink, params: PaymentLinkCreateParams) -> str:
    """Return the key under which Stripe makes the link once, however often it is asked.

    It ends in a digest of the request: Stripe refuses a known key with other parameters, and would do so for a day.
    """
    return f"evie:{link.id}:{link.revision}:{digest(params)}"


def digest(params: PaymentLinkCreateParams) -> str:
    """Return the digest of what the link is made from, as the link itself carries it."""
    return str(params["metadata"][MADE_FROM])


def _digest(params: PaymentLinkCreateParams) -> str:
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()[:24]


def named(metadata: StripeObject | None) -> tuple[str, str] | None:
    """Return the (workspace id, invoice number) that an object's metadata names, or None where it is not ours."""
    if metadata is None or WORKSPACE not in metadata or INVOICE not in metadata:
        return None
    return str(metadata[WORKSPACE]), str(metadata[INVOICE])


def _price(link: PaymentLink, invoice: Invoice) -> PaymentLinkCreateParamsLineItemPriceData:
    price: PaymentLinkCreateParamsLineItemPriceData = {
        "currency": link.money.currency.lower(),
        "unit_amount": to_stripe(link.money),
        "product_data": {"name": _title(link, invoice)},
    }
    if link.recurring:
        # Stripe's words for the intervals are ours.
        price["recurring"] = {"interval": link.interval.value, "interval_count": link.interval_count}
    return price


def _title(link: PaymentLink, invoice: Invoice) -> str:
    """Return what the customer reads beside the amount."""
    about = invoice.description or f"{invoice.kind.value} payment".capitalize()
    what = "Part of invoice" if link.money < invoice.balance else "Invoice"
    return _cut(f"{what} {invoice.number} · {about}", _LONGEST_NAME)


def _cut(text: str, longest: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1]}…"
