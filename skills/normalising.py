"""Arguments as the catalogue writes them, so that two ways of saying one thing end as the same call.

Names become numbers, amounts get their currency's decimals, and what was left to its default is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from billing.errors import MissingArgument
from billing.money import exponent

if TYPE_CHECKING:
    from billing.workspaces import Workspace
    from skills.arguments import ArgumentType
    from skills.names import Catalog, Names
    from skills.spec import Argument, Skill

_NUMBER: Final = re.compile(r"[A-Za-z]{3}-\d+")
_QUOTED: Final = 80
_DECIMAL: Final = re.compile(r"\d{1,15}(\.\d+)?", re.ASCII)


def resolved(skill: Skill, arguments: Mapping[str, Any], catalog: Catalog) -> dict[str, Any]:
    """Return the arguments with each reference as a record's number.

    Raises MissingArgument, naming the argument and the candidates, where nothing or several things fit.
    """
    found = {name: value for name, value in arguments.items() if value is not None}
    for argument in skill.arguments:
        value = found.get(argument.name)
        if argument.type.record is not None and isinstance(value, str):
            found[argument.name] = _one(argument, argument.type.record, value, catalog)
        elif isinstance(value, Mapping):
            found[argument.name] = _parts_resolved(argument, value, catalog)
    return found


def _parts_resolved(argument: Argument, value: Mapping[str, Any], catalog: Catalog) -> dict[str, Any]:
    """Return an object with each reference in it as a record's number."""
    types = argument.type.parts
    return {
        name: _one(argument, types[name].record or "", part, catalog)
        if name in types and types[name].record and isinstance(part, str)
        else part
        for name, part in value.items()
        if part is not None
    }


def _one(argument: Argument, record: str, said: str, catalog: Catalog) -> str:
    exact = catalog.by_number(said.strip().upper())
    if exact is not None and exact.record == record:
        return exact.number
    fitting = [] if _NUMBER.fullmatch(said.strip()) else catalog.search(record, said)
    if len(fitting) == 1:
        return fitting[0].number
    options = tuple(entry.number for entry in fitting)
    raise MissingArgument(which(record, said, fitting), (argument.name,), options=options)


def which(record: str, said: str, fitting: Sequence[Names]) -> str:
    """Return the question that offers the candidates, or says that there is none."""
    if not fitting:
        said = said if len(said) <= _QUOTED else f"{said[:_QUOTED].rstrip()}…"
        return (
            f"I can't find an {record} for “{said}”."
            if record[0] in "aeiou"
            else f"I can't find a {record} for “{said}”."
        )
    shown = [
        # An invoice's label begins with its number.
        entry.label if entry.label.startswith(f"{entry.number} ") else f"{entry.number} ({entry.label})"
        for entry in fitting[:5]
    ]
    last = "another" if len(fitting) > len(shown) else shown.pop()
    if not shown:
        return f"Which {record} do you mean? There is {last}."
    return f"Which {record} do you mean: {', '.join(shown)} or {last}?"


def normalised(skill: Skill, arguments: Mapping[str, Any], catalog: Catalog, workspace: Workspace) -> dict[str, Any]:
    """Return the arguments in the catalogue's form. What cannot be normalised is left for validation to refuse."""
    own = _own_currency(arguments, catalog) or workspace.currency
    named = str(arguments.get("currency", "")).strip().upper()
    tidy: dict[str, Any] = {}
    for argument in skill.arguments:
        if argument.name not in arguments:
            continue
        value = _tidied(argument.type, arguments[argument.name], named or own)
        if value != _default(argument) and not (argument.type.name == "currency" and value == own):
            tidy[argument.name] = value
    # Anything the skill does not take stays, so that validation names it.
    return tidy | {name: value for name, value in arguments.items() if skill.argument(name) is None}


def _own_currency(arguments: Mapping[str, Any], catalog: Catalog) -> str | None:
    for name in ("invoice", "opportunity"):
        record = catalog.by_number(str(arguments.get(name, "")))
        if record is not None:
            return record.currency
    return None


def _default(argument: Argument) -> Any:  # noqa: ANN401 - as the signature says
    return getattr(argument.default, "value", argument.default)


def _tidied(type_: ArgumentType, value: Any, currency: str) -> Any:  # noqa: ANN401 - JSON in, JSON out
    if not type_.parts or not isinstance(value, Mapping):
        return _value(type_, value, currency)
    parts = type_.parts
    return {name: _value(parts[name], part, currency) if name in parts else part for name, part in value.items()}


def _value(type_: ArgumentType, value: Any, currency: str) -> Any:  # noqa: ANN401 - JSON in, JSON out
    plain = getattr(value, "value", value)
    match type_.name:
        case "amount" if isinstance(plain, str) and _DECIMAL.fullmatch(plain.strip()):
            return _decimals(plain.strip(), currency)
        case "currency" if isinstance(plain, str):
            return plain.strip().upper()
        case "percent" if isinstance(plain, str):
            return _trimmed(plain.strip().removesuffix("%"))
        case _ if type_.many and isinstance(plain, str):
            return [plain]
        case _:
            # Of all lists, only that of an invoice's lines holds objects.
            lines = plain if isinstance(plain, list) else []
            return [_line(line, currency) if isinstance(line, dict) else line for line in lines] or plain


def _line(line: dict[str, Any], currency: str) -> dict[str, Any]:
    """Return a line with the price in the currency's decimals, and without what is left to its default."""
    tidy = {name: value.strip() if isinstance(value, str) else value for name, value in line.items()}
    price, quantity = tidy.get("unit_price"), tidy.get("quantity")
    if isinstance(price, str) and _DECIMAL.fullmatch(price):
        tidy["unit_price"] = _decimals(price, currency)
    if isinstance(quantity, str):
        tidy["quantity"] = _trimmed(quantity)
    defaults = {"quantity": "1", "unit": ""}
    return {name: value for name, value in tidy.items() if value is not None and value != defaults.get(name)}


def _decimals(text: str, currency: str) -> str:
    """Return the amount with the currency's decimals, unless that would change it."""
    amount = Decimal(text)
    rounded = f"{amount:.{exponent(currency)}f}"
    return rounded if Decimal(rounded) == amount else text


def _trimmed(text: str) -> str:
    return f"{Decimal(text).normalize():f}" if _DECIMAL.fullmatch(text) else text
