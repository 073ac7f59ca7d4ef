"""Amounts and percentages: `$1.5k`, `NOK 5,000`, `2,000 Aussie dollars`, `a grand`, `thirty per cent`, `half`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from billing.errors import BadCurrency
from billing.money import currency_code
from bot.assistant.parser.dates import UNITS
from bot.assistant.parser.numbers import UNITS as SMALL
from bot.assistant.parser.numbers import Number, read_digit_pairs, read_number
from bot.assistant.parser.values import Value
from skills.idioms import Idioms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from skills.words import Token

DOLLAR: Final = "$"  # a dollar that nobody has said the country of
KRONE: Final = "kr"  # a Scandinavian crown, likewise
_SIGNS: Final = {"$": DOLLAR, "€": "EUR", "£": "GBP", "¥": "JPY", "￥": "JPY", "₹": "INR", "₩": "KRW", "₱": "PHP"}
_COUNTRY_SIGNS: Final = {
    "a": "AUD",
    "au": "AUD",
    "aud": "AUD",
    "us": "USD",
    "usd": "USD",
    "nz": "NZD",
    "nzd": "NZD",
    "c": "CAD",
    "ca": "CAD",
    "cad": "CAD",
    "s": "SGD",
    "hk": "HKD",
}
_NAMES: Final = {
    "dollar": DOLLAR,
    "dollars": DOLLAR,
    "buck": DOLLAR,
    "bucks": DOLLAR,
    "euro": "EUR",
    "euros": "EUR",
    "pound": "GBP",
    "pounds": "GBP",
    "quid": "GBP",
    "sterling": "GBP",
    "yen": "JPY",
    "rand": "ZAR",
    "rupees": "INR",
    "yuan": "CNY",
    "renminbi": "CNY",
    "zloty": "PLN",
    "kr": KRONE,
    "krone": KRONE,
    "kroner": KRONE,
    "kronor": KRONE,
    "kronas": KRONE,
    "crowns": KRONE,
}
_NATIONS: Final = {
    "aussie": {DOLLAR: "AUD"},
    "australian": {DOLLAR: "AUD"},
    "us": {DOLLAR: "USD"},
    "american": {DOLLAR: "USD"},
    "kiwi": {DOLLAR: "NZD"},
    "canadian": {DOLLAR: "CAD"},
    "singapore": {DOLLAR: "SGD"},
    "zealand": {DOLLAR: "NZD"},
    "norwegian": {KRONE: "NOK"},
    "swedish": {KRONE: "SEK"},
    "danish": {KRONE: "DKK"},
    "british": {"GBP": "GBP"},
    "japanese": {"JPY": "JPY"},
}
# Codes that are also everyday words: they count only next to a number, in capitals or not.
_PERCENT: Final = Idioms((("%",), ("percent",), ("per", "cent"), ("pct",), ("pc",), ("percentage",)))
_SHARES: Final = {
    ("half",): "50",
    ("a", "half"): "50",
    ("one", "half"): "50",
    ("a", "quarter"): "25",
    ("one", "quarter"): "25",
    ("three", "quarters"): "75",
    ("a", "third"): None,
    ("one", "third"): None,
    ("two", "thirds"): None,
}
_CENTS: Final = frozenset("cents cent pence penny p c ore".split())
_SHARE: Final = Idioms(sorted(_SHARES, key=len, reverse=True))
_WHOLES: Final = frozenset("value deal total price quote contract whole lot".split())
_FURTHER: Final = frozenset("more extra further additional".split())
_VAGUE: Final = Idioms.longest_first(
    """
    a lot of money
    a lot
    lots of money
    lots
    heaps
    some money
    a bit
    a few hundred
    a few dollars
    part of
    """.strip().splitlines()
)


def amounts(tokens: Sequence[Token]) -> Iterator[Value]:
    """Find amounts. `value` is (decimal string, currency or `$` or `kr` or None), None where it is unclear."""
    for place in range(len(tokens)):
        sign = _sign(tokens, place)
        found = _after_sign(tokens, place, *sign) if sign else _without_sign(tokens, place)
        if found is not None:
            yield found


def percents(tokens: Sequence[Token]) -> Iterator[Value]:
    """Find percentages; `value` is a decimal string, None for a share that is not a whole percentage."""
    for place in range(len(tokens)):
        number = read_number(tokens, place)
        end = _percent_end(tokens, number.end) if number else None
        if number is not None and end is not None:
            said = _plain(number.value) if number.value is not None else None
            yield Value("percent", said, place, _past_whole(tokens, end))
        share = _share(tokens, place)
        if share is not None:
            yield share


def currencies(tokens: Sequence[Token], *, of_any_country: bool = False) -> Iterator[Value]:
    """Find currencies that are named without an amount; `value` is a code.

    A dollar or a crown of no country is none, unless they are wanted too: they are `DOLLAR` and `KRONE` then.
    """
    for place in range(len(tokens)):
        currency, end = _named(tokens, place)
        if currency is not None and (of_any_country or currency not in {DOLLAR, KRONE}):
            yield Value("currency", currency, place, end)


def vague_amounts(tokens: Sequence[Token]) -> Iterator[Value]:
    """Find words that stand where an amount should: they ask for it."""
    for place in range(len(tokens)):
        words = _VAGUE.among(tokens, place)
        if words is not None:
            yield Value("amount", None, place, place + len(words), bare=True)


def _counts_time(tokens: Sequence[Token], end: int) -> bool:
    """Say whether a number is one of `two weeks` or `two more weeks`."""
    after = [token.word for token in tokens[end : end + 2]]
    return bool(after) and (after[0] in UNITS or (after[0] in _FURTHER and after[-1] in UNITS))


def _plain(value: Decimal) -> str:
    return f"{value:f}"


def _sign(tokens: Sequence[Token], place: int) -> tuple[str, int] | None:
    """Return the currency that is written before a number at `place`, and where the number starts."""
    token = tokens[place]
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if token.word in _SIGNS:
        return _SIGNS[token.word], place + 1
    if following is None:
        return None
    if following.word == DOLLAR and token.end == following.start and token.word in _COUNTRY_SIGNS:
        return _COUNTRY_SIGNS[token.word], place + 2
    if following.kind == "number" and _code(token.word):
        return currency_code(token.word), place + 1
    in_it, start = _named(tokens, place) if token.word == "in" else (None, place)
    return (in_it, start) if in_it is not None and start < len(tokens) and tokens[start].kind == "number" else None


def _code(word: str) -> bool:
    if len(word) != 3 or not word.isalpha() or word == "all":  # noqa: PLR2004 - ISO 4217; “all” is Albania's and a word
        return False
    try:
        currency_code(word)
    except BadCurrency:
        return False
    return True


def _after_sign(tokens: Sequence[Token], place: int, currency: str, start: int) -> Value | None:
    number = read_number(tokens, start) if start < len(tokens) else None
    if number is None:
        return None
    named, end = _named(tokens, number.end)
    if named is not None and currency == DOLLAR:
        currency = named
    return Value("amount", _amount(number, currency), place, end)


def _without_sign(tokens: Sequence[Token], place: int) -> Value | None:
    if place and (_sign(tokens, place - 1) or tokens[place - 1].word == DOLLAR):
        return None  # the number belongs to the sign before it
    number = read_number(tokens, place)
    if number is None or _percent_end(tokens, number.end) is not None:
        return None
    said = read_digit_pairs(tokens, place) if number.spoken else None
    if said is not None and said[1] > number.end and len(said[0]) in {3, 4} and tokens[place].word in SMALL:
        number = Number(Decimal(said[0]), said[1], spoken=True)  # “four fifty”
    currency, end = _named(tokens, number.end)
    if currency is None and tokens[place].word == "one" and number.end == place + 1:
        return None  # “the Fjord one”
    if currency is None and _counts_time(tokens, number.end):
        return None  # “two days”
    cents = _cents(tokens, end, spoken=number.spoken) if currency is not None else None
    if cents is not None and number.value is not None:
        number, end = Number(number.value + cents[0] / 100, number.end, spoken=number.spoken), cents[1]
    scaled = number.end > place and tokens[number.end - 1].word in {"k", "grand", "thousand", "million", "m"}
    return Value("amount", _amount(number, currency), place, end, bare=currency is None and not scaled)


def _cents(tokens: Sequence[Token], place: int, *, spoken: bool) -> tuple[Decimal, int] | None:
    """Read `and fifty cents` after a sum; where it was `spoken`, `fifty` alone: `two hundred dollars fifty`."""
    at = place + (place < len(tokens) and tokens[place].word == "and")
    number = read_number(tokens, at) if at < len(tokens) else None
    if number is None or number.value is None or number.value >= 100:  # noqa: PLR2004 - a hundred are the next whole
        return None
    following = tokens[number.end].word if number.end < len(tokens) else ""
    if following in _CENTS:
        return number.value, number.end + 1
    alone = spoken and number.spoken and number.value >= 10 and number.value == int(number.value)  # noqa: PLR2004 - two digits
    counts = following in UNITS or following in _NAMES or _percent_end(tokens, number.end) is not None
    return (number.value, number.end) if alone and not counts else None


def _amount(number: Number, currency: str | None) -> tuple[str, str | None] | None:
    return None if number.value is None else (_plain(number.value), currency)


def _named(tokens: Sequence[Token], place: int) -> tuple[str | None, int]:
    """Read `dollars`, `Aussie dollars`, `usd` after a number: the currency and the place after it."""
    word = tokens[place].word if place < len(tokens) else ""
    following = tokens[place + 1].word if place + 1 < len(tokens) else ""
    if word == "in" and (following in _NAMES or following in _NATIONS or _code(following)):
        return _named(tokens, place + 1)
    if word == "new" and following == "zealand":
        return _named(tokens, place + 1)
    if word in _NATIONS and following in _NAMES:
        plain = _NAMES[following]
        return _NATIONS[word].get(plain, plain), place + 2
    if word in _NAMES:
        return _NAMES[word], place + 1
    if _code(word):
        return currency_code(word), place + 1
    return (_SIGNS[word], place + 1) if word in _SIGNS else (None, place)


def _percent_end(tokens: Sequence[Token], place: int) -> int | None:
    words = _PERCENT.among(tokens, place)
    return None if words is None else place + len(words)


def _past_whole(tokens: Sequence[Token], place: int) -> int:
    """Return the place after `of the value`, which a percentage is of anyway."""
    words = tuple(token.word for token in tokens[place : place + 4])
    if words[:2] == ("of", "the") and words[2:3] and words[2] in _WHOLES and words[3:4] not in {("of",), ("for",)}:
        return place + 3 + (words[3:4] == ("value",))
    return place


def _share(tokens: Sequence[Token], place: int) -> Value | None:
    if place and tokens[place - 1].word in {"and", "a", "last", "this", "next", "the", "one"}:
        return None  # “three and a half”, “last quarter”
    words = _SHARE.among(tokens, place)
    end = place + len(words or ())
    following = tokens[end].word if end < len(tokens) else ""
    if words is None or following in {"grand", "million", "past"}:
        return None
    return Value("percent", _SHARES[words], place, _past_whole(tokens, end))
