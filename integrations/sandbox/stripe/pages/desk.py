"""The sandbox's first page: what was paid, and buttons for what usually happens elsewhere, at a bank or with time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import urlsplit

from integrations.sandbox.stripe import renewing, state
from integrations.sandbox.stripe.faults import FORBIDDEN, ApiFault
from integrations.sandbox.stripe.http import redirect
from integrations.sandbox.stripe.oauth import businesses
from integrations.sandbox.stripe.pages.rendering import page
from integrations.sandbox.stripe.pages.rows import balance_row, payment_row, subscription_row
from integrations.sandbox.stripe.resources.balance import unpaid
from integrations.sandbox.stripe.resources.disputes import close_dispute, dispute_of, open_dispute
from integrations.sandbox.stripe.resources.payouts import pay_out
from integrations.sandbox.stripe.resources.refunds import create
from integrations.sandbox.stripe.resources.sessions import session_paid_by
from integrations.sandbox.stripe.resources.subscriptions import end
from integrations.sandbox.stripe.settling import settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from integrations.sandbox.stripe.books import Books
    from integrations.sandbox.stripe.http import Request, Response
    from integrations.sandbox.stripe.ledger import Ledger
    from integrations.sandbox.stripe.pages.rows import Row

_Act: TypeAlias = "Callable[[Books, dict[str, str]], object]"

_SHOWN: Final = 25
_STALE: Final = 409
_ELSEWHERE: Final = "This page takes orders from itself only. Open it again and press the button there."
_NO_BUTTON: Final = "There is no such button."


def show(ledger: Ledger, request: Request) -> Response:
    """Return the page: the newest payments and subscriptions of all accounts, and what is on their balances."""
    del request
    return _page(ledger)


def _page(ledger: Ledger, *, alert: str = "", status: int = 200) -> Response:
    return page(
        ledger,
        "desk.html",
        status=status,
        alert=alert,
        sections=(
            ("Payments", "Nobody has paid yet.", _newest(ledger, "charge", payment_row)),
            ("Subscriptions", "Nobody has subscribed yet.", _newest(ledger, "subscription", subscription_row)),
            ("Balances", "", _balances(ledger)),
        ),
    )


def act(ledger: Ledger, request: Request) -> Response:
    """Do what a button of the page says, and show the page anew; it may say that it came too late."""
    if not _is_from_here(request):
        return page(ledger, "closed.html", status=FORBIDDEN, title="Not from there", business="", message=_ELSEWHERE)
    fields = {"id": "", "act": "", "currency": ""} | request.fields()
    if fields["act"] not in _ACTS:
        return _page(ledger, alert=_NO_BUTTON, status=_STALE)
    kind, do = _ACTS[fields["act"]]
    try:
        do(ledger.books_of(kind, fields["id"]), fields)
    except ApiFault as fault:
        return _page(ledger, alert=str(fault), status=_STALE)
    return redirect(f"{ledger.settings.prefix}/")


def _is_from_here(request: Request) -> bool:
    """Say whether a page of this address sent the form: other pages in the same browser could send one as well."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("origin", "")).netloc
    return origin != "" and origin == request.headers.get("host")


def _newest(ledger: Ledger, kind: str, row: Callable[[Books, dict[str, Any]], Row]) -> list[Row]:
    found = state.newest_of_all(ledger.database, kind, _SHOWN)
    return [row(ledger.books(account), body) for account, body in found]


def _balances(ledger: Ledger) -> list[Row]:
    accounts = (*businesses(ledger).values(), ledger.settings.platform)
    return [
        balance_row(books, currency, net)
        for books in map(ledger.books, accounts)
        for currency, net in unpaid(books).items()
    ]


def _refund(books: Books, fields: dict[str, str]) -> None:
    create(books, [], {"charge": fields["id"]})


def _dispute(books: Books, fields: dict[str, str]) -> None:
    open_dispute(books, books.get("charge", fields["id"]), "fraudulent")


def _decide(books: Books, fields: dict[str, str]) -> None:
    dispute = dispute_of(books, books.get("charge", fields["id"]))
    if dispute is None:
        raise ApiFault("This payment is not disputed.")
    close_dispute(books, dispute, won=fields["act"] == "win")


def _settle(books: Books, fields: dict[str, str]) -> None:
    session = session_paid_by(books, books.get("charge", fields["id"])["payment_intent"])
    settle(books, session["id"], succeeded=fields["act"] == "settle")


def _renew(books: Books, fields: dict[str, str]) -> None:
    renewing.renew(books, fields["id"], fails=fields["act"] == "decline")


def _retry(books: Books, fields: dict[str, str]) -> None:
    renewing.retry(books, fields["id"])


def _cancel(books: Books, fields: dict[str, str]) -> None:
    end(books, books.get("subscription", fields["id"]))


def _pay_out(books: Books, fields: dict[str, str]) -> None:
    pay_out(books, fields["currency"])


# What each button is pressed on, and what it does.
_ACTS: Final[dict[str, tuple[str, _Act]]] = {
    "refund": ("charge", _refund),
    "dispute": ("charge", _dispute),
    "win": ("charge", _decide),
    "lose": ("charge", _decide),
    "settle": ("charge", _settle),
    "bounce": ("charge", _settle),
    "renew": ("subscription", _renew),
    "decline": ("subscription", _renew),
    "retry": ("subscription", _retry),
    "cancel": ("subscription", _cancel),
    "pay_out": ("account", _pay_out),
}
