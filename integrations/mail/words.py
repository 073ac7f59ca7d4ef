"""What a mail about an invoice says, decided once for its text and its HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from billing.invoices import InvoiceStatus
from billing.mail import MailTemplate, subject

if TYPE_CHECKING:
    from billing.invoices import Invoice
    from billing.mail import InvoiceMail
    from billing.ports import Formats

_SETTLED: Final = {
    InvoiceStatus.PAID: "Paid, thank you",
    InvoiceStatus.VOID: "Void: nothing to pay",
    InvoiceStatus.REFUNDED: "Refunded",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The mail's texts, all plain: a template escapes them. `pay_url` and `portal_url` are None where not offered.

    `eyebrow`, `amount` and `when` head the mail; `paragraphs` are its body; `details` are label and value.
    """

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
    how_to_pay: str
    portal_url: str | None


def words_of(mail: InvoiceMail, formats: Formats) -> Words:
    """Return what the mail says."""
    invoice = mail.invoice
    amount = formats.money(invoice.balance if invoice.payable else invoice.total)
    when = f"Due {formats.day(invoice.due_on)}" if invoice.payable else _SETTLED[invoice.status]
    pay_url = mail.pay_url if invoice.payable else None
    return Words(
        subject=subject(mail, formats),
        preheader=_preheader(mail, amount, when),
        business=mail.workspace_name,
        eyebrow=_eyebrow(mail),
        amount=amount,
        when=when,
        greeting=f"Hello {mail.client}," if mail.client else "Hello,",
        paragraphs=_paragraphs(mail),
        details=_details(mail, formats),
        pay_url=pay_url,
        how_to_pay=_how_to_pay(mail),
        portal_url=mail.portal_url,
    )


def _preheader(mail: InvoiceMail, amount: str, when: str) -> str:
    about = f" for {mail.title}" if mail.title else ""
    return f"{amount}{about}. {when}."


def _eyebrow(mail: InvoiceMail) -> str:
    if mail.template is MailTemplate.REMINDER and mail.invoice.payable:
        return f"Reminder: invoice {mail.invoice.number}"
    return f"Invoice {mail.invoice.number}"


def _paragraphs(mail: InvoiceMail) -> tuple[str, ...]:
    """Return the sender's own text, split at its empty lines, or a sentence that stands in for it."""
    own = tuple(part.strip() for part in mail.message.replace("\r\n", "\n").split("\n\n") if part.strip())
    if own:
        return own
    number, about = mail.invoice.number, f" for {mail.title}" if mail.title else ""
    return (
        {
            MailTemplate.INVOICE: f"Here is invoice {number}{about}. Thank you for working with us.",
            MailTemplate.REMINDER: f"A friendly reminder that invoice {number}{about} is still open. "
            "If you have paid it already, please ignore this message.",
            MailTemplate.NOTE: f"This is about invoice {number}{about}.",
        }[mail.template],
    )


def _details(mail: InvoiceMail, formats: Formats) -> tuple[tuple[str, str], ...]:
    invoice = mail.invoice
    rows = [
        ("Invoice", invoice.number),
        ("For", mail.title),
        ("Part", invoice.kind.part),
        ("Details", invoice.description),
        ("Issued", formats.day(invoice.issued_on)),
        ("Due", formats.day(invoice.due_on)),
        *_sums(invoice, formats),
    ]
    return tuple((label, value) for label, value in rows if value)


def _sums(invoice: Invoice, formats: Formats) -> list[tuple[str, str]]:
    """Return the total alone, or with what came in already and what is left where those differ."""
    total = ("Total", formats.money(invoice.total))
    if not invoice.payable or invoice.paid.amount == 0:
        return [total]
    return [total, ("Paid so far", formats.money(invoice.paid)), ("Left to pay", formats.money(invoice.balance))]


def _how_to_pay(mail: InvoiceMail) -> str:
    if not mail.invoice.payable or mail.pay_url is not None:
        return ""
    return f"How to pay is arranged with {mail.workspace_name} directly. Quote {mail.invoice.number} when you pay."
