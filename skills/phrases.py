"""What people say for the values of a choice, where that is not the value itself.

Several values at once are joined by commas; what is said for the empty one names the argument without its value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "deposit": ("up front", "upfront", "up-front", "down payment", "downpayment", "advance"),
    "progress": ("milestone", "interim"),
    "final": ("remaining balance", "balance", "remainder", "closing"),
    "standard": ("normal", "regular", "ordinary", "plain"),
}
STAGE: Final[Mapping[str, tuple[str, ...]]] = {
    "proposal": ("proposed", "quoted"),
    "won": ("win", "landed", "closed won"),
    "lost": ("lose", "closed lost", "dead"),
}
INTERVAL: Final[Mapping[str, tuple[str, ...]]] = {
    "one_time": ("one-time", "one-off", "one off", "just once", "only once", "single-use", "single use"),
    "day": ("daily", "every day", "each day", "a day", "per day"),
    "week": ("weekly", "every week", "each week", "a week", "per week"),
    "month": ("monthly", "every month", "each month", "a month", "per month"),
    "year": ("yearly", "annual", "annually", "every year", "each year", "a year", "per year", "per annum"),
    "": ("recurring", "repeating", "subscription", "repeat"),
}
STATUS: Final[Mapping[str, tuple[str, ...]]] = {
    "draft": ("drafted", "unsent", "not sent", "not been sent"),
    "overdue": ("late", "past due"),
    "paid": ("settled",),
    "void": ("voided", "cancelled", "canceled"),
    "open,sent,overdue": (
        "unpaid",
        "outstanding",
        "owing",
        "owed",
        "unsettled",
        "not paid",
        "not been paid",
        "not yet paid",
        "not yet been paid",
        "awaiting payment",
    ),
}
PAYMENT_TYPE: Final[Mapping[str, tuple[str, ...]]] = {
    "subscription": ("renewal", "recurring"),
    "dispute": ("chargeback", "disputed"),
    "payout": ("pay-out",),
}
METHOD: Final[Mapping[str, tuple[str, ...]]] = {
    "bank_transfer": (
        "bank deposit",
        "direct deposit",
        "wire transfer",
        "wire",
        "transfer",
        "eft",
        "direct debit",
        "payid",
        "osko",
        "bacs",
        "ach",
        "sepa",
        "into the bank",
        "bank",
    ),
    "cash": ("in cash", "notes and coins"),
    "cheque": ("by check", "a check", "check number"),
    "card": ("credit card", "debit card", "eftpos", "card machine", "card terminal", "card reader"),
    "other": ("another way", "some other way", "barter"),
}
REASON: Final[Mapping[str, tuple[str, ...]]] = {
    "requested_by_customer": (
        "the client asked for it",
        "the customer asked for it",
        "they asked for it",
        "the client asked",
        "they asked",
        "at the client's request",
        "at their request",
        "customer request",
        "client request",
        "changed their mind",
    ),
    "duplicate": ("charged twice", "paid twice", "double charge", "charged double", "paid double", "double payment"),
    "fraudulent": ("fraud", "stolen card", "scam"),
}
SUBSCRIPTION_STATUS: Final[Mapping[str, tuple[str, ...]]] = {
    "active": ("running", "live", "current"),
    "past_due": ("past due", "late", "overdue"),
    "canceled": ("cancelled", "ended", "stopped"),
    "trialing": ("trial", "on trial", "in trial"),
}
ENDING: Final[Mapping[str, tuple[str, ...]]] = {
    "period_end": (
        "at the end of the period",
        "at period end",
        "when the period ends",
        "when the current period runs out",
        "when the period runs out",
        "at the end of the month",
        "at the end of the year",
        "at the end of the term",
        "when it runs out",
        "when it is up",
        "at renewal",
    ),
    "now": ("right now", "right away", "immediately", "straight away", "at once", "today", "effective immediately"),
}
MEASURE: Final[Mapping[str, tuple[str, ...]]] = {
    "collected": (
        "collect",
        "received",
        "receive",
        "revenue",
        "income",
        "takings",
        "turnover",
        "earned",
        "earn",
        "earnings",
        "brought in",
        "bring in",
        "took in",
        "take in",
        "taken in",
        "come in",
        "came in",
        "money in",
        "banked",
    ),
    "outstanding": ("owed", "owing", "owe", "owes", "unpaid", "receivable", "accounts receivable", "still to come"),
    "overdue": ("late", "past due", "in arrears", "arrears"),
    "recurring": (
        "mrr",
        "monthly recurring revenue",
        "recurring revenue",
        "recurring income",
        "subscription revenue",
        "subscription income",
    ),
}
ROLE: Final[Mapping[str, tuple[str, ...]]] = {
    "viewer": ("read only", "read-only", "view only", "view-only", "reader"),
    "admin": ("administrator", "admin rights", "full access"),
}
EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "payment_succeeded": ("successful payment", "payment received", "payments", "paid invoice", "money in"),
    "payment_failed": ("failed payment", "payment failure", "declined payment", "declined card", "failure"),
    "invoice_created": ("new invoice", "created invoice"),
    "invoice_sent": ("sent invoice",),
    "invoice_due": ("due invoice",),
    "invoice_overdue": ("overdue invoice", "late invoice", "overdue"),
    "refund_created": ("refund",),
    "dispute_opened": ("dispute", "chargeback"),
    "subscription_renewed": ("subscription renewal", "renewal", "renewed subscription"),
    "subscription_cancelled": ("cancelled subscription", "subscription cancellation"),
    "order_created": ("new order", "order"),
}
