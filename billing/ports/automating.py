"""The records behind automations in one workspace: what they are, what they did, and whom they call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from billing.automations import Automation
from billing.ports.records import Records

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from billing.automations import Trigger
    from billing.runs import AutomationRun, Evaluation, Recent, Step
    from billing.webhooks import WebhookEndpoint


class AutomationRecords(Records[Automation], Protocol):
    """Automations, their runs with steps, and what came of each evaluation. A deleted one is found by `ever` only."""

    def ever(self, number: str) -> Automation:
        """Return the automation though it may be deleted; raises UnknownRecord."""

    def listening(self, trigger: Trigger) -> list[Automation]:
        """Return the active automations that the trigger starts, in the order of their numbers."""

    def scheduled(self, until: datetime) -> list[Automation]:
        """Return the active scheduled automations that are due by then, locked until the end of the transaction."""

    def add_runs(self, runs: Sequence[AutomationRun]) -> frozenset[str]:
        """Insert those whose keys are new, and return these keys."""

    def get_run(self, key: str) -> AutomationRun:
        """Return the run; raises UnknownRecord."""

    def runs(
        self,
        automation: str | None = None,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int | None = None,
    ) -> list[AutomationRun]:
        """Return runs with start <= started_at < end, newest first."""

    def recent(
        self, automations: Sequence[str], invoice: str, *, since: datetime, back_to: datetime
    ) -> dict[str, Recent]:
        """Return how these automations ran: how often since then, and when last for the invoice, `back_to` at most."""

    def add_steps(self, steps: Sequence[Step]) -> None:
        """Insert steps of new runs."""

    def steps(self, run: str) -> list[Step]:
        """Return the run's steps in their order."""

    def step(self, run: str, position: int) -> Step | None:
        """Return one step, locked until the end of the transaction."""

    def asking(self) -> list[Step]:
        """Return the steps that wait for a yes, oldest first."""

    def asked_by(self, proposal: str) -> Step | None:
        """Return the step that made the proposal of that id, locked until the end of the transaction, or None."""

    def save_step(self, step: Step) -> None:
        """Write a step's fields; raises UnknownRecord."""

    def add_evaluations(self, evaluations: Sequence[Evaluation]) -> frozenset[str]:
        """Insert those of automations that were not evaluated for their event yet; return these automations."""

    def evaluations(
        self,
        automation: str | None = None,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int | None = None,
    ) -> list[Evaluation]:
        """Return evaluations with start <= evaluated_at < end, newest first."""

    def forget_evaluations(self, before: datetime) -> int:
        """Delete those older than that and return how many there were."""


class Webhooks(Protocol):
    """The addresses of other systems in one workspace."""

    def find(self, url: str) -> WebhookEndpoint | None:
        """Return the endpoint of that address, locked until the end of the transaction, or None."""

    def list(self) -> list[WebhookEndpoint]:
        """Return all endpoints, oldest first."""

    def put(self, endpoint: WebhookEndpoint) -> None:
        """Insert, or write all fields of the one of that address."""
