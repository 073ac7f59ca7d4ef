"""What is set about news beside the channels of its events, in an exchange document.

An import sets a digest anew: an hour that had passed by then is not made up for.
"""

# Pydantic reads every annotation here at run time.
# ruff: noqa: TC001

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from billing.news import DealRoute, NewsSettings
from bot.exchange.entry import Entry
from bot.exchange.forms import OpportunityNumber
from skills.arguments import Channel

if TYPE_CHECKING:
    from datetime import datetime

    from billing.ports import Transaction


class DigestEntry(Entry):
    """Where how the business stands is posted every day, and at which hour where the business is."""

    channel: Channel
    hour: Annotated[int, Field(strict=True, ge=0, le=23)]


class DealChannelEntry(Entry):
    """A deal whose news goes to a channel of its own."""

    opportunity: OpportunityNumber
    channel: Channel


class NewsEntry(Entry):
    """Who is asked for a person (`#help` or `@Sam`; left out: all admins), the digest, and the deals' own channels."""

    people: Annotated[str, Field(pattern=r"^(#[^\s#@,<>|]{1,80}|@.+)$")] | None = None
    digest: DigestEntry | None = None
    deals: tuple[DealChannelEntry, ...] = ()


def store_news(tx: Transaction, entry: NewsEntry, now: datetime) -> None:
    """Store what the entry sets; its opportunities are on record."""
    digest = entry.digest
    tx.news.save_settings(
        NewsSettings(
            workspace_id=tx.workspace_id,
            people=entry.people,
            digest_channel=digest.channel if digest else None,
            digest_hour=digest.hour if digest else None,
            digest_set_at=now if digest else None,
        ),
    )
    for deal in entry.deals:
        tx.news.set_deal_route(DealRoute(tx.workspace_id, deal.opportunity, deal.channel))


def dump_news(tx: Transaction) -> NewsEntry | None:
    """Return what is set as an entry; None where nothing is."""
    settings = tx.news.settings()
    digest = None
    if settings.digest_channel is not None and settings.digest_hour is not None:
        digest = DigestEntry(channel=settings.digest_channel, hour=settings.digest_hour)
    deals = tuple(DealChannelEntry(opportunity=one.opportunity, channel=one.channel) for one in tx.news.deal_routes())
    entry = NewsEntry(people=settings.people, digest=digest, deals=deals)
    return None if entry == NewsEntry() else entry
