"""Workspaces in the exchange format, for tests that need records to be there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

NOW: Final = datetime(2026, 3, 11, tzinfo=UTC)

SMALL: Final[dict[str, Any]] = {
    "workspace": {
        "name": "Lantern Row",
        "currency": "AUD",
        "country": "AU",
        "locale": "en_AU",
        "timezone": "Australia/Brisbane",
    },
    "members": [
        {"name": "Ada", "role": "admin", "slack_user_id": "U1"},
        {"name": "Eli", "role": "editor"},
        {"name": "Vi", "role": "viewer"},
    ],
    "channels": [{"name": "#billing", "slack_channel_id": "C1"}],
    "notifications": [{"event": "payment_succeeded", "channel": "#billing"}],
    "contacts": [
        {"number": "CON-1", "name": "Nora Quist", "company": "Quist Ferries", "email": "nora@quist.example"},
        {"number": "CON-2", "name": "Ben Ito"},
    ],
    "opportunities": [
        {"number": "OPP-1", "name": "Timetable poster", "contact": "CON-1", "amount": "8000.00", "stage": "proposal"},
        {"number": "OPP-2", "name": "Portrait", "contact": "CON-2", "currency": "JPY", "amount": "90000"},
    ],
    "invoices": [
        {"number": "INV-1", "opportunity": "OPP-1", "kind": "deposit", "amount": "2400.00", "due": "2026-02-10"},
        {
            "number": "INV-2",
            "opportunity": "OPP-1",
            "amount": "800.00",
            "due": "2026-03-31",
            "status": "sent",
            "payment_link": {"interval": "one_time"},
        },
        {"number": "INV-3", "opportunity": "OPP-2", "amount": "90000", "due": "2026-03-01", "status": "paid"},
    ],
    "automations": [
        {
            "number": "AUT-1",
            "name": "Tell the team",
            "active": True,
            "trigger": "payment_succeeded",
            "action": {"do": "post_message", "channel": "#billing"},
        },
        {
            "number": "AUT-2",
            "name": "Deposit paid moves the deal to won",
            "active": False,
            "trigger": "payment_succeeded",
            "where": {"kind": "deposit"},
            "action": {"do": "move_opportunity", "stage": "won"},
        },
    ],
    "products": [{"number": "PRD-1", "name": "Print", "amount": "40.00"}],
    "orders": [
        {
            "number": "ORD-1",
            "product": "PRD-1",
            "contact": "CON-2",
            "amount": "40.00",
            "stage": "new",
            "created": "2026-03-09",
        },
    ],
}
