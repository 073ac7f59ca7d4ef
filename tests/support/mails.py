"""Mails about invoices, for tests of what is sent and of who takes it."""

from __future__ import annotations

from typing import Any

from billing.mail import InvoiceMail, MailTemplate
from billing.workspaces import Workspace
from bot.formats import WorkspaceFormats
from tests.support.records import NOW, TODAY, WORKSPACE, an_invoice

FORMATS = WorkspaceFormats(
    Workspace(WORKSPACE, "Harbour Studio", "AUD", "AU", "en_AU", "Australia/Brisbane", NOW),
    lambda: NOW,
)


def an_invoice_mail(**changes: Any) -> InvoiceMail:
    """A new invoice of A$500.00 for Bluebird, with a link to pay it and one to the portal."""
    fields: dict[str, Any] = {
        "workspace_name": "Harbour Studio",
        "to": ("jane@bluebird.example",),
        "template": MailTemplate.INVOICE,
        "invoice": an_invoice(),
        "title": "Bluebird shop fit-out",
        "client": "Bluebird Cafe",
        "pay_url": "https://evie.example/pay/token",
        "portal_url": "https://evie.example/portal/token",
        "message": "",
        "key": "mail-1",
        "today": TODAY,
        "locale": "en_AU",
    }
    # One address is what most mails have.
    for name in ("to", "cc"):
        if isinstance(changes.get(name), str):
            changes[name] = (changes[name],)
    return InvoiceMail(**fields | changes)
