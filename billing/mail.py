"""E-mail about an invoice: what it says, and the port through which it leaves.

The subject line is written here, so that the card which asks for a yes shows exactly what the client will read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from billing.errors import BillingError

if TYPE_CHECKING:
    from billing.invoices import Invoice
    from billing.ports import Formats


class MailTemplate(StrEnum):
    """Why the client is written to: a new invoice, one that is still open, or anything else about one."""

    INVOICE = "invoice"
    REMINDER = "reminder"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class InvoiceMail:
    """One mail to one client. `title` is the opportunity's name, `client` what people call the contact.

    `pay_url` is None where there is no way to pay online. `message` is the sender's own text, as it was typed.
    `key` is the outbox row's: the same key is the same mail, however often it is tried.
    """

    workspace_name: str
    to: str
    template: MailTemplate
    invoice: Invoice
    title: str
    client: str
    pay_url: str | None
    portal_url: str | None
    message: str
    key: str


class MailUncertain(BillingError):
    """The server took the whole mail and its answer was lost: it may have been sent, so it is not sent again."""

    code = "mail_uncertain"


class Mailer(Protocol):
    """A mail server that takes mail from us."""

    def send(self, mail: InvoiceMail, formats: Formats) -> str:
        """Send, and return the Message-ID, which is the same for the same key.

        Raises ProviderRefused where the server said no for good (its reason is in the message), MailUncertain
        where nobody knows, and ProviderUnavailable where another try may succeed.
        """


def subject(mail: InvoiceMail, formats: Formats) -> str:
    """Return the subject line: one line, whatever the names in it contain."""
    invoice, business = mail.invoice, mail.workspace_name
    amount_due = f"{formats.money(invoice.balance)} due {formats.day(invoice.due_on)}"
    line = {
        MailTemplate.INVOICE: f"Invoice {invoice.number} from {business}: {amount_due}",
        MailTemplate.REMINDER: f"Reminder: invoice {invoice.number} from {business}, {amount_due}",
        MailTemplate.NOTE: f"About invoice {invoice.number} from {business}",
    }[mail.template]
    return " ".join(line.split())
