"""The cards of the billing records, built from the records and nothing else: skills and notifications share them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from billing.invoices import OVERDUE, InvoiceKind, InvoiceStatus
from billing.link_keeping import is_stranded
from billing.payments import PaymentStatus, PaymentType
from billing.roles import Role
from billing.standing import is_under_way, on_its_way
from skills.cards import Button, Card, Field, Row, Tone
from skills.itemised import line_rows
from skills.next_steps import next_first

if TYPE_CHECKING:
    from datetime import date

    from billing.contacts import Contact
    from billing.invoices import Invoice
    from billing.money import Money
    from billing.opportunities import Opportunity
    from billing.payments import Payment, PaymentLink
    from billing.ports import Formats, Transaction

PROCESSING = "processing"
_STATUS_TONES = {"paid": Tone.GOOD, PROCESSING: Tone.WARNING, OVERDUE: Tone.BAD}


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice with what a card says beside it.

    `lines` are its payment log, the oldest first. `coming` is money on its way from a bank, `under_way` that it is all
    that is owed, and `stranded` that the link was made on a Stripe account or in a mode that is no longer connected.
    """

    invoice: Invoice
    opportunity: Opportunity
    contact: Contact | None
    link: PaymentLink | None
    lines: tuple[Payment, ...] = ()
    coming: Money | None = None
    under_way: bool = False
    stranded: bool = False

    @property
    def client(self) -> str:
        """Who is billed, as people call them."""
        return self.contact.label if self.contact else "no client yet"

    @property
    def reachable(self) -> bool:
        """Whether there is somebody to write to about money that is not on its way already."""
        return self.contact is not None and bool(self.contact.email) and not self.under_way

    @property
    def remindable(self) -> bool:
        """Whether the client can be reminded: it was sent to them, and they are to be written to."""
        return self.invoice.status is InvoiceStatus.SENT and self.reachable

    def status_on(self, today: date) -> str:
        """Return the status people speak of: `processing` where all that is owed is on its way."""
        return PROCESSING if self.under_way else self.invoice.status_on(today)


def view(tx: Transaction, number: str) -> InvoiceView:
    """Read an invoice with its opportunity, client and live link; raises UnknownRecord."""
    invoice = tx.invoices.get(number)
    contact = tx.contacts.find(invoice.contact) if invoice.contact else None
    link = tx.links.active(number)
    lines = tx.payments.of_invoice(number)
    return InvoiceView(
        invoice,
        tx.opportunities.get(invoice.opportunity),
        contact,
        link,
        tuple(lines),
        coming=on_its_way(invoice, lines),
        under_way=is_under_way(invoice, lines),
        stranded=link is not None and is_stranded(tx, link),
    )


def kind_name(kind: InvoiceKind) -> str:
    """Return how the kind is named before a number: `Deposit invoice`, or `Invoice` for a standard one."""
    return "Invoice" if kind is InvoiceKind.STANDARD else f"{kind.value.capitalize()} invoice"


def invoice_card(
    shown: InvoiceView,
    formats: Formats,
    today: date,
    *,
    pay_url: str | None = None,
    payments: tuple[Payment, ...] = (),
) -> Card:
    """Return the card of one invoice; `pay_url` is shown as a button where a live link exists."""
    invoice = shown.invoice
    status = shown.status_on(today)
    amount = formats.money(invoice.total)
    return Card(
        title=f"{kind_name(invoice.kind)} {invoice.number}",
        summary=f"{invoice.number} for {shown.client}: {amount}, {status}",
        tone=_STATUS_TONES.get(status, Tone.NEUTRAL),
        badge=status,
        text=invoice.description,
        fields=(*_invoice_fields(shown, formats, today), *_to_copy(shown, pay_url)),
        rows=(*line_rows(invoice, formats), *(payment_row(payment, formats) for payment in payments)),
        buttons=next_first(_invoice_buttons(shown, pay_url), _next_step(shown, status)),
        about=invoice.number,
    )


def _invoice_fields(shown: InvoiceView, formats: Formats, today: date) -> list[Field]:
    invoice = shown.invoice
    fields = [
        Field("Client", shown.client),
        Field("For", shown.opportunity.name),
        Field("Amount", formats.money(invoice.total)),
        Field("Due", formats.day(invoice.due_on)),
    ]
    if invoice.document_number is not None:
        fields.append(Field("The client's number", invoice.document_number))
    if invoice.replaces is not None:
        fields.append(Field("Takes the place of", invoice.replaces))
    if invoice.replaced_by is not None:
        fields.append(Field("Replaced by", invoice.replaced_by))
    if _part_paid(invoice):
        fields.append(Field("Still to pay", formats.money(invoice.balance)))
    if invoice.paid_at is not None:
        fields.append(Field("Paid", formats.moment(invoice.paid_at)))
    if invoice.refunded is not None:
        fields.append(Field("Refunded", formats.money(invoice.refunded)))
    if invoice.disputed:
        fields.append(Field("Disputed", "the payer contests a payment; the bank decides"))
    fields += _link_fields(shown, formats)
    if invoice.status_on(today) == OVERDUE:
        days = (today - invoice.due_on).days
        fields.append(Field("Overdue by", "1 day" if days == 1 else f"{days} days"))
    return fields


def _link_fields(shown: InvoiceView, formats: Formats) -> list[Field]:
    """Return what there is to say of the ways in which it is paid just now."""
    fields = []
    if shown.coming is not None:
        fields += [Field("On its way", f"{formats.money(shown.coming)} from a bank account, which takes some days")]
    if shown.link is not None:
        often = formats.interval(shown.link.interval, shown.link.interval_count)
        fields.append(Field("Payment link", f"charges {often}" if shown.link.recurring else "can be paid once"))
    if shown.stranded:
        fields.append(Field("Link's account", "no longer connected: the next use makes a new link"))
    return fields


