"""The sandbox itself, apart from how requests reach it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from integrations.sandbox.stripe import api, checkout, oauth
from integrations.sandbox.stripe.books import Books, random_id
from integrations.sandbox.stripe.faults import NOT_FOUND, ApiFault, OAuthFault
from integrations.sandbox.stripe.forms import read_form
from integrations.sandbox.stripe.http import as_json
from integrations.sandbox.stripe.resources.accounts import add_account
from integrations.sandbox.stripe.state import State
from integrations.sandbox.stripe.webhooks import Webhooks

if TYPE_CHECKING:
    import sqlite3

    from billing.ports import Clock
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
        with self._state.transaction() as database:
            self._add_platform(database)

    def close(self) -> None:
        """Stop delivering, and close the database."""
        self.webhooks.stop()
        self._state.close()

    def handle(self, request: Request) -> Response:
        """Return the answer to any request; a refusal leaves everything as it was."""
        try:
            with self._state.transaction() as database:
                answer = self._dispatch(database, request)
        except (ApiFault, OAuthFault) as fault:
            answer = as_json(fault.status, fault.body)
        self.webhooks.wake()
        return replace(answer, headers={"Request-Id": random_id("req_", 14), **answer.headers})

    def connect(self, business: str) -> str:
        """Connect the business's account, made if there is none, as its owner would on the page; return its id."""
        with self._state.transaction() as database:
            code = oauth.approve(database, business, "read_write", self._now())
            return str(oauth.token(database, {"grant_type": "authorization_code", "code": code})["stripe_user_id"])

    def pay(self, link_id: str, payer: Payer, session_id: str | None = None) -> Paid | Declined | Closed:
        """Pay through a link as its page does; raises ApiFault (404) for a link that is not there."""
        with self._state.transaction() as database:
            outcome = checkout.pay(self._books_of(database, "payment_link", link_id), link_id, payer, session_id)
        self.webhooks.wake()
        return outcome

    def _dispatch(self, database: sqlite3.Connection, request: Request) -> Response:
        match request.method, request.path:
            case "POST", "/oauth/token":
                return as_json(200, oauth.token(database, self._oauth_form(request)))
            case "POST", "/oauth/deauthorize":
                return as_json(200, self._deauthorize(database, self._oauth_form(request)))
            case _, path if path.startswith("/v1/"):
                return api.serve(self.settings, database, self._now(), request)
            case method, path:
                raise ApiFault(f"Unrecognized request URL ({method}: {path}).", status=NOT_FOUND)

    def _oauth_form(self, request: Request) -> dict[str, Any]:
        api.platform_key(self.settings, request)
        return read_form(request.encoded)

    def _deauthorize(self, database: sqlite3.Connection, form: dict[str, Any]) -> dict[str, Any]:
        answer = oauth.deauthorize(database, form, self.settings.client_id)
        application = {"id": self.settings.client_id, "object": "application", "name": self.settings.business_name}
        self._books(database, answer["stripe_user_id"]).emit("account.application.deauthorized", application)
        return answer

    def _books_of(self, database: sqlite3.Connection, kind: str, id_: str) -> Books:
        """Return the books of the account that an object belongs to: a customer does not know whose it is."""
        row = database.execute("select account from objects where id = ? and kind = ?", (id_, kind)).fetchone()
        return self._books(database, self.settings.platform if row is None else row["account"])

    def _books(self, database: sqlite3.Connection, account: str) -> Books:
        return Books(
            database,
            account,
            connected=account != self.settings.platform,
            now=self._now(),
            base_url=self.settings.base_url,
            webhook_url=self.settings.webhook_url,
        )

    def _add_platform(self, database: sqlite3.Connection) -> None:
        platform = self.settings.platform
        if database.execute("select 1 from keys where secret = ?", (self.settings.api_key,)).fetchone() is None:
            add_account(database, platform, self.settings.business_name, self._now())
            database.execute("insert into keys (secret, account) values (?, ?)", (self.settings.api_key, platform))

    def _now(self) -> int:
        return int(self._clock().timestamp())
