"""What the clock brings comes to every workspace, whatever is wrong in another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from structlog.testing import capture_logs

from billing.asking import OPEN_FOR
from billing.automations import Trigger
from billing.invoices import InvoiceStatus
from billing.ports import Transaction
from billing.runs import StepState
from billing.settling import settle
from billing.workspaces import Workspace
from bot.each_workspace import in_each
from bot.preparing import announce_all_due
from bot.worker.clockwork import lapse_questions, run_all_scheduled
from tests.support.rules import REMIND, THANK, a_rule, steps_of, work
from tests.support.studio import Studio


def broken(studio: Studio) -> str:
    """Add a workspace, older than the studio, of which nothing can be told for it names no known zone."""
    long_ago = studio.now - timedelta(days=900)
    studio.store.directory.add_workspace(Workspace("ws_0", "Lost", "AUD", "AU", "en_AU", "No/Where", long_ago))
    return "ws_0"


def test_one_workspace_that_raises_is_logged_and_the_next_is_done(studio: Studio) -> None:
    done: list[str] = []

    def fall(tx: Transaction) -> None:
        if tx.workspace_id == lost:
            raise LookupError(lost)
        done.append(tx.workspace_id)

    lost = broken(studio)
    with capture_logs() as logs:
        in_each(studio.store, [lost, studio.id], fall, failing="not_done")
    assert done == [studio.id]
    assert [(line["event"], line["workspace"], line["log_level"]) for line in logs] == [("not_done", lost, "error")]


def test_what_is_due_is_announced_where_another_workspace_cannot_be_read(studio: Studio) -> None:
    lost = broken(studio)
    number = str(studio.done("create_invoice", opportunity="OPP-1", amount="10").result["number"])
    with studio.store.transaction(studio.id) as tx:
        sent = replace(tx.invoices.get(number), status=InvoiceStatus.SENT, due_on=date(2026, 3, 1))
        tx.invoices.save(sent)
    early = studio.now - timedelta(days=30)
    a_rule(studio, REMIND, trigger=Trigger.INVOICE_OVERDUE, switched_on_at=early)
    with capture_logs() as logs:
        announce_all_due(studio.store, studio.clock)
    assert [step.run for step in steps_of(studio)] == [f"AUT-1:invoice_overdue:{number}:2026-03-01"]
    assert [line["workspace"] for line in logs] == [lost]


def test_schedules_run_and_questions_lapse_where_another_workspace_cannot_be_read(studio: Studio) -> None:
    lost = broken(studio)
    number = str(studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500").result["number"])
    a_rule(studio, THANK)
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(number, 500_00), now=studio.now)
    assert [step.state for step in work(studio)] == [StepState.ASKING]
    daily: dict[str, Any] = {"trigger": Trigger.SCHEDULED, "schedule": "FREQ=DAILY;BYHOUR=9"}
    a_rule(replace(studio, id=lost), next_at=studio.now, **daily)
    a_rule(studio, next_at=studio.now, **daily)
    with capture_logs() as logs:
        run_all_scheduled(studio.store, studio.clock)
        studio.now += OPEN_FOR
        lapse_questions(studio.store, studio.clock)
    assert len(steps_of(studio, "AUT-2")) == 1
    assert [step.state for step in steps_of(studio)] == [StepState.LEFT]
    assert [(line["event"], line["workspace"]) for line in logs] == [("schedules_not_looked_for", lost)]
