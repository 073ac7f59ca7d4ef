"""The public addresses of this installation, made from its base URL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing.contacts import Contact
    from billing.invoices import Invoice


@dataclass(frozen=True, slots=True)
class PublicAddresses:
    """Implements `billing.ports.Links`. `base_url` has no slash at its end."""

    base_url: str

    def pay(self, invoice: Invoice) -> str:
        """Return the address that always leads to the invoice's live payment link."""
        return f"{self.base_url}/pay/{invoice.token}"

    def portal(self, contact: Contact) -> str:
        """Return the client's portal."""
        return f"{self.base_url}/portal/{contact.portal_token}"

    def connect(self, token: str) -> str:
        """Return the page that starts connecting Stripe."""
        return f"{self.base_url}/stripe/connect?token={token}"

    def connect_callback(self) -> str:
        """Return the redirect address that is registered at Stripe."""
        return f"{self.base_url}/stripe/callback"
