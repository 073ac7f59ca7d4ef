"""The page on which a business lets the platform act on its account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.faults import OAuthFault
from integrations.sandbox.stripe.forms import read_form
from integrations.sandbox.stripe.http import redirect
from integrations.sandbox.stripe.oauth import approve, businesses, check_authorize, return_url
from integrations.sandbox.stripe.pages.rendering import page

if TYPE_CHECKING:
    from integrations.sandbox.stripe.http import Request, Response
    from integrations.sandbox.stripe.ledger import Ledger

_UNUSABLE: Final = 422
_LONGEST_NAME: Final = 100
_HANDED_ON: Final = ("client_id", "response_type", "redirect_uri", "scope", "state")


def show(ledger: Ledger, request: Request) -> Response:
    """Return the question, or a page that says what is wrong with how it was asked."""
    try:
        asked = check_authorize(read_form(request.encoded), ledger.settings.client_id)
    except OAuthFault as fault:
        return _unasked(ledger, fault)
    proposed = asked.get("stripe_user", {}).get("business_name", ledger.settings.suggested_business)
    return _question(ledger, asked, proposed)


def decide(ledger: Ledger, request: Request) -> Response:
    """Take the answer, and send the browser back with a code or a refusal."""
    form = read_form(request.encoded)
    business, decision = (str(form.pop(name, "")).strip() for name in ("business", "decision"))
    try:
        asked = check_authorize(form, ledger.settings.client_id)
    except OAuthFault as fault:
        return _unasked(ledger, fault)
    back, state = asked["redirect_uri"], asked.get("state", "")
    if decision != "approve":
        denial = {"error": "access_denied", "error_description": "The user denied your request"}
        return redirect(return_url(back, state, **denial))
    if not 0 < len(business) <= _LONGEST_NAME:
        return _question(ledger, asked, business, problem="Please enter the name of your business.", status=_UNUSABLE)
    scope = asked.get("scope", "read_only")
    return redirect(return_url(back, state, scope=scope, code=approve(ledger, business, scope)))


def _unasked(ledger: Ledger, fault: OAuthFault) -> Response:
    title = "Nothing to connect here"
    return page(ledger, "closed.html", status=fault.status, title=title, business="", message=str(fault))


def _question(
    ledger: Ledger,
    asked: dict[str, Any],
    business: str,
    *,
    problem: str = "",
    status: int = 200,
) -> Response:
    return page(
        ledger,
        "consent.html",
        status=status,
        leads_to=asked["redirect_uri"],
        platform=ledger.settings.business_name,
        hidden={name: asked[name] for name in _HANDED_ON if name in asked},
        scope=asked.get("scope", "read_only"),
        business=business,
        known=list(businesses(ledger)),
        problem=problem,
    )
