"""Changes that are said as a difference: `knock 200 off it`, `raise 1004 by 10%`, `add 500 to the deposit`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from billing.money import parse_amount
from skills.spec import Effect

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.scene import Scene
    from bot.assistant.parser.values import Value
    from skills.names import Names

_UP: Final = frozenset("raise increase bump up lift hike put push add".split())
_DOWN: Final = frozenset(
    "reduce lower cut drop decrease knock take shave slash bring discount trim deduct subtract".split()
)
_ONTO: Final = frozenset(("to", "onto", "on"))


def difference(clause: Clause, value: Value) -> int:
    """Return 1 where a value is to be added to what there is, -1 where it is to be taken off, else 0."""
    words = clause.words
    verb = words[clause.opening] if clause.opening < len(words) else ""
    before = "".join(words[value.start - 1 : value.start])
    after = "".join(words[value.end : value.end + 1])
    if before == "by":
        return 1 if verb in _UP else -1 if verb in _DOWN else 0
    if verb in _DOWN and after in {"off", "from"}:
        return -1
    if verb == "add" and after in _ONTO:
        return 1
    return {"more": 1, "extra": 1, "less": -1, "cheaper": -1}.get(after, 0)


def takes_difference(draft: Draft) -> bool:
    """Say whether the skill changes what a record's amount is now."""
    return draft.book.makes is None and draft.book.skill.effect is Effect.WRITE and bool(draft.takes("amount"))


def is_difference(draft: Draft) -> bool:
    """Say whether some amount or share is one."""
    return any(difference(draft.clause, value) for value in draft.seen.values if value.type in {"amount", "percent"})


def changed_amount(draft: Draft, scene: Scene) -> None:
    """Put what a record's amount becomes; ask for it where that cannot be told."""
    for argument in draft.takes("amount") if takes_difference(draft) else ():
        for value in draft.seen.values:
            sign = difference(draft.clause, value) if value.type in {"amount", "percent"} else 0
            if sign:
                draft.arguments.pop(argument.name, None)
                new = _moved(value, sign, _record(draft, scene), scene)
                if new is None:
                    draft.ask(argument.name, value.places)
                else:
                    draft.put(argument.name, new, {*value.places, value.start - 1, value.end})


def _record(draft: Draft, scene: Scene) -> Names | None:
    entries = [
        scene.around.catalog.by_number(str(draft.arguments.get(a.name))) for a in draft.fillable if a.type.record
    ]
    return next((entry for entry in entries if entry is not None and entry.amount), None)


def _moved(value: Value, sign: int, record: Names | None, scene: Scene) -> str | None:
    if record is None or record.amount is None or value.value is None:
        return None
    currency = record.currency or scene.around.currency
    now = parse_amount(record.amount, currency)
    if value.type == "percent":
        step = now.percent(Decimal(value.value))
    elif value.value[1] in {None, "$", currency}:
        step = parse_amount(value.value[0], currency)
    else:
        return None
    moved = now + step if sign > 0 else now - step
    return str(moved) if moved.amount > 0 else None
