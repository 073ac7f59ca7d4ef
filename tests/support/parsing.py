"""A small studio whose names the sentence parser reads against, and short ways to say something to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.assistant.parser import Parser
from bot.assistant.understanding import Memory, Surroundings, Understanding
from skills.names import Catalog, Names
from skills.registry import SKILLS

TODAY = date(2026, 3, 11)  # a Wednesday

_CLIENTS = {
    "CON-1": ("Maya Lindqvist", "Lindqvist Architects", "maya@lindqvist.example"),
    "CON-2": ("Bill Harper", "Harper & Sons Plumbing", "bill@harper.example"),
    "CON-3": ("Grace Okafor", "Northwind Coffee", "grace@northwind.example"),
    "CON-4": ("Chloé Dubois", "Atelier Dubois", "chloe@dubois.example"),
    "CON-5": ("Anna Berg", "", "anna.berg@mail.example"),
    "CON-6": ("Anna Petrova", "Petrova Ballet School", "anna@petrova.example"),
}
_DEALS = {
    "OPP-1": ("Lindqvist studio rebrand", "CON-1", "AUD"),
    "OPP-2": ("Harper van wraps", "CON-2", "AUD"),
    "OPP-3": ("Northwind loyalty app", "CON-3", "AUD"),
    "OPP-4": ("Northwind menu boards", "CON-3", "AUD"),
    "OPP-5": ("Dubois lookbook", "CON-4", "EUR"),
    "OPP-6": ("Berg wedding album", "CON-5", "AUD"),
    "OPP-7": ("Recital film", "CON-6", "AUD"),
}
_INVOICES = {
    "INV-2001": ("OPP-1", "deposit", "sent", "2026-03-20"),
    "INV-2002": ("OPP-3", "progress", "open", "2026-03-30"),
    "INV-2003": ("OPP-4", "standard", "paid", "2026-02-10"),
    "INV-2004": ("OPP-2", "deposit", "draft", "2026-04-02"),
    "INV-2005": ("OPP-5", "final", "sent", "2026-02-20"),
    "INV-2006": ("OPP-7", "deposit", "draft", "2026-03-28"),
    "INV-2007": ("OPP-6", "standard", "sent", "2026-03-15"),
}
_AUTOMATIONS = {
    "AUT-1": ("Receipt e-mail after payment", "active"),
    "AUT-2": ("Shout overdue invoices in #billing", "inactive"),
}


def a_catalog(*more: Names) -> Catalog:
    """Return the studio's names, and whatever else a test needs."""
    contacts = {number: _contact(number) for number in _CLIENTS}
    deals = {number: _deal(number, contacts) for number in _DEALS}
    invoices = [_invoice(number, deals) for number in _INVOICES]
    automations = [
        Names("automation", number, name, (name, number), status=status)
        for number, (name, status) in _AUTOMATIONS.items()
    ]
    return Catalog([*contacts.values(), *deals.values(), *invoices, *automations, *more])


def _contact(number: str) -> Names:
    name, company, email = _CLIENTS[number]
    words = tuple(word for word in (company, name, number) if word)
    return Names("contact", number, company or name, words, contact=number, email=email)


def _deal(number: str, contacts: dict[str, Names]) -> Names:
    name, client, currency = _DEALS[number]
    words = (name, number, *contacts[client].words[:-1])
    return Names(
        "opportunity", number, name, words, contact=client, opportunity=number, currency=currency, amount="1000.00"
    )


def _invoice(number: str, deals: dict[str, Names]) -> Names:
    deal, kind, status, due = _INVOICES[number]
    about = deals[deal]
    return Names(
        "invoice",
        number,
        f"{number} ({about.label})",
        (about.label, number, *about.words[2:]),
        contact=about.contact,
        opportunity=deal,
        kind=kind,
        status=status,
        currency=about.currency,
        amount="900.00",
        due=date.fromisoformat(due),
    )


def surroundings(**changes: Any) -> Surroundings:
    """Return the studio on a Wednesday, with Alex speaking."""
    fields: dict[str, Any] = {
        "today": TODAY,
        "timezone": "Australia/Brisbane",
        "currency": "AUD",
        "country": "AU",
        "member": "Alex",
        "members": ("Alex", "Sam"),
        "channels": ("#billing", "#ops"),
        "catalog": a_catalog(),
    }
    return Surroundings(**fields | changes)


FIRST_SKILLS = tuple(
    """connect_stripe disconnect_stripe connection_status set_notification_channel create_contact find_contacts
    create_opportunity update_opportunity list_opportunities create_invoice show_invoice list_invoices
    create_payment_link send_invoice sync_payment_status list_payments list_automations set_automation help""".split(),
)
PARSER = Parser(SKILLS)
SMALL_PARSER = Parser({name: SKILLS[name] for name in FIRST_SKILLS})


def understood(text: str, memory: Memory | None = None, parser: Parser = PARSER, **changes: Any) -> Understanding:
    """Return what the studio's parser makes of a message."""
    return parser.parse(text, memory or Memory(), surroundings(**changes))


def calls_of(understanding: Understanding) -> list[tuple[str, dict[str, Any]]]:
    """Return the calls as plain pairs, the arguments as they would go to the runner."""
    return [(call.skill, dict(call.arguments)) for call in understanding.calls]
