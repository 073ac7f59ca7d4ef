"""Sentences to start with: what the manifest offers, and what is offered when somebody opens the direct message."""

from __future__ import annotations

from typing import Final

Prompt = dict[str, str]

CONNECT: Final[Prompt] = {"title": "Connect Stripe", "message": "Connect Stripe"}
PROMPTS: Final[tuple[Prompt, ...]] = (
    {"title": "Show unpaid invoices", "message": "Show unpaid invoices"},
    {"title": "What came in this month?", "message": "List the payments of this month"},
    {"title": "See the open deals", "message": "List the opportunities"},
    {"title": "What can you do?", "message": "Help"},
)
MOST_PROMPTS: Final = 4


def prompts(*, stripe_connected: bool) -> list[Prompt]:
    """Return up to four sentences; without a Stripe account, connecting one comes first."""
    offered = PROMPTS if stripe_connected else (CONNECT, *PROMPTS)
    return list(offered[:MOST_PROMPTS])
