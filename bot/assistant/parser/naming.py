"""Runs of words that stand in the names of records: `the bakery job`, `Jane Cooper`, `loyalty app`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from skills.names import ARTICLES, NOUNS
from skills.vocabulary import FILLERS, FUNCTION, MODIFIERS
from skills.words import parts_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.assistant.parser.clauses import Clause
    from skills.grammar import Grammar
    from skills.names import Catalog

_BESIDE: Final = (
    NOUNS["opportunity"]
    | NOUNS["contact"]
    | frozenset(
        """studio shop firm store office place lads boys girls gang bunch outfit business agency clinic practice
        restaurant cafe hotel fellow chap bloke dude gentleman man woman lot thing matter ones one shoot
        shooting rollout""".split()
    )
)
_INSIDE: Final = frozenset(("of", "the", "&", "and"))
_LEGAL: Final = frozenset("co ltd pty inc llc llp gmbh plc corp limited as sa ag bv".split())
_DETERMINERS: Final = frozenset("a an the this that these those my our your".split())
_EXCLUDING: Final = (
    *(("except", "for"), ("except",), ("excluding",), ("excepting",), ("besides",), ("minus",), ("bar",)),
    *(("but", "not"), ("apart", "from"), ("aside", "from"), ("other", "than"), ("rather", "than"), ("instead", "of")),
    *(("leaving", "out"), ("but",), ("not",)),
)
_BEING: Final = frozenset("is are was were has have had do does did".split())
_JOINING: Final = frozenset(("and", ",", "&", "plus"))


def excluding(words: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the words that leave out what follows them: `except`; “why is not Cedar …” leaves nobody out."""
    phrase = next((p for p in _EXCLUDING if words[len(words) - len(p) :] == p and words), None)
    return None if phrase == ("not",) and words[-2:-1] and words[-2] in _BEING else phrase


@dataclass(frozen=True, slots=True)
class Named:
    """A run of words that stand in names of the catalog; `joined` where an `and` is before it.

    One that is `excluded` says what is not meant: `everyone but Cedar`.
    """

    words: tuple[str, ...]
    places: frozenset[int]
    joined: bool = False
    excluded: bool = False


def is_unknown(clause: Clause, place: int, grammar: Grammar) -> bool:
    """Say whether nothing is known of a word: neither grammar nor the skills' vocabulary has it."""
    token = clause.tokens[place]
    return token.kind == "word" and token.word not in MODIFIERS and not _is_vocabulary(token.word, grammar)


def _is_vocabulary(word: str, grammar: Grammar) -> bool:
    return word in FUNCTION or word in FILLERS or word in ARTICLES or grammar.knows(word)


@dataclass(frozen=True, slots=True)
class NameFinder:
    """Finds the names in a clause, outside of the places that are `taken` by something else."""

    clause: Clause
    taken: Collection[int]
    grammar: Grammar
    catalog: Catalog

    def runs(self) -> Iterator[Named]:
        """Find the runs from left to right."""
        place, before = 0, None
        while place < len(self.clause.tokens):
            if place in self.taken or not self._is_name(place):
                place += 1
                continue
            run = self._excluding(self._run(place), before)
            yield run
            before = run
            place = max(run.places) + 1

    def _is_name(self, place: int) -> bool:
        """Say whether a word is surely part of a name: it is in one, and no word of the trade.

        A capital letter or a possessive makes a name of a word of the trade (`Bill`, `Mark`), but not where a
        sentence begins.
        """
        token = self.clause.tokens[place]
        if token.kind != "word" or token.word in _LEGAL:
            return False
        if not _is_vocabulary(token.word, self.grammar):
            return any(map(self._indexed, parts_of(token.word)))
        capital = self.clause.text[token.start].isupper() and place > self.clause.opening
        owns = self.clause.words[place + 1 : place + 2] == ("'s",)
        is_choice = token.word in self.grammar.choice_words
        return (capital or owns) and not is_choice and token.word in self.catalog.known(token.word)

    def _indexed(self, word: str) -> frozenset[str]:
        return self.catalog.known(word) or self.catalog.near(word)

    def _run(self, start: int) -> Named:
        """Grow a name from its first sure word over the words beside it that the same records have."""
        words, places = self._parts(start), {start}
        for step in (-1, 1):
            at = start + step
            while self._is_free(at):
                parts = [] if step > 0 and self.clause.words[at] in _INSIDE else self._parts(at)
                if parts and self._fit(at, parts, words):
                    words = parts + words if step < 0 else words + parts
                    places.update(range(min(at, *places), max(at, *places) + 1))
                elif parts or step < 0 or self.clause.words[at] not in _INSIDE:
                    break
                at += step
        places |= self._noun_beside(max(places) + 1)
        return Named(tuple(dict.fromkeys(words)), frozenset(places), self._is_joined(min(places)))

    def _excluding(self, run: Named, before: Named | None) -> Named:
        """Mark what is left out: after `except`, or joined to a name that is."""
        start = min(run.places)
        while start and self.clause.words[start - 1] in _DETERMINERS:
            start -= 1
        words = self.clause.words[:start]
        phrase = excluding(words)
        if phrase is not None:
            return replace(run, places=run.places | set(range(start - len(phrase), start)), excluded=True)
        return replace(run, excluded=run.joined and before is not None and before.excluded)

    def _is_free(self, place: int) -> bool:
        return 0 <= place < len(self.clause.tokens) and place not in self.taken

    def _noun_beside(self, place: int) -> set[int]:
        """Return the places of what the name is said to be: the `job` of `the bakery job`."""
        end = place
        while self._is_free(end) and self.clause.words[end] in _BESIDE:
            end += 1
        return set(range(place, end))

    def _is_joined(self, place: int) -> bool:
        before = [word for word in self.clause.words[:place] if word not in _DETERMINERS]
        return bool(before) and before[-1] in _JOINING

    def _parts(self, place: int) -> list[str]:
        """Return the parts of a word that are in names; of a hyphenated one, half of them have to be."""
        if self.clause.tokens[place].kind != "word":
            return []
        parts = parts_of(self.clause.words[place])
        known = [part for part in parts if self._indexed(part)]
        return known if 2 * len(known) >= len(parts) - 1 else []

    def _fit(self, place: int, parts: list[str], words: list[str]) -> bool:
        """Say whether a word belongs to the name: the same records have it, and it says nothing else."""
        word = self.clause.words[place]
        if word in self.grammar.choice_words or word in FILLERS or (word in FUNCTION and word in ARTICLES):
            return False
        return bool(self._holders([*words, *parts]))

    def _holders(self, words: list[str]) -> frozenset[str]:
        return frozenset.intersection(*(self.catalog.holding(self._indexed(word)) for word in words))
