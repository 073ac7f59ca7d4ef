"""The sandbox's pages for people: paying, and letting the platform in. No script, one stylesheet, strict headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.sandbox.stripe.faults import NOT_FOUND, ApiFault
from integrations.sandbox.stripe.pages import consent, paying
from integrations.sandbox.stripe.pages.rendering import stylesheet

if TYPE_CHECKING:
    from integrations.sandbox.stripe.http import Request, Response
    from integrations.sandbox.stripe.ledger import Ledger


def serve(ledger: Ledger, request: Request) -> Response:
    """Return the page; raises ApiFault (404) for an address that is nothing here."""
    match request.method, request.path.strip("/").split("/"):
        case "GET", ["c", "style.css"]:
            return stylesheet()
        case "GET", ["c", "pay", link]:
            return paying.show(ledger, link, request)
        case "POST", ["c", "pay", link]:
            return paying.submit(ledger, link, request)
        case "GET", ["c", "paid", session]:
            return paying.thank(ledger, session)
        case "GET", ["oauth", "authorize"]:
            return consent.show(ledger, request)
        case "POST", ["oauth", "authorize"]:
            return consent.decide(ledger, request)
        case _:
            raise ApiFault(f"Unrecognized request URL ({request.method}: {request.path}).", status=NOT_FOUND)
