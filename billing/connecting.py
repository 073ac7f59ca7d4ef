"""Connecting a workspace to its Stripe account: a ticket from the chat, consent at Stripe, and back.

The ticket is bound to workspace, person and conversation, works once and expires. Only digests are stored.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billing.errors import ConnectRefused
from billing.queues import OutboxKind, OutboxMessage
from billing.workspaces import ConnectRequest, StripeConnection

if TYPE_CHECKING:
    from datetime import datetime

    from billing.ports import Clock, ConnectedAccount, Gateways, Links, Store, Transaction

TICKET_LIFETIME: Final = timedelta(minutes=30)
_STALE: Final = "This link has expired or was used already. Ask Evie to “connect Stripe” again for a fresh one."


def digest(secret: str) -> str:
    """Return the SHA-256 of a ticket's token or state, in hex: what is stored in its place."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def open_ticket(tx: Transaction, *, member: str, conversation: str, now: datetime) -> str:
    """Store a ticket and return its token, which is shown to the person and kept nowhere."""
    token = secrets.token_urlsafe(32)
    tx.connections.add_request(
        ConnectRequest(tx.workspace_id, digest(token), member, conversation, expires_at=now + TICKET_LIFETIME),
    )
    return token


class StripeConnecting:
    """The two web steps of connecting. Each opens its own transactions and calls Stripe between them."""

    def __init__(self, store: Store, gateways: Gateways, links: Links, clock: Clock) -> None:
        self._store = store
        self._gateways = gateways
        self._links = links
        self._clock = clock

    def begin(self, token: str) -> str:
        """Use up the ticket's token and return Stripe's consent page; raises ConnectRefused."""
        state = secrets.token_urlsafe(32)
        found = self._usable(self._store.directory.connect_request(token_hash=digest(token)))
        with self._store.transaction(found.workspace_id) as tx:
            # Read again under a lock: somebody else may be opening it, too.
            request = self._usable(tx.connections.request(found.token_hash))
            if request.state_hash is not None:
                raise ConnectRefused(_STALE)
            tx.connections.save_request(replace(request, state_hash=digest(state)))
            business = tx.people.workspace().name
        callback = self._links.connect_callback()
        return self._gateways.authorize_url(state=state, redirect_uri=callback, business=business)

    def finish(self, state: str, code: str | None, error: str | None) -> StripeConnection:
        """Redeem what Stripe sent back and make the account the workspace's; raises ConnectRefused.

        The state is used up before anything else, so a replay of the same address ends here.
        """
        found = self._usable(self._store.directory.connect_request(state_hash=digest(state)))
        with self._store.transaction(found.workspace_id) as tx:
            request = self._usable(tx.connections.request(found.token_hash))
            tx.connections.save_request(replace(request, used_at=self._clock()))
        if error is not None or code is None:
            raise ConnectRefused("The request was declined at Stripe. Nothing has changed.")
        account = self._gateways.exchange_code(code)
        self._refuse_foreign(account, request.workspace_id)
        try:
            return self._connect(request, account)
        except ConnectRefused:
            # Access that is not used is not kept.
            self._gateways.deauthorize(account.stripe_account_id)
            raise

    def _usable(self, request: ConnectRequest | None) -> ConnectRequest:
        if request is None or request.used_at is not None or request.expires_at <= self._clock():
            raise ConnectRefused(_STALE)
        return request

    def _refuse_foreign(self, account: ConnectedAccount, workspace_id: str) -> None:
        owner = self._store.directory.by_stripe_account(account.stripe_account_id, livemode=account.livemode)
        if owner is not None and owner != workspace_id:
            raise ConnectRefused(
                "That Stripe account is connected to another workspace already. Disconnect it there first.",
            )

    def _connect(self, request: ConnectRequest, account: ConnectedAccount) -> StripeConnection:
        now = self._clock()
        connection = StripeConnection(
            workspace_id=request.workspace_id,
            stripe_account_id=account.stripe_account_id,
            livemode=account.livemode,
            direct=False,
            connected_at=now,
            connected_by=request.member,
            business_name=account.business_name,
        )
        with self._store.transaction(request.workspace_id) as tx:
            _refuse_second(tx.connections.active(), account)
            tx.connections.add(connection)
            tx.send(_announcement(request, connection, now))
        return connection


def _refuse_second(active: StripeConnection | None, account: ConnectedAccount) -> None:
    """Raise ConnectRefused where a ticket from before would put another account in the place of the one in use."""
    if active is not None and active.stripe_account_id != account.stripe_account_id:
        name = active.business_name or active.stripe_account_id
        raise ConnectRefused(f"{name} is connected already. Say “disconnect Stripe” first to use another account.")


def _announcement(request: ConnectRequest, connection: StripeConnection, now: datetime) -> OutboxMessage:
    mode = "" if connection.livemode else " (test mode)"
    name = connection.business_name or connection.stripe_account_id
    return OutboxMessage(
        workspace_id=request.workspace_id,
        key=f"connected:{request.token_hash}",
        kind=OutboxKind.SAY,
        lane=f"conversation:{request.conversation}",
        payload={
            "conversation": request.conversation,
            "text": f"Stripe is connected: {name}{mode}. You can make payment links now.",
        },
        created_at=now,
    )
