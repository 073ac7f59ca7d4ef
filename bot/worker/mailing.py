"""Mail on its way out: made from the records as they stand when it leaves, handed over once, and told if it fails."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from billing.automations import Trigger
from billing.deliveries import Delivery, DeliveryState, MailElsewhere
from billing.delivering import end, hand_over, put_back, told
from billing.errors import ProviderRefused, ProviderUnavailable, UnknownRecord
from billing.mail import MailTemplate, MailUncertain
from billing.queues import OutboxKind, OutboxMessage
from billing.reminding import why_unwanted
from billing.sending import left, no_longer_wanted
from bot.worker.letters import write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.mail import InvoiceMail, Sent
    from billing.ports import Transaction
    from billing.workspaces import Workspace
    from bot.worker.outlets import Outlets

_WITHOUT_PDF = "The PDF could not be made, so the mail left without it."
_TROUBLE = (Trigger.PAYMENT_FAILED, Trigger.INVOICE_OVERDUE)
_EARLIER = "An earlier try ended in the middle, so it may have arrived already."


class MailRoom:
    """Delivers the mails of the outbox. A row that is delivered again sends nothing that may have left."""

    def __init__(self, outlets: Outlets) -> None:
        self._outlets = outlets

    def deliver(self, message: OutboxMessage, workspace: Workspace) -> Mapping[str, Any]:
        """Send the mail, or find out why it must not leave, and return the row's receipt.

        Raises ProviderUnavailable where another try is right.
        """
        known = self._known(message)
        if known.state is DeliveryState.HANDED_OVER:
            known = self._ended(workspace, message, DeliveryState.UNCERTAIN, reason=_EARLIER)
        if known.state.ended:
            return _receipt(known)
        unwanted = self._unwanted(message)
        if unwanted:
            return _receipt(self._ended(workspace, message, DeliveryState.DROPPED, reason=unwanted))
        return _receipt(self._sent(known, message, workspace))

    def give_up(self, message: OutboxMessage) -> None:
        """Record, and tell whoever asked, that the mail was tried until there is no use in it any more."""
        with self._outlets.store.transaction(message.workspace_id) as tx:
            workspace = tx.people.workspace()
        reason = f"It was tried again and again, and is given up. {self._known(message).reason}".strip()
        self._ended(workspace, message, DeliveryState.REFUSED, reason=reason)

    def _known(self, message: OutboxMessage) -> Delivery:
        """Return the mail's line of the history; a row from before there was one gets it now."""
        payload = message.payload
        with self._outlets.store.transaction(message.workspace_id) as tx:
            try:
                return tx.mails.get(message.key)
            except UnknownRecord:
                to = payload["to"]
                mail = Delivery(
                    workspace_id=message.workspace_id,
                    key=message.key,
                    invoice=str(payload["invoice"]),
                    template=MailTemplate(payload["template"]),
                    to=(to,) if isinstance(to, str) else tuple(to),
                    cc=tuple(payload.get("cc", ())),
                    state=DeliveryState.WAITING,
                    at=self._now(),
                    leaves_at=message.not_before,
                )
                tx.mails.add(mail)
                return mail

    def _unwanted(self, message: OutboxMessage) -> str:
        """Return why the mail must not leave any more, "" where it should."""
        template = MailTemplate(message.payload["template"])
        waited = bool(message.payload.get("until_paid"))
        with self._outlets.store.transaction(message.workspace_id) as tx:
            invoice = tx.invoices.get(str(message.payload["invoice"]))
            if no_longer_wanted(template, invoice, waited=waited):
                return f"{invoice.number} is {invoice.status}"
            if template is not MailTemplate.REMINDER:
                return ""
            not_after, unasked = _instant(message.payload.get("not_after")), bool(message.payload.get("unasked"))
            return why_unwanted(tx, invoice, now=self._now(), not_after=not_after, unasked=unasked)

    def _sent(self, mail: Delivery, message: OutboxMessage, workspace: Workspace) -> Delivery:
        letter = write(self._outlets, workspace, mail, message.payload)
        formats = self._outlets.formats_for(workspace).in_locale(letter.locale)
        handing = _Handing(self._outlets, message)
        try:
            sent = self._outlets.mailer.send(letter, formats, handing)
        except MailElsewhere:
            return self._known(message)
        except MailUncertain as error:
            return self._ended(workspace, message, DeliveryState.UNCERTAIN, reason=error.user_message)
        except ProviderRefused as error:
            return self._ended(workspace, message, DeliveryState.REFUSED, reason=error.user_message)
        except ProviderUnavailable as error:
            with self._outlets.store.transaction(workspace.id) as tx:
                put_back(tx, mail.key, reason=error.user_message, handed_over=handing.done, now=self._now())
            raise
        return self._arrived(workspace, letter, sent)

    def _arrived(self, workspace: Workspace, letter: InvoiceMail, sent: Sent) -> Delivery:
        missing = self._outlets.printer is not None and letter.attachment is None
        reason = " ".join((*sent.refused, _WITHOUT_PDF) if missing else sent.refused)
        now = self._now()
        with self._outlets.store.transaction(workspace.id) as tx:
            done = end(tx, letter.key, DeliveryState.SENT, now=now, message_id=sent.message_id, reason=reason)
            left(tx, done, now=now)
            if reason:
                self._tell(tx, workspace, done)
        return done

    def _ended(self, workspace: Workspace, message: OutboxMessage, state: DeliveryState, *, reason: str) -> Delivery:
        with self._outlets.store.transaction(workspace.id) as tx:
            done = end(tx, message.key, state, now=self._now(), reason=reason)
            if done.state is state:
                self._tell(tx, workspace, done)
        return done

    def _tell(self, tx: Transaction, workspace: Workspace, mail: Delivery) -> None:
        """Say how the mail ended where it was asked for, else in the channel that hears of late invoices."""
        text = told(mail, self._outlets.formats_for(workspace))
        channel = _channel_for_trouble(tx)
        if mail.conversation:
            lane, place = "", {"conversation": mail.conversation}
        elif channel and mail.state is not DeliveryState.DROPPED:
            lane, place = f"channel:{channel}", {"channel": channel}
        else:
            return
        key = f"mail_{mail.state}:{mail.key}"
        tx.send(OutboxMessage(tx.workspace_id, key, OutboxKind.SAY, lane, {**place, "text": text}, self._now()))

    def _now(self) -> datetime:
        return self._outlets.clock()


class _Handing:
    """Marks a mail as handed over when it is called, and remembers that it did."""

    def __init__(self, outlets: Outlets, message: OutboxMessage) -> None:
        self._outlets = outlets
        self._message = message
        self.done = False

    def __call__(self) -> None:
        with self._outlets.store.transaction(self._message.workspace_id) as tx:
            hand_over(tx, self._message.key, now=self._outlets.clock())
        self.done = True


def _channel_for_trouble(tx: Transaction) -> str | None:
    channels = {route.event: route.channel for route in tx.people.routes()}
    known = (channels[event] for event in _TROUBLE if event in channels)
    return next(known, next(iter(channels.values()), None))


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _receipt(mail: Delivery) -> Mapping[str, Any]:
    """Return what the outbox keeps of a mail: where it went and under which id, or why it did not."""
    receipt: dict[str, Any] = {"state": mail.state.value, "to": list(mail.to), "cc": list(mail.cc)}
    kept = {"message_id": mail.message_id, "reason": mail.reason}
    return receipt | {name: value for name, value in kept.items() if value}
