"""The public addresses of this installation, made from its base URL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing.invoices import Invoice


@dataclass(frozen=True, slots=True)
class PublicAddresses:
    """Implements `billing.ports.Links`. `base_url` has no slash at its end."""

    base_url: str

    def pay(self, invoice: Invoice) -> str:
        """Return the address that always leads to the invoice's live payment link."""
        return f"{self.base_url}/pay/{invoice.token}"

    def pdf(self, invoice: Invoice) -> str:
        """Return the invoice as a file."""
        return f"{self.base_url}/invoices/{invoice.token}.pdf"

    def portal(self, token: str) -> str:
        """Return the client's portal; `token` is from `billing.portals.open_portal`."""
        return f"{self.base_url}/portal/{token}"

    def stop_reminders(self, token: str) -> str:
        """Return where the client of that portal says that reminders should stop."""
        return f"{self.base_url}/reminders/{token}/stop"

    def page(self, token: str) -> str:
        """Return where a ticket to a page is used."""
        return f"{self.base_url}/open/{token}"

    def connect(self, token: str) -> str:
        """Return the page that starts connecting Stripe."""
        return f"{self.base_url}/stripe/connect?token={token}"

    def connect_callback(self) -> str:
        """Return the redirect address that is registered at Stripe."""
        return f"{self.base_url}/stripe/callback"
