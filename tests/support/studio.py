"""A small studio in a real database: three clients, three deals, an admin, an editor and a viewer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from billing.contacts import Contact
from billing.conversations import Actor, SkillCall
from billing.invoices import Invoice
from billing.money import Money
from billing.opportunities import Opportunity, Stage
from billing.payments import Payment, PaymentStatus, PaymentType, Settlement
from billing.portals import PortalLink, digest
from billing.ports import Store
from billing.queues import OutboxKind, OutboxMessage
from billing.roles import Role
from billing.workspaces import Channel, Member, StripeConnection, Workspace
from bot.addresses import PublicAddresses
from bot.formats import WorkspaceFormats
from skills.context import Context, Outcome, Services
from skills.registry import SKILLS
from skills.runner import Ran, Runner
from storage import memory_store
from tests.support.gateway import FakeGateways

NOW = datetime(2026, 3, 11, 0, 0, tzinfo=UTC)


@dataclass
class Studio:
    """The workspace, and the ways in which tests use it. Time stands still until a test moves it."""

    store: Store
    now: datetime = NOW
    stripe: FakeGateways = field(default_factory=FakeGateways)
    id: str = "ws_studio"
    said: int = 0

    def clock(self) -> datetime:
        return self.now

    def context(self, role: Role = Role.ADMIN, *, key: str | None = None, front: str = "terminal") -> Context:
        self.said += 1
        with self.store.transaction(self.id) as tx:
            workspace = tx.people.workspace()
        return Context(
            actor=Actor(self.id, role.value.capitalize(), role, front),
            workspace=workspace,
            conversation="c1",
            key=key or f"said:{self.said}",
            services=Services(self.store, self.stripe, PublicAddresses("https://evie.example"), self.clock),
            formats=WorkspaceFormats(workspace, self.clock),
        )

    def run(self, skill: str, role: Role = Role.ADMIN, /, **arguments: Any) -> Ran:
        """Send one call through the runner, confirmed."""
        return Runner(SKILLS).run(self.context(role), SkillCall(skill, arguments), confirmed=True)

    def done(self, skill: str, /, **arguments: Any) -> Outcome:
        """Send one call through the runner and expect it to be done."""
        ran = self.run(skill, **arguments)
        assert ran.outcome is not None, ran
        return ran.outcome

    def invoice(self, number: str) -> Invoice:
        with self.store.transaction(self.id) as tx:
            return tx.invoices.get(number)

    def opportunity(self, number: str) -> Opportunity:
        with self.store.transaction(self.id) as tx:
            return tx.opportunities.get(number)

    def payments(self, number: str) -> list[Payment]:
        with self.store.transaction(self.id) as tx:
            return tx.payments.of_invoice(number)

    def connect(self) -> None:
        with self.store.transaction(self.id) as tx:
            tx.connections.add(
                StripeConnection(
                    workspace_id=self.id,
                    stripe_account_id="acct_studio",
                    livemode=False,
                    direct=False,
                    connected_at=self.now,
                    connected_by="Admin",
                    business_name="Studio Pty Ltd",
                ),
            )

    def outbox(self, kind: OutboxKind | None = None) -> list[OutboxMessage]:
        """Return what waits to leave now, and lets it leave."""
        found = []
        while (claim := self.store.claim_outbox(lease_seconds=60)) is not None:
            found.append(claim.row)
            self.store.finish(claim)
        return [message for message in found if kind in {None, message.kind}]

    def settlement(self, invoice: str, minor: int, **changes: Any) -> Settlement:
        fields: dict[str, Any] = {
            "stripe_account_id": "acct_studio",
            "stripe_object_id": "pi_1",
            "livemode": False,
            "type": PaymentType.CHARGE,
            "status": PaymentStatus.SUCCEEDED,
            "money": Money(minor, "AUD"),
            "occurred_at": self.now,
            "workspace_id": self.id,
            "invoice": invoice,
            "payer": "Tess Blue",
        }
        return Settlement(**fields | changes)


def furnish(studio: Studio) -> None:
    """Put the studio's people, clients and deals into its database."""
    studio.store.directory.add_workspace(
        Workspace(studio.id, "Lantern Studio", "AUD", "AU", "en_AU", "Australia/Brisbane", studio.now),
    )
    clients = [
        ("Tess Blue", "Bluebird Cafe", "tess@bluebird.example"),
        ("Ned Ash", None, None),
        ("Ida Elm", "Elm AS", "ida@elm.example"),
    ]
    deals = [
        ("Bluebird shop sign", "CON-1", "AUD", 10_000_00, Stage.PROPOSAL),
        ("Ash portrait", "CON-2", "AUD", None, Stage.LEAD),
        ("Elm brochure", "CON-3", "NOK", 15_000_00, Stage.WON),
    ]
    with studio.store.transaction(studio.id) as tx:
        for role in Role:
            tx.people.save_member(Member(studio.id, role.value.capitalize(), role))
        tx.people.save_channel(Channel(studio.id, "#billing"))
        for position, (name, company, email) in enumerate(clients, start=1):
            tx.contacts.add(
                Contact(studio.id, f"CON-{position}", name, studio.now, company, email),
            )
            tx.portals.add(PortalLink(studio.id, digest(f"portal-{position}"), f"CON-{position}", studio.now))
        for position, (name, contact, currency, value, stage) in enumerate(deals, start=1):
            money = Money(value, currency) if value else None
            tx.opportunities.add(
                Opportunity(studio.id, f"OPP-{position}", name, contact, currency, money, stage, studio.now),
            )


@pytest.fixture
def studio() -> Iterator[Studio]:
    """A furnished studio in an in-memory database of its own."""
    holder: list[Studio] = []
    store = memory_store(lambda: holder[0].now)
    holder.append(Studio(store))
    furnish(holder[0])
    yield holder[0]
    store.close()
