"""Telling the client that money came, or went back: a mail for each movement, where the workspace wants that."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billing.errors import NoRecipient
from billing.mail import MailTemplate
from billing.payments import PaymentStatus, PaymentType
from billing.sending import Sending, queue_mail, recipients
from billing.standing import came_in

if TYPE_CHECKING:
    from datetime import datetime

    from billing.payments import Payment
    from billing.ports import Transaction

# What a reconciliation finds later than this is no news to the client any more.
_OLDEST: Final = timedelta(days=3)


def send_receipt(tx: Transaction, line: Payment, *, now: datetime) -> bool:
    """Queue the receipt of a payment or a refund, once; say whether there is one.

    There is none for what is not certain yet, for a dispute, for what is long past, without an address to send it to,
    and in a workspace that wants none.
    """
    template = _template(line)
    if template is None or line.invoice is None or line.occurred_at < now - _OLDEST:
        return False
    if not tx.people.workspace().receipts:
        return False
    invoice = tx.invoices.get(line.invoice)
    try:
        who = recipients(tx, invoice)
    except NoRecipient:
        return False
    key = f"{template}:{line.stripe_account_id}:{line.stripe_object_id}"
    return queue_mail(tx, template, Sending(invoice.number, None, "", key, movement=line.id), who, now=now)


def _template(line: Payment) -> MailTemplate | None:
    if came_in(line):
        return MailTemplate.RECEIPT
    refunded = line.type is PaymentType.REFUND and line.status is PaymentStatus.SUCCEEDED
    return MailTemplate.REFUND if refunded else None
