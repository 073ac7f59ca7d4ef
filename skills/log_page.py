"""The payment log as a page in the browser: the ticket to it, for the person who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.pages import Page
from skills.cards import Button
from skills.context import Context, Outcome
from skills.opening_pages import ticket_to

if TYPE_CHECKING:
    from billing.payment_log import LogFilter
    from skills.arguments import Period


def log_page(context: Context, wanted: LogFilter, period: Period | None) -> Outcome:
    """Hand out a ticket to the page of the payment log, which shows what is wanted at first."""
    asked = {"type": wanted.type and wanted.type.value, "client": wanted.contact, "invoice": wanted.invoice}
    text = "Every movement of money, to look through by client, invoice, kind and day, or to download as CSV."
    return ticket_to(context, Page.PAYMENTS, text, period=period, asked=asked)


def page_button(wanted: LogFilter) -> Button:
    """Return the button that asks for the page, narrowed as the list was as far as one sentence says it."""
    about = wanted.invoice or wanted.contact
    log = "payment" if about or wanted.type is None else wanted.type.value
    return Button("Open as a page", say=f"open the {log} log{f' for {about}' if about else ''}")
