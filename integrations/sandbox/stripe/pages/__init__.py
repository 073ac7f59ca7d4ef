"""The sandbox's pages for people: making things happen, paying, and letting the platform in.

No script, one stylesheet, strict headers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from integrations.sandbox.stripe.faults import NOT_FOUND, ApiFault
from integrations.sandbox.stripe.pages import consent, desk, paying
from integrations.sandbox.stripe.pages.rendering import stylesheet
from integrations.sandbox.stripe.routes import ids_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from integrations.sandbox.stripe.http import Request, Response
    from integrations.sandbox.stripe.ledger import Ledger

# Each takes the ledger, the request, and the parts of the path that its address leaves open.
_PAGES: Final[dict[str, Callable[..., Response]]] = {
    "get /": desk.show,
    "post /": desk.act,
    "get /c/style.css": stylesheet,
    "get /c/pay/{link}": paying.show,
    "post /c/pay/{link}": paying.submit,
    "get /c/paid/{session}": paying.thank,
    "get /oauth/authorize": consent.show,
    "post /oauth/authorize": consent.decide,
}


def serve(ledger: Ledger, request: Request) -> Response:
    """Return the page; raises ApiFault (404) for an address that is nothing here."""
    for address, page in _PAGES.items():
        ids = ids_in(address, request.method, request.path)
        if ids is not None:
            return page(ledger, request, *ids)
    raise ApiFault(f"Unrecognized request URL ({request.method}: {request.path}).", status=NOT_FOUND)
