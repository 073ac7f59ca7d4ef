"""Records on shelves: by number, by kind, by state, by client and by deal, each shelf in the order of its numbers.

What stands here never changes. With a few records more or less it is made anew in the time that it takes to copy its
dictionaries and the shelves concerned.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import defaultdict
from typing import TYPE_CHECKING, Generic, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    Group: TypeAlias = tuple[str, str, str]


class Entry(Protocol):
    """What can be put on shelves."""

    @property
    def record(self) -> str:
        """Its kind."""

    @property
    def number(self) -> str:
        """The number that it is known by."""

    @property
    def alias(self) -> str | None:
        """The number that the client knows it by."""

    @property
    def status(self) -> str | None:
        """Its state."""

    @property
    def contact(self) -> str | None:
        """The number of its client."""

    @property
    def opportunity(self) -> str | None:
        """The number of its deal."""


E = TypeVar("E", bound=Entry)


def by_number(entry: Entry) -> tuple[int, str]:
    """Return what sorts records of one kind as the database does: by the digits that their numbers end in."""
    _, _, digits = entry.number.rpartition("-")
    if not (digits.isdecimal() and digits.isascii()):
        found = re.search(r"\d{1,15}$", entry.number, re.ASCII)
        digits = found[0] if found else "0"
    return int(digits), entry.number


class Shelves(Generic[E]):
    """Records by number and alias, and in groups."""

    def __init__(self, records: dict[str, E], aliases: dict[str, E], groups: dict[Group, list[E]]) -> None:
        self.records = records
        self._aliases = aliases
        self._groups = groups

    @classmethod
    def of(cls, entries: Iterable[E]) -> Shelves[E]:
        """Put all records on their shelves."""
        records = {entry.number: entry for entry in entries}
        groups: defaultdict[Group, list[E]] = defaultdict(list)
        for entry in sorted(records.values(), key=by_number):
            for group in _groups_of(entry):
                groups[group].append(entry)
        return cls(records, _aliases(records.values()), dict(groups))

    def changed(self, gone: Mapping[str, E], come: Mapping[str, E]) -> Shelves[E]:
        """Return the shelves without some records and with others, which may have their numbers."""
        records = {number: entry for number, entry in self.records.items() if number not in gone}
        records.update(come)
        left = {alias: entry for alias, entry in self._aliases.items() if entry.number not in gone}
        groups = dict(self._groups)
        fresh: dict[Group, list[E]] = {}
        for entry in gone.values():
            for group in _groups_of(entry):
                _take(fresh.setdefault(group, [*groups[group]]), entry)
        for entry in come.values():
            for group in _groups_of(entry):
                shelf = fresh.setdefault(group, [*groups.get(group, ())])
                insort(shelf, entry, key=by_number)
        return Shelves(records, left | _aliases(come.values()), groups | fresh)

    def by_alias(self, alias: str) -> E | None:
        """Return the record that the client knows by that number, in whatever case it is written."""
        return self._aliases.get(alias.casefold())

    def group(self, record: str, what: str = "", value: str = "") -> Sequence[E]:
        """Return the records of a kind, or those whose `status`, `contact` or `opportunity` has that value."""
        return self._groups.get((record, what, value), ())


def _take(shelf: list[E], entry: E) -> None:
    place = bisect_left(shelf, by_number(entry), key=by_number)
    del shelf[place]


def _aliases(entries: Collection[E]) -> dict[str, E]:
    return {entry.alias.casefold(): entry for entry in entries if entry.alias}


def _groups_of(entry: Entry) -> Iterable[Group]:
    yield entry.record, "", ""
    for what, value in (("status", entry.status), ("contact", entry.contact), ("opportunity", entry.opportunity)):
        if value is not None:
            yield entry.record, what, value
