"""What automations did and did not do: runs with their steps, and every evaluation with what did not hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from datetime import datetime

    from billing.automations import Action, Trigger

# For how long “why did it not run?” can be answered.
EVALUATIONS_KEPT: Final = timedelta(days=30)


class StepState(StrEnum):
    """Where a step stands. `asking` waits for a person's yes; `left` was not done, for a reason that is no fault."""

    WAITING = "waiting"
    ASKING = "asking"
    DONE = "done"
    FAILED = "failed"
    LEFT = "left"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self in {StepState.DONE, StepState.FAILED, StepState.LEFT}


class Reason(StrEnum):
    """Why an automation did not run though its trigger happened. The rest are names of conditions."""

    OWN_EFFECT = "own_effect"
    TOO_DEEP = "too_deep"
    WAS_OFF = "was_off"
    RAN_ALREADY = "ran_already"
    QUIET = "quiet"
    DAY_CAP = "day_cap"
    UNKNOWN_CONDITION = "unknown_condition"


@dataclass(frozen=True, slots=True)
class AutomationRun:
    """That an automation ran for a subject: `key` is unique in the workspace, so it runs once.

    `invoice` is "" where it is about none; `occurred_at` is when happened what started it. `chain` are the automations
    whose doing led to it, the first one first. `outcomes` are those of runs from before steps were kept. `meaning` is
    the fingerprint of what the automation was when it ran, None where that was not kept.
    """

    workspace_id: str
    key: str
    automation: str
    invoice: str
    started_at: datetime
    outcomes: tuple[str, ...] = ()
    occurred_at: datetime | None = None
    trigger: Trigger | None = None
    payment: str | None = None
    chain: tuple[str, ...] = ()
    meaning: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a run, as it was when the run started. `due_at` is when it is to be done, `tries` counts calls.

    `proposal` is the id of the card that asks for a yes: to it, or to what it made.
    """

    workspace_id: str
    run: str
    position: int
    action: Action
    state: StepState
    due_at: datetime
    outcome: str = ""
    ended_at: datetime | None = None
    tries: int = 0
    proposal: str | None = None

    @property
    def on_its_way(self) -> bool:
        """Whether it has put a message into the outbox whose end is not known yet."""
        return self.state is StepState.WAITING and bool(self.outcome)


@dataclass(frozen=True, slots=True)
class Unmet:
    """What did not hold: a condition or a Reason, with the value that was wanted and the one that was found."""

    reason: str
    wanted: Any = None
    found: Any = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """That an automation was looked at for an event: `run` is the key of the run it led to, else `unmet` says why."""

    workspace_id: str
    automation: str
    event: str
    trigger: Trigger
    invoice: str
    evaluated_at: datetime
    run: str | None = None
    unmet: Unmet | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Recent:
    """How an automation ran lately: how often since the day began, and when last for one invoice."""

    runs: int
    last_for_invoice: datetime | None
