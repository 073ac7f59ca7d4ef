from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from billing.accounts import EntryKind, Statement
from billing.crediting import issue_credit
from billing.credits import CreditNote
from billing.errors import UnknownRecord
from billing.invoices import InvoiceStatus
from billing.money import Money
from billing.payments import Payment, PaymentStatus, PaymentType
from billing.statements import statement_of
from tests.support.records import an_invoice, aud

if TYPE_CHECKING:
    from tests.support.studio import Studio

SINCE, UNTIL = date(2026, 2, 1), date(2026, 2, 28)


def _invoice(studio: Studio, number: str, day: date, total: int = 50000, **changes: Any) -> None:
    money = changes.pop("money", aud(total))
    fields = {
        "workspace_id": studio.id,
        "number": number,
        "token": number,
        "created_at": studio.now,
        "issued_on": day,
        "total": money,
        "paid": money - money,
        "status": InvoiceStatus.SENT,
    }
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.add(an_invoice(**fields | changes))


def _payment(studio: Studio, invoice: str, day: int, minor: int, **changes: Any) -> str:
    with studio.store.transaction(studio.id) as tx:
        key = f"pi_{len(tx.payments.of_invoice(invoice))}_{invoice}"
        fields: dict[str, Any] = {
            "workspace_id": studio.id,
            "id": key,
            "type": PaymentType.CHARGE,
            "status": PaymentStatus.SUCCEEDED,
            "money": aud(minor),
            "occurred_at": datetime(2026, 2, day, 3, tzinfo=UTC),
            "stripe_account_id": "acct_studio",
            "stripe_object_id": key,
            "livemode": False,
            "invoice": invoice,
            "contact": "CON-1",
        }
        tx.payments.add(Payment(**fields | changes))
    return key


def _statement(studio: Studio, since: date = SINCE, until: date = UNTIL) -> Statement:
    with studio.store.transaction(studio.id) as tx:
        return statement_of(tx, "CON-1", since=since, until=until)


def _lines(statement: Statement) -> list[tuple[int, EntryKind, str, int]]:
    (account,) = statement.accounts
    return [(entry.day.day, entry.kind, entry.number, entry.money.amount) for entry in account.entries]


def test_what_was_owed_before_is_the_opening_and_what_came_later_is_left_out(studio: Studio) -> None:
    _invoice(studio, "INV-1", date(2026, 1, 31), 10000)
    _invoice(studio, "INV-2", date(2026, 2, 1), 20000)
    _invoice(studio, "INV-3", date(2026, 2, 28), 40000)
    _invoice(studio, "INV-4", date(2026, 3, 1), 80000)

    statement = _statement(studio)

    (account,) = statement.accounts
    assert account.opening == aud(10000)
    assert [entry.number for entry in account.entries] == ["INV-2", "INV-3"]
    assert account.closing == aud(70000)


def test_payments_take_off_what_is_owed_on_the_day_they_came_where_the_business_is(studio: Studio) -> None:
    _invoice(studio, "INV-1", date(2026, 2, 3))
    # Late in the evening in UTC is the next day in Brisbane.
    _payment(studio, "INV-1", 9, 20000, occurred_at=datetime(2026, 2, 9, 20, tzinfo=UTC))

    statement = _statement(studio)

    assert _lines(statement) == [(3, EntryKind.INVOICE, "INV-1", 50000), (10, EntryKind.PAYMENT, "INV-1", -20000)]
    assert statement.accounts[0].closing == aud(30000)


def test_drafts_void_invoices_and_those_of_others_are_not_in_it(studio: Studio) -> None:
    _invoice(studio, "INV-1", date(2026, 2, 3), status=InvoiceStatus.DRAFT)
    _invoice(studio, "INV-2", date(2026, 2, 3), status=InvoiceStatus.VOID)
    _invoice(studio, "INV-3", date(2026, 2, 3), contact="CON-2")

    assert _statement(studio).accounts == ()


def test_payments_that_failed_or_came_in_another_currency_count_for_nothing(studio: Studio) -> None:
    _invoice(studio, "INV-1", date(2026, 2, 3))
    _payment(studio, "INV-1", 4, 50000, status=PaymentStatus.FAILED)
    _payment(studio, "INV-1", 5, 50000, money=Money(50000, "USD"))
    _payment(studio, "INV-1", 6, 50000, type=PaymentType.REFUND, money=Money(50000, "USD"))

    assert _statement(studio).accounts[0].closing == aud(50000)


def test_each_currency_is_an_account_of_its_own(studio: Studio) -> None:
    _invoice(studio, "INV-1", date(2026, 2, 3))
    _invoice(studio, "INV-2", date(2026, 2, 4), money=Money(700, "EUR"))

    statement = _statement(studio)

    assert [account.closing for account in statement.accounts] == [aud(50000), Money(700, "EUR")]


