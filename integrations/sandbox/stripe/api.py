"""The REST API: who asks, for which account, which operation, and whether it was asked before."""

from __future__ import annotations

import hashlib
import hmac
import json
from functools import partial
from typing import TYPE_CHECKING, Final

from integrations.sandbox.stripe import shapes
from integrations.sandbox.stripe.books import Origin, random_id
from integrations.sandbox.stripe.expansion import expand
from integrations.sandbox.stripe.faults import NOT_FOUND, UNAUTHORIZED, ApiFault
from integrations.sandbox.stripe.forms import read_form
from integrations.sandbox.stripe.http import as_json
from integrations.sandbox.stripe.mishaps import suffer
from integrations.sandbox.stripe.parameters import check
from integrations.sandbox.stripe.resources import (
    accounts,
    balance,
    charges,
    customers,
    disputes,
    events,
    invoices,
    payment_intents,
    payment_links,
    payouts,
    prices,
    refunds,
    sessions,
    subscriptions,
    webhook_endpoints,
)

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books
    from integrations.sandbox.stripe.http import Request, Response
    from integrations.sandbox.stripe.ledger import Ledger
    from integrations.sandbox.stripe.mishaps import Mishap
    from integrations.sandbox.stripe.routes import Route

_ROUTES: Final[tuple[Route, ...]] = (
    *accounts.ROUTES,
    *balance.ROUTES,
    *charges.ROUTES,
    *customers.ROUTES,
    *disputes.ROUTES,
    *events.ROUTES,
    *invoices.ROUTES,
    *payment_intents.ROUTES,
    *payment_links.ROUTES,
    *payouts.ROUTES,
    *prices.ROUTES,
    *refunds.ROUTES,
    *sessions.ROUTES,
    *subscriptions.ROUTES,
    *webhook_endpoints.ROUTES,
)
_LONGEST_KEY: Final = 255
_SHOWN_OF_KEY: Final = 16
_REMEMBERED_SECONDS: Final = 24 * 60 * 60


def serve(ledger: Ledger, request: Request, mishap: Mishap | None = None) -> Response:
    """Return the answer to a request for `/v1/…`; raises ApiFault, after which the transaction has to be undone."""
    books = ledger.books(_account(ledger, request), Origin(random_id("req_", 14), _idempotency_key(request)))
    key = books.origin.idempotency_key if request.method == "POST" else None
    if key is None:
        return suffer(mishap, partial(_answer, books, request))
    digest = _digest(request)
    known = _remembered(books, key, digest)
    if known is not None:
        return known
    answer = suffer(mishap, partial(_answer, books, request))
    ledger.database.execute(
        "insert or replace into answers (account, key, request, status, body, created) values (?, ?, ?, ?, ?, ?)",
        (books.account, key, digest, answer.status, answer.body.decode(), ledger.now),
    )
    return answer


def require_platform_key(ledger: Ledger, request: Request) -> None:
    """Raise ApiFault unless the request comes with the platform's own key."""
    if not hmac.compare_digest(_bearer(request).encode(), ledger.settings.api_key.encode()):
        raise _bad_key(_bearer(request))


def _answer(books: Books, request: Request) -> Response:
    for route in _ROUTES:
        ids = route.match(request.method, request.path)
        if ids is not None:
            params = check(shapes.parameters(route.operation), read_form(request.encoded))
            return as_json(200, expand(books, route.serve(books, ids, params), params.get("expand", [])))
    raise ApiFault(f"Unrecognized request URL ({request.method}: {request.path}).", status=NOT_FOUND)


def _account(ledger: Ledger, request: Request) -> str:
    """Return the account that the request acts on: the key's own, or the connected one that a header names."""
    own = _key_owner(ledger, request)
    wanted = request.headers.get("stripe-account", own)
    if wanted != own and (own != ledger.settings.platform or not accounts.is_connected(ledger.database, wanted)):
        raise accounts.no_access(wanted)
    return wanted


def _key_owner(ledger: Ledger, request: Request) -> str:
    secret = _bearer(request)
    if not secret:
        raise ApiFault("You did not provide an API key.", status=UNAUTHORIZED)
    row = ledger.database.execute("select account from keys where secret = ?", (secret,)).fetchone()
    if row is None:
        raise _bad_key(secret)
    return str(row["account"])


def _bearer(request: Request) -> str:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def _bad_key(secret: str) -> ApiFault:
    shown = f"{secret[:8]}{'*' * 8}{secret[-4:]}" if len(secret) > _SHOWN_OF_KEY else "*" * 8
    return ApiFault(f"Invalid API Key provided: {shown}", status=UNAUTHORIZED)


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and len(key) > _LONGEST_KEY:
        raise ApiFault(f"Idempotency keys can be at most {_LONGEST_KEY} characters long.", type_="idempotency_error")
    return key


def _digest(request: Request) -> str:
    """Return what a request with the same key has to equal: the operation and its parameters in any order."""
    said = json.dumps([request.method, request.path, read_form(request.encoded)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _remembered(books: Books, key: str, digest: str) -> Response | None:
    row = books.database.execute(
        "select request, status, body from answers where account = ? and key = ? and created > ?",
        (books.account, key, books.now - _REMEMBERED_SECONDS),
    ).fetchone()
    if row is None:
        return None
    if row["request"] != digest:
        raise ApiFault(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request.",
            type_="idempotency_error",
        )
    return as_json(row["status"], json.loads(row["body"]), idempotent_replayed="true")
