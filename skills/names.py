"""Records as people call them: “Acme”, “the bakery job”, “Jane's deposit” are looked up here, for every route."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from billing.invoices import InvoiceKind
from skills.spelling import Spelling
from skills.words import forms_of, stem, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
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
_REMEMBERED: Final = 512  # so many look-ups; what one message says takes a dozen
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
    """All names of a workspace, indexed by their words."""

    def __init__(self, records: Iterable[Names]) -> None:
        self._records = {entry.number: entry for entry in records}
        self._aliases = {entry.alias.casefold(): entry for entry in self._records.values() if entry.alias}
        self._kinds: defaultdict[str, list[Names]] = defaultdict(list)
        for entry in self._records.values():
            self._kinds[entry.record].append(entry)

    def by_number(self, number: str) -> Names | None:
        """Return the record of that number, or that the client knows by it."""
        return self._records.get(number) or self._aliases.get(number.casefold())

    def by_alias(self, text: str) -> Names | None:
        """Return the record that the client knows by that number."""
        return self._aliases.get(text.strip().removeprefix("#").casefold())

    def of(self, record: str) -> Sequence[Names]:
        """Return all records of a kind (`invoice`, `contact` …) in the order of their numbers; not to be changed."""
        return self._kinds.get(record, ())

    def in_state(self, record: str, status: str) -> Sequence[Names]:
        """Return the records of a kind that are in a state, in the order of their numbers."""
        return self._states.get((record, status), ())

    def of_contact(self, record: str, contact: str) -> Sequence[Names]:
        """Return a client's records of a kind, in the order of their numbers."""
        return self._of_contacts.get((record, contact), ())

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
        if word in self._index:
            return frozenset((word,))
        like = self._stems.get(stem(word), frozenset())
        return frozenset(known for known in like if word in forms_of(known) or known in forms_of(word))

    def near(self, word: str) -> frozenset[str]:
        """Return the indexed words that `word` is likely to be a typing error of."""
        if word not in self._typos:
            self._typos[word] = frozenset(self._spelling.near(word, strict=True))
        return self._typos[word]

    def holding(self, words: Iterable[str]) -> frozenset[str]:
        """Return the numbers of the records that have any of these indexed words."""
        return frozenset().union(*(self._index.get(word, frozenset()) for word in words))

    def narrowed(self, record: str, words: Sequence[str]) -> Sequence[Names]:
        """Return the records of a kind that every word fits, by number; all of them where there are no words."""
        asked = (record, *words)
        if len(self._narrowed) >= _REMEMBERED:
            self._narrowed.clear()
        if asked not in self._narrowed:
            self._narrowed[asked] = self._look_up(record, words) if words else self.of(record)
        return self._narrowed[asked]

    def _look_up(self, record: str, words: Sequence[str]) -> list[Names]:
        """Look the rarest word up first: few records are left for the others."""
        fits = sorted((self.holding(self.known(word) or self.near(word)) for word in dict.fromkeys(words)), key=len)
        found = [self._records[number] for number in frozenset.intersection(*fits)]
        return sorted((entry for entry in found if entry.record == record), key=_by_number)

    def _fitting(self, record: str, said: list[str], *, bare: bool) -> Sequence[Names]:
        if not said and not bare:
            return []
        found = self.narrowed(record, said)
        whole = [entry for entry in found if len(said) > 1 and tuple(said) in map(words_of, entry.words)]
        return whole or found

    @cached_property
    def _index(self) -> dict[str, frozenset[str]]:
        index: defaultdict[str, list[str]] = defaultdict(list)
        for entry in self._records.values():
            for word in (word for phrase in entry.words for word in words_of(phrase)):
                index[word].append(entry.number)
        return {word: frozenset(numbers) for word, numbers in index.items()}

    @cached_property
    def _states(self) -> dict[tuple[str, str], list[Names]]:
        return self._grouped(lambda entry: entry.status)

    @cached_property
    def _of_contacts(self) -> dict[tuple[str, str], list[Names]]:
        return self._grouped(lambda entry: entry.contact)

    def _grouped(self, key: Callable[[Names], str | None]) -> dict[tuple[str, str], list[Names]]:
        groups: defaultdict[tuple[str, str], list[Names]] = defaultdict(list)
        for entry in self._records.values():
            groups[entry.record, key(entry) or ""].append(entry)
        return dict(groups)

    @cached_property
    def _narrowed(self) -> dict[tuple[str, ...], Sequence[Names]]:
        return {}

    @cached_property
    def _stems(self) -> dict[str, frozenset[str]]:
        stems: defaultdict[str, set[str]] = defaultdict(set)
        for word in self._index:
            stems[stem(word)].add(word)
        return {key: frozenset(words) for key, words in stems.items()}

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._index)

    @cached_property
    def _typos(self) -> dict[str, frozenset[str]]:
        return {}


def number_in(record: str, text: str) -> str | None:
    """Return the record number that the whole text is (`inv-1002`, `1002`, `#1002`), or None."""
    prefix = PREFIXES.get(record)
    match = re.fullmatch(rf"(?:{prefix}[- ]?|#)?(\d+)", text.strip(), re.IGNORECASE | re.ASCII)
    return f"{prefix}-{match[1]}" if prefix and match else None


def _by_number(entry: Names) -> tuple[str, int]:
    prefix, _, digits = entry.number.rpartition("-")
    return prefix, int(digits) if digits.isdecimal() else 0
