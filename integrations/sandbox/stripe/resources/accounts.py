"""Accounts: the platform's own, and those of businesses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe import shapes, state
from integrations.sandbox.stripe.books import public, random_id
from integrations.sandbox.stripe.faults import FORBIDDEN, ApiFault
from integrations.sandbox.stripe.routes import Route

if TYPE_CHECKING:
    import sqlite3

    from integrations.sandbox.stripe.books import Books


def add_account(database: sqlite3.Connection, id_: str, business: str, now: int) -> None:
    """Make an account that may charge, with a secret key of its own."""
    dashboard = {"display_name": business, "timezone": "Etc/UTC"}
    account = shapes.blank("account") | {
        "id": id_,
        "object": "account",
        "business_profile": {"name": business, "support_email": None, "url": None},
        "charges_enabled": True,
        "created": now,
        "details_submitted": True,
        "payouts_enabled": True,
        "settings": shapes.blank("account", "settings") | {"dashboard": dashboard},
        "type": "standard",
    }
    state.put(database, id_, account)
    database.execute("insert into keys (secret, account) values (?, ?)", (random_id("sk_test_", 32), id_))


def business_name(account: dict[str, Any]) -> str:
    """Return the name under which the account does business."""
    name: str = account["business_profile"]["name"]
    return name


def is_connected(database: sqlite3.Connection, account: str) -> bool:
    """Say whether the account has given the platform access."""
    found = database.execute("select 1 from connections where account = ?", (account,)).fetchone()
    return found is not None


def _own(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    del ids, params
    return public(books.get("account", books.account))


def _by_id(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    del params
    (wanted,) = ids
    open_to_it = wanted == books.account or (not books.connected and is_connected(books.database, wanted))
    found = state.get(books.database, wanted, "account", wanted) if open_to_it else None
    if found is None:
        raise no_access(wanted)
    return public(found)


def no_access(account: str) -> ApiFault:
    """Return the fault that the key may not act on that account."""
    return ApiFault(
        f"The provided key does not have access to account '{account}' (or that account does not exist). "
        "Application access may have been revoked.",
        code="account_invalid",
        status=FORBIDDEN,
    )


ROUTES: Final[tuple[Route, ...]] = (
    Route("get /v1/account", _own),
    Route("get /v1/accounts/{account}", _by_id),
)
