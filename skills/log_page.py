"""The payment log as a page in the browser: the ticket to it, for the person who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.page_tickets import TICKET_LIFETIME, page_ticket
from billing.pages import Page
from skills.cards import Button, Card, Tone
from skills.context import Context, Outcome

if TYPE_CHECKING:
    from billing.payment_log import LogFilter
    from skills.arguments import Period


def log_page(context: Context, wanted: LogFilter, period: Period | None) -> Outcome:
    """Hand out a ticket to the page of the payment log, which shows what is wanted at first."""
    asked = {
        "type": wanted.type,
        "client": wanted.contact,
        "invoice": wanted.invoice,
        "from": period.start.isoformat() if period else None,
        "to": period.end.isoformat() if period else None,
    }
    query = {name: str(value) for name, value in asked.items() if value is not None}
    with context.transaction() as tx:
        token = page_ticket(tx, Page.PAYMENTS, member=context.actor.member, now=context.now, query=query)
    url = context.links.page(token)
    card = Card(
        title="Payment log",
        summary="Payment log",
        text="Every movement of money, to look through by client, invoice, kind and day, or to download as CSV.",
        note=f"The link is for you alone and works once, for {TICKET_LIFETIME.seconds // 60} minutes.",
        buttons=(Button("Open the payment log", url=url, tone=Tone.GOOD),),
        private=True,
    )
    return Outcome(f"Open this link to see the payment log: {url}", {"url": url}, card)


def page_button(wanted: LogFilter) -> Button:
    """Return the button that asks for the page, narrowed as the list was as far as one sentence says it."""
    about = wanted.invoice or wanted.contact
    log = "payment" if about or wanted.type is None else wanted.type.value
    return Button("Open as a page", say=f"open the {log} log{f' for {about}' if about else ''}")
