"""Connecting accounts by OAuth: consent, code, token, and taking access away again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from integrations.sandbox.stripe import shapes
from integrations.sandbox.stripe.addresses import is_web_address
from integrations.sandbox.stripe.books import random_id
from integrations.sandbox.stripe.faults import UNAUTHORIZED, ApiFault, OAuthFault
from integrations.sandbox.stripe.parameters import check
from integrations.sandbox.stripe.resources.accounts import add_account, business_name, is_connected

if TYPE_CHECKING:
    import sqlite3

    from integrations.sandbox.stripe.ledger import Ledger

_CODE_SECONDS: Final = 5 * 60
SCOPES: Final = frozenset({"read_only", "read_write"})


def check_authorize(form: dict[str, Any], client_id: str) -> dict[str, Any]:
    """Return the parameters of the consent page; raises OAuthFault where Stripe would show an error instead."""
    try:
        params = check(shapes.parameters("oauth OAuthAuthorizeUrlParams"), form)
    except ApiFault as fault:
        raise OAuthFault("invalid_request", str(fault)) from fault
    if params.get("client_id") != client_id:
        raise OAuthFault("invalid_client", f"No application matches the supplied client identifier: {client_id}")
    if params.get("response_type") != "code":
        raise OAuthFault("unsupported_response_type", "The response type has to be code.")
    if params.get("scope", "read_only") not in SCOPES:
        raise OAuthFault("invalid_scope", "The scope has to be read_only or read_write.")
    if not is_web_address(params.get("redirect_uri", "")):
        raise OAuthFault("invalid_redirect_uri", "The redirect URI is missing or is no URL.")
    return params


def approve(ledger: Ledger, business: str, scope: str) -> str:
    """Let the platform connect the account of that business, made if there is none; return the code to redeem."""
    account = businesses(ledger).get(business)
    if account is None:
        account = random_id("acct_", 16)
        add_account(ledger.database, account, business, ledger.now)
    code = random_id("ac_", 32)
    ledger.database.execute(
        "insert into codes (code, account, scope, created) values (?, ?, ?, ?)",
        (code, account, scope, ledger.now),
    )
    return code


def return_url(redirect_uri: str, state_: str, **answer: str) -> str:
    """Return where the browser goes back to, with the answer and the state it came with."""
    answers = {**answer, "state": state_} if state_ else answer
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(answers)}"


def token(ledger: Ledger, form: dict[str, Any]) -> dict[str, Any]:
    """Redeem a code, which works once within minutes and connects the account; raises OAuthFault."""
    database = ledger.database
    params = _checked("oauth OAuthTokenParams", form)
    if params["grant_type"] != "authorization_code":
        raise OAuthFault("unsupported_grant_type", "The sandbox redeems authorization codes only.")
    grant = _take(ledger, params.get("code", ""))
    database.execute("insert or ignore into connections (account) values (?)", (grant["account"],))
    key = database.execute("select secret from keys where account = ?", (grant["account"],)).fetchone()
    return {
        "access_token": key["secret"],
        "livemode": False,
        "refresh_token": random_id("rt_"),
        "scope": grant["scope"],
        "stripe_publishable_key": random_id("pk_test_"),
        "stripe_user_id": grant["account"],
        "token_type": "bearer",
    }


def _take(ledger: Ledger, code: str) -> sqlite3.Row:
    """Return what the code grants, and use it up."""
    found: sqlite3.Row | None = ledger.database.execute("select * from codes where code = ?", (code,)).fetchone()
    if found is None:
        raise OAuthFault("invalid_grant", f"Authorization code does not exist: {code}")
    if found["used"]:
        raise OAuthFault("invalid_grant", f"This authorization code has already been used: {code}")
    if found["created"] <= ledger.now - _CODE_SECONDS:
        raise OAuthFault("invalid_grant", f"Authorization code expired: {code}")
    ledger.database.execute("update codes set used = 1 where code = ?", (code,))
    return found


def deauthorize(ledger: Ledger, form: dict[str, Any]) -> dict[str, Any]:
    """Take the platform's access to an account away, and tell of it; raises OAuthFault."""
    params = _checked("oauth OAuthDeauthorizeParams", form)
    account, client_id = params["stripe_user_id"], ledger.settings.client_id
    if params.get("client_id") != client_id:
        raise OAuthFault("invalid_client", f"No such application: '{params.get('client_id')}'", status=UNAUTHORIZED)
    disconnect(ledger, account)
    return {"stripe_user_id": account}


def disconnect(ledger: Ledger, account: str) -> None:
    """Take the platform's access to an account away, and tell of it; raises OAuthFault where it has none."""
    if not is_connected(ledger.database, account):
        raise OAuthFault(
            "invalid_client",
            f"This application is not connected to stripe account {account}, or that account does not exist.",
            status=UNAUTHORIZED,
        )
    ledger.database.execute("delete from connections where account = ?", (account,))
    application = {"id": ledger.settings.client_id, "object": "application", "name": ledger.settings.business_name}
    ledger.books(account).emit("account.application.deauthorized", application)


def businesses(ledger: Ledger) -> dict[str, str]:
    """Return the accounts of businesses by their names."""
    rows = ledger.database.execute("select account from objects where kind = 'account' order by seq").fetchall()
    accounts = [row["account"] for row in rows if row["account"] != ledger.settings.platform]
    return {business_name(ledger.books(account).get("account", account)): account for account in accounts}


def _checked(name: str, form: dict[str, Any]) -> dict[str, Any]:
    try:
        return check(shapes.parameters(name), form)
    except ApiFault as fault:
        raise OAuthFault("invalid_request", str(fault)) from fault
