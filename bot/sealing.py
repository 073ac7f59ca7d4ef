"""Secrets at rest: sealed with the installation's own keys, so that a copy of the database is of no use to anybody."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from billing.errors import BillingError

if TYPE_CHECKING:
    from collections.abc import Sequence


class SealBroken(BillingError):
    """A secret that none of the keys opens: a key was taken away too early, or the row was tampered with."""

    code = "seal_broken"


class Sealer:
    """Seals with the first Fernet key, opens with any, so that a new key can be put before the old one.

    Without keys (a demo) a key of this process is made up: what it seals dies with it.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        each = [Fernet(key) for key in keys or (Fernet.generate_key().decode(),)]
        self._newest, self._keys = each[0], MultiFernet(each)

    def seal(self, text: str) -> str:
        """Return the text encrypted and signed, with the time in it."""
        return self._keys.encrypt(text.encode()).decode()

    def open(self, sealed: str, *, max_age_seconds: int | None = None) -> str:
        """Return what was sealed; raises SealBroken for anything else, and for what is older than the age."""
        try:
            return self._keys.decrypt(sealed.encode(), ttl=max_age_seconds).decode()
        except (InvalidToken, UnicodeEncodeError) as error:
            message = "A stored secret cannot be opened. Put the key that it was sealed with back into EVIE_SECRET_KEY."
            raise SealBroken(message) from error

    def reseal(self, sealed: str) -> str:
        """Return the same secret sealed with the first key; raises SealBroken."""
        try:
            return self._keys.rotate(sealed.encode()).decode()
        except InvalidToken as error:
            message = "A stored secret cannot be opened, so it cannot be sealed anew. Keep the old key for now."
            raise SealBroken(message) from error

    def has_newest(self, sealed: str) -> bool:
        """Say whether the first key sealed it."""
        try:
            self._newest.decrypt(sealed.encode())
        except (InvalidToken, UnicodeEncodeError):
            return False
        return True

    def ticket(self, purpose: str) -> str:
        """Return an unguessable word that only these keys can have made, for `is_ticket` within its time."""
        return self.seal(f"{purpose}:{secrets.token_urlsafe(16)}")

    def is_ticket(self, word: str, purpose: str, *, max_age_seconds: int) -> bool:
        """Say whether `ticket` made the word for this purpose, not longer ago than that."""
        try:
            return self.open(word, max_age_seconds=max_age_seconds).startswith(f"{purpose}:")
        except SealBroken:
            return False
