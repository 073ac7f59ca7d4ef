"""Records as people call them: “Acme”, “the bakery job”, “Jane's deposit” are looked up here, for every route."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from billing.invoices import InvoiceKind
from skills.indexing import Remembered, WordIndex
from skills.shelves import Shelves, by_number
from skills.words import stem, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

PREFIXES: Final = {
    "invoice": "INV",
    "opportunity": "OPP",
    "contact": "CON",
    "automation": "AUT",
    "product": "PRD",
    "order": "ORD",
}
NOUNS: Final[dict[str, frozenset[str]]] = {
    "invoice": frozenset("invoice invoices inv invs bill bills".split()),
    "opportunity": frozenset(
        "opportunity opportunities opp opps deal deals job jobs project projects gig gigs work engagement".split(),
    ),
    "contact": frozenset(
        """contact contacts client clients customer customers account accounts company companies person people guy
        lady folks team crew mob lot""".split(),
    ),
    "automation": frozenset("automation automations rule rules workflow workflows".split()),
    "product": frozenset("product products item items".split()),
    "order": frozenset("order orders".split()),
}
ARTICLES: Final = frozenset(
    """a an the this that these those my our your his her their its of for from at with in on to and by 's s one ones
    mr mrs ms dr""".split(),
)
_NUMBER: Final = re.compile(r"[A-Z]{2,4}-[0-9]+")
_KINDS: Final = {stem(kind.value): kind.value for kind in InvoiceKind}


@dataclass(frozen=True, slots=True)
class Names:
    """One record as people may call it: `words` are its title, company, person, number and description.

    `alias` is the number that the client knows it by, where that is another one.
    """

    record: str
    number: str
    label: str
    words: tuple[str, ...]
    contact: str | None = None
    opportunity: str | None = None
    kind: str | None = None
    status: str | None = None
    currency: str | None = None
    amount: str | None = None
    due: date | None = None
    interval: str | None = None
    email: str | None = None
    alias: str | None = None


class Catalog:
    """All names of a workspace, indexed by their words. It never changes: `changed` makes another one of it."""

    def __init__(self, records: Iterable[Names] | Shelves[Names], index: WordIndex | None = None) -> None:
        self._shelves = records if isinstance(records, Shelves) else Shelves.of(records)
        self._made = index
        self._narrowed: Remembered[tuple[str, ...], Sequence[Names]] = Remembered(self._look_up)

    def __len__(self) -> int:
        """How many records have names."""
        return len(self._shelves.records)

    def changed(self, entries: Iterable[Names], gone: Iterable[str] = ()) -> Catalog:
        """Return the catalog with these records as they are now, and without the `gone` ones, by number."""
        new = {entry.number: entry for entry in entries}
        known = self._shelves.records
        old = {number: known[number] for number in {*new, *gone} if number in known}
        words = [{number: _words(entry) for number, entry in some.items()} for some in (old, new)]
        return Catalog(self._shelves.changed(old, new), self._index.changed(*words))

    def by_number(self, number: str) -> Names | None:
        """Return the record of that number, or that the client knows by it."""
        return self._shelves.records.get(number) or self._shelves.by_alias(number)

    def by_alias(self, text: str) -> Names | None:
        """Return the record that the client knows by that number."""
        return self._shelves.by_alias(text.strip().removeprefix("#"))

    def of(self, record: str) -> Sequence[Names]:
        """Return all records of a kind (`invoice`, `contact` …) in the order of their numbers; not to be changed."""
        return self._shelves.group(record)

    def in_state(self, record: str, status: str) -> Sequence[Names]:
        """Return the records of a kind that are in a state, in the order of their numbers."""
        return self._shelves.group(record, "status", status)

    def of_contact(self, record: str, contact: str) -> Sequence[Names]:
        """Return a client's records of a kind, in the order of their numbers."""
        return self._shelves.group(record, "contact", contact)

    def of_opportunity(self, record: str, opportunity: str) -> Sequence[Names]:
        """Return a deal's records of a kind, in the order of their numbers."""
        return self._shelves.group(record, "opportunity", opportunity)

    def search(self, record: str, text: str) -> Sequence[Names]:
        """Return what fits best, all of it where several fit equally well, nothing where nothing does.

        Every word that is not mere grammar has to fit, exactly or but for a small typing error: a name that we
        do not know never finds another one.
        """
        known = self.by_alias(text)
        number = known.number if known is not None else number_in(record, text)
        if number is not None:
            found = self.by_number(number)
            return [found] if found is not None and found.record == record else []
        said = [word for word in words_of(text) if word not in ARTICLES and word not in NOUNS.get(record, ())]
        kind = next((_KINDS[stem(word)] for word in said if stem(word) in _KINDS), None)
        if record == "invoice" and kind is not None:
            said = [word for word in said if stem(word) not in _KINDS]
            return [entry for entry in self._fitting(record, said, bare=True) if entry.kind == kind]
        return self._fitting(record, said, bare=False)

    def known(self, word: str) -> frozenset[str]:
        """Return the indexed words that `word` is: itself, or its other forms (`janes`, `photo`)."""
        return self._index.known(word)

    def near(self, word: str) -> frozenset[str]:
        """Return the indexed words that `word` is likely to be a typing error of."""
        return self._index.near(word)

    def holding(self, words: Iterable[str]) -> frozenset[str]:
        """Return the numbers of the records that have any of these indexed words."""
        return self._index.holding(words)

    def narrowed(self, record: str, words: Sequence[str]) -> Sequence[Names]:
        """Return the records of a kind that every word fits, by number; all of them where there are no words."""
        return self._narrowed[record, *words] if words else self.of(record)

    def _look_up(self, asked: tuple[str, ...]) -> list[Names]:
        """Look the rarest word up first: few records are left for the others."""
        record, words = asked[0], dict.fromkeys(asked[1:])
        fits = sorted((self.holding(self.known(word) or self.near(word)) for word in words), key=len)
        found = [self._shelves.records[number] for number in frozenset.intersection(*fits)]
        return sorted((entry for entry in found if entry.record == record), key=by_number)

    def _fitting(self, record: str, said: list[str], *, bare: bool) -> Sequence[Names]:
        if not said and not bare:
            return []
        found = self.narrowed(record, said)
        whole = [entry for entry in found if len(said) > 1 and tuple(said) in map(words_of, entry.words)]
        return whole or found

    @cached_property
    def _index(self) -> WordIndex:
        if self._made is not None:
            return self._made
        return WordIndex.of((entry.number, _words(entry)) for entry in self._shelves.records.values())


def _words(entry: Names) -> frozenset[str]:
    """Return the words of its names; a number such as `INV-1002`, of which there are most, is one as it is."""
    one = _NUMBER.fullmatch(entry.number) is not None
    words = {word for phrase in entry.words if not (one and phrase == entry.number) for word in words_of(phrase)}
    return frozenset(words | {entry.number.casefold()} if one and entry.number in entry.words else words)


def number_in(record: str, text: str) -> str | None:
    """Return the record number that the whole text is (`inv-1002`, `1002`, `#1002`), or None."""
    prefix = PREFIXES.get(record)
    match = re.fullmatch(rf"(?:{prefix}[- ]?|#)?(\d+)", text.strip(), re.IGNORECASE | re.ASCII)
    return f"{prefix}-{match[1]}" if prefix and match else None
