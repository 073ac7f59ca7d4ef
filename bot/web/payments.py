"""`/payments` and `/payments.csv`: the payment log, for the people of the business."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from billing.errors import BadArgument, UnknownRecord
from billing.pages import Page
from billing.payments import PaymentType
from bot.payment_csv import csv_text
from bot.payment_log import Asked, PaymentLog
from bot.web.headers import FORM_POLICY
from bot.web.held_up import held_up
from bot.web.opening import shut, visitor
from bot.web.pages import render
from skills.payment_lines import details
from skills.presenting import movement, movement_tone

if TYPE_CHECKING:
    from starlette.requests import Request

    from billing.ports import Formats
    from bot.web.site import Site
    from skills.cards import Tone
    from skills.payment_lines import LogLine

_PATH: Final = "/payments"
_ON_A_PAGE: Final = 50
# What each field of `Asked` is called in an address.
_NAMES: Final = {"type": "type", "client": "client", "invoice": "invoice", "start": "from", "end": "to"}
_LONGEST: Final = 200
_TYPES: Final = (
    ("", "Everything"),
    (PaymentType.CHARGE.value, "Payments"),
    (PaymentType.REFUND.value, "Refunds"),
    (PaymentType.SUBSCRIPTION.value, "Subscriptions"),
    (PaymentType.DISPUTE.value, "Disputes"),
    (PaymentType.PAYOUT.value, "Payouts"),
)
# With more clients, a list of suggestions is no help any more.
_MOST_SUGGESTED: Final = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log as people read it; "" for what is not known."""

    what: str
    tone: Tone
    when: str
    at: str
    amount: str
    fee: str
    net: str
    client: str
    invoice: str
    about: str
    stripe_id: str
    url: str
    mode: str


def payments(site: Site, request: Request) -> Response:
    """Show a page of the log."""
    log = _log(site, request)
    if log is None:
        return shut()
    asked = _asked(request)
    formats = site.formats_for(log.workspace)
    problem, found = "", list[Line]()
    older = ""
    try:
        lines = log.page(log.wanted(asked), before=request.query_params.get("before"), limit=_ON_A_PAGE + 1)
        found = [_line(line, formats) for line in lines[:_ON_A_PAGE]]
        older = _address(asked, before=lines[_ON_A_PAGE - 1].payment.id) if len(lines) > _ON_A_PAGE else ""
    except BadArgument as error:
        problem = error.user_message
    except UnknownRecord:
        raise HTTPException(404) from None
    return render(
        "payments.html",
        policy=FORM_POLICY,
        status=400 if problem else 200,
        business=log.workspace.name,
        timezone=log.workspace.timezone,
        asked=asked,
        client=log.client_name(asked.client),
        clients=log.client_names()[:_MOST_SUGGESTED],
        types=_TYPES,
        lines=found,
        problem=problem,
        held_up=held_up(site, log.workspace),
        narrowed=asked != Asked(),
        older=older,
        newest=_address(asked) if "before" in request.query_params else "",
        csv=_address(asked, path=f"{_PATH}.csv"),
    )


def payments_csv(site: Site, request: Request) -> Response:
    """Send the log as a file, line by line as it is read."""
    log = _log(site, request)
    if log is None:
        return shut()
    try:
        wanted = log.wanted(_asked(request))
    except BadArgument:
        # The page says what is wrong with it, and its button leads here only where nothing is.
        raise HTTPException(404) from None
    name = f"payments-{log.workspace.day_of(site.services.clock()).isoformat()}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(csv_text(log.all(wanted), log.workspace), headers=headers, media_type="text/csv")


def _log(site: Site, request: Request) -> PaymentLog | None:
    who = visitor(site, request, Page.PAYMENTS)
    if who is None:
        return None
    with site.services.store.transaction(who.workspace_id) as tx:
        workspace = tx.people.workspace()
    return PaymentLog(site.services, workspace)


def _asked(request: Request) -> Asked:
    said = {field.name: request.query_params.get(_NAMES[field.name], "") for field in fields(Asked)}
    return Asked(**{name: text.strip()[:_LONGEST] for name, text in said.items()})


def _address(asked: Asked, *, path: str = _PATH, before: str = "") -> str:
    """Return the address that asks for the same lines, or for those that follow one of them."""
    said = {_NAMES[field.name]: getattr(asked, field.name) for field in fields(asked)} | {"before": before}
    query = urlencode({name: text for name, text in said.items() if text})
    return f"{path}?{query}" if query else path


def _line(line: LogLine, formats: Formats) -> Line:
    payment = line.payment
    return Line(
        what=movement(payment),
        tone=movement_tone(payment),
        when=formats.moment(payment.occurred_at),
        at=payment.occurred_at.isoformat(),
        amount=formats.money(payment.money),
        fee=formats.money(payment.fee) if payment.fee else "",
        net=formats.money(payment.net) if payment.net else "",
        client=line.client or payment.payer,
        invoice=payment.invoice or "",
        about=" · ".join(details(payment)),
        stripe_id=payment.stripe_id,
        url=line.url,
        mode=line.mode,
    )
