"""The web pages of the studio: the real application over its database, with a Stripe that is set by the test."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from billing.connecting import StripeConnecting, open_ticket
from billing.invoices import Invoice
from billing.linking import keep_live
from billing.money import Money, zero
from billing.queues import InboxEvent
from bot.addresses import PublicAddresses
from bot.formats import WorkspaceFormats
from bot.receiving import Reception
from bot.web.app import create_app
from bot.web.site import Site
from integrations.sandbox.mailbox import LocalMailbox
from integrations.stripe_events import BadEvent, BadSignature, verify
from skills.context import Services
from tests.support.records import an_invoice
from tests.support.studio import Studio

BASE_URL: Final = "https://evie.example"
SECRET: Final = "whsec_test"


@dataclass
class StudioSite:
    """The studio's pages. `changes` are fields of the Site that a test sets before the first request."""

    studio: Studio
    mailbox: LocalMailbox
    nudges: int = 0
    changes: dict[str, Any] = field(default_factory=dict)

    def site(self) -> Site:
        links = PublicAddresses(BASE_URL)
        studio = self.studio
        made = Site(
            services=Services(studio.store, studio.stripe, links, studio.clock),
            formats_for=lambda workspace: WorkspaceFormats(workspace, studio.clock),
            settings_base_url=BASE_URL,
            webhook_secrets=(SECRET,),
            verify=verify,
            bad_event=(BadSignature, BadEvent),
            receive=Reception(studio.store).receive,
            nudge=self._nudge,
            make_link_live=self._make_link_live,
            connect=StripeConnecting(studio.store, studio.stripe, links, studio.clock),
            mailbox=self.mailbox,
        )
        return replace(made, **self.changes)

    def app(self) -> Starlette:
        return create_app(self.site())

    def client(self) -> TestClient:
        return TestClient(self.app(), base_url=BASE_URL, raise_server_exceptions=False, follow_redirects=False)

    def add(self, number: str, **changes: Any) -> Invoice:
        """Put an invoice of Bluebird's into the database; its pay token is `pay-` and its number in small letters."""
        fields = {
            "workspace_id": self.studio.id,
            "number": number,
            "paid": zero(changes["total"].currency if "total" in changes else "AUD"),
            "token": f"pay-{number.lower()}",
            "due_on": date(2026, 3, 25),
            "created_at": self.studio.now,
        }
        with self.studio.store.transaction(self.studio.id) as tx:
            return tx.invoices.add(an_invoice(**fields | changes))

    def ticket(self) -> str:
        with self.studio.store.transaction(self.studio.id) as tx:
            return open_ticket(tx, member="Admin", conversation="c1", now=self.studio.now)

    def inbox(self) -> list[InboxEvent]:
        """Return the events that wait to be handled now, and take them."""
        found = []
        while (claim := self.studio.store.claim_inbox(lease_seconds=60)) is not None:
            found.append(claim.row)
            self.studio.store.finish(claim)
        return found

    def event(self, **changes: Any) -> bytes:
        fields = {
            "id": "evt_1",
            "type": "checkout.session.completed",
            "account": "acct_studio",
            "livemode": False,
            "created": int(self.studio.now.timestamp()),
            "data": {"object": {"id": "cs_1", "object": "checkout.session"}},
        }
        return json.dumps(fields | changes).encode()

    def signature(self, body: bytes, *, secret: str = SECRET, age: int = 0) -> dict[str, str]:
        """Return the header that Stripe would send with that body."""
        stated = str(int(self.studio.now.timestamp()) - age)
        digest = hmac.new(secret.encode(), stated.encode() + b"." + body, sha256).hexdigest()
        return {"stripe-signature": f"t={stated},v1={digest}"}

    def _nudge(self) -> None:
        self.nudges += 1

    def _make_link_live(self, workspace_id: str, number: str, part: Money | None = None) -> str:
        studio = self.studio
        live = keep_live(
            lambda: studio.store.transaction(workspace_id),
            studio.stripe,
            number,
            request_key=f"pay:{number}:{part}",
            now=studio.now,
            part=part,
        )
        return live.link.url or ""


@pytest.fixture
def studio_site(studio: Studio, tmp_path: Path) -> StudioSite:
    """The pages of a studio that is connected to Stripe."""
    studio.connect()
    return StudioSite(studio, LocalMailbox(tmp_path / "mail"))
