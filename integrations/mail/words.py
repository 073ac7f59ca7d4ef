"""What a mail about an invoice says, decided once for its text and its HTML, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.documents import DocumentKind
from billing.invoices import InvoiceKind, InvoiceStatus
from billing.mail import MailTemplate, greeting, paragraphs, subject
from billing.payments import PaymentMethod
from billing.rhythms import how_often
from integrations.words.catalogs import language_of

if TYPE_CHECKING:
    from billing.invoices import Invoice
    from billing.mail import Attachment, InvoiceMail
    from billing.payments import Payment
    from billing.ports import Formats


@dataclass(frozen=True, slots=True)
class Words:
    """The mail's texts, all plain: a template escapes them. `pay_url` and the like are None where not offered.

    `eyebrow`, `amount` and `when` head the mail; `paragraphs` are its body; `details` are label and value.
    """

    language: str
    subject: str
    preheader: str
    business: str
    eyebrow: str
    amount: str
    when: str
    greeting: str
    paragraphs: tuple[str, ...]
    details: tuple[tuple[str, str], ...]
    pay_url: str | None
    pay: str
    how_to_pay: str
    attached: str
    portal_url: str | None
    portal: str
    stop_url: str | None
    stop: str
    sent_by: str
    paid_through: str


def words_of(mail: InvoiceMail, formats: Formats) -> Words:
    """Return what the mail says; `formats` are the reader's."""
    amount, when = _amount(mail, formats), _when(mail, formats)
    pay_url = mail.pay_url if mail.invoice.payable and mail.template is not MailTemplate.REFUND else None
    return Words(
        language=language_of(mail.locale),
        subject=subject(mail, formats),
        preheader=f"{amount}{_about(mail)}. {when}.",
        business=mail.workspace_name,
        eyebrow=_eyebrow(mail, formats),
        amount=amount,
        when=when,
        greeting=greeting(mail, formats),
        paragraphs=paragraphs(mail, formats),
        details=_details(mail, formats),
        pay_url=pay_url,
        pay=formats.text("Pay the rest") if mail.movement else formats.text("Pay now"),
        how_to_pay=_how_to_pay(mail, formats),
        attached=_attached(mail.attachment, formats),
        portal_url=mail.portal_url,
        portal=formats.text("See all your invoices from {business}").format(business=mail.workspace_name),
        stop_url=mail.stop_url,
        stop=formats.text("Stop these reminders"),
        sent_by=formats.text("Sent by Evie for {business}.").format(business=mail.workspace_name),
        paid_through=formats.text("The payment itself is handled by Stripe.") if pay_url else "",
    )


def _amount(mail: InvoiceMail, formats: Formats) -> str:
    if mail.movement is not None:
        return formats.money(mail.movement.money)
    return formats.money(mail.invoice.balance if mail.invoice.payable else mail.invoice.total)


def _when(mail: InvoiceMail, formats: Formats) -> str:
    if mail.movement is not None:
        came = mail.template is MailTemplate.RECEIPT
        words = formats.text("Received on {day}") if came else formats.text("Given back on {day}")
        return words.format(day=formats.day(mail.moved_on or mail.today))
    if mail.invoice.payable:
        return formats.text("Due {day}").format(day=formats.day(mail.invoice.due_on))
    return {
        InvoiceStatus.PAID: formats.text("Paid, thank you"),
        InvoiceStatus.VOID: formats.text("Void: nothing to pay"),
        InvoiceStatus.REFUNDED: formats.text("Refunded"),
    }[mail.invoice.status]


def _attached(attachment: Attachment | None, formats: Formats) -> str:
    if attachment is None:
        return ""
    if attachment.document is DocumentKind.CREDIT_NOTE:
        return formats.text("The credit note is attached as a PDF.")
    return formats.text("The invoice is attached as a PDF.")


def _about(mail: InvoiceMail) -> str:
    return f" · {mail.title}" if mail.title else ""


def _eyebrow(mail: InvoiceMail, formats: Formats) -> str:
    words = formats.text("Invoice {number}")
    if mail.template is MailTemplate.RECEIPT:
        words = formats.text("Receipt for invoice {number}")
    elif mail.template is MailTemplate.REFUND:
        words = formats.text("Refund for invoice {number}")
    elif mail.template is MailTemplate.REMINDER and mail.invoice.payable:
        words = formats.text("Reminder: invoice {number}")
    return words.format(number=mail.invoice.client_number)


def _details(mail: InvoiceMail, formats: Formats) -> tuple[tuple[str, str], ...]:
    invoice = mail.invoice
    rows = [
        (formats.text("Invoice"), invoice.client_number),
        (formats.text("For"), mail.title),
        (formats.text("Part"), _part(invoice.kind, formats)),
        (formats.text("Details"), invoice.description),
        (formats.text("Issued"), formats.day(invoice.issued_on)),
        (formats.text("Due"), formats.day(invoice.due_on) if invoice.payable else ""),
        *_sums(invoice, formats),
        (formats.text("How often"), how_often(*mail.charged, formats) if mail.charged and mail.pay_url else ""),
        *_movement(mail.movement, formats),
    ]
    return tuple((label, value) for label, value in rows if value)


def _part(kind: InvoiceKind, formats: Formats) -> str:
    return {
        InvoiceKind.DEPOSIT: formats.text("Deposit"),
        InvoiceKind.PROGRESS: formats.text("Progress payment"),
        InvoiceKind.FINAL: formats.text("Final payment"),
    }.get(kind, "")


def _sums(invoice: Invoice, formats: Formats) -> list[tuple[str, str]]:
    """Return the total alone, or with what came in already and what is left where those differ."""
    total = (formats.text("Total"), formats.money(invoice.total))
    if not invoice.payable or invoice.paid.amount == 0:
        return [total]
    return [
        total,
        (formats.text("Paid so far"), formats.money(invoice.paid)),
        (formats.text("Left to pay"), formats.money(invoice.balance)),
    ]


def _movement(movement: Payment | None, formats: Formats) -> list[tuple[str, str]]:
    """Return how the money came, and who sent it."""
    if movement is None:
        return []
    ways = {
        PaymentMethod.BANK_TRANSFER: formats.text("Bank transfer"),
        PaymentMethod.CASH: formats.text("Cash"),
        PaymentMethod.CHEQUE: formats.text("Cheque"),
        PaymentMethod.CARD: formats.text("Card"),
    }
    way = ways.get(movement.method, "") if movement.method else ""
    online = formats.text("Online") if movement.stripe_account_id else ""
    return [(formats.text("Paid by"), movement.payer), (formats.text("Way"), way or online)]


def _how_to_pay(mail: InvoiceMail, formats: Formats) -> str:
    asks = mail.invoice.payable and mail.template is not MailTemplate.REFUND
    if not asks or mail.pay_url is not None or not mail.invoice.balance.amount:
        return ""
    words = formats.text("How to pay is arranged with {business} directly. Quote {number} when you pay.")
    return words.format(business=mail.workspace_name, number=mail.invoice.client_number)
