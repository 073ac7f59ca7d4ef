"""Sentences to start with: what the manifest offers, and what is offered when somebody opens the direct message."""

from __future__ import annotations

from typing import Final

Prompt = dict[str, str]

CONNECT: Final[Prompt] = {"title": "Connect Stripe", "message": "Connect Stripe"}
REMIND: Final[Prompt] = {"title": "Remind everyone who is overdue", "message": "Remind everyone who is overdue"}
PROMPTS: Final[tuple[Prompt, ...]] = (
    {"title": "Show unpaid invoices", "message": "Show unpaid invoices"},
    {"title": "What came in this month?", "message": "List the payments of this month"},
    {"title": "See the deals", "message": "List the opportunities"},
    {"title": "What can you do?", "message": "Help"},
)
MOST_PROMPTS: Final = 4


def prompts(*, connect: bool = False, remind: bool = False) -> list[Prompt]:
    """Return up to four sentences: first what is to be done, where there is something, then the usual ones."""
    urgent = [prompt for prompt, wanted in ((CONNECT, connect), (REMIND, remind)) if wanted]
    return [*urgent, *PROMPTS][:MOST_PROMPTS]
