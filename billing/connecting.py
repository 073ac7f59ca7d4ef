"""Connecting a workspace to its Stripe account: a ticket from the chat, consent at Stripe, and back; and ending it.

The ticket is bound to workspace, person and conversation, and expires. Looking at its address changes nothing, as
programs look at addresses before people do; it is used up when Stripe's answer comes back, which has to be in a
browser that opened it: the state alone, seen somewhere, is worth nothing. Only digests are stored.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billing.auditing import STRIPE, WEB, note, on_behalf_of
from billing.conversations import SkillCall
from billing.errors import BillingError, ConnectRefused, DuplicateRecord
from billing.queues import OutboxKind, OutboxMessage
from billing.workspaces import ConnectRequest, StripeConnection

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from billing.ports import Clock, ConnectedAccount, Gateways, Links, Store, Transaction

TICKET_LIFETIME: Final = timedelta(minutes=30)
_AFRESH: Final = "Ask Evie to “connect Stripe” again for a fresh one."
_UNKNOWN: Final = f"Evie does not know this link. {_AFRESH}"
_EXPIRED: Final = f"This link has expired. {_AFRESH}"
_USED: Final = f"This link was used already. {_AFRESH}"
_ELSEWHERE: Final = (
    "Stripe's answer came to another browser than the one that opened the link. Nothing has changed. Open the link "
    "from the chat again, and approve in the same browser."
)
_FOREIGN: Final = "That Stripe account is connected to another workspace already. Disconnect it there first."


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
        """Return Stripe's consent page for the ticket, the same each time; raises ConnectRefused."""
        state = _state_of(token)
        found = self._usable(self._store.directory.connect_request(token_hash=digest(token)))
        with self._store.transaction(found.workspace_id) as tx:
            # Read again under a lock: it may be coming back just now.
            request = self._usable(tx.connections.request(found.token_hash))
            tx.connections.save_request(replace(request, state_hash=digest(state)))
            business = tx.people.workspace().name
        callback = self._links.connect_callback()
        return self._gateways.authorize_url(state=state, redirect_uri=callback, business=business)

    def finish(self, state: str, code: str | None, error: str | None, *, opened: str) -> StripeConnection:
        """Redeem what Stripe sent back and make the account the workspace's; raises ConnectRefused.

        `opened` is the token of the ticket that this browser opened, "" for none. The state is used up before
        anything else, so a replay of the same address ends here.
        """
        found = self._usable(self._store.directory.connect_request(state_hash=digest(state)))
        if not hmac.compare_digest(found.token_hash, digest(opened)):
            raise ConnectRefused(_ELSEWHERE)
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
        if request is None:
            raise ConnectRefused(_UNKNOWN)
        if request.used_at is not None:
            raise ConnectRefused(_USED)
        if request.expires_at <= self._clock():
            raise ConnectRefused(_EXPIRED)
        return request

    def _refuse_foreign(self, account: ConnectedAccount, workspace_id: str) -> None:
        owner = self._store.directory.stripe_connection(account.stripe_account_id, livemode=account.livemode)
        if owner is not None and owner.workspace_id != workspace_id:
            raise ConnectRefused(_FOREIGN)

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
            _add(tx, connection)
            deed = SkillCall("connect_stripe", {"account": account.stripe_account_id, "livemode": account.livemode})
            note(tx, on_behalf_of(tx, request.member, WEB), deed, now=now)
            tx.send(_announcement(request, connection, now))
        return connection


def connect_own(tx: Transaction, account: ConnectedAccount, *, by: str, now: datetime) -> StripeConnection:
    """Make the account of the installation's own key the workspace's; raises ConnectRefused."""
    connection = StripeConnection(
        workspace_id=tx.workspace_id,
        stripe_account_id=account.stripe_account_id,
        livemode=account.livemode,
        direct=True,
        connected_at=now,
        connected_by=by,
        business_name=account.business_name,
    )
    _add(tx, connection)
    return connection


def was_disconnected(tx: Transaction, account: ConnectedAccount) -> bool:
    """Say whether the account was the workspace's and none is now: somebody wanted it so."""
    named = (account.stripe_account_id, account.livemode)
    known = [one for one in tx.connections.known() if (one.stripe_account_id, one.livemode) == named]
    return bool(known) and tx.connections.active() is None


