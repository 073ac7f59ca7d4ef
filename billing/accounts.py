"""A client's statement of account as a document: everything that is printed on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from billing.money import Money
    from billing.parties import Logo, Party


class EntryKind(StrEnum):
    """What a line of the account is, in the order in which those of one day stand."""

    INVOICE = "invoice"
    SUBSCRIPTION = "subscription"
    PAYMENT = "payment"
    REFUND = "refund"
    TAKEN_BACK = "taken_back"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line. `number` is the client's for the invoice or credit note; `money` below zero is in their favour."""

    day: date
    kind: EntryKind
    number: str
    money: Money


@dataclass(frozen=True, slots=True)
class Account:
    """One currency's lines of the period, the oldest first, with what was owed before and is owed after it."""

    opening: Money
    entries: tuple[Entry, ...]
    closing: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """A client's accounts from `since` to `until`, both days included; one for each currency that moved or is owed."""

    seller: Party
    client: Party
    since: date
    until: date
    accounts: tuple[Account, ...]
    locale: str
    footer: str
    logo: Logo | None
