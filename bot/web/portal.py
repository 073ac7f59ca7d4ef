"""`/portal/{token}`: what one client has been asked for, what is paid and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from billing.invoices import UNPAID, InvoiceStatus
from billing.linking import is_switched_off
from billing.standing import came_in
from bot.web.clients import turned_away, visitor
from bot.web.pages import Notice, notice, render
from bot.web.statement import Books, Sheet
from skills.cards import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request
    from starlette.responses import Response

    from billing.payments import Payment
    from billing.ports import Transaction
    from bot.web.clients import Visitor
    from bot.web.site import Site


def portal(site: Site, request: Request) -> Response:
    """Show the client's invoices, the ones to pay first; drafts are nobody's business but ours."""
    who = visitor(site, request)
    if not who.welcome:
        return turned_away(who)
    books, sheet = _written(site, who)
    return render(
        "portal.html",
        reader=who.formats,
        business=who.workspace.name,
        client=who.contact.label,
        owed=sheet.owed(),
        unpaid=sheet.unpaid(),
        closed=sheet.closed(),
        movements=sheet.movements(),
        subscriptions=sheet.subscriptions(),
        online=books.online,
        papers=_papers(site, who, books),
    )


def _papers(site: Site, who: Visitor, books: Books) -> list[tuple[str, str]]:
    """Return label and address of the client's other documents: credit notes and the statement of account."""
    if site.services.printer is None or not books.invoices:
        return []
    with site.services.store.transaction(who.workspace.id) as tx:
        found = [note for invoice in books.invoices for note in tx.credit_notes.list(invoice=invoice.number)]
    text, base = who.formats.text, f"/portal/{who.token}"
    notes = [
        (text("Credit note {number}").format(number=note.client_number), f"{base}/credit-notes/{note.number}.pdf")
        for note in found
        if note.void_at is None
    ]
    return [*notes, (text("Statement of account"), f"{base}/statement.pdf")]


def receipt(site: Site, request: Request) -> Response:
    """Show one payment or refund of the client's, to be kept or printed."""
    who = visitor(site, request)
    if not who.welcome:
        return turned_away(who)
    with site.services.store.transaction(who.workspace.id) as tx:
        books = _books(tx, who)
    wanted = str(request.path_params["payment"])
    line = next((line for line in books.payments if line.id == wanted), None)
    if line is None:
        raise HTTPException(404)
    return _receipt(who, books, line)


def _receipt(who: Visitor, books: Books, line: Payment) -> Response:
    formats, text = who.formats, who.formats.text
    invoice = next(one for one in books.invoices if one.number == line.invoice)
    came = came_in(line)
    title = text("Receipt for {amount}") if came else text("Refund of {amount}")
    facts = (
        (text("Invoice"), invoice.client_number),
        (text("For"), books.titles.get(invoice.opportunity, "")),
        (text("Received on") if came else text("Given back on"), formats.day(who.workspace.day_of(line.occurred_at))),
        (text("Paid by"), line.payer),
        (text("Total of the invoice"), formats.money(invoice.total)),
        (text("Left to pay"), formats.money(invoice.balance) if invoice.payable else ""),
        (text("Reference"), line.id),
    )
    words = Notice(
        title.format(amount=formats.money(line.money)),
        text("{business} has received this payment. Thank you.").format(business=who.workspace.name)
        if came
        else text("{business} has given this back.").format(business=who.workspace.name),
        Tone.GOOD if came else Tone.NEUTRAL,
        who.workspace.name,
        tuple((label, value) for label, value in facts if value),
        (text("All your invoices"), f"/portal/{who.token}"),
    )
    return notice(words, reader=formats)


def _written(site: Site, who: Visitor) -> tuple[Books, Sheet]:
    with site.services.store.transaction(who.workspace.id) as tx:
        books = _books(tx, who)
    today = who.workspace.day_of(site.services.clock())
    sheet = Sheet(
        books, site.services.links, who.formats, today, lambda payment: f"/portal/{who.token}/payments/{payment}"
    )
    return books, sheet


def _books(tx: Transaction, who: Visitor) -> Books:
    """Read what is the client's: what hangs on an invoice is theirs by that invoice, and by nothing else."""
    contact = who.contact.number
    invoices = [i for i in tx.invoices.list(contact=contact) if i.status is not InvoiceStatus.DRAFT]
    mine = {invoice.number for invoice in invoices}
    payments = [line for number in sorted(mine) for line in tx.payments.of_invoice(number)]
    return Books(
        workspace=who.workspace,
        invoices=invoices,
        payments=sorted(payments, key=lambda line: (line.occurred_at, line.id), reverse=True),
        subscriptions=[one for one in tx.subscriptions.list() if one.invoice in mine],
        titles=_titles(tx, {invoice.opportunity for invoice in invoices}),
        online=tx.connections.active() is not None,
        switched_off=frozenset(i.number for i in invoices if i.status in UNPAID and is_switched_off(tx, i.number)),
    )


def _titles(tx: Transaction, numbers: Iterable[str]) -> dict[str, str]:
    found = (tx.opportunities.find(number) for number in numbers)
    return {opportunity.number: opportunity.name for opportunity in found if opportunity is not None}
