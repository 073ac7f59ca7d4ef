"""E-mail about an invoice: what it says, and the port through which it leaves.

The subject and the first lines are written here, so that the card which asks for a yes shows exactly what the client
will read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from billing.deliveries import MailTemplate
from billing.documents import DocumentKind
from billing.errors import BillingError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from billing.invoices import Invoice
    from billing.payments import Interval, Payment
    from billing.ports import Formats

__all__ = [
    "Attachment",
    "InvoiceMail",
    "MailTemplate",
    "MailUncertain",
    "Mailer",
    "Note",
    "Sent",
    "called",
    "greeting",
    "paragraphs",
    "subject",
]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    media_type: str
    content: bytes
    document: DocumentKind = DocumentKind.INVOICE


@dataclass(frozen=True, slots=True)
class InvoiceMail:
    """One mail. `to` and `cc` are addresses, `title` is the opportunity's name, `client` what the reader is called.

    `today` is the day where the business is. `movement` is the payment or refund that a receipt is about, `moved_on`
    its day there. `pay_url` is None where there is no way to pay online, `stop_url` where there is nothing to be
    unsubscribed from. `message` is the sender's own text, as it was typed. `locale` like `de_DE` is the reader's
    language. `key` is the outbox row's: the same key is the same mail, however often it is tried. `reminded` counts
    the reminders that left since the invoice was due: the third is firmer than the first.
    """

    workspace_name: str
    to: tuple[str, ...]
    template: MailTemplate
    invoice: Invoice
    title: str
    client: str
    today: date
    pay_url: str | None
    portal_url: str | None
    message: str
    key: str
    locale: str
    cc: tuple[str, ...] = ()
    movement: Payment | None = None
    moved_on: date | None = None
    attachment: Attachment | None = None
    stop_url: str | None = None
    reminded: int = 0
    charged: tuple[Interval, int] | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A mail of a few words to the business itself. The same `key` (an outbox row's) is the same mail."""

    workspace_id: str
    to: str
    subject: str
    text: str
    key: str


class MailUncertain(BillingError):
    """The server took the whole mail and its answer was lost: it may have been sent, so it is not sent again."""

    code = "mail_uncertain"


class Mailer(Protocol):
    """A mail server that takes mail from us."""

    def send(self, mail: InvoiceMail, formats: Formats, handing_over: Callable[[], None] = ...) -> Sent:
        """Send to everybody whom the server takes it for; the same key has the same Message-ID.

        `handing_over` is called in the instant before the server gets the mail; what it raises ends the sending.
        Raises ProviderRefused where the server said no for good (its reason is in the message), MailUncertain where
        nobody knows, and ProviderUnavailable where another try may succeed.
        """

    def tell(self, note: Note) -> Sent:
        """Send a note; raises as `send` does."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail that was taken. `refused` says, a sentence each, whom the server did not take it for, and why."""

    message_id: str
    refused: tuple[str, ...] = ()


def subject(mail: InvoiceMail, formats: Formats) -> str:
    """Return the subject line: one line, whatever the names in it contain."""
    line = _SUBJECTS[mail.template](formats).format(
        number=mail.invoice.client_number,
        business=mail.workspace_name,
        amount=formats.money(mail.movement.money if mail.movement else mail.invoice.balance),
        day=formats.day(mail.invoice.due_on),
    )
    return " ".join(line.split())


_SUBJECTS: dict[MailTemplate, Callable[[Formats], str]] = {
    MailTemplate.INVOICE: lambda to: to.text("Invoice {number} from {business}: {amount} due {day}"),
    MailTemplate.RESEND: lambda to: to.text("Once more: invoice {number} from {business}, {amount} due {day}"),
    MailTemplate.REMINDER: lambda to: to.text("Reminder: invoice {number} from {business}, {amount} due {day}"),
    MailTemplate.NOTE: lambda to: to.text("About invoice {number} from {business}"),
    MailTemplate.RECEIPT: lambda to: to.text("Receipt: {amount} for invoice {number} from {business}"),
    MailTemplate.REFUND: lambda to: to.text("Refund: {amount} for invoice {number} from {business}"),
}


