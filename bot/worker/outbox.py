"""What goes out: each outbox row becomes a post, a mail or an action, made from the records as they stand now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from billing.errors import ProviderRefused
from billing.mail import MailUncertain, Note
from billing.news import PROCESSING
from billing.news_settings import ADMINS
from billing.payments import PaymentStatus
from billing.queues import OutboxKind
from billing.workspaces import Channel
from bot.assistant.reply import Reply
from bot.worker.automating import Automating
from bot.worker.mailing import MailRoom
from skills.cards import Card
from skills.digest_card import digest_card
from skills.hand_over_card import hand_over_card
from skills.notices import notice_card
from skills.presenting import view

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from billing.queues import OutboxMessage
    from billing.workspaces import Workspace
    from bot.worker.fronts import Front
    from bot.worker.outlets import Outlets

_CARDS = TypeAdapter(tuple[Card, ...])
_SLACK = "slack:"


@dataclass(frozen=True, slots=True)
class _Leaving:
    """A row on its way out, with its workspace, and since when an earlier try may have arrived."""

    message: OutboxMessage
    workspace: Workspace
    again: datetime | None


class Outbox:
    """Delivers outbox rows."""

    def __init__(self, outlets: Outlets) -> None:
        self._outlets = outlets
        self._mail_room = MailRoom(outlets)
        self._automating = Automating(outlets)
        self._by_kind: dict[OutboxKind, Callable[[_Leaving], Mapping[str, Any]]] = {
            OutboxKind.NOTIFY: self._notify,
            OutboxKind.REPLY: self._reply,
            OutboxKind.SAY: self._say,
            OutboxKind.MAIL: self._mail,
            OutboxKind.ACTION: self._action,
            OutboxKind.ASK: self._ask,
            OutboxKind.WEBHOOK: self._webhook,
            OutboxKind.RETIRE: self._retire,
            OutboxKind.REFRESH: self._refresh,
            OutboxKind.HANDOVER: self._hand_over,
            OutboxKind.DIGEST: self._digest,
            OutboxKind.ALERT: self._alert,
        }

    def deliver(self, message: OutboxMessage, *, again: bool = False) -> Mapping[str, Any]:
        """Deliver one row and return its receipt; raises BillingError where it could not be delivered.

        `again` says that an earlier try may have arrived.
        """
        with self._outlets.store.transaction(message.workspace_id) as tx:
            workspace = tx.people.workspace()
        receipt = self._by_kind[message.kind](_Leaving(message, workspace, message.created_at if again else None))
        self._automating.delivered(message, receipt)
        return receipt

    def give_up(self, message: OutboxMessage, reason: str) -> None:
        """Record, where somebody will look for it, that a row was tried too often."""
        self._automating.give_up(message, reason)
        if message.kind is OutboxKind.MAIL:
            self._mail_room.give_up(message)

    def _notify(self, leaving: _Leaving) -> Mapping[str, Any]:
        message, workspace = leaving.message, leaving.workspace
        payload = message.payload
        with self._outlets.store.transaction(workspace.id) as tx:
            shown = view(tx, payload["invoice"])
            channel = _channel(tx.people.channels(), workspace, payload["channel"])
        payment = next((line for line in shown.lines if line.id == payload["payment"]), None)
        if payload["event"] == PROCESSING and payment is not None and payment.status is not PaymentStatus.PROCESSING:
            return {"left": "the bank has decided since, which is news of its own"}
        card = notice_card(str(payload["event"]), shown, payment, self._outlets.formats_for(workspace))
        return self._post(leaving, channel, card.summary, (card,), story=payload["invoice"])

    def _post(
        self, leaving: _Leaving, channel: Channel, text: str, cards: tuple[Card, ...], *, story: str = ""
    ) -> Mapping[str, Any]:
        front = self._outlets.slack or self._outlets.local
        key, again = leaving.message.key, leaving.again
        receipt = front.post_notice(leaving.workspace, channel, text, cards, key, story=story, again=again)
        shown = _CARDS.dump_python(cards, mode="json")
        return {"channel": channel.name, "text": text, "cards": shown, **receipt}

    def _reply(self, leaving: _Leaving) -> Mapping[str, Any]:
        message, workspace = leaving.message, leaving.workspace
        conversation = str(message.payload["conversation"])
        front = self._front(conversation)
        # A reply may belong elsewhere than the conversation: whispered to the one person whom it is about.
        address = message.payload.get("address") or self._address(workspace, conversation)
        reply = Reply.restored(message.payload["reply"])
        update = message.payload.get("update")
        return front.post_reply(workspace, address, reply, message.key, update=update, again=leaving.again)

    def _say(self, leaving: _Leaving) -> Mapping[str, Any]:
        message, workspace = leaving.message, leaving.workspace
        payload = message.payload
        text = str(payload["text"])
        if "conversation" not in payload:
            return self._post(leaving, self._place(workspace, payload), text, ())
        conversation = str(payload["conversation"])
        address = self._address(workspace, conversation)
        receipt = self._front(conversation).say(workspace, address, text, message.key, again=leaving.again)
        return {"conversation": conversation, "text": text, "cards": [], **receipt}

    def _hand_over(self, leaving: _Leaving) -> Mapping[str, Any]:
        workspace, payload = leaving.workspace, leaving.message.payload
        place = self._place(workspace, payload)
        if "member" in payload and place.slack_channel_id is None and self._outlets.slack is not None:
            return {"left": "Slack does not know the member yet"}
        with self._outlets.store.transaction(workspace.id) as tx:
            asked = tx.hand_overs.get(str(payload["number"]))
        card = hand_over_card(asked, self._outlets.formats_for(workspace))
        return self._post(leaving, place, card.summary, (card,))

    def _digest(self, leaving: _Leaving) -> Mapping[str, Any]:
        workspace, payload = leaving.workspace, leaving.message.payload
        with self._outlets.store.transaction(workspace.id) as tx:
            formats, on = self._outlets.formats_for(workspace), date.fromisoformat(str(payload["on"]))
            card = digest_card(tx, workspace, formats, on)
        if card is None:
            return {"left": "there is nothing to say"}
        return self._post(leaving, self._place(workspace, payload), card.summary, (card,))

    def _alert(self, leaving: _Leaving) -> Mapping[str, Any]:
        message, payload = leaving.message, leaving.message.payload
        subject, text = str(payload["subject"]), str(payload["text"])
        # A terminal that is open shows it as well: whoever sits there may be the one who can mend it.
        receipt = {"channel": ADMINS, "text": f"{subject}. {text}", "cards": []}
        with self._outlets.store.transaction(message.workspace_id) as tx:
            to = tx.business.get().email
        if not to:
            return receipt | {"left": "the business has no e-mail address on record"}
        try:
            sent = self._outlets.mailer.tell(Note(message.workspace_id, to, subject, text, message.key))
        except (MailUncertain, ProviderRefused) as error:
            return receipt | {"left": error.user_message}
        return receipt | {"to": to, "message_id": sent.message_id}

    def _place(self, workspace: Workspace, payload: Mapping[str, Any]) -> Channel:
        """Return the channel, or the member's direct messages, that a row names."""
        if "member" in payload:
            return self._member(workspace, str(payload["member"]))
        with self._outlets.store.transaction(workspace.id) as tx:
            return _channel(tx.people.channels(), workspace, str(payload["channel"]))

    def _member(self, workspace: Workspace, name: str) -> Channel:
        """Return the member as a place to post to: Slack takes a person's id for the direct messages with them."""
        with self._outlets.store.transaction(workspace.id) as tx:
            found = next((one for one in tx.people.members() if one.name == name), None)
        return Channel(workspace.id, f"@{name}", found.slack_user_id if found and not found.away else None)

    def _front(self, conversation: str) -> Front:
        if conversation.startswith(_SLACK) and self._outlets.slack is not None:
            return self._outlets.slack
        return self._outlets.local

    def _address(self, workspace: Workspace, conversation: str) -> Mapping[str, Any]:
        with self._outlets.store.transaction(workspace.id) as tx:
            stored = tx.talk.conversation(conversation)
        return stored.address if stored else {}

    def _mail(self, leaving: _Leaving) -> Mapping[str, Any]:
        return self._mail_room.deliver(leaving.message, leaving.workspace)

    def _action(self, leaving: _Leaving) -> Mapping[str, Any]:
        return self._automating.step(leaving.message, leaving.workspace)

    def _webhook(self, leaving: _Leaving) -> Mapping[str, Any]:
        return self._automating.webhook(leaving.message, leaving.workspace)

    def _ask(self, leaving: _Leaving) -> Mapping[str, Any]:
        message, workspace = leaving.message, leaving.workspace
        card = self._automating.question(message, workspace)
        if card is None:
            return {"left": "it was decided already"}
        with self._outlets.store.transaction(workspace.id) as tx:
            channel = _channel(tx.people.channels(), workspace, str(message.payload["channel"]))
        return self._post(leaving, channel, card.summary, (card,))

    def _refresh(self, leaving: _Leaving) -> Mapping[str, Any]:
        front = self._outlets.slack or self._outlets.local
        front.refresh(leaving.workspace, str(leaving.message.payload["about"]))
        return {}

    def _retire(self, leaving: _Leaving) -> Mapping[str, Any]:
        message, workspace = leaving.message, leaving.workspace
        with self._outlets.store.transaction(workspace.id) as tx:
            active = tx.connections.active()
        made_on = (message.payload["stripe_account_id"], message.payload["livemode"])
        if active is None or (active.stripe_account_id, active.livemode) != made_on:
            return {"left": "the account it was made on is no longer connected"}
        gateway = self._outlets.gateways.for_connection(active)
        gateway.deactivate_payment_link(str(message.payload["stripe_payment_link_id"]))
        return {}


def _channel(channels: list[Channel], workspace: Workspace, name: str) -> Channel:
    return next((channel for channel in channels if channel.name == name), Channel(workspace.id, name))
