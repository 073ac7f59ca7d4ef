"""Automations, their runs and evaluations, and the addresses that they call, in one workspace."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, case, delete, func, select

from billing.automations import Automation, Trigger
from billing.runs import Recent, StepState
from storage import mappers, tables
from storage.ahead import many
from storage.records import AUTOMATIONS, SqlRecords, unknown
from storage.rows import Rows, insert
from storage.statements import OF

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Select

    from billing.runs import AutomationRun, Evaluation, Step
    from billing.webhooks import WebhookEndpoint

# The parameter of `listening`, beside the workspace.
LISTENING: Final = ("heard",)


class SqlAutomations(SqlRecords[Automation]):
    """Automations with what they did and did not do (`billing.ports.AutomationRecords`)."""

    def __init__(self, connection: Connection, workspace_id: str, touched: Callable[[str], None]) -> None:
        super().__init__(connection, mappers.AUTOMATION, AUTOMATIONS, workspace_id, touched)
        self._connection = connection
        self._workspace_id = workspace_id
        self._runs = Rows(connection, mappers.RUN, workspace_id)
        self._steps = Rows(connection, mappers.STEP, workspace_id)
        self._evaluations = Rows(connection, mappers.EVALUATION, workspace_id)

    def get(self, number: str, *, lock: bool = False) -> Automation:
        """Return the automation unless it is deleted; raises UnknownRecord."""
        found = super().get(number, lock=lock)
        if found.deleted_at is not None:
            raise unknown(number)
        return found

    def find(self, number: str) -> Automation | None:
        """Return the automation or None; a deleted one is none."""
        found = super().find(number)
        return None if found is None or found.deleted_at is not None else found

    def ever(self, number: str) -> Automation:
        """Return the automation though it may be deleted; raises UnknownRecord."""
        return super().get(number)

    def add(self, record: Automation) -> Automation:
        """Insert; raises DuplicateRecord."""
        super().add(record)
        self._listen(record)
        return record

    def save(self, record: Automation) -> Automation:
        """Write all fields of an existing automation; raises UnknownRecord."""
        super().save(record)
        self._listen(record)
        return record

    def listening(self, trigger: Trigger) -> list[Automation]:
        """Return the active automations that the trigger starts, in the order of their numbers."""
        return self._rows.prepared(listening(), heard=trigger)

    def scheduled(self, until: datetime) -> list[Automation]:
        """Return the active scheduled automations that are due by then, locked until the end of the transaction."""
        columns = self._rows.columns
        return self._rows.many(
            columns.next_at <= until,
            columns.active.is_(True),
            columns.deleted_at.is_(None),
            order=[columns.ordinal, columns.number],
            lock=True,
        )

    def add_runs(self, runs: Sequence[AutomationRun]) -> frozenset[str]:
        """Insert those whose keys are new, and return these keys."""
        return frozenset(self._runs.add_all_new(runs, self._runs.columns.key))

    def get_run(self, key: str) -> AutomationRun:
        """Return the run; raises UnknownRecord."""
        run = self._runs.one(self._runs.columns.key == key)
        if run is None:
            raise unknown(key)
        return run

    def runs(
        self,
        automation: str | None = None,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int | None = None,
    ) -> list[AutomationRun]:
        """Return runs with start <= started_at < end, newest first."""
        columns = self._runs.columns
        within = _within(columns.started_at, start, end)
        return self._runs.many(
            *_of(columns.automation, automation), *within, order=[columns.position.desc()], limit=limit
        )

    def recent(
        self, automations: Sequence[str], invoice: str, *, since: datetime, back_to: datetime
    ) -> dict[str, Recent]:
        """Return how these automations ran: how often since then, and when last for the invoice, `back_to` at most."""
        values = {
            OF: self._workspace_id,
            "automations": automations,
            "about": invoice,
            "since": since,
            "back_to": min(since, back_to),
        }
        rows = self._connection.execute(_lately_run(), values)
        return {row.automation: Recent(row.runs, row.last) for row in rows}

    def add_steps(self, steps: Sequence[Step]) -> None:
        """Insert steps of new runs."""
        self._steps.add_all_new(steps, self._steps.columns.run)

    def steps(self, run: str) -> list[Step]:
        """Return the run's steps in their order."""
        columns = self._steps.columns
        return self._steps.many(columns.run == run, order=[columns.position])

    def step(self, run: str, position: int) -> Step | None:
        """Return one step, locked until the end of the transaction."""
        columns = self._steps.columns
        return self._steps.one(columns.run == run, columns.position == position, lock=True)

    def asking(self) -> list[Step]:
        """Return the steps that wait for a yes, oldest first."""
        columns = self._steps.columns
        return self._steps.many(
            columns.state == StepState.ASKING, order=[columns.due_at, columns.run, columns.position]
        )

    def asked_by(self, proposal: str) -> Step | None:
        """Return the step that made the proposal of that id, locked until the end of the transaction, or None."""
        return self._steps.one(self._steps.columns.proposal == proposal, lock=True)

    def save_step(self, step: Step) -> None:
        """Write a step's fields; raises UnknownRecord."""
        if not self._steps.write(step):
            raise unknown(f"{step.run}, step {step.position}")

    def add_evaluations(self, evaluations: Sequence[Evaluation]) -> frozenset[str]:
        """Insert those of automations that were not evaluated for their event yet; return these automations."""
        return frozenset(self._evaluations.add_all_new(evaluations, self._evaluations.columns.automation))

    def evaluations(
        self,
        automation: str | None = None,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int | None = None,
    ) -> list[Evaluation]:
        """Return evaluations with start <= evaluated_at < end, newest first."""
        columns = self._evaluations.columns
        within = _within(columns.evaluated_at, start, end)
        only = _of(columns.automation, automation)
        return self._evaluations.many(*only, *within, order=[columns.position.desc()], limit=limit)

    def forget_evaluations(self, before: datetime) -> int:
        """Delete those older than that and return how many there were."""
        columns = self._evaluations.columns
        old = delete(tables.automation_evaluations).where(
            columns.workspace_id == self._workspace_id, columns.evaluated_at < before
        )
        return self._connection.execute(old).rowcount

    def _listen(self, automation: Automation) -> None:
        """Write what the automation listens to, in the place of what it listened to before."""
        table = tables.automation_triggers
        mine = (table.c.workspace_id == self._workspace_id, table.c.automation == automation.number)
        self._connection.execute(delete(table).where(*mine))
        if automation.deleted_at is None:
            rows = [
                {"workspace_id": self._workspace_id, "trigger": trigger, "automation": automation.number}
                for trigger in dict.fromkeys(automation.triggers)
            ]
            self._connection.execute(insert(self._connection, table).values(rows))

    # Last, since it hides the built-in name from what comes after it.
    def list(self, **equal: object) -> list[Automation]:
        """Return the automations whose fields equal those given, but for deleted ones, by their numbers."""
        return super().list(deleted_at=None, **equal)


