"""A statement of account as the texts that stand on its pages: what `templates/statement.typ` lays out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing.accounts import EntryKind
from billing.money import zero
from integrations.documents import blocks
from integrations.documents.page import frame

if TYPE_CHECKING:
    from billing.accounts import Account, Entry, Statement
    from billing.money import Money
    from integrations.words.writing import Writing


def statement_page_of(statement: Statement, words: Writing) -> dict[str, Any]:
    """Return the page as plain data; every text in it is for a person."""
    heading = words.text("Statement of account")
    home = statement.seller.address.country
    period = words.text("{since} to {until}").format(since=words.day(statement.since), until=words.day(statement.until))
    return {
        **frame(words, home, statement.until),
        "title": f"{heading}, {period}",
        "seller": statement.seller.name,
        "heading": heading,
        "state": None,
        "facts": [(words.text("Period"), period)],
        "parties": [
            blocks.party_block(words.text("From"), statement.seller, home, words),
            blocks.party_block(words.text("For"), statement.client, home, words),
        ],
        "accounts": [_account(each, words) for each in statement.accounts],
        "quiet": "" if statement.accounts else words.text("Nothing was invoiced or paid, and nothing is owed."),
        "footer": statement.footer,
    }


def _account(account: Account, words: Writing) -> dict[str, Any]:
    balance = account.opening
    rows = []
    for entry in account.entries:
        balance += entry.money
        rows.append(_row(entry, balance, words))
    return {
        "heading": account.opening.currency,
        "head": [words.text("Date"), words.text("Entry"), *_columns(words), words.text("Balance")],
        "opening": [words.text("Opening balance"), words.money(account.opening)],
        "rows": rows,
        "closing": [_closing_label(account.closing, words), words.money(account.closing)],
    }


def _columns(words: Writing) -> tuple[str, str]:
    return words.text("Charged"), words.text("Paid or credited")


def _closing_label(closing: Money, words: Writing) -> str:
    return words.text("Credit in your favour") if closing < zero(closing.currency) else words.text("Closing balance")


def _row(entry: Entry, balance: Money, words: Writing) -> dict[str, Any]:
    nothing = zero(entry.money.currency)
    favour = entry.money < nothing
    amount = words.figure(nothing - entry.money if favour else entry.money)
    label = _label(entry.kind, words).format(number=entry.number)
    cells = [words.day(entry.day), label, "" if favour else amount, amount if favour else "", words.figure(balance)]
    return {"cells": cells, "running": words.money(balance)}


def _label(kind: EntryKind, words: Writing) -> str:
    return {
        EntryKind.INVOICE: words.text("Invoice {number}"),
        EntryKind.SUBSCRIPTION: words.text("Subscription {number}, next period"),
        EntryKind.PAYMENT: words.text("Payment for {number}"),
        EntryKind.REFUND: words.text("Refund for {number}"),
        EntryKind.TAKEN_BACK: words.text("Payment for {number}, taken back by the bank"),
        EntryKind.CREDIT: words.text("Credit {number}"),
    }[kind]
