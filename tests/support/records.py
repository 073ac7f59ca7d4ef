"""Records for tests of the domain: each builder makes a whole one, and takes what the test is about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from billing.invoices import Invoice, InvoiceKind, InvoiceStatus
from billing.money import Money
from billing.opportunities import Opportunity, Stage
from billing.payments import Interval, PaymentLink

WORKSPACE = "ws_test"
NOW = datetime(2026, 3, 11, 0, 0, tzinfo=UTC)
TODAY = date(2026, 3, 11)


def aud(minor: int) -> Money:
    return Money(minor, "AUD")


def an_invoice(**changes: Any) -> Invoice:
    """A draft of A$500.00, due in two weeks, of which nothing is paid."""
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "number": "INV-1001",
        "opportunity": "OPP-1",
        "contact": "CON-1",
        "kind": InvoiceKind.STANDARD,
        "total": aud(500_00),
        "paid": aud(0),
        "status": InvoiceStatus.DRAFT,
        "issued_on": TODAY,
        "due_on": date(2026, 3, 25),
        "token": "a-pay-token",
        "created_at": NOW,
    }
    return Invoice(**fields | changes)


def an_opportunity(**changes: Any) -> Opportunity:
    """A won deal of A$10,000.00."""
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "number": "OPP-1",
        "name": "Shop fit-out",
        "contact": "CON-1",
        "currency": "AUD",
        "value": aud(10_000_00),
        "stage": Stage.PROPOSAL,
        "created_at": NOW,
    }
    return Opportunity(**fields | changes)


def a_link(**changes: Any) -> PaymentLink:
    """A live one-time link for the invoice of `an_invoice`."""
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "id": "link_1",
        "invoice": "INV-1001",
        "revision": 1,
        "interval": Interval.ONE_TIME,
        "interval_count": 1,
        "money": aud(500_00),
        "fingerprint": "f" * 32,
        "active": True,
        "created_at": NOW,
        "url": "https://buy.example/1",
        "stripe_payment_link_id": "plink_1",
        "stripe_account_id": "acct_1",
    }
    return PaymentLink(**fields | changes)
