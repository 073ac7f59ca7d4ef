"""Amounts that are corrected without their thousands: `54, not 52`, where 52,000 stands."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from bot.assistant.parser.money import amounts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.assistant.parser.clauses import Clause

_ALIKE: Final = 10  # what is more than so many times another was not said in its thousands
_NEAR: Final = 2  # and what is no further away may well have been
_SCALES: Final = (Decimal(1000), Decimal(1_000_000))


def in_scale(changes: dict[str, Any], arguments: Any, said: Clause) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return the changes with a new amount in the thousands in which the old one is denied.

    `said` is the whole message, in which the amount that stands is named as it is not to be.
    """
    new, old = changes.get("amount"), arguments.get("amount")
    if new is None or old is None:
        return changes
    said_as = Decimal(new)
    denied = {Decimal(value.value[0]) for value in amounts(said.tokens) if value.value is not None} - {said_as}
    denied = {amount for amount in denied if amount / _ALIKE < said_as < amount * _ALIKE}
    scale = next((scale for scale in _SCALES if Decimal(old) / scale in denied), None)
    return changes if scale is None else {**changes, "amount": f"{said_as * scale:f}"}


def is_cut_short(changes: Mapping[str, Any], arguments: Any) -> bool:  # noqa: ANN401 - JSON
    """Say whether an amount may lack its thousands: `make it 54`, where 52,000 stands."""
    if "amount" not in changes or "amount" not in arguments:
        return False
    new, old = Decimal(changes["amount"]), Decimal(arguments["amount"])
    whole = old % _SCALES[0] == 0 and new < _SCALES[0] and "." not in changes["amount"]
    return whole and old / _NEAR < new * _SCALES[0] < old * _NEAR
