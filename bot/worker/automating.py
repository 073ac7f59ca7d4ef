"""Automations at work: their steps are done, what they ask is put before people, and other systems are called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import structlog

from billing.asking import channel_for
from billing.conversations import ProposalState
from billing.deliveries import DeliveryState
from billing.errors import BillingError, ProviderUnavailable, UnknownRecord
from billing.queues import OutboxKind, OutboxMessage
from billing.runs import StepState
from billing.stepping import Doing, end_message, end_step, sent_by, step_named, take_step
from billing.webhooks import FAILURES_ALLOWED
from skills.asking import ask_card

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.ports import Transaction
    from billing.runs import Step
    from billing.webhooks import Call
    from billing.workspaces import Workspace
    from bot.worker.outlets import Hooks, Outlets
    from skills.cards import Card

_log = structlog.get_logger(__name__)
# How a mail's end is told on the step that sent it. One that is still in somebody's hands has none.
_ENDS: Final = {
    DeliveryState.WAITING.value: (StepState.WAITING, ""),
    DeliveryState.HANDED_OVER.value: (StepState.WAITING, ""),
    DeliveryState.REFUSED.value: (StepState.FAILED, "the mail could not be delivered. {reason}"),
    DeliveryState.UNCERTAIN.value: (StepState.FAILED, "it is not known whether the mail arrived. {reason}"),
    DeliveryState.DROPPED.value: (StepState.LEFT, "the mail was no longer wanted: {reason}"),
}


class Automating:
    """Does steps, asks, and calls."""

    def __init__(self, outlets: Outlets) -> None:
        self._store = outlets.store
        self._clock = outlets.clock
        self._formats_for = outlets.formats_for
        self._hooks = outlets.hooks

    def step(self, message: OutboxMessage, workspace: Workspace) -> Mapping[str, Any]:
        """Do a step. What cannot be done is recorded as such: trying again would not help."""
        run, position = str(message.payload["run"]), int(message.payload["position"])
        doing = Doing(run, position, self._clock(), self._formats_for(workspace))
        try:
            with self._store.transaction(workspace.id) as tx:
                done = take_step(tx, doing)
        except BillingError as error:
            if error.retryable:
                raise
            self._failed(workspace.id, run, position, error.user_message)
            return {"failed": error.user_message}
        return {done.state.value: done.outcome}

    def give_up(self, message: OutboxMessage, reason: str) -> None:
        """Record that a step, or a message that it sent, was tried too often."""
        why = f"it was tried too often ({reason})"
        if message.kind is OutboxKind.ACTION:
            run, position = str(message.payload["run"]), int(message.payload["position"])
            self._failed(message.workspace_id, run, position, why)
        elif (step := sent_by(message)) is not None:
            with self._store.transaction(message.workspace_id) as tx:
                end_message(tx, step, StepState.FAILED, why)

    def delivered(self, message: OutboxMessage, receipt: Mapping[str, Any]) -> None:
        """Record on the step that sent the message what became of it."""
        step = sent_by(message)
        if step is None or message.kind is OutboxKind.WEBHOOK:
            return
        state, why = _ENDS.get(str(receipt.get("state")), (StepState.DONE, ""))
        if state.ended:
            with self._store.transaction(message.workspace_id) as tx:
                end_message(tx, step, state, why.format(reason=receipt.get("reason", "")).strip())

    def _failed(self, workspace_id: str, run: str, position: int, why: str) -> None:
        with self._store.transaction(workspace_id) as tx:
            end_step(tx, run, position, StepState.FAILED, why)

    def question(self, message: OutboxMessage, workspace: Workspace) -> Card | None:
        """Return the card that asks, None where there is nothing to decide any more."""
        now = self._clock()
        with self._store.transaction(workspace.id) as tx:
            proposal = tx.talk.proposal(str(message.payload["proposal"]))
            if proposal is None or proposal.state is not ProposalState.PENDING:
                return None
            return ask_card(tx, proposal, message.payload, self._formats_for(workspace), workspace.day_of(now))

    def webhook(self, message: OutboxMessage, workspace: Workspace) -> Mapping[str, Any]:
        """Call another system. Raises ProviderUnavailable, with when to try again, until a day's tries are used up."""
        url, (run, position) = str(message.payload["url"]), step_named(str(message.payload["step"]))
        with self._store.transaction(workspace.id) as tx:
            step, endpoint = tx.automations.step(run, position), tx.webhooks.find(url)
        if step is None or endpoint is None or self._hooks is None:
            raise UnknownRecord(f"{url} is not known here any more.")
        if step.state.ended:
            return {step.state.value: step.outcome}
        if endpoint.disabled_at is not None:
            self._failed(workspace.id, run, position, f"{url} is switched off, because it failed too often")
            return {"failed": "switched off"}
        hooks, secret = self._hooks, self._hooks.unseal(endpoint.sealed_secret)
        call = hooks.call(url, f"{workspace.id}:{message.key}", message.payload["body"], secret)
        return self._called(hooks, workspace.id, step, call)

    def _called(self, hooks: Hooks, workspace_id: str, step: Step, call: Call) -> Mapping[str, Any]:
        url = str(step.action.arguments["url"])
        with self._store.transaction(workspace_id) as tx:
            tried = replace(step, tries=step.tries + 1, outcome=call.reason)
            tx.automations.save_step(tried)
            if call.taken:
                self._answered(tx, tried, url)
                return {"called": url}
            delay = None if call.final else hooks.delay(tried.tries)
            if delay is None:
                self._given_up(tx, tried, url, call.reason)
                return {"failed": call.reason}
        raise ProviderUnavailable(f"{url}: {call.reason}", retry_after=delay)

    def _answered(self, tx: Transaction, step: Step, url: str) -> None:
        end_step(tx, step.run, step.position, StepState.DONE, f"called {url}")
        endpoint = tx.webhooks.find(url)
        if endpoint is not None and endpoint.failures:
            tx.webhooks.put(replace(endpoint, failures=0))

    def _given_up(self, tx: Transaction, step: Step, url: str, reason: str) -> None:
        """End the step; after several in a row the address is left alone, and people are told."""
        end_step(tx, step.run, step.position, StepState.FAILED, f"{url} did not take it: {reason}")
        endpoint, now = tx.webhooks.find(url), self._clock()
        if endpoint is None:
            return
        off = endpoint.failures + 1 >= FAILURES_ALLOWED
        tx.webhooks.put(replace(endpoint, failures=endpoint.failures + 1, disabled_at=now if off else None))
        channel = channel_for(tx, None)
        if off and channel is not None:
            _log.warning("webhook_switched_off", workspace=tx.workspace_id)
            number = tx.automations.get_run(step.run).automation
            text = (
                f"{url} has failed {FAILURES_ALLOWED} times in a row ({reason}), so I no longer call it. "
                f"When it works again, say “turn on {number}”."
            )
            payload, lane = {"channel": channel, "text": text}, f"channel:{channel}"
            key = f"webhook_off:{step.run}:{step.position}"
            tx.send(OutboxMessage(tx.workspace_id, key, OutboxKind.SAY, lane, payload, now))
