"""What makes a mail leave once, and how its end is told.

A mail is marked as handed over in the instant before the server gets it. Whoever finds it marked so does not know
whether it arrived, and says so, instead of sending it again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing.deliveries import Delivery, DeliveryState, MailElsewhere

if TYPE_CHECKING:
    from datetime import datetime

    from billing.ports import Formats, Transaction


def hand_over(tx: Transaction, key: str, *, now: datetime) -> None:
    """Mark the mail as being taken by a server, which only one process can do; raises MailElsewhere for the others."""
    mail = tx.mails.get(key, lock=True)
    if mail.state is not DeliveryState.WAITING:
        raise MailElsewhere("This mail is being sent by another process, or has been.")
    tx.mails.save(replace(mail, state=DeliveryState.HANDED_OVER, at=now))


def put_back(tx: Transaction, key: str, *, reason: str, handed_over: bool, now: datetime) -> None:
    """Let a mail that the server did not take be tried again; `handed_over` says that this process had handed it over.

    Where another one has it in its hands, or knows how it ended, that stays.
    """
    mail = tx.mails.get(key, lock=True)
    ours = DeliveryState.HANDED_OVER if handed_over else DeliveryState.WAITING
    if mail.state is ours:
        tx.mails.save(replace(mail, state=DeliveryState.WAITING, reason=reason, at=now))


def reopen(tx: Transaction, key: str, *, now: datetime) -> None:
    """Let a mail that was given up be sent after all; one that may have arrived stays as it is."""
    mail = tx.mails.get(key, lock=True)
    if mail.state is DeliveryState.REFUSED:
        tx.mails.save(replace(mail, state=DeliveryState.WAITING, at=now, reason=""))


def end(  # noqa: PLR0913 - how a mail ends has as many sides
    tx: Transaction,
    key: str,
    state: DeliveryState,
    *,
    now: datetime,
    message_id: str = "",
    reason: str = "",
) -> Delivery:
    """Record how the mail ended and return it. What is known for certain is never replaced by a guess."""
    mail = tx.mails.get(key, lock=True)
    if mail.state.ended and state is not DeliveryState.SENT:
        return mail
    return tx.mails.save(replace(mail, state=state, at=now, message_id=message_id, reason=reason))


def told(mail: Delivery, formats: Formats) -> str:
    """Return the sentence for whoever asked for the mail, about one that did not simply arrive."""
    whom = " and ".join((*mail.to, *mail.cc))
    match mail.state:
        case DeliveryState.REFUSED:
            return f"{mail.invoice} could not be e-mailed to {whom}. {mail.reason}"
        case DeliveryState.UNCERTAIN:
            ask = "Ask before it is sent again, so that nobody gets it twice."
            return f"I cannot tell whether the mail about {mail.invoice} reached {whom}. {mail.reason} {ask}"
        case DeliveryState.DROPPED:
            day = f" on {formats.moment(mail.leaves_at)}" if mail.leaves_at else ""
            return f"The mail about {mail.invoice} that was to leave{day} for {whom} stayed here: {mail.reason}."
        case _:
            return f"{mail.invoice} was e-mailed to {whom}. {mail.reason}".strip()
