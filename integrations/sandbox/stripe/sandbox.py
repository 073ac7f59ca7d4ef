"""The sandbox itself, apart from how requests reach it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from integrations.sandbox.stripe import api, checkout, oauth, pages, renewing, settling
from integrations.sandbox.stripe.books import random_id
from integrations.sandbox.stripe.faults import ApiFault, OAuthFault
from integrations.sandbox.stripe.forms import read_form
from integrations.sandbox.stripe.http import as_json
from integrations.sandbox.stripe.ledger import Ledger
from integrations.sandbox.stripe.mishaps import Mishap, Mishaps, NoAnswer, refuse, suffer
from integrations.sandbox.stripe.resources import disputes, payouts, refunds
from integrations.sandbox.stripe.resources.accounts import add_account
from integrations.sandbox.stripe.state import State
from integrations.sandbox.stripe.webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from billing.ports import Clock
    from integrations.sandbox.stripe.books import Books
    from integrations.sandbox.stripe.cards import Payer
    from integrations.sandbox.stripe.checkout import Outcome
    from integrations.sandbox.stripe.http import Request, Response
    from integrations.sandbox.stripe.settings import SandboxSettings

_Operation: TypeAlias = "Callable[[Ledger, dict[str, Any]], dict[str, Any]]"
_OAUTH: Final[dict[str, _Operation]] = {"/oauth/token": oauth.token, "/oauth/deauthorize": oauth.deauthorize}


class SandboxStripe:
    """A local Stripe. `webhooks` delivers its events, and `faults` says what goes wrong next.

    The methods are what happens at Stripe without a request of ours. Close it when it is done with.
    """

    def __init__(self, settings: SandboxSettings, clock: Clock) -> None:
        self.settings = settings
        self._clock = clock
        self._state = State(settings.path)
        self.faults = Mishaps()
        self.webhooks = Webhooks(self._state, settings, clock)
        with self._ledger() as ledger:
            _add_platform(ledger)

    def close(self) -> None:
        """Stop delivering, and close the database."""
        self.webhooks.stop()
        self._state.close()

    def handle(self, request: Request) -> Response:
        """Return the answer to any request; a refusal leaves everything as it was.

        Raises NoAnswer where the connection is to end without one.
        """
        mishap = self.faults.take(request)
        try:
            refuse(mishap)
            with self._ledger() as ledger:
                answer = _dispatch(ledger, request, mishap)
        except (ApiFault, OAuthFault) as fault:
            answer = as_json(fault.status, fault.body)
        self.webhooks.wake()
        if mishap is Mishap.LOST_ANSWER:
            raise NoAnswer
        return replace(answer, headers={"Request-Id": random_id("req_", 14), **answer.headers})

    def connect(self, business: str) -> str:
        """Connect the business's account, made if there is none, as its owner would on the page; return its id."""
        with self._ledger() as ledger:
            code = oauth.approve(ledger, business, "read_write")
            return str(oauth.token(ledger, {"grant_type": "authorization_code", "code": code})["stripe_user_id"])

    def disconnect(self, account: str) -> None:
        """Take the platform's access to an account away, as its owner would; raises OAuthFault where it has none."""
        with self._ledger() as ledger:
            oauth.disconnect(ledger, account)
        self.webhooks.wake()

    def pay(self, link_id: str, payer: Payer, session_id: str | None = None) -> Outcome:
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

    def settle(self, session_id: str, *, succeeded: bool) -> None:
        """Decide a payment whose money takes days, as the payer's bank would; raises ApiFault."""
        with self._books("checkout.session", session_id) as books:
            settling.settle(books, session_id, succeeded=succeeded)

    def renew(self, subscription_id: str, *, fails: bool = False) -> None:
        """Begin a subscription's next period and charge for it, or end it where that was wanted; raises ApiFault."""
        with self._books("subscription", subscription_id) as books:
            renewing.renew(books, subscription_id, fails=fails)

    def retry(self, subscription_id: str, *, fails: bool = False) -> None:
        """Charge again for a subscription's period that could not be charged for; raises ApiFault."""
        with self._books("subscription", subscription_id) as books:
            renewing.retry(books, subscription_id, fails=fails)

    def pay_out(self, account: str, currency: str, *, fails: bool = False) -> str:
        """Send an account's balance to its bank, and return the payout's id; raises ApiFault."""
        with self._books("account", account) as books:
            return str(payouts.pay_out(books, currency, fails=fails)["id"])

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


def _dispatch(ledger: Ledger, request: Request, mishap: Mishap | None) -> Response:
    operation = _OAUTH.get(request.path) if request.method == "POST" else None
    if operation is not None:
        return suffer(mishap, partial(_for_the_platform, ledger, request, operation))
    if request.path.startswith("/v1/"):
        return api.serve(ledger, request, mishap)
    return pages.serve(ledger, request)


def _for_the_platform(ledger: Ledger, request: Request, operation: _Operation) -> Response:
    """Return the answer to the platform, which has to show its key."""
    api.require_platform_key(ledger, request)
    return as_json(200, operation(ledger, read_form(request.encoded)))


def _add_platform(ledger: Ledger) -> None:
    settings = ledger.settings
    known = ledger.database.execute("select 1 from keys where secret = ?", (settings.api_key,)).fetchone()
    if known is None:
        add_account(ledger.database, settings.platform, settings.business_name, ledger.now)
        ledger.database.execute(
            "insert into keys (secret, account) values (?, ?)",
            (settings.api_key, settings.platform),
        )
