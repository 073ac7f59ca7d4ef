"""What a document's fields say of each other: every number is used once, and every record that is named is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from bot.exchange.refusal import DocumentRefused

if TYPE_CHECKING:
    from bot.exchange.automation_entries import AutomationEntry
    from bot.exchange.document import Document
    from bot.exchange.news import NewsEntry
    from bot.exchange.refusal import Path

# A place in the document and what it says there.
Places: TypeAlias = Iterable[tuple["Path", str | None]]

# Who can be asked for a person.
_ASKED = "members and channels"


def check(document: Document) -> None:
    """Raise DocumentRefused for the first thing that is there twice, or that names a record which is not there."""
    for places in _unique_fields(document):
        _refuse_repeats(places)
    known = _known(document)
    for path, value in _references(document):
        section = _section(str(path[-1]))
        if value is not None and value not in known[section]:
            raise DocumentRefused(path, f"{value} is not among the {section}.")


def _section(field: str) -> str:
    named = {
        "contact": "contacts",
        "payer": "contacts",
        "replaces": "invoices",
        "replaced_by": "invoices",
        "people": _ASKED,
    }
    return named.get(field) or f"{field}s".replace("opportunitys", "opportunities")


def _known(document: Document) -> dict[str, frozenset[str]]:
    channels = frozenset(entry.name for entry in document.channels)
    return {
        "contacts": frozenset(entry.number for entry in document.contacts),
        "opportunities": frozenset(entry.number for entry in document.opportunities),
        "invoices": frozenset(entry.number for entry in document.invoices),
        "products": frozenset(entry.number for entry in document.products),
        "channels": channels,
        _ASKED: channels | {f"@{entry.name}" for entry in document.members},
    }


def _fields(section: str, entries: Iterable[object], *names: str) -> Iterator[tuple[Path, str | None]]:
    for position, entry in enumerate(entries):
        for name in names:
            yield (section, position, name), getattr(entry, name)


def _references(document: Document) -> Iterator[tuple[Path, str | None]]:
    yield from _fields("notifications", document.notifications, "channel")
    yield from _fields("opportunities", document.opportunities, "contact")
    yield from _fields("contacts", document.contacts, "payer")
    yield from _fields("invoices", document.invoices, "opportunity", "contact", "replaces", "replaced_by")
    yield from _fields("credit_notes", document.credit_notes, "invoice")
    yield from _fields("payments", document.payments or (), "invoice", "contact")
    yield from _fields("orders", document.orders, "product", "contact")
    for position, automation in enumerate(document.automations):
        yield from _of_automation(("automations", position), automation)
    if document.news is not None:
        yield from _of_news(document.news)


def _of_news(news: NewsEntry) -> Iterator[tuple[Path, str | None]]:
    yield ("news", "people"), news.people
    if news.digest is not None:
        yield ("news", "digest", "channel"), news.digest.channel
    for position, deal in enumerate(news.deals):
        for name in ("opportunity", "channel"):
            yield ("news", "deals", position, name), getattr(deal, name)


def _of_automation(place: Path, automation: AutomationEntry) -> Iterator[tuple[Path, str | None]]:
    for name in ("contact", "opportunity"):
        yield (*place, "where", name), getattr(automation.where, name)
    for position, action in enumerate(automation.actions):
        yield (*place, "actions", position, "channel"), getattr(action, "channel", None)
    yield (*place, "action", "channel"), getattr(automation.action, "channel", None)
    for position, run in enumerate(automation.runs):
        yield (*place, "runs", position, "invoice"), run.invoice


def _unique_fields(document: Document) -> Iterator[Places]:
    for section in ("contacts", "opportunities", "invoices", "credit_notes", "automations", "products", "orders"):
        yield _fields(section, getattr(document, section), "number")
    yield _fields("members", document.members, "name")
    yield _fields("members", document.members, "slack_user_id")
    yield _fields("channels", document.channels, "name")
    yield _fields("notifications", document.notifications, "event")
    if document.news is not None:
        yield (
            (("news", "deals", position, "opportunity"), entry.opportunity)
            for position, entry in enumerate(document.news.deals)
        )
    yield _fields("contacts", document.contacts, "portal_token")
    yield _fields("invoices", document.invoices, "pay_token")
    yield _document_numbers(document)
    yield (
        (("payments", position, "stripe_object_id"), f"{entry.stripe_account_id} {entry.stripe_object_id}".strip())
        for position, entry in enumerate(document.payments or ())
    )


def _document_numbers(document: Document) -> Places:
    yield from _fields("invoices", document.invoices, "document_number")
    yield from _fields("credit_notes", document.credit_notes, "document_number")


def _refuse_repeats(places: Places) -> None:
    seen: set[str] = set()
    for path, value in places:
        if value is None:
            continue
        if value.casefold() in seen:
            raise DocumentRefused(path, f"{value} is there twice.")
        seen.add(value.casefold())
