"""Stripe's webhook events: who sent them, and the little of them that we believe.

An event is a hint that something happened to an object; what happened is asked of Stripe. So nothing is taken from
its content but names, and those only in the form that Stripe's names have. The package's own `construct_event` is
not used: it reads the wall clock, looks for one secret, and raises whatever a hostile body makes the parser raise.
"""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

DEAUTHORIZED: Final = "account.application.deauthorized"
# The events that money is heard of by, after the kind of object that each names.
SESSION_EVENTS: Final = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
)
INTENT_EVENTS: Final = ("payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.processing")
INVOICE_EVENTS: Final = (
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.payment_action_required",
    "invoice.finalization_failed",
    "invoice.voided",
    "invoice.overdue",
)
INVOICE_PAYMENT_EVENTS: Final = ("invoice_payment.paid",)
# Stripe may book a payment on the balance some time after it succeeded, and says so by updating the charge.
CHARGE_EVENTS: Final = ("charge.refunded", "charge.updated")
REFUND_EVENTS: Final = ("charge.refund.updated", "refund.created", "refund.updated", "refund.failed")
DISPUTE_EVENTS: Final = (
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
SUBSCRIPTION_EVENTS: Final = (
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.resumed",
    "customer.subscription.trial_will_end",
)
PAYOUT_EVENTS: Final = (
    "payout.created",
    "payout.updated",
    "payout.paid",
    "payout.failed",
    "payout.canceled",
)
LINK_EVENTS: Final = ("payment_link.updated",)
ACCOUNT_EVENTS: Final = ("account.updated",)
MONEY_EVENTS: Final = (
    *SESSION_EVENTS,
    *INTENT_EVENTS,
    *INVOICE_EVENTS,
    *CHARGE_EVENTS,
    *REFUND_EVENTS,
    *DISPUTE_EVENTS,
    *SUBSCRIPTION_EVENTS,
    *PAYOUT_EVENTS,
    *INVOICE_PAYMENT_EVENTS,
    *LINK_EVENTS,
    *ACCOUNT_EVENTS,
)

_TOLERANCE_SECONDS: Final = 300
_TIMESTAMP: Final = re.compile(r"\d{1,12}", re.ASCII)
_V1: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ID: Final = re.compile(r"[A-Za-z0-9_]{1,255}", re.ASCII)
_TYPE: Final = re.compile(r"[a-z0-9_.\[\]]{1,255}", re.ASCII)
_TYPE_OR_ID: Final = re.compile(r"[A-Za-z0-9_.]{1,255}", re.ASCII)
_LATEST: Final = 253_402_300_799  # the end of the year 9999, where datetime ends


class BadSignature(Exception):
    """Nobody who knows a secret of ours has signed this body within the last minutes."""


class BadEvent(Exception):
    """The body is not an event of Stripe."""


@dataclass(frozen=True, slots=True)
class StripeEvent:
    """What an event names. `account` is the connected account, None for the key's own.

    `object_id` and `object_type` are of the object that it is about, "" where it has none.
    """

    id: str
    type: str
    account: str | None
    livemode: bool
    created: datetime
    object_id: str
    object_type: str

    @property
    def deauthorized(self) -> bool:
        """Whether the account has ended our access to it."""
        return self.type == DEAUTHORIZED


def verify(body: bytes, signature: str, secrets: Sequence[str], now: datetime) -> StripeEvent:
    """Return the event if one of the secrets has signed the raw body not more than five minutes from `now`.

    `signature` is the Stripe-Signature header; no secret means that nothing is accepted. Raises BadSignature, or
    BadEvent for a signed body that is no event.
    """
    stated, signatures = _read_header(signature)
    if abs(now.timestamp() - int(stated)) > _TOLERANCE_SECONDS:
        raise BadSignature("the timestamp is outside the tolerance")
    signed = stated.encode() + b"." + body
    if not any(_matches(signed, signatures, secret) for secret in secrets if secret.strip()):
        raise BadSignature("no secret matches")
    return parse(body)


def _read_header(header: str) -> tuple[str, list[str]]:
    """Return the timestamp and the signatures of scheme v1; every other scheme is ignored, so none can weaken it."""
    pairs = [part.partition("=") for part in header.split(",")]
    stated = next((value for name, _, value in pairs if name == "t" and _TIMESTAMP.fullmatch(value)), None)
    signatures = [value for name, _, value in pairs if name == "v1" and _V1.fullmatch(value)]
    if stated is None or not signatures:
        raise BadSignature("the header has no timestamp or no v1 signature")
    return stated, signatures


def _matches(signed: bytes, signatures: list[str], secret: str) -> bool:
    expected = hmac.digest(secret.encode(), signed, "sha256").hex()
    return any(hmac.compare_digest(expected, signature) for signature in signatures)


def parse(body: bytes) -> StripeEvent:
    """Return the event that a stored body is; raises BadEvent.

    The types that we do not know pass, thin events among them: they are Stripe's all the same.
    """
    try:
        event = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        # Bad UTF-8, bad JSON and integers of thousands of digits are all ValueErrors.
        raise BadEvent("the body is not JSON") from error
    if not isinstance(event, dict):
        raise BadEvent("the body is not an object")
    about = _about(event)
    return StripeEvent(
        id=_name(event.get("id"), _ID),
        type=_name(event.get("type"), _TYPE),
        account=None if event.get("account") is None else _name(event["account"], _ID),
        livemode=_flag(event.get("livemode")),
        created=_instant(event.get("created")),
        object_id=_name_or_nothing(about.get("id")),
        object_type=_name_or_nothing(about.get("object")),
    )


def _about(event: dict[str, Any]) -> dict[str, Any]:
    """Return the object that the event is about, {} where it has none: thin events only point to theirs."""
    data = event.get("data")
    about = data.get("object") if isinstance(data, dict) else None
    return about if isinstance(about, dict) else {}


def _name(value: object, form: re.Pattern[str]) -> str:
    if isinstance(value, str) and form.fullmatch(value):
        return value
    raise BadEvent("an id, type or account is missing or odd")


def _name_or_nothing(value: object) -> str:
    return value if isinstance(value, str) and _TYPE_OR_ID.fullmatch(value) else ""


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise BadEvent("livemode is missing or odd")


def _instant(value: object) -> datetime:
    """Return an instant in Unix seconds or, as thin events write it, in ISO 8601."""
    if isinstance(value, str):
        return _iso_instant(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LATEST:
        return datetime.fromtimestamp(value, UTC)
    raise BadEvent("created is missing or odd")


def _iso_instant(value: str) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadEvent("created is missing or odd") from error
    raise BadEvent("created has no time zone")
