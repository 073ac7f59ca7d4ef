"""All accounts' books during one request: the transaction, the time, and how the sandbox is set up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from integrations.sandbox.stripe.books import Books, Origin

if TYPE_CHECKING:
    import sqlite3

    from integrations.sandbox.stripe.settings import SandboxSettings

_CUSTOMER = Origin()


@dataclass(frozen=True, slots=True)
class Ledger:
    """The database inside a transaction. `now` is in Unix seconds."""

    settings: SandboxSettings
    database: sqlite3.Connection
    now: int

    def books(self, account: str, origin: Origin = _CUSTOMER) -> Books:
        """Return an account's books. `origin` is left out where no request of the API asks for the change."""
        return Books(
            self.database,
            account,
            connected=account != self.settings.platform,
            now=self.now,
            base_url=self.settings.base_url,
            webhook_url=self.settings.webhook_url,
            origin=origin,
        )

    def books_of(self, kind: str, id_: str) -> Books:
        """Return the books that an object is in: a customer does not know whose it is. The platform's for none."""
        row = self.database.execute("select account from objects where id = ? and kind = ?", (id_, kind)).fetchone()
        return self.books(self.settings.platform if row is None else row["account"])
