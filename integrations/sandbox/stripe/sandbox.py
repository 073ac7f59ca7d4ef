"""The sandbox itself, apart from how requests reach it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from integrations.sandbox.stripe import api, checkout, oauth, pages, renewing
from integrations.sandbox.stripe.books import random_id
from integrations.sandbox.stripe.faults import ApiFault, OAuthFault
from integrations.sandbox.stripe.forms import read_form
from integrations.sandbox.stripe.http import as_json
from integrations.sandbox.stripe.ledger import Ledger
from integrations.sandbox.stripe.resources import disputes, refunds
from integrations.sandbox.stripe.resources.accounts import add_account
from integrations.sandbox.stripe.state import State
from integrations.sandbox.stripe.webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing.ports import Clock
    from integrations.sandbox.stripe.books import Books
    from integrations.sandbox.stripe.cards import Payer
    from integrations.sandbox.stripe.checkout import Closed, Declined, Paid
    from integrations.sandbox.stripe.http import Request, Response
    from integrations.sandbox.stripe.settings import SandboxSettings


class SandboxStripe:
    """A local Stripe. `webhooks` delivers its events; close it when it is done with."""

    def __init__(self, settings: SandboxSettings, clock: Clock) -> None:
        self.settings = settings
        self._clock = clock
        self._state = State(settings.path)
        self.webhooks = Webhooks(self._state, settings, clock)
        with self._ledger() as ledger:
            _add_platform(ledger)

    def close(self) -> None:
        """Stop delivering, and close the database."""
        self.webhooks.stop()
        self._state.close()

    def handle(self, request: Request) -> Response:
        """Return the answer to any request; a refusal leaves everything as it was."""
        try:
            with self._ledger() as ledger:
                answer = _dispatch(ledger, request)
        except (ApiFault, OAuthFault) as fault:
            answer = as_json(fault.status, fault.body)
        self.webhooks.wake()
        return replace(answer, headers={"Request-Id": random_id("req_", 14), **answer.headers})

    def connect(self, business: str) -> str:
        """Connect the business's account, made if there is none, as its owner would on the page; return its id."""
        with self._ledger() as ledger:
            code = oauth.approve(ledger, business, "read_write")
            return str(oauth.token(ledger, {"grant_type": "authorization_code", "code": code})["stripe_user_id"])

    def pay(self, link_id: str, payer: Payer, session_id: str | None = None) -> Paid | Declined | Closed:
        """Pay through a link as its page does; raises ApiFault (404) for a link that is not there."""
        with self._ledger() as ledger:
            outcome = checkout.pay(ledger.books_of("payment_link", link_id), link_id, payer, session_id)
        self.webhooks.wake()
        return outcome

    def fail_refund(self, refund_id: str) -> None:
        """Let a refund fail on its way; raises ApiFault."""
        with self._books("refund", refund_id) as books:
            refunds.fail(books, refund_id)

    def open_dispute(self, charge_id: str, reason: str = "fraudulent", *, inquiry: bool = False) -> str:
        """Contest a charge, as its payer's bank would, and return the dispute's id; raises ApiFault."""
        with self._books("charge", charge_id) as books:
            opened = disputes.open_dispute(books, books.get("charge", charge_id), reason, inquiry=inquiry)
        return str(opened["id"])

    def close_dispute(self, dispute_id: str, *, won: bool) -> None:
        """Decide a dispute, as the payer's bank would; raises ApiFault."""
        with self._books("dispute", dispute_id) as books:
            disputes.close_dispute(books, books.get("dispute", dispute_id), won=won)

    def renew(self, subscription_id: str, *, fails: bool = False) -> None:
        """Begin a subscription's next period and charge for it, or end it where that was wanted; raises ApiFault."""
        with self._books("subscription", subscription_id) as books:
            renewing.renew(books, subscription_id, fails=fails)

    def retry(self, subscription_id: str, *, fails: bool = False) -> None:
        """Charge again for a subscription's period that could not be charged for; raises ApiFault."""
        with self._books("subscription", subscription_id) as books:
            renewing.retry(books, subscription_id, fails=fails)

    @contextmanager
    def _books(self, kind: str, id_: str) -> Iterator[Books]:
        """Open the books that an object is in, for what no request asks for; afterwards its events go out."""
        with self._ledger() as ledger:
            yield ledger.books_of(kind, id_)
        self.webhooks.wake()

    @contextmanager
    def _ledger(self) -> Iterator[Ledger]:
        with self._state.transaction() as database:
            yield Ledger(self.settings, database, int(self._clock().timestamp()))


def _dispatch(ledger: Ledger, request: Request) -> Response:
    match request.method, request.path:
        case "POST", "/oauth/token":
            return as_json(200, oauth.token(ledger, _platforms_form(ledger, request)))
        case "POST", "/oauth/deauthorize":
            return as_json(200, oauth.deauthorize(ledger, _platforms_form(ledger, request)))
        case _, path if path.startswith("/v1/"):
            return api.serve(ledger, request)
        case _:
            return pages.serve(ledger, request)


def _platforms_form(ledger: Ledger, request: Request) -> dict[str, Any]:
    """Return what the platform says, which has to show its key."""
    api.require_platform_key(ledger, request)
    return read_form(request.encoded)


def _add_platform(ledger: Ledger) -> None:
    settings = ledger.settings
    known = ledger.database.execute("select 1 from keys where secret = ?", (settings.api_key,)).fetchone()
    if known is None:
        add_account(ledger.database, settings.platform, settings.business_name, ledger.now)
        ledger.database.execute(
            "insert into keys (secret, account) values (?, ?)",
            (settings.api_key, settings.platform),
        )
