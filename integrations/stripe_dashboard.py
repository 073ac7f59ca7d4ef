"""Where the people of a business see an object in Stripe's dashboard, or on the desk of the local stand-in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from billing.payments import Payment
    from billing.workspaces import StripeConnection

_DASHBOARD: Final = "https://dashboard.stripe.com"
# Refunds have no page of their own: they stand on that of the payment.
_PAGES: Final = {
    "pi": "payments",
    "ch": "payments",
    "in": "invoices",
    "sub": "subscriptions",
    "dp": "disputes",
    "du": "disputes",
    "po": "payouts",
}
_ID: Final = re.compile(r"([a-z]+)_[A-Za-z0-9_]+", re.ASCII)


def dashboard_url(line: Payment, connection: StripeConnection | None, *, desk: str | None = None) -> str:
    """Return the page of the line's object, "" where there is none.

    The account is named unless it is the key's own. `desk` is the page that stands in for the whole dashboard, and
    has a place for each payment.
    """
    about = line.stripe_id if line.reverses is None or (_page(line.stripe_id) and desk is None) else line.reverses
    page = _page(about) if line.stripe_account_id else None
    if page is None:
        return ""
    if desk is not None:
        return f"{desk}/#{about}"
    own = connection is not None and connection.direct and connection.stripe_account_id == line.stripe_account_id
    account = "" if own else f"/{line.stripe_account_id}"
    return f"{_DASHBOARD}{account}{'' if line.livemode else '/test'}/{page}/{about}"


def _page(object_id: str) -> str | None:
    """Return the dashboard's page for an object of that kind; an imported log may hold any text for an id."""
    found = _ID.fullmatch(object_id)
    return _PAGES.get(found[1]) if found else None
