"""What a message that asks for nothing says of an invoice all the same: whom it is about, how much, and until when.

Somebody looks at it before anything is made of it. So nothing is guessed: what could be two things is left out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from bot.assistant.parser.currencies import meant_by
from bot.assistant.parser.dates import dates
from bot.assistant.parser.money import amounts, percents
from skills.vocabulary import FUNCTION
from skills.words import tokenise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.values import Value
    from bot.assistant.understanding import Surroundings
    from skills.names import Catalog
    from skills.words import Token

_LONGEST: Final = 200
# A price of one of several is not what it comes to.
_EACH: Final = frozenset("at @ each per a an apiece hourly daily monthly".split())
_SHORTEST_NAME: Final = 3
# A word that is in so many names says nothing of which of them is meant.
_MOST_CALLED_SO: Final = 50


def clues(text: str, around: Surroundings) -> dict[str, Any]:
    """Return `opportunity`, `amount` (with `currency`) or `percent`, and `due` (ISO), as far as each is plain."""
    tokens = tokenise(text)[:_LONGEST]
    deal = _deal(text, tokens, around.catalog)
    named = around.catalog.by_number(deal) if deal else None
    own = (named.currency if named is not None else None) or around.currency
    found: dict[str, Any] = {"opportunity": deal} if deal else {}
    return found | _sum(tokens, own, around.currency) | _due(tokens, around)


def _sum(tokens: Sequence[Token], own: str, workspace: str) -> dict[str, str]:
    """Return the only sum of money that is named with its currency, or else the only percentage."""
    priced = [value for value in amounts(tokens) if value.value is not None and value.value[1]]
    # `A$500` is read as `$500` as well.
    sums = [value for value in priced if not any(o.start < value.start < o.end for o in priced)]
    said = {value.value for value in sums}
    if any(tokens[place].word in _EACH for value in sums for place in _beside(value, tokens)):
        return {}
    if said:
        (amount, sign), *others = said
        currency = meant_by(sign, own, workspace)
        if others or currency is None:
            return {}
        return {"amount": amount} | ({"currency": currency} if currency != own else {})
    shares = {value.value for value in percents(tokens)}
    share = next(iter(shares), None)
    return {"percent": share} if len(shares) == 1 and share is not None else {}


def _beside(value: Value, tokens: Sequence[Token]) -> list[int]:
    return [place for place in (value.start - 1, value.end) if 0 <= place < len(tokens)]


def _due(tokens: Sequence[Token], around: Surroundings) -> dict[str, str]:
    days = {value.value for value in dates(tokens, around.today)}
    day = next(iter(days), None)
    return {"due": day.isoformat()} if len(days) == 1 and day is not None and day >= around.today else {}


def _deal(text: str, tokens: Sequence[Token], catalog: Catalog) -> str | None:
    """Return the deal that most of the words name: two of them, or one that is a name of its client's."""
    votes: Counter[str] = Counter()
    clients: set[str] = set()
    for word, capital in {token.word: text[token.start].isupper() for token in tokens}.items():
        if len(word) < _SHORTEST_NAME or word in FUNCTION:
            continue
        called = catalog.holding(catalog.known(word))
        if len(called) <= _MOST_CALLED_SO:
            votes.update(number for number in called if number.startswith("OPP-"))
            clients |= {number for number in called if number.startswith("CON-")} if capital else set()
    (best, most), (_, second) = [*votes.most_common(2), ("", 0), ("", 0)][:2]
    named = catalog.by_number(best) if most > second else None
    return best if named is not None and (most > 1 or named.contact in clients) else None
