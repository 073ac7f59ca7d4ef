"""One mail of every kind, as the pages that a mail program makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from billing.invoices import InvoiceKind, InvoiceStatus
from billing.mail import Attachment, InvoiceMail, MailTemplate
from billing.payments import PaymentMethod, PaymentType
from integrations.mail.message import compose, sender_of
from tests.support.books import a_payment
from tests.support.mails import FORMATS, an_invoice_mail
from tests.support.records import NOW, an_invoice, aud

_PDF: Final = Attachment("INV-1001.pdf", "application/pdf", b"%PDF")
_STOP: Final = "https://evie.example/reminders/token/stop"


def mails() -> dict[str, InvoiceMail]:
    """Return telling mails by name."""
    paid = an_invoice(paid=aud(500_00), status=InvoiceStatus.PAID)
    part = an_invoice(paid=aud(200_00), status=InvoiceStatus.SENT, kind=InvoiceKind.DEPOSIT)
    late = an_invoice(status=InvoiceStatus.SENT, due_on=date(2026, 3, 1), description="Second third of the work")
    back = a_payment(type=PaymentType.REFUND, money=aud(120_00), occurred_at=datetime(2026, 3, 11, tzinfo=UTC))
    by_bank = replace(a_payment(), stripe_account_id="", method=PaymentMethod.BANK_TRANSFER)
    made: dict[str, dict[str, Any]] = {
        "new": {"client": "Jane", "attachment": _PDF},
        "resend": {"template": MailTemplate.RESEND, "pay_url": None},
        "reminder": {"template": MailTemplate.REMINDER, "invoice": late, "stop_url": _STOP, "attachment": _PDF},
        "receipt": {"template": MailTemplate.RECEIPT, "invoice": paid, "movement": by_bank, "attachment": _PDF},
        "receipt_of_a_part": {
            "template": MailTemplate.RECEIPT,
            "invoice": part,
            "movement": a_payment(money=aud(200_00)),
        },
        "refund": {"template": MailTemplate.REFUND, "invoice": paid, "movement": back},
        "german": {"client": "Jana", "locale": "de_DE", "attachment": _PDF, "stop_url": _STOP},
        "words": {"message": "Dear Jane,\n\nThe rest is due now.\n\n" + "Longwordwithoutanyend" * 9, "title": "x" * 90},
    }
    return {name: an_invoice_mail(**changes) for name, changes in made.items()}


def page_of(mail: InvoiceMail) -> str:
    """Return the HTML of the mail."""
    message = compose(mail, FORMATS.in_locale(mail.locale), sender_of("Evie <b@evie.example>"), NOW)
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())
