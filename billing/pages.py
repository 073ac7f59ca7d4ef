"""The pages that the people of the business open from the chat, and what lets them in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from billing.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Page(StrEnum):
    """The pages that a ticket can open."""

    PAYMENTS = "payments"
    REPORT = "report"

    @property
    def role(self) -> Role:
        """Who may see it."""
        return {Page.PAYMENTS: Role.VIEWER, Page.REPORT: Role.VIEWER}[self]


@dataclass(frozen=True, slots=True)
class PageTicket:
    """A ticket, and the session that it became once it has a `session_hash`; dead from `expires_at` on.

    `query` is what the page is to show at first, as its address says it.
    """

    workspace_id: str
    token_hash: str
    member: str
    page: Page
    expires_at: datetime
    query: Mapping[str, str] = field(default_factory=dict)
    session_hash: str | None = None
