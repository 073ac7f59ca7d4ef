"""By what a client is told in texts: how mentions are found, to be shown to the client or to be erased."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - whoever writes a mention as JSON reads its annotations at run time
from typing import TYPE_CHECKING, Final

from billing.contacts import ERASED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing.contacts import Contact

# What stands in the place of words that are gone.
GONE: Final = "(erased)"
_SHORTEST_WORD: Final = 3
_TOLD_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that names the client: in which kind of record, when, and the words."""

    record: str
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Traces:
    """What tells a client: `exact` wherever it stands, and `loose` (a first name) where people talk freely."""

    exact: re.Pattern[str] | None
    loose: re.Pattern[str] | None

    @staticmethod
    def of(contact: Contact) -> Traces:
        """Return the traces of a client: name, company, addresses, phone; and each of the name's words."""
        if contact.name == ERASED:
            return Traces(None, None)
        exact = [contact.name, contact.company, contact.email, *contact.cc, contact.tax_number, *contact.address.street]
        patterns = [*(_words(text) for text in exact if text), *_phones(contact.phone or "")]
        names = [word for word in contact.name.split() if len(word) >= _SHORTEST_WORD]
        return Traces(_any(patterns), _any([*patterns, *map(_words, names)]))

    def name(self, text: str, *, loosely: bool) -> bool:
        """Say whether the text names the client."""
        pattern = self.loose if loosely else self.exact
        return pattern is not None and pattern.search(text) is not None


def _words(text: str) -> str:
    return r"\s+".join(re.escape(word) for word in text.split())


def _phones(phone: str) -> Iterable[str]:
    """Return how the last digits of a number may be written: with or without its country, parted or not."""
    digits = re.sub(r"\D", "", phone)[-_TOLD_DIGITS:]
    if len(digits) == _TOLD_DIGITS:
        yield r"\+?[\d\s().-]{0,8}" + r"[\s().-]*".join(digits)


def _any(patterns: list[str]) -> re.Pattern[str] | None:
    found = [pattern for pattern in patterns if pattern]
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)", re.IGNORECASE) if found else None
