"""The objects of one account while one request is served: made, read, changed, and told about in events."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe import shapes, state
from integrations.sandbox.stripe.faults import missing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_ALPHABET: Final = string.ascii_letters + string.digits
_PREFIXES: Final = {
    "balance_transaction": "txn_",
    "charge": "ch_",
    "checkout.session": "cs_test_",
    "customer": "cus_",
    "dispute": "dp_",
    "event": "evt_",
    "invoice": "in_",
    "invoice_payment": "inpay_",
    "item": "li_",
    "line_item": "il_",
    "payment_intent": "pi_",
    "payment_link": "plink_",
    "payout": "po_",
    "price": "price_",
    "product": "prod_",
    "refund": "re_",
    "subscription": "sub_",
    "subscription_item": "si_",
}


def random_id(prefix: str, length: int = 24) -> str:
    """Return an id in Stripe's form that nobody can guess."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


@dataclass(frozen=True, slots=True)
class Origin:
    """What asked for a change, as events tell it: both None where a customer did."""

    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Books:
    """One account's objects inside one transaction. `now` is in Unix seconds; `base_url` is the sandbox's address.

    `connected` says that the account is not the platform's own; `webhook_url` None that nobody hears of events.
    """

    database: sqlite3.Connection
    account: str
    connected: bool
    now: int
    base_url: str
    webhook_url: str | None
    origin: Origin

    def new(self, kind: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
        """Return a new object with these fields and nothing else said; it is kept once it is saved."""
        blank = shapes.blank(kind)
        fixed = {"id": random_id(_PREFIXES[kind]), "object": kind, "livemode": False, "created": self.now}
        return blank | {name: value for name, value in fixed.items() if name in blank} | fields

    def save(self, body: dict[str, Any]) -> dict[str, Any]:
        """Keep the object as it is now, and return it."""
        state.put(self.database, self.account, body)
        return body

    def find(self, kind: str, id_: str) -> dict[str, Any] | None:
        """Return the account's object of that kind and id, or None."""
        return state.get(self.database, self.account, kind, id_)

    def get(self, kind: str, id_: str, *, param: str = "id") -> dict[str, Any]:
        """Return the account's object; raises ApiFault (404) where it has none such, whoever else may."""
        found = self.find(kind, id_)
        if found is None:
            raise missing(kind, id_, param)
        return found

    def by_id(self, id_: str) -> dict[str, Any]:
        """Return the account's object of that id, of whatever kind; raises ApiFault (404)."""
        found = state.get(self.database, self.account, None, id_)
        if found is None:
            raise missing("object", id_)
        return found

    def all(self, kind: str) -> Iterator[dict[str, Any]]:
        """Yield the account's objects of a kind, newest first."""
        yield from state.newest_first(self.database, self.account, kind)

    def emit(self, type_: str, about: dict[str, Any], before: dict[str, Any] | None = None) -> None:
        """Record that something happened to the object, and that the webhook endpoint has to hear of it.

        `before` is the object as it was, where the event says what has changed.
        """
        event = self.new(
            "event",
            type=type_,
            api_version=shapes.api_version(),
            data={"object": public(about)} | _previous(about, before),
            request={"id": self.origin.request_id, "idempotency_key": self.origin.idempotency_key},
            pending_webhooks=int(self.webhook_url is not None),
        )
        if self.connected:
            event["account"] = self.account
        else:
            del event["account"]
        self.save(event)
        if self.webhook_url is not None:
            self.database.execute("insert into deliveries (event, due) values (?, ?)", (event["id"], self.now))


def _previous(about: dict[str, Any], before: dict[str, Any] | None) -> dict[str, Any]:
    if before is None:
        return {}
    changed = {name: value for name, value in public(before).items() if about.get(name) != value}
    return {"previous_attributes": changed}


def public(body: dict[str, Any]) -> dict[str, Any]:
    """Return the object as it goes out: without what the sandbox keeps on it for itself, under `_` names."""
    return {name: value for name, value in body.items() if not name.startswith("_")}
