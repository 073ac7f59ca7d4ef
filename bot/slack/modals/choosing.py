"""Records to choose from while somebody types: by the beginnings of their names' words, then by likeness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

from billing.opportunities import Stage
from bot.slack.modals.fields import option
from skills.words import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from billing.contacts import Contact
    from billing.opportunities import Opportunity
    from billing.ports import Transaction
    from bot.slack.elements import Element

_MOST_OPTIONS: Final = 100
# Below it, one word of a name is no likely typing error of what was typed.
_LIKE: Final = 75


@dataclass(frozen=True, slots=True)
class _Choice:
    """What is chosen, how it is shown, and what else it is found by."""

    value: str
    label: str
    also: str = ""

    @property
    def words(self) -> list[str]:
        return fold(f"{self.label} {self.also}").split()


def choices(tx: Transaction, record: str, typed: str) -> list[Element]:
    """Return up to a hundred options of a kind of record for what was typed so far, the likeliest first."""
    offered = _OFFERED[record](tx)
    return [option(choice.label, choice.value) for choice in _fitting(offered, typed)[:_MOST_OPTIONS]]


def chosen(tx: Transaction, record: str, value: str) -> Element | None:
    """Return the option of that value; None where there is none (any more)."""
    found = next((choice for choice in _OFFERED[record](tx) if choice.value == value), None)
    return option(found.label, value) if found is not None else None


def _fitting(offered: Sequence[_Choice], typed: str) -> list[_Choice]:
    wanted = fold(typed).split()
    begun = [choice for choice in offered if _begins(wanted, choice.words)]
    if begun or not wanted:
        return begun
    names = [" ".join(choice.words) for choice in offered]
    like = process.extract(fold(typed), names, scorer=fuzz.partial_ratio, score_cutoff=_LIKE, limit=_MOST_OPTIONS)
    return [offered[place] for _, _, place in like]


def _begins(wanted: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in wanted)


def _opportunities(tx: Transaction) -> list[_Choice]:
    clients = {contact.number: contact for contact in tx.contacts.list()}
    newest_first = sorted(tx.opportunities.list(), key=lambda deal: deal.created_at, reverse=True)
    deals = sorted(newest_first, key=lambda deal: deal.stage is Stage.LOST)
    return [_opportunity(deal, clients.get(deal.contact or "")) for deal in deals]


def _opportunity(deal: Opportunity, client: Contact | None) -> _Choice:
    if client is None:
        return _Choice(deal.number, f"{deal.name} · {deal.number}")
    return _Choice(deal.number, f"{deal.name} · {client.label} · {deal.number}", client.name)


def _contacts(tx: Transaction) -> list[_Choice]:
    return [_Choice(one.number, f"{one.label} · {one.number}", one.name) for one in tx.contacts.list()]


def _members(tx: Transaction) -> list[_Choice]:
    """Return the colleagues who can be given something: not those who have left, or are guests by now."""
    here = [member for member in tx.people.members() if not member.away]
    return [_Choice(f"@{member.name}", f"{member.name} · {member.role.value}") for member in here]


_OFFERED: Final[dict[str, Callable[[Transaction], list[_Choice]]]] = {
    "opportunity": _opportunities,
    "contact": _contacts,
    "member": _members,
}
