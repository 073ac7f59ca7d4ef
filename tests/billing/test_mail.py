"""What a mail says before it is dressed: its subject, its salutation, its first lines."""

from __future__ import annotations

from datetime import date

import pytest

from billing.invoices import InvoiceStatus
from billing.mail import MailTemplate, called, greeting, paragraphs, subject
from tests.support.books import a_payment
from tests.support.mails import FORMATS, an_invoice_mail
from tests.support.records import an_invoice, aud


@pytest.mark.parametrize(
    ("name", "company", "said"),
    [
        ("Tess Blue", "Bluebird Cafe", "Tess"),
        ("Ned Ash", None, "Ned"),
        ("Accounts", "Kestrel Coffee", "Accounts"),
        ("Bluebird Cafe", "Bluebird Cafe", "Bluebird Cafe"),
        ("Nordlicht GmbH", None, "Nordlicht GmbH"),
        ("Fox & Hound", None, "Fox & Hound"),
        ("Studio 54", None, "Studio 54"),
        ("Dr. Anna Meyer", "Meyer AG", "Dr. Anna Meyer"),
        ("Meyer, Anna", None, "Meyer, Anna"),
        ("  Mia   Chen ", None, "Mia"),
        ("", "Lotus", ""),
    ],
)
def test_a_person_is_greeted_by_the_first_name_and_a_company_by_its_own(
    name: str, company: str | None, said: str
) -> None:
    assert called(name, company) == said


def test_a_reader_who_is_not_known_is_greeted_without_a_name() -> None:
    assert greeting(an_invoice_mail(client=""), FORMATS) == "Hello,"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (MailTemplate.INVOICE, "Invoice INV-1001 from Harbour Studio: A$500.00 due 25 March"),
        (MailTemplate.RESEND, "Once more: invoice INV-1001 from Harbour Studio, A$500.00 due 25 March"),
        (MailTemplate.REMINDER, "Reminder: invoice INV-1001 from Harbour Studio, A$500.00 due 25 March"),
        (MailTemplate.NOTE, "About invoice INV-1001 from Harbour Studio"),
    ],
)
def test_each_kind_has_its_subject(template: MailTemplate, said: str) -> None:
    assert subject(an_invoice_mail(template=template), FORMATS) == said


@pytest.mark.parametrize(
    ("due_on", "said"),
    [
        (date(2026, 3, 12), "is due on 12 March."),
        (date(2026, 3, 11), "is due today."),
        (date(2026, 3, 10), "which was due on 10 March, is still open."),
    ],
)
def test_a_reminder_knows_whether_it_is_early(due_on: date, said: str) -> None:
    mail = an_invoice_mail(template=MailTemplate.REMINDER, invoice=an_invoice(due_on=due_on))
    assert said in paragraphs(mail, FORMATS)[0]


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (MailTemplate.INVOICE, "Here is invoice INV-1001 (Bluebird shop fit-out). Thank you for working with us."),
        (MailTemplate.RESEND, "Here is invoice INV-1001 (Bluebird shop fit-out) once more, as it stands today."),
        (MailTemplate.NOTE, "This is about invoice INV-1001 (Bluebird shop fit-out)."),
    ],
)
def test_without_words_of_the_senders_ours_stand_in(template: MailTemplate, said: str) -> None:
    assert paragraphs(an_invoice_mail(template=template), FORMATS) == (said,)
    assert paragraphs(an_invoice_mail(template=template, message="Hi\r\n\r\nthere"), FORMATS) == ("Hi", "there")


def test_a_receipt_says_what_came_and_what_is_left_whatever_else_is_said() -> None:
    part = an_invoice(paid=aud(200_00), status=InvoiceStatus.SENT)
    mail = an_invoice_mail(template=MailTemplate.RECEIPT, invoice=part, movement=a_payment(money=aud(200_00)))
    assert subject(mail, FORMATS) == "Receipt: A$200.00 for invoice INV-1001 from Harbour Studio"
    assert paragraphs(mail, FORMATS)[1] == "A$300.00 is still to pay."
    paid = an_invoice(paid=aud(500_00), status=InvoiceStatus.PAID)
    whole = an_invoice_mail(template=MailTemplate.RECEIPT, invoice=paid, movement=a_payment(), message="Bye!", title="")
    assert paragraphs(whole, FORMATS) == (
        "Thank you. Your payment of A$500.00 for invoice INV-1001 has arrived.",
        "The invoice is paid in full.",
        "Bye!",
    )


def test_a_refund_says_what_goes_back() -> None:
    mail = an_invoice_mail(template=MailTemplate.REFUND, movement=a_payment(money=aud(50_00)))
    assert paragraphs(mail, FORMATS)[0].startswith("We have given A$50.00 for invoice INV-1001")