class SqlWebhooks:
    """The addresses of other systems (`billing.ports.Webhooks`)."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._rows = Rows(connection, mappers.WEBHOOK, workspace_id)

    def find(self, url: str) -> WebhookEndpoint | None:
        """Return the endpoint of that address, locked until the end of the transaction, or None."""
        return self._rows.one(self._rows.columns.url == url, lock=True)

    def list(self) -> list[WebhookEndpoint]:
        """Return all endpoints, oldest first."""
        columns = self._rows.columns
        return self._rows.many(order=[columns.created_at, columns.url])

    def put(self, endpoint: WebhookEndpoint) -> None:
        """Insert, or write all fields of the one of that address."""
        self._rows.put(endpoint)


# Asked whenever anything happens, so each is put together once.
@cache
def listening() -> Select[Any]:
    """Return what reads the active automations that what is `heard` starts, in the order of their numbers."""
    columns, listens = tables.automations.c, tables.automation_triggers.c
    heard = select(listens.automation).where(
        listens.workspace_id == bindparam(OF), listens.trigger == bindparam("heard", type_=listens.trigger.type)
    )
    ours = (columns.workspace_id == bindparam(OF), columns.number.in_(heard))
    switched_on = (columns.active.is_(True), columns.deleted_at.is_(None))
    return select(tables.automations).where(*ours, *switched_on).order_by(columns.ordinal, columns.number)


@cache
def listening_many() -> Select[Any]:
    """Return what reads the same for several workspaces and triggers (`storage.ahead`)."""
    columns, listens = tables.automations.c, tables.automation_triggers.c
    theirs = and_(listens.workspace_id == columns.workspace_id, listens.automation == columns.number)
    switched_on = (columns.active.is_(True), columns.deleted_at.is_(None))
    query = select(tables.automations).join(tables.automation_triggers, theirs).where(*switched_on)
    return many(query, (listens.workspace_id, listens.trigger)).order_by(columns.ordinal, columns.number)


@cache
def _lately_run() -> Select[Any]:
    """Return what counts the runs of `automations` from `since` on and finds the last `about` an invoice.

    What is before `back_to` is not read.
    """
    columns = tables.automation_runs.c
    instant = columns.started_at.type
    happened = func.coalesce(columns.occurred_at, columns.started_at, type_=instant)
    counted = case((columns.started_at >= bindparam("since", type_=instant), 1))
    about_it = case((columns.invoice == bindparam("about"), happened))
    return (
        select(columns.automation, func.count(counted).label("runs"), func.max(about_it, type_=instant).label("last"))
        .where(
            columns.workspace_id == bindparam(OF),
            columns.automation.in_(bindparam("automations", expanding=True)),
            columns.started_at >= bindparam("back_to", type_=instant),
        )
        .group_by(columns.automation)
    )


def _within(column: ColumnElement[datetime], start: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    after = [] if start is None else [column >= start]
    return after if end is None else [*after, column < end]


def _of(column: ColumnElement[str], automation: str | None) -> list[ColumnElement[bool]]:
    return [] if automation is None else [column == automation]
