"""Which currency was meant: a bare dollar is the workspace's, and what the record has anyway is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.assistant.parser.money import DOLLAR, KRONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.scene import Scene

_FAMILIES: Final = {
    DOLLAR: frozenset(
        "AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD NAD NZD SBD SGD SRD TTD TWD USD XCD".split(),
    ),
    KRONE: frozenset("NOK SEK DKK ISK CZK".split()),
}


def settle_currency(draft: Draft, scene: Scene) -> None:
    """Leave the currency out where it is the record's own; ask where a dollar could be that of two countries."""
    named = draft.arguments.pop("currency", None)
    if named is None:
        return
    own = own_of(draft.arguments, scene)
    meant = meant_by(named, own, scene.around.currency)
    takes_it = draft.book.skill.argument("currency") is not None
    if meant == own:
        return
    if meant is not None and takes_it:
        draft.put("currency", meant)
    else:
        draft.ask("currency" if takes_it else draft.takes("amount")[0].name)


def meant_by(named: str, own: str, workspace: str) -> str | None:
    """Return the currency that a code, a `$` or a `kr` means on a record of `own`, None where that has to be asked."""
    family = _FAMILIES.get(named)
    return named if family is None else _meant(family, own, workspace)


def _meant(family: frozenset[str], own: str, workspace: str) -> str | None:
    if own == workspace:
        return own if own in family else None
    if workspace in family:
        return None  # the record has another one: “$500” on a contract in kroner may be either
    return own if own in family else None


def own_of(arguments: Mapping[str, Any], scene: Scene) -> str:
    """Return the currency of the record that a call names, else the workspace's."""
    for value in arguments.values():
        entry = scene.around.catalog.by_number(value) if isinstance(value, str) else None
        if entry is not None and entry.currency is not None:
            return entry.currency
    return scene.around.currency
