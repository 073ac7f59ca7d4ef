"""The hosted checkout page: what is paid, to whom, and the card."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe import amounts
from integrations.sandbox.stripe.cards import BadFields, not_authenticated, read_payer
from integrations.sandbox.stripe.checkout import CLOSED, Closed, Declined, Paid, Processing, pay
from integrations.sandbox.stripe.http import redirect
from integrations.sandbox.stripe.pages.rendering import page, rhythm
from integrations.sandbox.stripe.resources.accounts import business_name
from integrations.sandbox.stripe.resources.charges import DEBITS
from integrations.sandbox.stripe.resources.payment_links import total

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books
    from integrations.sandbox.stripe.cards import Payer
    from integrations.sandbox.stripe.http import Request, Response
    from integrations.sandbox.stripe.ledger import Ledger

_DECLINED: Final = 402
_NOT_FOUND: Final = 404
_GONE: Final = 410
_UNUSABLE: Final = 422
_NO_LINK: Final = "This payment link does not exist. Please check the address, or ask who sent it."
_FIELDS: Final = ("email", "number", "expiry", "cvc", "name")
# What nobody has to type twice after a decline; a card's secrets are typed anew.
_KEPT: Final = ("email", "expiry", "name")


@dataclass(frozen=True, slots=True)
class _Visit:
    """Somebody at a payment link."""

    ledger: Ledger
    books: Books
    link: dict[str, Any]

    @property
    def business(self) -> str:
        return business_name(self.books.get("account", self.books.account))

    def summary(self) -> dict[str, Any]:
        """Return what every page about a link shows of it."""
        items = self.link["_line_items"]
        recurring = next((item["price"]["recurring"] for item in items if item["price"]["recurring"]), None)
        return {
            "link": self.link["id"],
            "business": self.business,
            "items": [(item["description"], amounts.words(item["amount_total"], item["currency"])) for item in items],
            "total": amounts.words(total(self.link), self.link["currency"]),
            "rhythm": rhythm(recurring),
            "debits": self.link["currency"] in DEBITS,
        }


def show(ledger: Ledger, request: Request, link_id: str) -> Response:
    """Return the form, or a page that says why there is none."""
    visit = _visit(ledger, link_id)
    if visit is None:
        return _closed(ledger, "", _NO_LINK, _NOT_FOUND)
    if not visit.link["active"]:
        return _closed(ledger, visit.business, visit.link["inactive_message"] or CLOSED, _GONE)
    return _form(visit, {"email": request.fields().get("prefilled_email", "")})


def submit(ledger: Ledger, request: Request, link_id: str) -> Response:
    """Try the card that was typed, and return what came of it."""
    visit = _visit(ledger, link_id)
    if visit is None:
        return _closed(ledger, "", _NO_LINK, _NOT_FOUND)
    typed = request.fields()
    try:
        payer = read_payer(typed, datetime.fromtimestamp(ledger.now, UTC).date())
    except BadFields as bad:
        return _form(visit, typed, problems=bad.problems, status=_UNUSABLE)
    if visit.link["active"] and payer.card.authenticates and "authentication" not in typed:
        return page(ledger, "authenticate.html", typed=typed, fields=(*_FIELDS, "session"), **visit.summary())
    return _outcome(visit, _authenticated(payer, typed), typed)


def thank(ledger: Ledger, request: Request, session_id: str) -> Response:
    """Return the page that says that the money came, or is on its way."""
    del request
    books = ledger.books_of("checkout.session", session_id)
    session = books.find("checkout.session", session_id)
    if session is None or session["status"] != "complete":
        return _closed(ledger, "", _NO_LINK, _NOT_FOUND)
    visit = _Visit(ledger, books, books.get("payment_link", session["payment_link"]))
    confirmation = visit.link["after_completion"].get("hosted_confirmation") or {}
    return page(
        ledger,
        "paid.html",
        settled=session["payment_status"] == "paid",
        message=confirmation.get("custom_message") or "Thank you for your payment.",
        email=session["customer_details"]["email"],
        **visit.summary(),
    )


def _visit(ledger: Ledger, link_id: str) -> _Visit | None:
    books = ledger.books_of("payment_link", link_id)
    link = books.find("payment_link", link_id)
    return None if link is None else _Visit(ledger, books, link)


def _outcome(visit: _Visit, payer: Payer, typed: dict[str, str]) -> Response:
    match pay(visit.books, visit.link["id"], payer, typed.get("session")):
        case Paid(session) | Processing(session):
            return redirect(_next_page(visit, session))
        case Declined(session, message):
            kept = {name: typed[name] for name in _KEPT} | {"session": session}
            return _form(visit, kept, alert=message, status=_DECLINED)
        case Closed(message):
            return _closed(visit.ledger, visit.business, message, _GONE)


def _authenticated(payer: Payer, typed: dict[str, str]) -> Payer:
    failed = payer.card.authenticates and typed.get("authentication") != "complete"
    return replace(payer, card=not_authenticated(payer.card)) if failed else payer


def _next_page(visit: _Visit, session: str) -> str:
    elsewhere = _elsewhere(visit.link)
    if elsewhere:
        return elsewhere.replace("{CHECKOUT_SESSION_ID}", session)
    return f"{visit.ledger.settings.prefix}/c/paid/{session}"


def _elsewhere(link: dict[str, Any]) -> str:
    """Return where who has paid is sent, "" for our own page."""
    redirects = link["after_completion"].get("redirect")
    return str(redirects["url"]) if redirects else ""


def _form(
    visit: _Visit,
    typed: dict[str, str],
    *,
    problems: dict[str, str] | None = None,
    alert: str = "",
    status: int = 200,
) -> Response:
    return page(
        visit.ledger,
        "pay.html",
        status=status,
        leads_to=_elsewhere(visit.link),
        typed={name: typed.get(name, "") for name in (*_FIELDS, "session")},
        problems=problems or {},
        alert=alert,
        **visit.summary(),
    )


def _closed(ledger: Ledger, business: str, message: str, status: int) -> Response:
    return page(ledger, "closed.html", status=status, title="Nothing to pay here", business=business, message=message)