def test_an_account_that_was_settled_before_is_not_shown(studio: Studio) -> None:
    _invoice(studio, "INV-1", date(2026, 1, 3), status=InvoiceStatus.PAID)
    _payment(studio, "INV-1", 1, 50000, occurred_at=datetime(2026, 1, 4, tzinfo=UTC))

    assert _statement(studio).accounts == ()


def test_a_refund_and_its_credit_note_leave_nothing_owed(studio: Studio) -> None:
    _invoice(studio, "INV-1", date(2026, 2, 3), status=InvoiceStatus.PAID)
    _payment(studio, "INV-1", 4, 50000)
    refund = _payment(studio, "INV-1", 8, 20000, type=PaymentType.REFUND)
    with studio.store.transaction(studio.id) as tx:
        issue_credit(tx, "INV-1", aud(20000), None, payment=refund, now=datetime(2026, 2, 9, 3, tzinfo=UTC))

    statement = _statement(studio)

    assert _lines(statement)[2:] == [
        (8, EntryKind.REFUND, "INV-1", 20000),
        (9, EntryKind.CREDIT, "CRN-1", -20000),
    ]
    assert statement.accounts[0].closing == aud(0)


def test_money_that_the_bank_took_back_is_settled_without_a_credit_note(studio: Studio) -> None:
    _invoice(studio, "INV-1", date(2026, 2, 3), status=InvoiceStatus.REFUNDED)
    _payment(studio, "INV-1", 4, 50000)
    _payment(studio, "INV-1", 8, 50000, type=PaymentType.DISPUTE, status=PaymentStatus.LOST)

    statement = _statement(studio)

    assert _lines(statement)[2:] == [
        (8, EntryKind.TAKEN_BACK, "INV-1", 50000),
        (8, EntryKind.CREDIT, "INV-1", -50000),
    ]


def test_what_went_back_of_an_invoice_that_is_still_open_is_owed_again(studio: Studio) -> None:
    _invoice(studio, "INV-1", date(2026, 2, 3))
    _payment(studio, "INV-1", 4, 30000)
    _payment(studio, "INV-1", 8, 10000, type=PaymentType.REFUND)

    assert _statement(studio).accounts[0].closing == aud(30000)


def test_an_invoice_that_was_brought_down_was_asked_for_in_full_first(studio: Studio) -> None:
    _invoice(studio, "INV-1", date(2026, 2, 3), 30000)
    with studio.store.transaction(studio.id) as tx:
        tx.credit_notes.add(
            CreditNote(studio.id, "CRN-1", "INV-1", None, aud(20000), date(2026, 2, 9), studio.now),
        )
        tx.credit_notes.add(
            CreditNote(studio.id, "CRN-2", "INV-1", None, aud(9), date(2026, 2, 9), studio.now, void_at=studio.now),
        )

    assert _lines(_statement(studio)) == [
        (3, EntryKind.INVOICE, "INV-1", 50000),
        (9, EntryKind.CREDIT, "CRN-1", -20000),
    ]


def test_later_periods_of_a_subscription_are_asked_for_and_paid_at_once(studio: Studio) -> None:
    _invoice(studio, "INV-1", date(2026, 2, 3), 10000, status=InvoiceStatus.PAID)
    for day in (4, 11):
        _payment(studio, "INV-1", day, 10000, type=PaymentType.SUBSCRIPTION)

    statement = _statement(studio)

    assert [kind for _, kind, _, _ in _lines(statement)] == [
        EntryKind.INVOICE,
        EntryKind.PAYMENT,
        EntryKind.SUBSCRIPTION,
        EntryKind.PAYMENT,
    ]
    assert statement.accounts[0].closing == aud(0)


def test_what_was_paid_beyond_the_total_stands_in_the_client_s_favour(studio: Studio) -> None:
    _invoice(studio, "INV-1", date(2026, 2, 3), 10000, status=InvoiceStatus.PAID)
    _payment(studio, "INV-1", 4, 10000)
    _payment(studio, "INV-1", 5, 2500)

    assert _statement(studio).accounts[0].closing == aud(-2500)


def test_it_says_who_it_is_between_and_in_which_language(studio: Studio) -> None:
    statement = _statement(studio)

    assert statement.seller.name == "Lantern Studio"
    assert statement.client.name == "Bluebird Cafe"
    assert (statement.since, statement.until, statement.locale) == (SINCE, UNTIL, "en_AU")


def test_nobody_known_has_no_statement(studio: Studio) -> None:
    with pytest.raises(UnknownRecord), studio.store.transaction(studio.id) as tx:
        statement_of(tx, "CON-99", since=SINCE, until=UNTIL)