def disconnect(
    transaction: Callable[[], AbstractContextManager[Transaction]], gateways: Gateways, *, by: str, now: datetime
) -> StripeConnection | None:
    """End the workspace's connection here and at Stripe, and tell the channels; None where there was none (any more).

    It is ended here first, so that Stripe's own word of it finds nothing to end. Where Stripe does not end it, it is
    taken up again. Raises what the gateway raises.
    """
    with transaction() as tx:
        active = tx.connections.active()
        if active is None:
            return None
        tx.connections.end(active.stripe_account_id, now)
    try:
        if not active.direct:
            gateways.deauthorize(active.stripe_account_id)
    except BillingError:
        with transaction() as tx:
            if tx.connections.active() is None:
                tx.connections.add(active)
        raise
    with transaction() as tx:
        announce_end(tx, active, f"{by} disconnected Stripe ({name_of(active)}).", now=now)
    return active


def rename(tx: Transaction, connection: StripeConnection, name: str) -> None:
    """Keep the name that the account's business goes by now."""
    _change(tx, connection, business_name=name)


def looked(tx: Transaction, connection: StripeConnection, at: datetime) -> None:
    """Keep until when the account's events were asked for."""
    _change(tx, connection, reconciled_at=at)


def _change(tx: Transaction, connection: StripeConnection, **fields: object) -> None:
    """Change fields of a connection, unless it has ended since it was read."""
    active = tx.connections.active()
    if active is not None and active.stripe_account_id == connection.stripe_account_id:
        tx.connections.save(replace(active, **fields))  # type: ignore[arg-type] # its own fields, named above


def ended_at_stripe(tx: Transaction, ended: StripeConnection, text: str, *, now: datetime) -> bool:
    """End a connection that Stripe says has ended, and tell the channels; False if it was not active any more."""
    if not tx.connections.end(ended.stripe_account_id, now):
        return False
    note(
        tx, on_behalf_of(tx, "", STRIPE), SkillCall("disconnect_stripe", {"account": ended.stripe_account_id}), now=now
    )
    announce_end(tx, ended, text, now=now)
    return True


def announce_end(tx: Transaction, ended: StripeConnection, text: str, *, now: datetime) -> None:
    """Tell each channel that hears news that the connection has ended, once, whichever side it was ended from."""
    said = f"{text} Clients cannot pay online until an admin says “connect Stripe”."
    for channel in sorted({route.channel for route in tx.people.routes()}):
        key = f"disconnected:{ended.stripe_account_id}:{ended.connected_at.isoformat()}:{channel}"
        payload = {"channel": channel, "text": said}
        tx.send(OutboxMessage(tx.workspace_id, key, OutboxKind.SAY, f"channel:{channel}", payload, now))


def name_of(connection: StripeConnection) -> str:
    """Return what people call the account."""
    return connection.business_name or connection.stripe_account_id


def _state_of(token: str) -> str:
    """Return the state that goes to Stripe for a ticket. It does not give the token away."""
    mac = hmac.new(token.encode("utf-8", "surrogatepass"), b"state", hashlib.sha256)
    return base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()


def _add(tx: Transaction, connection: StripeConnection) -> None:
    try:
        tx.connections.add(connection)
    except DuplicateRecord as error:
        # Another workspace was a moment faster.
        raise ConnectRefused(_FOREIGN) from error


def _refuse_second(active: StripeConnection | None, account: ConnectedAccount) -> None:
    """Raise ConnectRefused where a ticket from before would put another account in the place of the one in use."""
    if active is not None and active.stripe_account_id != account.stripe_account_id:
        advice = "Say “disconnect Stripe” first to use another account."
        raise ConnectRefused(f"{name_of(active)} is connected already. {advice}")


def _announcement(request: ConnectRequest, connection: StripeConnection, now: datetime) -> OutboxMessage:
    mode = "" if connection.livemode else " (test mode)"
    return OutboxMessage(
        workspace_id=request.workspace_id,
        key=f"connected:{request.token_hash}",
        kind=OutboxKind.SAY,
        lane=f"conversation:{request.conversation}",
        payload={
            "conversation": request.conversation,
            "text": f"Stripe is connected: {name_of(connection)}{mode}. You can make payment links now.",
        },
        created_at=now,
    )
