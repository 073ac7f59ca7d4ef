"""The public addresses of this installation, made from its base URL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing.invoices import Invoice


# What a sealed text is, so that nothing else that was sealed with the same keys passes for a chart.
CHART: Final = "chart:"


@dataclass(frozen=True, slots=True)
class PublicAddresses:
    """Implements `billing.ports.Links`. `base_url` has no slash at its end.

    `seal` encrypts what is shown to whoever has the address; None where nobody else can reach this installation.
    """

    base_url: str
    seal: Callable[[str], str] | None = None

    def pay(self, invoice: Invoice) -> str:
        """Return the address that always leads to the invoice's live payment link."""
        return f"{self.base_url}/pay/{invoice.token}"

    def pdf(self, invoice: Invoice) -> str:
        """Return the invoice as a file."""
        return f"{self.base_url}/invoices/{invoice.token}.pdf"

    def portal(self, token: str) -> str:
        """Return the client's portal; `token` is from `billing.sharing.open_portal`."""
        return f"{self.base_url}/portal/{token}"

    def stop_reminders(self, token: str) -> str:
        """Return where the client of that portal says that reminders should stop."""
        return f"{self.base_url}/reminders/{token}/stop"

    def page(self, token: str) -> str:
        """Return where a ticket to a page is used."""
        return f"{self.base_url}/open/{token}"

    def chart(self, drawn: str) -> str:
        """Return an address that shows a picture of the chart for some weeks, or ""."""
        return f"{self.base_url}/charts/{self.seal(CHART + drawn)}.png" if self.seal else ""

    def connect(self, token: str) -> str:
        """Return the page that starts connecting Stripe."""
        return f"{self.base_url}/stripe/connect?token={token}"

    def connect_callback(self) -> str:
        """Return the redirect address that is registered at Stripe."""
        return f"{self.base_url}/stripe/callback"
