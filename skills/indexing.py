"""The words of names: which records have them, which of them somebody meant, and how they are spelt.

An index never changes. One with a few records more or less is made of it in the time that it takes to copy a
dictionary, so that whoever reads the old one meanwhile reads something whole.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from skills.spelling import Spelling
from skills.words import forms_of, stem

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")

_REMEMBERED: Final = 512  # so many look-ups; what one message says takes a dozen
_NONE: Final[frozenset[str]] = frozenset()


class Remembered(Generic[K, V]):
    """What was looked up before, and not for ever. Several threads may ask at once."""

    def __init__(self, look_up: Callable[[K], V]) -> None:
        self._look_up = look_up
        self._found: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        """Return what belongs to the key, looked up where it is asked for first."""
        try:
            return self._found[key]
        except KeyError:
            if len(self._found) >= _REMEMBERED:
                self._found = {}
            found = self._found[key] = self._look_up(key)
            return found


class WordIndex:
    """Words with the numbers of the records that have them."""

    def __init__(
        self, holders: dict[str, frozenset[str]], stems: dict[str, frozenset[str]], spelling: Spelling
    ) -> None:
        self._holders = holders
        self._stems = stems
        self._spelling = spelling
        self._typos: Remembered[str, frozenset[str]] = Remembered(self._misspelt)

    @classmethod
    def of(cls, words: Iterable[tuple[str, Iterable[str]]]) -> WordIndex:
        """Make the index of (number, its words) of all records."""
        holders: defaultdict[str, list[str]] = defaultdict(list)
        for number, said in words:
            for word in said:
                holders[word].append(number)
        stems = _by_stem(holders)
        return cls(
            {word: frozenset(numbers) for word, numbers in holders.items()},
            {key: frozenset(alike) for key, alike in stems.items()},
            Spelling(holders),
        )

    def changed(self, gone: Mapping[str, Iterable[str]], come: Mapping[str, Iterable[str]]) -> WordIndex:
        """Return the index without the words of some records, by their numbers, and with those of others."""
        holders = dict(self._holders)
        for number, said in gone.items():
            for word in said:
                holders[word] = holders[word] - {number}
        for number, said in come.items():
            for word in said:
                holders[word] = holders.get(word, _NONE) | {number}
        touched = {word for said in (*gone.values(), *come.values()) for word in said}
        empty = {word for word in touched if not holders[word]}
        for word in empty:
            del holders[word]
        new = {word for word in touched - empty if word not in self._holders}
        if not (new or empty):
            return WordIndex(holders, self._stems, self._spelling)
        return WordIndex(holders, self._with_stems(empty, new), self._spelling.changed(empty, new))

    def _with_stems(self, gone: set[str], come: set[str]) -> dict[str, frozenset[str]]:
        stems, out, new = dict(self._stems), _by_stem(gone), _by_stem(come)
        for key in out.keys() | new.keys():
            stems[key] = (stems.get(key, _NONE) - out.get(key, set())) | new.get(key, set())
        return stems

    def known(self, word: str) -> frozenset[str]:
        """Return the words that `word` is: itself, or its other forms (`janes`, `photo`)."""
        if word in self._holders:
            return frozenset((word,))
        like = self._stems.get(stem(word), _NONE)
        return frozenset(known for known in like if word in forms_of(known) or known in forms_of(word))

    def near(self, word: str) -> frozenset[str]:
        """Return the words that `word` is likely to be a typing error of."""
        return self._typos[word]

    def _misspelt(self, word: str) -> frozenset[str]:
        return frozenset(self._spelling.near(word, strict=True))

    def holding(self, words: Iterable[str]) -> frozenset[str]:
        """Return the numbers of the records that have any of these words."""
        return _NONE.union(*(self._holders.get(word, _NONE) for word in words))


def _by_stem(words: Iterable[str]) -> dict[str, set[str]]:
    stems: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        stems[stem(word)].add(word)
    return stems
