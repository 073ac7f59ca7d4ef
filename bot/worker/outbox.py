"""What goes out: each outbox row becomes a post, a mail or an action, made from the records as they stand now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from billing.acting import Occasion, act
from billing.automations import Trigger
from billing.linking import chargeable, is_switched_off
from billing.mail import InvoiceMail, MailTemplate
from billing.queues import OutboxKind
from billing.sending import no_longer_wanted
from billing.workspaces import Channel
from bot.assistant.reply import Reply
from skills.cards import Card
from skills.notices import notice_card
from skills.presenting import view

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from billing.invoices import Invoice
    from billing.mail import Mailer
    from billing.ports import Clock, Formats, Gateways, Links, Store
    from billing.queues import OutboxMessage
    from billing.workspaces import Workspace
    from bot.worker.fronts import Front

_CARDS = TypeAdapter(tuple[Card, ...])
_SLACK = "slack:"


@dataclass(frozen=True, slots=True)
class Outlets:
    """Everything that a message may leave through. `slack` is None where Slack is not set up."""

    store: Store
    gateways: Gateways
    mailer: Mailer
    links: Links
    clock: Clock
    formats_for: Callable[[Workspace], Formats]
    local: Front
    slack: Front | None = None


@dataclass(frozen=True, slots=True)
class _Leaving:
    """A row on its way out, with its workspace."""

    message: OutboxMessage
    workspace: Workspace
    again: bool


class Outbox:
    """Delivers outbox rows."""

    def __init__(self, outlets: Outlets) -> None:
        self._outlets = outlets
        self._by_kind: dict[OutboxKind, Callable[[_Leaving], Mapping[str, Any]]] = {
            OutboxKind.NOTIFY: self._notify,
            OutboxKind.REPLY: self._reply,
            OutboxKind.SAY: self._say,
            OutboxKind.MAIL: self._mail,
            OutboxKind.ACTION: self._action,
            OutboxKind.RETIRE: self._retire,
        }

    def deliver(self, message: OutboxMessage, *, again: bool = False) -> Mapping[str, Any]:
        """Deliver one row and return its receipt; raises BillingError where it could not be delivered.

        `again` says that an earlier try may have arrived.
        """
        with self._outlets.store.transaction(message.workspace_id) as tx:
            workspace = tx.people.workspace()
        return self._by_kind[message.kind](_Leaving(message, workspace, again))

    def _notify(self, leaving: _Leaving) -> Mapping[str, Any]:
        message, workspace = leaving.message, leaving.workspace
        payload = message.payload
        with self._outlets.store.transaction(workspace.id) as tx:
            shown = view(tx, payload["invoice"])
            logged = tx.payments.of_invoice(payload["invoice"])
            channel = _channel(tx.people.channels(), workspace, payload["channel"])
        payment = next((line for line in logged if line.id == payload["payment"]), None)
        card = notice_card(Trigger(payload["event"]), shown, payment, self._outlets.formats_for(workspace))
        front = self._outlets.slack or self._outlets.local
        receipt = front.post_notice(workspace, channel, card.summary, (card,), message.key, again=leaving.again)
        return {
            "channel": channel.name,
            "text": card.summary,
            "cards": _CARDS.dump_python((card,), mode="json"),
            **receipt,
        }

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
        if "channel" in payload:
            with self._outlets.store.transaction(workspace.id) as tx:
                channel = _channel(tx.people.channels(), workspace, str(payload["channel"]))
            front = self._outlets.slack or self._outlets.local
            receipt = front.post_notice(workspace, channel, text, (), message.key, again=leaving.again)
            return {"channel": channel.name, "text": text, "cards": [], **receipt}
        conversation = str(payload["conversation"])
        address = self._address(workspace, conversation)
        receipt = self._front(conversation).say(workspace, address, text, message.key, again=leaving.again)
        return {"conversation": conversation, "text": text, "cards": [], **receipt}

    def _front(self, conversation: str) -> Front:
        if conversation.startswith(_SLACK) and self._outlets.slack is not None:
            return self._outlets.slack
        return self._outlets.local

    def _address(self, workspace: Workspace, conversation: str) -> Mapping[str, Any]:
        with self._outlets.store.transaction(workspace.id) as tx:
            stored = tx.talk.conversation(conversation)
        return stored.address if stored else {}

    def _mail(self, leaving: _Leaving) -> Mapping[str, Any]:
        message, workspace = leaving.message, leaving.workspace
        payload = message.payload
        with self._outlets.store.transaction(workspace.id) as tx:
            shown = view(tx, payload["invoice"])
            online = tx.connections.active() is not None and not is_switched_off(tx, payload["invoice"])
        invoice, template = shown.invoice, MailTemplate(payload["template"])
        if no_longer_wanted(template, invoice):
            return {"left": f"{invoice.number} is {invoice.status}"}
        mail = InvoiceMail(
            workspace_name=workspace.name,
            to=payload["to"],
            template=template,
            invoice=invoice,
            title=shown.opportunity.name,
            client=shown.client,
            pay_url=self._outlets.links.pay(invoice) if online and self._payable(invoice) else None,
            portal_url=self._outlets.links.portal(shown.contact) if shown.contact else None,
            message=payload["message"],
            key=message.key,
        )
        return {"message_id": self._outlets.mailer.send(mail, self._outlets.formats_for(workspace)), "to": mail.to}

    def _payable(self, invoice: Invoice) -> bool:
        return invoice.payable and chargeable(self._outlets.gateways, invoice)

    def _action(self, leaving: _Leaving) -> Mapping[str, Any]:
        message, workspace = leaving.message, leaving.workspace
        payload, position = message.payload, int(message.payload["position"])
        now = self._outlets.clock()
        with self._outlets.store.transaction(workspace.id) as tx:
            run = tx.automations.get_run(payload["run"])
            if any(outcome.startswith(f"{position}: ") for outcome in run.outcomes):
                # Done in an earlier delivery that died before the row was marked.
                return {"done": "already"}
            action = tx.automations.get(payload["automation"]).actions[position]
            done = act(tx, action, Occasion(payload["invoice"], message.key, now, workspace.day_of(now)))
            tx.automations.save_run(replace(run, outcomes=(*run.outcomes, f"{position}: {done}")))
        return {"done": done}

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
