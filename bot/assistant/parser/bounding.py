"""How much of a clause a skill can explain at most: one that cannot explain enough need not be filled.

It follows the filling and the explaining from afar, and always in favour of the skill: what some argument may take
counts as taken, what may stand aside as standing aside. `tests/bot/assistant/parser/test_bounds.py` holds it to that.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.explaining import ASIDE, LOOSE, VALUE, known
from bot.assistant.parser.newcomers import set_off
from bot.assistant.parser.standing import may_be_plain, may_stand_aside
from bot.assistant.parser.strangers import strangers
from bot.assistant.parser.texts import first_start, free_texts
from skills.cues import UNMARKING
from skills.grammar import FAINT
from skills.names import PREFIXES
from skills.vocabulary import FUNCTION
from skills.words import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.assistant.parser.scene import Scene
    from bot.assistant.parser.seeing import Seen
    from bot.assistant.parser.values import Value
    from skills.phrasebook import Phrasebook

_RECORD: Final = "record"
_SUMS: Final = frozenset(("amount", "percent"))
_TAKES: Final = {
    **dict.fromkeys((*PREFIXES, "email", "text"), frozenset((_RECORD,))),
    "invoice": frozenset((_RECORD, "kind", "status")),
    "amount": frozenset(("percent", "vague")),
    "date": frozenset(("period", "shift")),
    "period": frozenset(("date",)),
    "method": frozenset(("date", "period")),
}
_BELONGING: Final = frozenset(("", "of", "for", "from", "to"))
_BESIDE: Final = 2  # so far beside a name it may reach where something else is taken


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of weight, and by which types it may be taken.

    `lead` is the word before it where it may be the name of somebody whom nobody knows. It stands `aside` in any
    reading, or `plain` at most in one that is anchored.
    """

    place: int
    word: str
    weight: float
    takers: frozenset[str]
    lead: str | None
    aside: bool
    plain: bool


