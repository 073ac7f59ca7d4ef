"""How pages are made: a template, escaped throughout, with headers that let nothing else in."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from integrations.sandbox.stripe.http import Response

if TYPE_CHECKING:
    from integrations.sandbox.stripe.http import Request
    from integrations.sandbox.stripe.ledger import Ledger


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("integrations.sandbox.stripe.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(
    ledger: Ledger,
    template: str,
    *,
    status: int = 200,
    leads_to: str = "",
    **values: Any,  # noqa: ANN401 - what the template shows
) -> Response:
    """Return a page. `leads_to` is an address elsewhere that a form of the page may end at."""
    html = _environment().get_template(template).render(prefix=ledger.settings.prefix, **values)
    return Response(status, {"Content-Type": "text/html; charset=utf-8", **_guards(leads_to)}, html.encode())


def stylesheet(ledger: Ledger, request: Request) -> Response:
    """Return the one stylesheet."""
    del ledger, request
    css = files(__package__).joinpath("style.css").read_bytes()
    return Response(200, {"Content-Type": "text/css; charset=utf-8", "Cache-Control": "max-age=300"}, css)


def rhythm(recurring: dict[str, Any] | None) -> str:
    """Return how often a price is charged: "", `every month`, `every 2 weeks`."""
    if recurring is None:
        return ""
    count, interval = recurring["interval_count"], recurring["interval"]
    return f"every {interval}" if count == 1 else f"every {count} {interval}s"


def _guards(leads_to: str) -> dict[str, str]:
    # A browser holds the answer to a form to the same rule: where it is sent on, that place has to be named.
    target = urlsplit(leads_to)
    elsewhere = f" {target.scheme}://{target.netloc}" if target.netloc else ""
    policy = (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self'{elsewhere}"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
