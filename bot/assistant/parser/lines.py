"""Things that are billed one by one: `3 days at 900 and travel 120`, `2.5 hours at 180 plus materials 340.50`.

They are lines where at least one of them has a quantity and a price; what stands beside it needs a text and an amount.
Two or more without quantities are lines where a list is announced: `: design 500, build 1500`, `for tiles 30, grout 4`.
So `Acme 500 and Delta 300`, `3 days from now` and `3 photos at 9 am` are none.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.money import amounts
from bot.assistant.parser.numbers import read_number
from bot.assistant.parser.values import Value
from skills.names import ARTICLES, NOUNS
from skills.vocabulary import FILLERS, FUNCTION, RELATED
from skills.words import fold, stem, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.scene import Scene
    from skills.words import Token

_AT: Final = frozenset(("at", "@", "x", "times", "×"))
_BY: Final = _AT - {"at"}
_MARKS: Final = " :;,–—-"
_JOINS: Final = frozenset(("and", "plus", ",", "+", "&", ";"))
_ANNOUNCE: Final = frozenset((":", "for", "-", "–", "lines", "items"))
_HEADING: Final = frozenset((":", "with", "the", "following", "these", "line", "lines", "items"))
_UNITS: Final = {
    "hour": "h",
    "hours": "h",
    "hr": "h",
    "hrs": "h",
    "h": "h",
    "day": "day",
    "days": "day",
    "week": "week",
    "weeks": "week",
    "month": "month",
    "months": "month",
    "km": "km",
    "kilometres": "km",
    "kilometers": "km",
}
_SPANS: Final = frozenset("in after within every next last past over than by".split())
_CLOCK: Final = frozenset(("am", "pm", ":", "o'clock", "oclock", "%", "percent"))
_RECORDS: Final = frozenset(noun for nouns in NOUNS.values() for noun in nouns)
_PER: Final = frozenset(("each", "apiece"))
_LONGEST: Final = 5


@dataclass(frozen=True, slots=True)
class _Item:
    """A line in a sentence. `currency` is what its price names."""

    text: str
    price: str
    start: int
    end: int
    quantity: str = "1"
    unit: str = ""
    currency: str | None = None

    @property
    def said(self) -> dict[str, str]:
        """The line as the catalogue writes it."""
        line = {"text": self.text, "quantity": self.quantity, "unit": self.unit, "unit_price": self.price}
        defaults = {"quantity": "1", "unit": ""}
        return {name: value for name, value in line.items() if value != defaults.get(name)}


@dataclass(slots=True)
class LineFinder:
    """Finds the lines of a clause: one run of them, since an invoice has one list.

    `listed` says that the clause is a row of a list written as such: whatever is not a price names what is billed.
    """

    clause: Clause
    scene: Scene
    listed: bool = False
    prices: dict[int, Value] = field(default_factory=dict)

    def find(self) -> Value | None:
        """Return the lines as one value of (lines, currency), or None where there are none."""
        self.prices = {value.start: value for value in amounts(self.clause.tokens) if value.value is not None}
        for place in range(len(self.clause.tokens)):
            first = self._counted(place)
            if first is not None:
                return _as_value([*self._before(first), first, *self._after(first.end)])
        lists = (self._announced(place) for place in range(1, len(self.clause.tokens))) if len(self.prices) > 1 else ()
        return next((_as_value(items) for items in lists if len(items) > 1), None)

    def _announced(self, place: int) -> list[_Item]:
        """Return the lines of a list without quantities that something announces right before a place."""
        if self.clause.words[place - 1] not in _ANNOUNCE or self.clause.words[place] in _JOINS:
            return []
        items: list[_Item] = []
        head = self._head(place)
        while item := self._unnamed(place, among=bool(items)):
            items.append(item)
            place = self._past_joins(item.end)
            if place == item.end:
                break
        return [replace(item, start=min(item.start, head)) for item in items[:1]] + items[1:]

    def _head(self, place: int) -> int:
        """Return where `with two lines:` begins before a list; the place itself where nothing like it is said."""
        start = place
        while start and (self.clause.words[start - 1] in _HEADING or read_number(self.clause.tokens, start - 1)):
            start -= 1
        return start if {"lines", "items"} & {*self.clause.words[start:place]} else place

    def _unnamed(self, start: int, *, among: bool) -> _Item | None:
        """Read `design 500` or `500 for design`, where the thing is no client and no kind of invoice.

        `among` others, what can be made is one as well: `design 500, build 1500`.
        """
        item = self._plain(start, made=among) or self._priced_first(start) or self._price_before(start)
        words = words_of(item.text) if item else []
        if any(word in self.scene.grammar.kinds for word in words):
            return None
        return item if words and not self.scene.around.catalog.narrowed("contact", words) else None

    def whole(self) -> tuple[dict[str, str], str | None] | None:
        """Return the one line that the whole clause is, with the currency its price names; None where it is none."""
        self.prices = {value.start: value for value in amounts(self.clause.tokens) if value.value is not None}
        end = len(self.clause.tokens)
        for place in range(end):
            item = self._counted(place)
            if item is not None and item.end == end:
                named = self.clause.said(0, place).strip(_MARKS)
                item = replace(item, text=named) if named else item
                return item.said, item.currency
        item = next((item for item in map(self._at_the_end, self.prices) if item is not None), None)
        return (item.said, item.currency) if item is not None else None

    def _at_the_end(self, start: int) -> _Item | None:
        """Read `travel to the coast 120`: one of it, at the price that the row ends with."""
        text = self.clause.said(0, start).strip(_MARKS)
        item = self._item(text, self.prices[start], 0)
        counted = _BY.intersection(self.clause.words[:start])
        return item if text and item.end == len(self.clause.tokens) and not counted else None

    def _after(self, place: int) -> Iterator[_Item]:
        """Find the lines that go on, each after an `and`."""
        while (start := self._past_joins(place)) > place:
            item = self._counted(start) or self._plain(start) or self._priced_first(start)
            if item is None:
                return
            yield item
            place = item.end

    def _before(self, first: _Item) -> list[_Item]:
        """Return the line before the first counted one: `for travel 120 and 3 days at 900`."""
        words = self.clause.words
        if not first.start or words[first.start - 1] not in _JOINS:
            return []
        for start in range(first.start - 2, max(0, first.start - _LONGEST - 3), -1):
            item = self._plain(start) if words[start - 1 : start] in {("for",), (":",), ("with",)} else None
            if item is not None and self._past_joins(item.end) == first.start:
                return [item]
        return []

    def _past_joins(self, place: int) -> int:
        while place < len(self.clause.words) and self.clause.words[place] in _JOINS:
            place += 1
        return place

    def _counted(self, place: int) -> _Item | None:
        """Read `3 days at 900`, `2.5 hours of design at $180`, `12 prints @ 25 each`."""
        words = self.clause.words
        if place and (words[place - 1] in _SPANS or self.clause.tokens[place - 1].word == "$"):
            return None
        number = read_number(self.clause.tokens, place) if place < len(words) else None
        if number is None or number.value is None or number.value <= 0:
            return None
        reach = len(words) if self.listed else number.end + _LONGEST
        at = next((p for p in range(number.end + 1, reach) if words[p : p + 1] and words[p] in _AT), 0)
        price = self.prices.get(at + 1) if at else None
        if price is None or not self._is_text(range(number.end, at), named=True) or not self._is_price(price):
            return None
        text, unit = self._counted_thing(number.end, at)
        return self._item(text, price, place, quantity=f"{number.value.normalize():f}", unit=unit)

    def _is_price(self, price: Value) -> bool:
        return self.clause.words[price.end : price.end + 1] not in {(word,) for word in _CLOCK}

    def _counted_thing(self, start: int, at: int) -> tuple[str, str]:
        """Return the text and the unit of what is counted: a span of time is a unit, a thing is its own text."""
        unit = _UNITS.get(self.clause.words[start], "")
        of_it = start + 2 if self.clause.words[start + 1 : start + 2] in {("of",), ("on",)} else start + 1
        text = self.clause.said(of_it, at) if unit and of_it < at else self.clause.said(start, at)
        return text[:1].upper() + text[1:], unit

    def _plain(self, start: int, *, made: bool = False) -> _Item | None:
        """Read `travel 120`, `materials for 340.50`; a `made` thing may be called by a verb of making."""
        for end in range(start + 1, start + _LONGEST):
            price = self.prices.get(end) or (self.prices.get(end + 1) if self._joins_price(end) else None)
            if price is not None and self._is_text(range(start, end), made=made) and self._is_price(price):
                text = self.clause.said(start, end)
                return self._item(text[:1].upper() + text[1:], price, start)
        return None

    def _joins_price(self, place: int) -> bool:
        return self.clause.words[place : place + 1] in {("for",), ("at",), (":",), ("-",)}

    def _priced_first(self, start: int) -> _Item | None:
        """Read `120 for travel`, where what follows is nobody's name."""
        price = self.prices.get(start)
        if price is None or self.clause.words[price.end : price.end + 1] not in {("for",), ("of",)}:
            return None
        end = price.end + 1
        while end < len(self.clause.words) and self._is_free_word(end):
            end += 1
        places = range(price.end + 1, end)
        if not self._is_text(places):
            return None
        text = self.clause.said(price.end + 1, end)
        amount, currency = price.value
        return _Item(text[:1].upper() + text[1:], amount, start, end, currency=currency)

    def _price_before(self, start: int) -> _Item | None:
        """Read `500 design` in a list that a colon announces, up to what joins it to the next."""
        price, words = self.prices.get(start), self.clause.words
        if price is None or ":" not in words[:start]:
            return None
        end = price.end
        while end < len(words) and words[end] not in _JOINS and not self.clause.tokens[end].is_mark:
            end += 1
        places = range(price.end, end)
        timed = any(not value.places.isdisjoint(places) for value in self.scene.values(self.clause))
        told = any(words[place] in FILLERS for place in places)  # “500 now, 300 in May” are no two things
        if not 0 < len(places) < _LONGEST or timed or told or not self._is_text(places, made=True):
            return None
        text = self.clause.said(price.end, end)
        amount, currency = price.value
        return _Item(text[:1].upper() + text[1:], amount, start, end, currency=currency)

    def _item(self, text: str, price: Value, start: int, *, quantity: str = "1", unit: str = "") -> _Item:
        amount, currency = price.value
        return _Item(text, amount, start, self._past_rate(price.end), quantity, unit, currency)

    def _past_rate(self, place: int) -> int:
        """Return the place after `each`, `a day`, `per hour`, which only say again what the price is of."""
        words = self.clause.words
        if words[place : place + 1] and words[place] in _PER:
            return place + 1
        again = words[place : place + 1] in {("a",), ("an",), ("per",), ("/",)} and words[place + 1 : place + 2]
        return place + 2 if again and (words[place + 1] in _UNITS or words[place] in {"per", "/"}) else place

    def _is_text(self, places: range, *, named: bool = False, made: bool = False) -> bool:
        """Say whether words name a thing and not a record, nor what is to be done.

        `named` lets them be in names, `made` lets them begin with a verb of making.
        """
        tokens = [self.clause.tokens[place] for place in places]
        if self.listed:
            return bool(tokens)
        if not tokens or any(token.kind != "word" or token.word in _RECORDS for token in tokens):
            return False
        if not named and any(self._is_name(token) for token in tokens):
            return False
        # As it was written: the speller takes a `delivery` for a form of what can be done.
        first = fold(self.clause.text[tokens[0].start : tokens[0].end])
        verbs = self.scene.grammar.plain_verbs - (RELATED[stem("make")] if made else frozenset())
        return first not in ARTICLES | FUNCTION and first not in verbs

    def _is_name(self, token: Token) -> bool:
        return self.clause.text[token.start].isupper() and bool(self.scene.around.catalog.known(token.word))

    def _is_free_word(self, place: int) -> bool:
        """Say whether a word is in no record's name and no word of the trade."""
        token = self.clause.tokens[place]
        if token.kind != "word" or token.word in FUNCTION or self.scene.grammar.knows(token.word):
            return False
        return not self.scene.around.catalog.known(token.word)


def _as_value(items: list[_Item]) -> Value | None:
    currencies = {item.currency for item in items if item.currency is not None}
    if len(currencies) > 1:
        return None  # no invoice is in two currencies
    lines = [item.said for item in items]
    return Value("lines", (lines, next(iter(currencies), None)), items[0].start, items[-1].end)