class Bounds:
    """The words of weight of a clause, and what may be done with each."""

    def __init__(self, seen: Seen, scene: Scene) -> None:
        self._seen, self._scene, self._clause = seen, scene, seen.clause
        self._found = seen.mentions(frozenset())

    def share(self, book: Phrasebook, *, anchored: bool) -> float:
        """Return the share of the clause that a skill explains at most; `anchored` where more may stand aside."""
        takers, text = _takers(book.types), self._text(book)
        told, lost = self._faint + VALUE * sum(map(self._seen.may_fill, book.skill.arguments)), 0.0
        for word in self._words:
            explains = known(word.word, book)
            weight = ASIDE if word.aside or (anchored and word.plain) else word.weight
            told += word.weight * explains
            if explains < 1 and not self._takes(book, word, takers, text):
                lost += weight * (1 - explains)
        lost += LOOSE * sum(end <= text and kinds.isdisjoint(takers) for kinds, end in self._claims)
        return told / (told + lost) if told else 0.0

    def _text(self, book: Phrasebook) -> int:
        """Return the first place where a free text may begin, that of the end where none may."""
        starts = [first_start(self._clause, argument, book) for argument in free_texts(book)]
        return min(starts + ([self._set_off] if book.takes("name") else []), default=len(self._clause.tokens))

    @cached_property
    def _set_off(self) -> int:
        return set_off(self._clause)

    @staticmethod
    def _takes(book: Phrasebook, word: _Word, takers: frozenset[str], text: int) -> bool:
        if word.place >= text or not word.takers.isdisjoint(takers):
            return True
        return word.lead is not None and _RECORD in takers and word.lead in book.leading | _BELONGING

    @cached_property
    def _faint(self) -> float:
        """What the words without weight say at most."""
        tokens, weights = self._clause.tokens, self._seen.weights
        faint = (at for at in self._counted if weights[at] <= FAINT or self._is_label(at))
        return sum(weights[at] if tokens[at].word in FUNCTION else max(weights[at], ASIDE) for at in faint)

    @cached_property
    def _words(self) -> list[_Word]:
        weights = self._seen.weights
        return [self._word(at) for at in self._counted if weights[at] > FAINT and not self._is_label(at)]

    def _word(self, place: int) -> _Word:
        word, unknown = self._clause.words[place], place in self._found.unknown
        plain = may_be_plain(self._clause.tokens[place], self._scene.grammar)
        aside = plain and (place - 1 in self._near_names or may_stand_aside(place, self._clause))
        lead = self._lead(place) if unknown else None
        return _Word(place, word, self._seen.weights[place], frozenset(self._takers[place]), lead, aside, plain)

    def _lead(self, place: int) -> str:
        """Return the word that marks the unknown words at a place; none after a name, of which they may be a part."""
        words = self._clause.words
        while place - 1 in self._found.unknown:
            place -= 1
        if place - 1 in self._near_names:
            return ""
        before = (word for word in reversed(words[self._clause.opening : place]) if word not in UNMARKING)
        return next(before, "")

    @cached_property
    def _counted(self) -> list[int]:
        """The places that are explained or not."""
        tokens = enumerate(self._clause.tokens)
        return [at for at, one in tokens if at >= self._clause.opening and one.kind not in {"mark", "quote"}]

    def _is_label(self, place: int) -> bool:
        return self._clause.words[place + 1 : place + 2] == (":",)

    @cached_property
    def _claims(self) -> list[tuple[frozenset[str], int]]:
        """What counts against a skill that has no use for it: by which types it may be used, and where it ends."""
        runs = [run.places for run in self._found.named]
        runs += [value.places for value in self._seen.values if value.type != "member" or not value.bare]
        runs = [run for run in runs if run.isdisjoint(self._found.unknown)]
        quotes = (at for at, token in enumerate(self._clause.tokens) if token.kind == "quote" and token.word)
        claims = [(frozenset().union(*(self._takers[at] for at in run)), max(run) + 1) for run in runs]
        return claims + [(frozenset(("text", *self._takers[at])), at + 1) for at in quotes]

    @cached_property
    def _takers(self) -> defaultdict[int, set[str]]:
        """The types of what may take a word, by its place."""
        found: defaultdict[int, set[str]] = defaultdict(set)
        for place in self._near_names.union(*self._mentioned()):
            found[place].add(_RECORD)
        for places, _ in strangers(self._clause, self._found, self._scene.around.catalog):
            for place in places:
                found[place].add(_RECORD)
        for value in self._seen.values:
            for place in range(value.start - 1, value.end + 1):  # the words beside a sum may say how it changes
                if value.start <= place < value.end or value.type in _SUMS:
                    found[place].add(value.type if value.start <= place < value.end else "amount")
        for kind, values in self._kinds():
            for value in values:
                for place in value.places:
                    found[place].add(kind)
        return found

    def _mentioned(self) -> Iterator[Iterable[int]]:
        yield self._found.pronouns
        yield self._found.every
        yield from (entry.places for entry in self._found.numbered)

    def _kinds(self) -> Iterator[tuple[str, Iterable[Value]]]:
        yield "vague", self._seen.vague
        yield "shift", self._seen.shifts
        yield "lines", [self._seen.lines] if self._seen.lines is not None else ()
        for choice in self._scene.grammar.choosable:
            yield choice.type.name, self._seen.choices(choice)

    @cached_property
    def _near_names(self) -> frozenset[int]:
        """The places of names, of what stands between words that names have, and beside them."""
        known = self._scene.around.catalog.known
        indexed = [at for at, word in enumerate(self._clause.words) if any(map(known, parts_of(word)))]
        between = range(min(indexed), max(indexed) + 1) if indexed else ()
        beside = (range(min(run.places) - _BESIDE, max(run.places) + _BESIDE + 1) for run in self._found.named)
        return frozenset(between).union(*beside)


@lru_cache(maxsize=256)
def _takers(types: frozenset[str]) -> frozenset[str]:
    """Return the types of values that arguments of some types may take."""
    return types.union({"ending"}, *(_TAKES.get(name, ()) for name in types))
