"""Mails that waited for their day: whether they are still wanted."""

from __future__ import annotations

import pytest

from billing.invoices import InvoiceStatus
from billing.mail import MailTemplate
from billing.sending import no_longer_wanted
from tests.support.records import an_invoice

CLOSED = frozenset({InvoiceStatus.PAID, InvoiceStatus.VOID, InvoiceStatus.REFUNDED})
UNWANTED = {
    MailTemplate.REMINDER: CLOSED,
    MailTemplate.INVOICE: CLOSED - {InvoiceStatus.PAID},
    MailTemplate.RESEND: CLOSED - {InvoiceStatus.PAID},
}


@pytest.mark.parametrize("template", MailTemplate)
@pytest.mark.parametrize("status", InvoiceStatus)
def test_what_still_leaves_depends_on_how_the_invoice_stands(template: MailTemplate, status: InvoiceStatus) -> None:
    assert no_longer_wanted(template, an_invoice(status=status)) == (status in UNWANTED.get(template, ()))
