"""A mail as it is when it leaves: put together from the invoice, its client and its document as they stand then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from billing.crediting import credit_document_of, credit_note_of
from billing.documenting import document_of
from billing.errors import BillingError
from billing.linking import chargeable, is_switched_off
from billing.mail import Attachment, InvoiceMail, MailTemplate
from billing.sending import greeted, reminded_so_far
from billing.sharing import open_portal
from skills.presenting import view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.deliveries import Delivery
    from billing.documents import InvoiceDocument
    from billing.payments import Interval, Payment
    from billing.ports import Transaction
    from billing.workspaces import Workspace
    from bot.worker.outlets import Outlets
    from skills.presenting import InvoiceView

_log = structlog.get_logger(__name__)
_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the records say: the invoice, its document, and the token of a portal address made for this mail."""

    shown: InvoiceView
    document: InvoiceDocument
    online: bool
    portal: str | None
    greeted: str
    movement: Payment | None
    reminded: int
    charged: tuple[Interval, int] | None


def write(outlets: Outlets, workspace: Workspace, mail: Delivery, payload: Mapping[str, Any]) -> InvoiceMail:
    """Return the mail; raises UnknownRecord where there is no such invoice."""
    with outlets.store.transaction(workspace.id) as tx:
        facts = _facts(tx, outlets, mail, payload)
    shown, invoice = facts.shown, facts.shown.invoice
    online = facts.online and invoice.payable and chargeable(outlets.gateways, invoice)
    reminds = mail.template is MailTemplate.REMINDER
    return InvoiceMail(
        workspace_name=workspace.name,
        to=mail.to,
        cc=mail.cc,
        template=mail.template,
        invoice=invoice,
        title=shown.opportunity.name,
        client=facts.greeted,
        today=workspace.day_of(outlets.clock()),
        pay_url=outlets.links.pay(invoice) if online else None,
        portal_url=outlets.links.portal(facts.portal) if facts.portal else None,
        message=str(payload["message"]),
        key=mail.key,
        locale=facts.document.locale,
        movement=facts.movement,
        reminded=facts.reminded,
        charged=facts.charged,
        moved_on=workspace.day_of(facts.movement.occurred_at) if facts.movement else None,
        attachment=_attached(outlets, facts.document),
        stop_url=outlets.links.stop_reminders(facts.portal) if facts.portal and reminds else None,
    )


def _facts(tx: Transaction, outlets: Outlets, mail: Delivery, payload: Mapping[str, Any]) -> _Facts:
    shown = view(tx, mail.invoice)
    contact = shown.contact
    online = tx.connections.active() is not None and not is_switched_off(tx, mail.invoice)
    pay_url = outlets.links.pay(shown.invoice) if online else None
    movements = {line.id: line for line in shown.lines}
    movement = movements.get(str(payload.get("movement")))
    note = credit_note_of(tx, movement) if movement else None
    link = shown.link if shown.link and shown.link.recurring else None
    return _Facts(
        shown=shown,
        document=credit_document_of(tx, note.number) if note else document_of(tx, mail.invoice, pay_url=pay_url),
        online=online,
        portal=open_portal(tx, contact.number, now=outlets.clock()) if contact else None,
        greeted=greeted(tx, shown.invoice, mail.to),
        reminded=reminded_so_far(tx, shown.invoice),
        movement=movement,
        charged=(link.interval, link.interval_count) if link else None,
    )


def _attached(outlets: Outlets, document: InvoiceDocument) -> Attachment | None:
    """Return the document as PDF. A mail without it says all the same, so it does not wait for one that fails."""
    if outlets.printer is None:
        return None
    try:
        return Attachment(f"{document.number}.pdf", _PDF, outlets.printer.pdf(document), document.document)
    except BillingError:
        _log.exception("mail_without_pdf", invoice=document.number)
        return None
