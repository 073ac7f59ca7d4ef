"""Automations of the small studio, made, switched on and followed in few words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from billing.automations import Action, ActionKind, Automation, Conditions, Trigger, fingerprint
from billing.queues import OutboxKind
from billing.runs import Evaluation, Step
from billing.stepping import Doing, take_step
from tests.support.studio import Studio

POST = Action(ActionKind.POST_MESSAGE, {"channel": "#billing", "text": "{invoice} of {client}"})
MOVE = Action(ActionKind.MOVE_OPPORTUNITY, {"stage": "won"})
THANK = Action(ActionKind.EMAIL_CONTACT, {"text": "Thank you"})
REMIND = Action(ActionKind.SEND_REMINDER)


def a_rule(studio: Studio, *actions: Action, confirmed: bool = False, **changes: Any) -> Automation:
    """Store an automation that is on, confirmed by an admin or not."""
    with studio.store.transaction(studio.id) as tx:
        fields: dict[str, Any] = {
            "workspace_id": studio.id,
            "number": tx.automations.next_number(),
            "name": "A rule",
            "active": True,
            "trigger": Trigger.PAYMENT_SUCCEEDED,
            "actions": actions or (POST,),
            "created_at": studio.now,
            "switched_on_at": studio.now,
            "where": Conditions(),
        }
        rule = Automation(**fields | changes)
        if confirmed:
            sure = {"confirmed": fingerprint(rule), "confirmed_by": "Admin", "confirmed_at": studio.now}
            rule = Automation(**fields | changes | sure)
        return tx.automations.add(rule)


def steps_of(studio: Studio, automation: str = "AUT-1") -> list[Step]:
    """Return the steps of all its runs, the newest run first."""
    with studio.store.transaction(studio.id) as tx:
        return [step for run in tx.automations.runs(automation) for step in tx.automations.steps(run.key)]


def evaluations(studio: Studio, automation: str | None = None) -> list[Evaluation]:
    with studio.store.transaction(studio.id) as tx:
        return tx.automations.evaluations(automation)


def work(studio: Studio) -> list[Step]:
    """Do every step that is due, as the worker would, and return them as they are then."""
    done, formats = [], studio.context().formats
    for message in studio.outbox(OutboxKind.ACTION):
        run, position = str(message.payload["run"]), int(message.payload["position"])
        with studio.store.transaction(studio.id) as tx:
            done.append(take_step(tx, Doing(run, position, studio.now, formats)))
    return done


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
