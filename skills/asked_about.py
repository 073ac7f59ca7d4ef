"""Whom a question about automations names: the answer puts first what concerns them.

What a call's arguments are is fixed, and a client is none of theirs; so the sentence itself is looked at, and all that
depends on it is the order of what is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing.invoices import Invoice
    from billing.ports import Transaction
    from skills.names import Catalog, Names

_WHOM: Final = re.compile(r"\b(?:for|about|with|of|on|to|when|after)\s+(.+)", re.IGNORECASE | re.DOTALL)
_NUMBER: Final = re.compile(r"\b(?:INV|OPP|CON)-\d+\b", re.IGNORECASE)
_RECORDS: Final = ("contact", "opportunity", "invoice")
_WORDS: Final = 5


_RULE: Final = re.compile(
    r"\b(AUT-\d+)\b|\b(?:the|our|my)\s+(.{1,60}?)\s+(?:automation|rule|workflow)\b", re.IGNORECASE
)
_THANKING: Final = re.compile(r"[\s-]+(?:you|note|mail|e-mail|email)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """What was named, as it is called, with the invoices that belong to it, newest first."""

    label: str
    invoices: tuple[Invoice, ...]

    def has(self, invoice: str) -> bool:
        """Say whether the invoice is one of them."""
        return any(one.number == invoice for one in self.invoices)


def named_in(tx: Transaction, catalog: Catalog, said: str) -> Named | None:
    """Return whom or what the sentence is about, None where it names nothing, or several things alike."""
    found = _found(catalog, said) if _WHOM.search(said) or _NUMBER.search(said) else None
    if found is None:
        return None
    invoices = tx.invoices.list()[::-1]
    mine = {
        "contact": lambda one: one.contact == found.number,
        "opportunity": lambda one: one.opportunity == found.number,
        "invoice": lambda one: one.number == found.number,
    }[found.record]
    label = found.number if found.record == "invoice" else found.label
    return Named(label, tuple(filter(mine, invoices)))


def rule_in(catalog: Catalog, said: str) -> str | None:
    """Return the number of the one automation that the sentence names, None where it names none, or several alike."""
    found = _RULE.search(said)
    if found is None:
        return None
    if found[1] is not None:
        known = catalog.by_number(found[1].upper())
        return known.number if known is not None else None
    fitting = catalog.search("automation", found[2]) or catalog.search("automation", _THANKING.sub("", found[2]))
    return fitting[0].number if len(fitting) == 1 else None


def _found(catalog: Catalog, said: str) -> Names | None:
    for number in _NUMBER.findall(said):
        known = catalog.by_number(number.upper())
        if known is not None:
            return known
    for phrase in _phrases(said):
        for record in _RECORDS:
            fitting = catalog.search(record, phrase)
            if len(fitting) == 1:
                return fitting[0]
    return None


def _phrases(said: str) -> Sequence[str]:
    """Return what may be a name: what follows such words as `for`, the whole of it first and then less and less."""
    found: list[str] = []
    rest = said
    while (match := _WHOM.search(rest)) is not None:
        rest = match[1]
        words = re.sub(r"[?!.,’']s?(?=\s|$)", "", rest).split()[:_WORDS]
        found += [" ".join(words[:count]) for count in range(len(words), 0, -1)]
    return found
