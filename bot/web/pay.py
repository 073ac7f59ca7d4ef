"""`/pay/{token}`: the address in every mail, which always leads to a way to pay or says why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from billing.errors import BillingError, LinkSwitchedOff
from billing.invoices import InvoiceStatus
from bot.web.pages import Notice, notice
from bot.web.tokens import token_of
from skills.cards import Tone

if TYPE_CHECKING:
    from starlette.requests import Request

    from billing.invoices import Invoice
    from billing.workspaces import Workspace
    from bot.web.site import Site

_log = structlog.get_logger(__name__)
_RETRY_SECONDS: Final = "60"


def pay(site: Site, request: Request) -> Response:
    """Send the client to the invoice's live payment link, or say why there is nothing to pay."""
    workspace, invoice = _asked_for(site, request)
    if not invoice.payable:
        return _settled(site, workspace, invoice)
    try:
        return RedirectResponse(site.make_link_live(workspace.id, invoice.number), 303)
    except BillingError as error:
        _log.warning("pay_unavailable", workspace=workspace.id, invoice=invoice.number, code=error.code)
        return _unavailable(site, request, error)


def _asked_for(site: Site, request: Request) -> tuple[Workspace, Invoice]:
    store = site.services.store
    found = store.directory.by_pay_token(token_of(request))
    if found is None:
        raise HTTPException(404)
    workspace_id, number = found
    with store.transaction(workspace_id) as tx:
        return tx.people.workspace(), tx.invoices.get(number)


def _unavailable(site: Site, request: Request, error: BillingError) -> Response:
    # Read again: it may have been paid or become void while a link was being made.
    workspace, invoice = _asked_for(site, request)
    if not invoice.payable:
        return _settled(site, workspace, invoice)
    if error.retryable:
        return _try_again(site, workspace, invoice, request.url.path)
    if isinstance(error, LinkSwitchedOff):
        return _switched_off(site, workspace, invoice)
    words = Notice(
        f"Please ask {workspace.name} how to pay",
        f"{invoice.number} cannot be paid online at the moment. {workspace.name} can tell you how to pay it.",
        Tone.WARNING,
        workspace.name,
        _facts(site, workspace, invoice),
    )
    return notice(words)


def _switched_off(site: Site, workspace: Workspace, invoice: Invoice) -> Response:
    words = Notice(
        "Online payment is switched off",
        f"{workspace.name} has switched the payment link of {invoice.number} off. Please ask them how to pay.",
        Tone.WARNING,
        workspace.name,
        _facts(site, workspace, invoice),
    )
    return notice(words)


def _try_again(site: Site, workspace: Workspace, invoice: Invoice, path: str) -> Response:
    words = Notice(
        "The payment page is not answering",
        "Nothing was charged. Please try again in a minute.",
        Tone.WARNING,
        workspace.name,
        _facts(site, workspace, invoice),
        ("Try again", path),
    )
    return notice(words, status=503, headers={"retry-after": _RETRY_SECONDS})


def _settled(site: Site, workspace: Workspace, invoice: Invoice) -> Response:
    title, text, tone = {
        InvoiceStatus.PAID: ("is paid", "Thank you. There is nothing left to pay.", Tone.GOOD),
        InvoiceStatus.VOID: (
            "is no longer valid",
            f"It was cancelled, so there is nothing to pay. Ask {workspace.name} if you expected another one.",
            Tone.WARNING,
        ),
        InvoiceStatus.REFUNDED: (
            "was refunded",
            f"Your payment was returned, and there is nothing to pay. Ask {workspace.name} if you have questions.",
            Tone.NEUTRAL,
        ),
    }[invoice.status]
    return notice(
        Notice(f"{invoice.number} {title}", text, tone, workspace.name, _facts(site, workspace, invoice)),
    )


def _facts(site: Site, workspace: Workspace, invoice: Invoice) -> tuple[tuple[str, str], ...]:
    formats = site.formats_for(workspace)
    facts = [("Invoice", invoice.number), ("Amount", formats.money(invoice.total))]
    if invoice.payable and invoice.paid.amount:
        facts.append(("Left to pay", formats.money(invoice.balance)))
    if invoice.payable:
        facts.append(("Due", formats.day(invoice.due_on)))
    if invoice.paid_at is not None:
        facts.append(("Paid", formats.day(workspace.day_of(invoice.paid_at))))
    return tuple(facts)
