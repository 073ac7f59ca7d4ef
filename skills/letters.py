"""What became of the mails about an invoice, as lines of its card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.deliveries import DeliveryState
from billing.mail import MailTemplate
from skills.cards import Row, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing.deliveries import Delivery
    from billing.ports import Formats

_WHAT = {
    MailTemplate.INVOICE: "Invoice",
    MailTemplate.RESEND: "Invoice, once more",
    MailTemplate.REMINDER: "Reminder",
    MailTemplate.NOTE: "Message",
    MailTemplate.RECEIPT: "Receipt",
    MailTemplate.REFUND: "Word of a refund",
}
_TONES = {
    DeliveryState.SENT: Tone.GOOD,
    DeliveryState.REFUSED: Tone.BAD,
    DeliveryState.UNCERTAIN: Tone.WARNING,
}


def delivery_rows(mails: Iterable[Delivery], formats: Formats) -> tuple[Row, ...]:
    """Return a line for each mail: what it is, to whom, how it ended and when, and the server's reason."""
    return tuple(_row(mail, formats) for mail in mails)


def _row(mail: Delivery, formats: Formats) -> Row:
    copies = f", copy to {' and '.join(mail.cc)}" if mail.cc else ""
    parts = (" and ".join(mail.to) + copies, mail.reason)
    return Row(
        title=f"{_WHAT[mail.template]} by e-mail",
        value=_outcome(mail, formats),
        detail=" · ".join(part for part in parts if part),
        tone=_TONES.get(mail.state, Tone.NEUTRAL),
    )


def _outcome(mail: Delivery, formats: Formats) -> str:
    at = formats.moment(mail.at)
    match mail.state:
        case DeliveryState.SENT:
            return f"sent {at}"
        case DeliveryState.REFUSED:
            return f"refused {at}"
        case DeliveryState.UNCERTAIN:
            return f"not certain, {at}"
        case DeliveryState.DROPPED:
            return "not sent"
        case _ if mail.leaves_at is not None:
            return f"goes out on {formats.moment(mail.leaves_at)}"
        case _:
            return "will be tried again" if mail.reason else "on its way"
