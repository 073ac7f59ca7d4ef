"""Lines of the payment log with what stands beside them: whose they are, and where they are seen at Stripe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from skills.cards import Row
from skills.presenting import movement, movement_tone, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing.payments import Payment
    from billing.ports import Formats, Gateways, Transaction


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line; `client` is the client's name, `url` where the people of the business see it at Stripe: "" for none."""

    payment: Payment
    client: str
    url: str

    @property
    def mode(self) -> str:
        """Whether the money is real: `live`, `test`, or "" for money that Stripe never saw."""
        if not self.payment.stripe_account_id:
            return ""
        return "live" if self.payment.livemode else "test"


def log_lines(tx: Transaction, gateways: Gateways, payments: Iterable[Payment]) -> list[LogLine]:
    """Return the payments as lines, in their order."""
    connection = tx.connections.active()
    names: dict[str, str] = {}
    lines = []
    for payment in payments:
        if payment.contact is not None and payment.contact not in names:
            names[payment.contact] = tx.contacts.get(payment.contact).label
        client = names[payment.contact] if payment.contact is not None else ""
        lines.append(LogLine(payment, client, gateways.dashboard_url(payment, connection)))
    return lines


def log_row(line: LogLine, formats: Formats) -> Row:
    """Return a line of the log with all that is known of it."""
    payment = line.payment
    booked = (
        f"fee {formats.money(payment.fee)}, net {formats.money(payment.net)}" if payment.fee and payment.net else ""
    )
    known = (payment.invoice, line.client or payment.payer, *details(payment), booked, payment.stripe_id, line.mode)
    return Row(
        title=movement(payment),
        value=formats.money(payment.money),
        detail=" · ".join([formats.moment(payment.occurred_at), *filter(None, known)]),
        tone=movement_tone(payment),
        url=line.url,
    )


def details(payment: Payment) -> list[str]:
    """Return how and why the money moved or did not, as people write it, as far as that is known."""
    return [word for word in (plain(payment.method or ""), plain(payment.reason), payment.failure_message) if word]
