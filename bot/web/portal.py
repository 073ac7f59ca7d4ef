"""`/portal/{token}`: what one client has been asked for, what is paid and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException

from billing.invoices import OVERDUE, UNPAID, InvoiceStatus
from billing.linking import is_switched_off
from billing.money import Money, zero
from bot.web.pages import render
from bot.web.tokens import token_of
from skills.cards import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from starlette.requests import Request
    from starlette.responses import Response

    from billing.contacts import Contact
    from billing.invoices import Invoice
    from billing.ports import Formats, Transaction
    from billing.workspaces import Workspace
    from bot.web.site import Site

_STATUS: Final = {
    InvoiceStatus.OPEN: ("Open", Tone.NEUTRAL),
    InvoiceStatus.SENT: ("Open", Tone.NEUTRAL),
    OVERDUE: ("Overdue", Tone.BAD),
    InvoiceStatus.PAID: ("Paid", Tone.GOOD),
    InvoiceStatus.VOID: ("Void", Tone.NEUTRAL),
    InvoiceStatus.REFUNDED: ("Refunded", Tone.NEUTRAL),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice as the client reads it.

    `balance` is "" where nothing or everything is paid, `pay_url` where there is no way to pay online.
    """

    number: str
    title: str
    detail: str
    total: str
    balance: str
    when: str
    status: str
    tone: Tone
    pay_url: str


@dataclass(frozen=True, slots=True)
class Owed:
    """What is left to pay in one currency, and how much of it is late ("" where nothing is)."""

    total: str
    overdue: str


@dataclass(frozen=True, slots=True)
class _Books:
    """Everything that the page is made of, read in one transaction.

    `titles` are the opportunities' names, `switched_off` the invoices that may not be paid online.
    """

    workspace: Workspace
    client: Contact
    invoices: list[Invoice]
    titles: dict[str, str]
    online: bool
    switched_off: frozenset[str]


def portal(site: Site, request: Request) -> Response:
    """Show the client's invoices, the ones to pay first; drafts are nobody's business but ours."""
    books = _books(site, request)
    formats = site.formats_for(books.workspace)
    today = books.workspace.day_of(site.services.clock())
    unpaid = sorted((i for i in books.invoices if i.status in UNPAID), key=lambda i: (i.due_on, i.number))
    closed = [i for i in reversed(books.invoices) if i.status not in UNPAID]
    return render(
        "portal.html",
        business=books.workspace.name,
        client=books.client.label,
        owed=_owed(unpaid, today, formats),
        unpaid=[_line(site, books, invoice, today, formats) for invoice in unpaid],
        closed=[_line(site, books, invoice, today, formats) for invoice in closed],
        online=books.online,
    )


def _books(site: Site, request: Request) -> _Books:
    store = site.services.store
    found = store.directory.by_portal_token(token_of(request))
    if found is None:
        raise HTTPException(404)
    workspace_id, contact = found
    with store.transaction(workspace_id) as tx:
        invoices = [i for i in tx.invoices.list(contact=contact) if i.status is not InvoiceStatus.DRAFT]
        return _Books(
            workspace=tx.people.workspace(),
            client=tx.contacts.get(contact),
            invoices=invoices,
            titles=_titles(tx, {invoice.opportunity for invoice in invoices}),
            online=tx.connections.active() is not None,
            switched_off=frozenset(i.number for i in invoices if i.status in UNPAID and is_switched_off(tx, i.number)),
        )


def _titles(tx: Transaction, numbers: Iterable[str]) -> dict[str, str]:
    found = (tx.opportunities.find(number) for number in numbers)
    return {opportunity.number: opportunity.name for opportunity in found if opportunity is not None}


def _owed(unpaid: list[Invoice], today: date, formats: Formats) -> list[Owed]:
    currencies = dict.fromkeys(invoice.total.currency for invoice in unpaid)
    return [_owed_in(currency, unpaid, today, formats) for currency in currencies]


def _owed_in(currency: str, unpaid: list[Invoice], today: date, formats: Formats) -> Owed:
    mine = [invoice for invoice in unpaid if invoice.total.currency == currency]
    late = _balances(currency, (invoice for invoice in mine if invoice.status_on(today) == OVERDUE))
    return Owed(formats.money(_balances(currency, mine)), formats.money(late) if late.amount else "")


def _balances(currency: str, invoices: Iterable[Invoice]) -> Money:
    return sum((invoice.balance for invoice in invoices), start=zero(currency))


def _line(site: Site, books: _Books, invoice: Invoice, today: date, formats: Formats) -> Line:
    status, tone = _STATUS[invoice.status_on(today)]
    unpaid = invoice.status in UNPAID
    payable = unpaid and books.online and invoice.number not in books.switched_off
    partly = unpaid and invoice.balance != invoice.total
    return Line(
        number=invoice.number,
        title=books.titles.get(invoice.opportunity, ""),
        detail=" · ".join(part for part in (invoice.kind.part, invoice.description) if part),
        total=formats.money(invoice.total),
        balance=formats.money(invoice.balance) if partly else "",
        when=_when(invoice, books.workspace, formats),
        status=status,
        tone=tone,
        pay_url=site.services.links.pay(invoice) if payable else "",
    )


def _when(invoice: Invoice, workspace: Workspace, formats: Formats) -> str:
    """Return the day that matters: when it is due, or when it was paid; "" where none does any more."""
    if invoice.status in UNPAID:
        return f"Due {formats.day(invoice.due_on)}"
    if invoice.status is InvoiceStatus.PAID and invoice.paid_at is not None:
        return f"Paid {formats.day(workspace.day_of(invoice.paid_at))}"
    return ""