def greeting(mail: InvoiceMail, formats: Formats) -> str:
    """Return the salutation."""
    return formats.text("Hello {name},").format(name=mail.client) if mail.client else formats.text("Hello,")


def paragraphs(mail: InvoiceMail, formats: Formats) -> tuple[str, ...]:
    """Return the body: the sender's own text, split at its empty lines, or sentences that stand in for it.

    A receipt says what came or went back, whatever else is said.
    """
    own = tuple(part.strip() for part in mail.message.replace("\r\n", "\n").split("\n\n") if part.strip())
    if mail.movement is not None:
        return (*_of_movement(mail, formats, mail.movement), *own)
    return own or _standing_in(mail, formats)


def _standing_in(mail: InvoiceMail, formats: Formats) -> tuple[str, ...]:
    if mail.template is MailTemplate.REMINDER:
        return _reminding(mail, formats), formats.text("If you have paid it already, please ignore this message.")
    words = {
        MailTemplate.INVOICE: formats.text("Here is invoice {invoice}. Thank you for working with us."),
        MailTemplate.RESEND: formats.text("Here is invoice {invoice} once more, as it stands today."),
    }
    return (words.get(mail.template, formats.text("This is about invoice {invoice}.")).format(invoice=_named(mail)),)


def _reminding(mail: InvoiceMail, formats: Formats) -> str:
    days = (mail.today - mail.invoice.due_on).days
    if days < 0:
        words = formats.text("A friendly reminder that invoice {invoice} is due on {day}.")
    elif days == 0:
        words = formats.text("A friendly reminder that invoice {invoice} is due today.")
    else:
        words = (
            formats.text("A friendly reminder that invoice {invoice}, which was due on {day}, is still open."),
            formats.text("We have reminded you of invoice {invoice}, which was due on {day}. Please pay it this week."),
            formats.text(
                "Invoice {invoice} has been overdue since {day}, and we have reminded you of it several times. "
                "Please pay it now, or tell us today what stands in the way."
            ),
        )[min(mail.reminded, 2)]
    return words.format(invoice=_named(mail), day=formats.day(mail.invoice.due_on))


def _of_movement(mail: InvoiceMail, formats: Formats, movement: Payment) -> tuple[str, ...]:
    values = {"amount": formats.money(movement.money), "invoice": _named(mail)}
    if mail.template is MailTemplate.REFUND:
        return (
            formats.text("We have given {amount} for invoice {invoice} back to you.").format(**values),
            formats.text("It takes the way on which you paid; a bank may need up to ten days for it."),
        )
    thanks = formats.text("Thank you. Your payment of {amount} for invoice {invoice} has arrived.").format(**values)
    if mail.invoice.payable and mail.invoice.balance.amount:
        left = formats.text("{amount} is still to pay.").format(amount=formats.money(mail.invoice.balance))
    else:
        left = formats.text("The invoice is paid in full.")
    return thanks, left


def _named(mail: InvoiceMail) -> str:
    number = mail.invoice.client_number
    return f"{number} ({mail.title})" if mail.title else number


def called(name: str, company: str | None) -> str:
    """Return what the reader of a mail is called: a person by the first name, a company by its own.

    A name that stands alone is a person's, unless there is something in it that people are not called.
    """
    whole = " ".join(name.split())
    if whole.casefold() == (company or "").strip().casefold() or _is_business(whole):
        return whole
    first, *rest = whole.split() or [company or ""]
    # “Dr. Anna Meyer” and “Meyer, Anna” are best left as they are.
    return first if rest and not first.endswith((".", ",")) else whole


def _is_business(name: str) -> bool:
    words = {word.strip(".,()").casefold() for word in name.split()}
    return bool(words & _OF_BUSINESSES) or any(sign.isdigit() or sign in "&+/@" for sign in name)


_OF_BUSINESSES: Final = frozenset(
    "ab ag and as association bakery bar bros builders café cafe catering club co company consulting corp dental "
    "design foundation freight gmbh group holdings hotel inc institute kg labs limited llc llp ltd oy plc practice "
    "pty restaurant sa sarl school services shop sl solutions srl store studio studios team the und university "
    "ventures workshop works".split(),
)
