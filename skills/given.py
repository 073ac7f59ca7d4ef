"""Records that are given by their numbers, as forms and buttons do: these alone are read, and not all names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from skills.names import Catalog, Names
from skills.naming import automation_names, contact_names, invoice_names, opportunity_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from billing.ports import Transaction
    from skills.spec import Skill

_NUMBER: Final = re.compile(r"[A-Z]{3}-\d+", re.ASCII)


def known(
    tx: Transaction, skill: Skill, arguments: Mapping[str, Any], every: Callable[[Transaction], Catalog]
) -> Catalog:
    """Return the names among which the arguments' records are looked up: `every` name unless all are given by number.

    To read one record takes less than to bring a large catalog up to date with what the call before it wrote.
    """
    found = [_given(tx, record, said) for record, said in _references(skill, arguments)]
    return every(tx) if None in found else Catalog(names for names in found if names is not None)


def _references(skill: Skill, arguments: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (kind of record, what was said of it) for each argument, or part of one, that names a record."""
    for argument in skill.arguments:
        value = arguments.get(argument.name)
        if argument.type.record is not None and isinstance(value, str):
            yield argument.type.record, value
        elif isinstance(value, Mapping):
            parts = argument.type.parts
            named = ((parts[name].record, part) for name, part in value.items() if name in parts)
            yield from ((record, part) for record, part in named if record is not None and isinstance(part, str))


def _given(tx: Transaction, record: str, said: str) -> Names | None:
    """Return the record of that number; None where it is not there, or is not given by a number."""
    number = said.strip().upper()
    if record not in _FINDERS or not _NUMBER.fullmatch(number):
        return None
    return _FINDERS[record](tx, number)


def _contact(tx: Transaction, number: str | None) -> Names | None:
    return next(map(contact_names, tx.names.contacts([number] if number else [])), None)


def _opportunity(tx: Transaction, number: str) -> Names | None:
    return next(
        (opportunity_names(deal, _contact(tx, deal.contact)) for deal in tx.names.opportunities([number])), None
    )


def _invoice(tx: Transaction, number: str) -> Names | None:
    found = next(iter(tx.names.invoices([number])), None)
    if found is None:
        return None
    return invoice_names(found, _contact(tx, found.contact), _opportunity(tx, found.opportunity))


def _automation(tx: Transaction, number: str) -> Names | None:
    found = tx.automations.find(number)
    return automation_names(found) if found is not None else None


_FINDERS: Final[dict[str, Callable[[Transaction, str], Names | None]]] = {
    "contact": _contact,
    "opportunity": _opportunity,
    "invoice": _invoice,
    "automation": _automation,
}
