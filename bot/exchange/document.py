"""The exchange format as a whole: the sections of a workspace, and what is said where one is wrong."""

# Pydantic reads every annotation here at run time.
# ruff: noqa: TC001

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from billing.automations import ActionKind
from bot.exchange.automation_entries import AutomationEntry
from bot.exchange.entries import (
    ChannelEntry,
    ContactEntry,
    InvoiceEntry,
    MemberEntry,
    NotificationEntry,
    OpportunityEntry,
    OrderEntry,
    ProductEntry,
    WorkspaceEntry,
)
from bot.exchange.entry import Entry
from bot.exchange.money_entries import PaymentEntry
from bot.exchange.news import NewsEntry
from bot.exchange.paper_entries import BusinessEntry, CreditNoteEntry
from bot.exchange.refusal import DocumentRefused
from bot.exchange.reminders import RemindersEntry

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class Document(Entry):
    """A workspace with everything in it. `payments` left out: paid invoices get their line of the log."""

    workspace: WorkspaceEntry
    business: BusinessEntry = BusinessEntry()
    members: tuple[MemberEntry, ...] = ()
    channels: tuple[ChannelEntry, ...] = ()
    notifications: tuple[NotificationEntry, ...] = ()
    contacts: tuple[ContactEntry, ...] = ()
    opportunities: tuple[OpportunityEntry, ...] = ()
    invoices: tuple[InvoiceEntry, ...] = ()
    credit_notes: tuple[CreditNoteEntry, ...] = ()
    automations: tuple[AutomationEntry, ...] = ()
    payments: tuple[PaymentEntry, ...] | None = None
    products: tuple[ProductEntry, ...] = ()
    orders: tuple[OrderEntry, ...] = ()
    reminders: RemindersEntry | None = None
    news: NewsEntry | None = None

    @staticmethod
    def read(data: object) -> Document:
        """Return the document that parsed JSON is; raises DocumentRefused for the first field that is wrong."""
        try:
            return Document.model_validate(data)
        except ValidationError as error:
            problem = error.errors(include_url=False)[0]
            raise DocumentRefused(_path(problem["loc"]), _reason(problem)) from None


# Pydantic puts the chosen member of a union into the path of a problem; people know nothing of it.
_ACTIONS: Final = frozenset(ActionKind)
_REASONS: Final = {
    "missing": "is missing.",
    "extra_forbidden": "is not a field that I know.",
    "model_type": "has to be an object.",
    "tuple_type": "has to be a list.",
    "string_type": "has to be text in quotation marks.",
    "bool_type": "has to be true or false.",
    "int_type": "has to be a whole number.",
    "string_pattern_mismatch": "is not of the form that this field has.",
}


def _path(location: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return tuple(step for step in location if step not in _ACTIONS)


def _reason(problem: ErrorDetails) -> str:
    kind, message = problem["type"], problem["msg"]
    if kind == "too_long":
        given = problem["ctx"]
        return f"has {given['actual_length']} entries, and at most {given['max_length']} are taken."
    plain = message.removeprefix("Value error, ").replace("Input should be", "has to be").rstrip(".")
    return _REASONS.get(kind, f"{plain}.")
