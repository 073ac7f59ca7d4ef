"""`/invoices/{token}.pdf`, credit notes and a client's statement of account: documents, made as they are asked for."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response

from billing.crediting import credit_document_of
from billing.documenting import document_of
from billing.invoices import InvoiceStatus
from billing.linking import is_switched_off
from billing.statements import statement_of
from bot.web.clients import turned_away, visitor
from bot.web.tokens import token_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from billing.ports import Printer
    from bot.web.clients import Visitor
    from bot.web.site import Site

_YEAR: Final = timedelta(days=365)
# What no system wants in a file's name.
_UNFIT: Final = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')
_LONGEST_NAME: Final = 100


def invoice(site: Site, request: Request) -> Response:
    """Show the invoice of that pay token as it stands now; a draft is nobody's business but ours."""
    store, printer = site.services.store, _printer(site)
    found = store.directory.by_pay_token(token_of(request))
    if found is None:
        raise HTTPException(404)
    workspace_id, number = found
    with store.transaction(workspace_id) as tx:
        record = tx.invoices.get(number)
        if record.status is InvoiceStatus.DRAFT:
            raise HTTPException(404)
        online = tx.connections.active() is not None and not is_switched_off(tx, number)
        document = document_of(tx, number, pay_url=site.services.links.pay(record) if online else None)
    return _pdf(printer.pdf(document), f"{document.number} {document.seller.name}")


def credit_note(site: Site, request: Request) -> Response:
    """Show a credit note on one of the client's invoices; one that counts for nothing is unknown like any other."""
    who, printer = visitor(site, request), _printer(site)
    if not who.welcome:
        return turned_away(who)
    with site.services.store.transaction(who.workspace.id) as tx:
        note = tx.credit_notes.find(str(request.path_params["number"]))
        if note is None or note.void_at is not None or tx.invoices.get(note.invoice).contact != who.contact.number:
            raise HTTPException(404)
        document = credit_document_of(tx, note.number)
    return _pdf(printer.pdf(document), f"{document.number} {document.seller.name}")


def statement(site: Site, request: Request) -> Response:
    """Show the account of the client whose portal it is, from `?since=` to `?until=` (ISO days); the last year else."""
    who, printer = visitor(site, request), _printer(site)
    if not who.welcome:
        return turned_away(who)
    since, until = _period(site, request, who)
    with site.services.store.transaction(who.workspace.id) as tx:
        account = statement_of(tx, who.contact.number, since=since, until=until)
    title = who.formats.text("Statement of account")
    return _pdf(printer.statement(account), f"{title} {since} {until} {account.seller.name}")


def _printer(site: Site) -> Printer:
    if site.services.printer is None:
        raise HTTPException(404)
    return site.services.printer


def _period(site: Site, request: Request, who: Visitor) -> tuple[date, date]:
    asked = request.query_params
    try:
        until = date.fromisoformat(asked["until"]) if "until" in asked else _today(site, who)
        since = date.fromisoformat(asked["since"]) if "since" in asked else until - _YEAR
    except (ValueError, OverflowError) as error:
        raise HTTPException(400) from error
    if until < since:
        raise HTTPException(400)
    return since, until


def _today(site: Site, who: Visitor) -> date:
    return who.workspace.day_of(site.services.clock())


def _pdf(content: bytes, name: str) -> Response:
    return Response(content, media_type="application/pdf", headers={"content-disposition": _inline(name)})


def _inline(name: str) -> str:
    """Return the header that shows a file and names it (RFC 6266): in ASCII for old readers, and as it is."""
    fit = " ".join(_UNFIT.sub(" ", name).split())[:_LONGEST_NAME] + ".pdf"
    plain = fit.encode("ascii", "replace").decode().replace("?", "_")
    return f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(fit, safe='')}"
