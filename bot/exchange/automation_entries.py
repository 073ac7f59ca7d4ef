"""What automations look like in an exchange document: what they are, and what they have done."""

# Pydantic reads every annotation here at run time.
# ruff: noqa: TC001

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool, model_validator

from billing.automations import DAY_CAP, QUIET, Trigger
from billing.runs import StepState
from bot.exchange.entry import Entry
from bot.exchange.forms import AutomationNumber, Duration, Instant, InvoiceNumber
from skills.arguments import Name, Text
from skills.deeds import Conditional, Deed, Schedule

ActionEntry = Annotated[Deed, Field(discriminator="do")]


class ConditionsEntry(Conditional):
    """What has to hold for an automation to run. `unknown` names what a newer version knew: then it never runs."""

    unknown: tuple[str, ...] = ()


class StepEntry(Entry):
    """One step of a run, and what came of it."""

    action: ActionEntry
    state: StepState
    due_at: Instant
    outcome: Annotated[str, Field(max_length=2000)] = ""
    ended_at: Instant | None = None
    tries: Annotated[int, Field(strict=True, ge=0)] = 0


class RunEntry(Entry):
    """One run. Its `key` is what keeps the automation from running again for the same thing."""

    key: Annotated[str, Field(min_length=1, max_length=400)]
    started_at: Instant
    occurred_at: Instant | None = None
    invoice: InvoiceNumber | None = None
    trigger: Trigger | None = None
    chain: tuple[str, ...] = ()
    steps: tuple[StepEntry, ...] = ()


class AutomationEntry(Entry):
    """An automation: one `action`, or several `actions` in their order.

    It writes to clients without asking only where `confirmed_by` is an admin, of the document or of the workspace that
    it goes into; `asks_first` keeps even that one asking.
    """

    number: AutomationNumber
    name: Name
    active: StrictBool
    trigger: Trigger
    also: tuple[Trigger, ...] = ()
    where: ConditionsEntry = ConditionsEntry()
    after: Duration | None = None
    schedule: Schedule | None = None
    quiet: Duration | None = QUIET
    day_cap: Annotated[int, Field(strict=True, ge=1, le=10_000)] = DAY_CAP
    action: ActionEntry | None = None
    actions: tuple[ActionEntry, ...] = ()
    created_at: Instant | None = None
    created_by: Text | None = None
    switched_on_at: Instant | None = None
    confirmed_by: Text | None = None
    confirmed_at: Instant | None = None
    asks_first: StrictBool = False
    runs: tuple[RunEntry, ...] = ()

    @model_validator(mode="after")
    def _does_something(self) -> AutomationEntry:
        if (self.action is None) == (not self.actions):
            message = "needs either an action or a list of actions"
            raise ValueError(message)
        if (self.trigger is Trigger.SCHEDULED) != (self.schedule is not None):
            message = "needs a schedule where it is scheduled, and has none elsewhere"
            raise ValueError(message)
        return self
