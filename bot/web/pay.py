"""`/pay/{token}`: the address in every mail, which always leads to a way to pay or says why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from billing.errors import BillingError, LinkSwitchedOff, PaymentUnderWay
from billing.invoices import InvoiceStatus
from billing.linking import is_switched_off, recurs
from billing.parts import least_part
from billing.standing import is_under_way
from bot.web.clients import reader_of
from bot.web.headers import FORM_POLICY
from bot.web.pages import Notice, notice, render
from bot.web.tokens import token_of
from skills.cards import Tone

if TYPE_CHECKING:
    from starlette.requests import Request

    from billing.invoices import Invoice
    from billing.money import Money
    from billing.ports import Formats
    from billing.workspaces import Workspace
    from bot.web.site import Site

_log = structlog.get_logger(__name__)
_RETRY_SECONDS: Final = "60"


@dataclass(frozen=True, slots=True)
class Asked:
    """The invoice of a pay address, and how its client is written to.

    `least` is the least that may be paid at a time, None where it is to be paid in one. `under_way` says that all of
    it is on its way already. `pdf_url` is "" where there is no document.
    """

    workspace: Workspace
    invoice: Invoice
    formats: Formats
    least: Money | None
    under_way: bool = False
    pdf_url: str = ""

    @property
    def business(self) -> str:
        """Whose invoice it is."""
        return self.workspace.name


def pay(site: Site, request: Request) -> Response:
    """Send the client to the invoice's live payment link, or say why there is nothing to pay.

    Where it may be paid in parts, the client is asked first how much it shall be.
    """
    asked = asked_for(site, request)
    if not asked.invoice.payable:
        return settled(asked)
    if asked.least is not None and not asked.under_way and "all" not in request.query_params:
        return choice(asked, request.url.path)
    try:
        return RedirectResponse(site.make_link_live(asked.workspace.id, asked.invoice.number), 303)
    except BillingError as error:
        return unavailable(site, request, error)


def asked_for(site: Site, request: Request) -> Asked:
    """Return what the address asks for; raises 404 for an address that is none."""
    store = site.services.store
    found = store.directory.by_pay_token(token_of(request))
    if found is None:
        raise HTTPException(404)
    workspace_id, number = found
    with store.transaction(workspace_id) as tx:
        workspace, invoice = tx.people.workspace(), tx.invoices.get(number)
        formats = reader_of(tx, site, workspace, invoice.contact)
        under_way = is_under_way(invoice, tx.payments.of_invoice(number))
        in_one = recurs(tx, number) or is_switched_off(tx, number) or tx.connections.active() is None
    least = None if in_one else least_part(invoice, workspace)
    printed = site.services.printer is not None and invoice.status is not InvoiceStatus.DRAFT
    return Asked(workspace, invoice, formats, least, under_way, site.services.links.pdf(invoice) if printed else "")


def choice(asked: Asked, path: str, *, amount: str = "", problem: str = "") -> Response:
    """Ask how much of the invoice is to be paid; `problem` says what was wrong with an `amount` before."""
    formats, invoice = asked.formats, asked.invoice
    assert asked.least is not None  # noqa: S101 - there is nothing to choose otherwise
    return render(
        "choice.html",
        status=422 if problem else 200,
        policy=FORM_POLICY,
        reader=formats,
        business=asked.business,
        number=invoice.client_number,
        balance=formats.money(invoice.balance),
        facts=_facts(asked),
        least=formats.money(asked.least),
        currency=invoice.balance.currency,
        path=path,
        amount=amount,
        problem=problem,
    )


def unavailable(site: Site, request: Request, error: BillingError) -> Response:
    """Say that the invoice cannot be paid online just now, and whether it is worth another try."""
    # Read again: it may have been paid or become void while a link was being made.
    asked = asked_for(site, request)
    _log.warning("pay_unavailable", workspace=asked.workspace.id, invoice=asked.invoice.number, code=error.code)
    if not asked.invoice.payable:
        return settled(asked)
    if error.retryable:
        return _try_again(asked, request.url.path)
    if isinstance(error, PaymentUnderWay):
        return _under_way(asked)
    return _switched_off(asked) if isinstance(error, LinkSwitchedOff) else _ask_the_business(asked)


def _under_way(asked: Asked) -> Response:
    text = asked.formats.text
    said = text(
        "It was started, and the bank takes some days to send the money. There is nothing more to do. If it does not "
        "arrive, you can pay here again."
    )
    title = text("The payment of {number} is processing").format(number=asked.invoice.client_number)
    return notice(Notice(title, said, Tone.NEUTRAL, asked.business, _facts(asked), _paper(asked)), reader=asked.formats)


def _ask_the_business(asked: Asked) -> Response:
    text = asked.formats.text
    words = Notice(
        text("Please ask {business} how to pay").format(business=asked.business),
        text("{number} cannot be paid online at the moment. {business} can tell you how to pay it.").format(
            number=asked.invoice.client_number, business=asked.business
        ),
        Tone.WARNING,
        asked.business,
        _facts(asked),
        _paper(asked),
    )
    return notice(words, reader=asked.formats)


def _switched_off(asked: Asked) -> Response:
    text = asked.formats.text
    words = Notice(
        text("Online payment is switched off"),
        text("{business} has switched the payment link of {number} off. Please ask them how to pay.").format(
            number=asked.invoice.client_number, business=asked.business
        ),
        Tone.WARNING,
        asked.business,
        _facts(asked),
        _paper(asked),
    )
    return notice(words, reader=asked.formats)


def _try_again(asked: Asked, path: str) -> Response:
    text = asked.formats.text
    words = Notice(
        text("The payment page is not answering"),
        text("Nothing was charged. Please try again in a minute."),
        Tone.WARNING,
        asked.business,
        _facts(asked),
        (text("Try again"), path),
    )
    return notice(words, status=503, headers={"retry-after": _RETRY_SECONDS}, reader=asked.formats)


def settled(asked: Asked) -> Response:
    """Say why there is nothing to pay."""
    words = asked.formats.text
    title, text, tone = {
        InvoiceStatus.PAID: (
            words("{number} is paid"),
            words("Thank you. There is nothing left to pay."),
            Tone.GOOD,
        ),
        InvoiceStatus.VOID: (
            words("{number} is no longer valid"),
            words("It was cancelled, so there is nothing to pay. Ask {business} if you expected another one."),
            Tone.WARNING,
        ),
        InvoiceStatus.REFUNDED: (
            words("{number} was refunded"),
            words("Your payment was returned, and there is nothing to pay. Ask {business} if you have questions."),
            Tone.NEUTRAL,
        ),
    }[asked.invoice.status]
    said = {"number": asked.invoice.client_number, "business": asked.business}
    shown = Notice(title.format(**said), text.format(**said), tone, asked.business, _facts(asked), _paper(asked))
    return notice(shown, reader=asked.formats)


def _paper(asked: Asked) -> tuple[str, str] | None:
    """Return label and address of the invoice as a document."""
    label = asked.formats.text("Invoice {number}").format(number=asked.invoice.client_number)
    return (f"{label} (PDF)", asked.pdf_url) if asked.pdf_url else None


def _facts(asked: Asked) -> tuple[tuple[str, str], ...]:
    formats, invoice = asked.formats, asked.invoice
    facts = [
        (formats.text("Invoice"), invoice.client_number),
        (formats.text("Amount"), formats.money(invoice.total)),
    ]
    if invoice.payable and invoice.paid.amount:
        facts.append((formats.text("Left to pay"), formats.money(invoice.balance)))
    if invoice.payable:
        facts.append((formats.text("Due"), formats.day(invoice.due_on)))
    if invoice.paid_at is not None:
        facts.append((formats.text("Paid"), formats.day(asked.workspace.day_of(invoice.paid_at))))
    return tuple(facts)
