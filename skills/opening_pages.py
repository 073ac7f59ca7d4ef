"""From the chat to a page in the browser: the ticket to it, for the person who asked alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.page_tickets import TICKET_LIFETIME, page_ticket
from billing.pages import Page
from skills.cards import Button, Card, Tone
from skills.context import Context, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skills.arguments import Period

_NAMES: Final = {Page.PAYMENTS: "payment log", Page.REPORT: "billing report"}


def ticket_to(
    context: Context, page: Page, text: str, *, period: Period | None, asked: Mapping[str, str | None]
) -> Outcome:
    """Hand out a ticket to a page, which shows what was `asked` and the period at first; `text` says what is on it."""
    name = _NAMES[page]
    days = {"from": period.start.isoformat(), "to": period.end.isoformat()} if period else {}
    query = {field: value for field, value in asked.items() if value is not None} | days
    with context.transaction() as tx:
        token = page_ticket(tx, page, member=context.actor.member, now=context.now, query=query)
    url = context.links.page(token)
    title = name.capitalize()
    card = Card(
        title=title,
        summary=title,
        text=text,
        note=f"The link is for you alone and works once, for {TICKET_LIFETIME.seconds // 60} minutes.",
        buttons=(Button(f"Open the {name}", url=url, tone=Tone.GOOD),),
        private=True,
    )
    return Outcome(f"Open this link to see the {name}: {url}", {"url": url}, card)
