"""Typing errors: which known word somebody meant, and when it is safer to leave a word alone."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable

    _Shelves: TypeAlias = dict[tuple[str, int], list[str]]

_TOO_SHORT: Final = 4
_SHORT: Final = 5
_VOWELS: Final = str.maketrans(dict.fromkeys("aeiouy"))
_LONG: Final = 9


class Spelling:
    """Known words, looked up by what was typed instead of them.

    Words are kept by their first letter and length, so that a look-up compares with dozens, not thousands.
    """

    def __init__(self, words: Iterable[str], shelved: _Shelves | None = None) -> None:
        self._shelves = _shelved(words) if shelved is None else shelved

    def changed(self, gone: Iterable[str], come: Iterable[str]) -> Spelling:
        """Return the same without some words and with others; this one stays as it is."""
        out, new = _shelved(gone), _shelved(come)
        fresh = {
            place: sorted({*self._shelves.get(place, ())} - {*out.get(place, ())} | {*new.get(place, ())})
            for place in out.keys() | new.keys()
        }
        return Spelling((), self._shelves | fresh)

    def near(self, word: str, *, strict: bool = False) -> list[str]:
        """Return the known words that `word` is most likely a typing error of: the closest ones, or none.

        `strict` is for names: a short name that differs by another letter is somebody else's name, so only
        swapped and doubled letters are forgiven there.
        """
        if len(word) < _TOO_SHORT or not word.isalpha():
            return []
        reach = 2 if len(word) >= _LONG else 1
        found = [(OSA.distance(word, known, score_cutoff=reach), known) for known in self._candidates(word, reach)]
        close = [(d, known) for d, known in found if d <= reach and not (strict and _another_name(word, known))]
        best = min((d for d, _ in close), default=0)
        return [known for d, known in close if d == best]

    def _candidates(self, word: str, reach: int) -> list[str]:
        heads = {word[0], word[1]}  # swapped first letters are common; a wrong first letter is not
        lengths = range(len(word) - reach, len(word) + reach + 1)
        return [
            known
            for head in sorted(heads)
            for length in lengths
            for known in self._shelves.get((head, length), ())
            if head == word[0] or known[1] == word[0]
        ]


def _shelved(words: Iterable[str]) -> _Shelves:
    shelves: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for word in sorted({word for word in words if len(word) >= _TOO_SHORT and word.isalpha()}):
        shelves[word[0], len(word)].append(word)
    return dict(shelves)


def _another_name(typed: str, known: str) -> bool:
    """Say whether two similar short names are rather two names: Jana and Jane, Carl and Carla, Martin and Marvin."""
    if sorted(typed) == sorted(known) or _undoubled(typed) == _undoubled(known):
        return False
    if len(typed) == len(known) > _SHORT and _without_vowels(typed) == _without_vowels(known):
        return False  # Kestral for Kestrel
    return min(len(typed), len(known)) <= _SHORT or len(typed) == len(known) < _LONG - 1


def _without_vowels(word: str) -> str:
    return word.translate(_VOWELS)


def _undoubled(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))
