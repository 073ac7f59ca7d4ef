"""Raw requests to the sandbox's API, for what Stripe's own client would never send."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from integrations.sandbox.stripe import shapes
from integrations.sandbox.stripe.forms import read_form
from integrations.sandbox.stripe.http import Request
from integrations.sandbox.stripe.parameters import check

if TYPE_CHECKING:
    from integrations.sandbox.stripe.http import Response
    from integrations.sandbox.stripe.sandbox import SandboxStripe

KEY = "Bearer sk_test_sandbox"
PRICE = {
    "line_items[0][price_data][currency]": "aud",
    "line_items[0][price_data][unit_amount]": "50000",
    "line_items[0][price_data][product_data][name]": "Deposit",
    "line_items[0][quantity]": "1",
}


def post(sandbox: SandboxStripe, path: str, form: dict[str, str], **headers: str) -> Response:
    """Post a form with the platform's key; a header's name is written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = "&".join(f"{name}={value}" for name, value in form.items())
    return sandbox.handle(Request("POST", path, headers={"authorization": KEY, **named}, body=body.encode()))


def get(sandbox: SandboxStripe, path: str, query: str = "", **headers: str) -> Response:
    """Get with the platform's key; a header's name is written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return sandbox.handle(Request("GET", path, query, headers={"authorization": KEY, **named}))


def require_published(operation: str, said: str) -> None:
    """Raise ApiFault where a request for the operation says anything that Stripe does not publish for it."""
    check(shapes.parameters(operation), read_form(said))


def read(answer: Response) -> dict[str, Any]:
    """Return the answer's JSON."""
    body: dict[str, Any] = json.loads(answer.body)
    return body


def error(answer: Response) -> dict[str, str]:
    """Return the error that the answer is."""
    found: dict[str, str] = read(answer)["error"]
    return found


def make_link(sandbox: SandboxStripe, **form: str) -> dict[str, Any]:
    """Make a one-time link of A$500.00, with what else the form says."""
    answer = post(sandbox, "/v1/payment_links", PRICE | form)
    assert answer.status == 200, answer.body
    return read(answer)


def recurring(sandbox: SandboxStripe) -> dict[str, Any]:
    """Make a link of A$500.00 every month."""
    return make_link(sandbox, **{"line_items[0][price_data][recurring][interval]": "month"})
