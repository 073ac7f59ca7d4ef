"""What somebody types into one field of a form, where nothing else can be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.assistant.parser.currencies import meant_by
from bot.assistant.parser.money import amounts, percents
from skills.words import tokenise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.assistant.parser.values import Value


def sum_in(text: str, own: str, workspace: str) -> dict[str, str] | None:
    """Return `500`, `USD 1,200` or `30%` as arguments (`amount` and `currency`, or `percent`), None for anything else.

    `own` is the currency of the record that it is about, `workspace` the business's.
    """
    tokens = tokenise(text)
    percent = _whole(percents(tokens), len(tokens))
    if percent is not None:
        return {"percent": percent.value}
    amount = _whole(amounts(tokens), len(tokens))
    if amount is None:
        return None
    value, named = amount.value
    currency = meant_by(named, own, workspace) if named else own
    if currency is None:
        return None
    return {"amount": value} | ({"currency": currency} if currency != own else {})


def _whole(values: Iterable[Value], length: int) -> Value | None:
    whole = (value for value in values if value.value is not None and (value.start, value.end) == (0, length))
    return next(whole, None)