def _to_copy(shown: InvoiceView, pay_url: str | None) -> list[Field]:
    # A button cannot be copied from; what is written out can.
    return [Field("Pay page", pay_url)] if pay_url and shown.link is not None and shown.invoice.payable else []


def _part_paid(invoice: Invoice) -> bool:
    return invoice.payable and 0 < invoice.paid.amount < invoice.total.amount


def _invoice_buttons(shown: InvoiceView, pay_url: str | None) -> list[Button]:
    number = shown.invoice.number
    if not shown.invoice.payable:
        return []
    buttons = []
    if shown.link is None and not shown.under_way:
        buttons.append(Button("Make payment link", say=f"make a payment link for {number}"))
    elif pay_url is not None:
        buttons += [Button("Open pay page", url=pay_url), Button("Copy link", copy=pay_url)]
    buttons += [
        Button("Send again" if shown.invoice.sent_at else "Send", say=f"send {number}"),
        Button("Send with a message", form=f"send_invoice {number}"),
        Button("Edit", form=f"update_invoice {number}"),
    ]
    if shown.link is not None:
        buttons.append(Button("Sync", say=f"sync {number}"))
    if shown.remindable:
        buttons.append(Button("Remind", say=f"remind {number}"))
    if shown.contact is not None:
        buttons.append(Button("Client's portal", say=f"share the portal with {shown.contact.number}"))
    buttons.append(Button("Void", say=f"void {number}", tone=Tone.BAD))
    return [button if button.url or button.copy else replace(button, needs=Role.EDITOR) for button in buttons]


def _next_step(shown: InvoiceView, status: str) -> str:
    """Return what is to be done next: a reminder of what is late, else the first mail; "" where neither can leave."""
    late, unsent = status == OVERDUE and shown.remindable, shown.invoice.sent_at is None
    return "Remind" if late else "Send" if unsent and shown.reachable else ""


def invoice_row(shown: InvoiceView, formats: Formats, today: date) -> Row:
    """Return an invoice as a line of a list."""
    invoice = shown.invoice
    status = shown.status_on(today)
    about = [shown.opportunity.name, invoice.kind.value, status, f"due {formats.day(invoice.due_on)}"]
    return Row(
        title=f"{invoice.number} · {shown.client}",
        value=formats.money(invoice.total),
        detail=" · ".join([*about, f"{formats.money(invoice.balance)} still to pay"] if _part_paid(invoice) else about),
        tone=_STATUS_TONES.get(status, Tone.NEUTRAL),
    )


def opportunity_row(opportunity: Opportunity, client: str, formats: Formats) -> Row:
    """Return an opportunity as a line of a list."""
    return Row(
        title=f"{opportunity.number} · {opportunity.name}",
        value=formats.money(opportunity.value) if opportunity.value else "no value yet",
        detail=f"{client} · {opportunity.stage.value}",
    )


def contact_row(contact: Contact) -> Row:
    """Return a contact as a line of a list."""
    reachable = " · ".join(part for part in (contact.email, contact.phone) if part)
    name = f"{contact.name} · {contact.company}" if contact.company else contact.name
    return Row(title=f"{contact.number} · {name}", detail=reachable or "no e-mail address yet")


def plain(word: str) -> str:
    """Return a word of a vocabulary as people write it: `bank transfer`, `past due`, `requested by customer`."""
    return word.replace("_", " ")


_MOVEMENTS = {
    PaymentType.CHARGE: "Payment",
    PaymentType.REFUND: "Refund",
    PaymentType.SUBSCRIPTION: "Subscription payment",
    PaymentType.DISPUTE: "Dispute",
    PaymentType.PAYOUT: "Payout",
}
_PAYMENT_TONES = {
    PaymentStatus.SUCCEEDED: Tone.GOOD,
    PaymentStatus.WON: Tone.GOOD,
    PaymentStatus.FAILED: Tone.BAD,
    PaymentStatus.OPEN: Tone.BAD,
    PaymentStatus.LOST: Tone.BAD,
    PaymentStatus.STARTED: Tone.NEUTRAL,
    PaymentStatus.CANCELED: Tone.NEUTRAL,
}


def movement(payment: Payment) -> str:
    """Return what moved and how that ended: `Payment succeeded`, `Subscription cancelled`."""
    if payment.status in {PaymentStatus.STARTED, PaymentStatus.CANCELED}:
        return "Subscription started" if payment.status is PaymentStatus.STARTED else "Subscription cancelled"
    return f"{_MOVEMENTS[payment.type]} {payment.status.value}"


def movement_tone(payment: Payment) -> Tone:
    """Return how a line of the payment log feels."""
    return _PAYMENT_TONES.get(payment.status, Tone.WARNING)


def payment_row(payment: Payment, formats: Formats) -> Row:
    """Return a line of the payment log."""
    words = (
        payment.invoice,
        payment.payer,
        plain(payment.method or ""),
        plain(payment.reason),
        payment.failure_message,
    )
    about = " · ".join(word for word in words if word)
    if payment.presented is not None:
        about += f" · paid as {formats.money(payment.presented)}"
    return Row(
        title=movement(payment),
        value=formats.money(payment.money),
        detail=f"{formats.moment(payment.occurred_at)} · {about}" if about else formats.moment(payment.occurred_at),
        tone=movement_tone(payment),
    )


def list_card(title: str, rows: list[Row], *, note: str = "") -> Card | None:
    """Return a list as a card, or None where there is nothing to list: the reply says so already."""
    return Card(title=title, summary=f"{title}: {len(rows)}", rows=tuple(rows), note=note) if rows else None
