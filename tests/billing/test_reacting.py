"""Durations, and what falls due with time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from billing.automations import Action, ActionKind, Automation, Trigger
from billing.durations import duration
from billing.invoices import InvoiceStatus
from billing.queues import OutboxKind
from billing.scheduling import announce_due
from billing.workspaces import NotificationRoute
from tests.support.studio import Studio


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P2D", timedelta(days=2)),
        ("PT1H", timedelta(hours=1)),
        ("P1W", timedelta(weeks=1)),
        ("P1DT2H30M", timedelta(days=1, hours=2, minutes=30)),
        ("-P3D", timedelta(days=-3)),
    ],
)
def test_a_duration_is_read(text: str, span: timedelta) -> None:
    assert duration(text) == span


@pytest.mark.parametrize("text", ["", "P", "PT", "2D", "P2X", "P2D "])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        duration(text)


def due(studio: Studio, due_on: date, status: InvoiceStatus) -> None:
    number = studio.done("create_invoice", opportunity="OPP-1", amount="10").result["number"]
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.save(replace(tx.invoices.get(number), due_on=due_on, status=status))


def look(studio: Studio) -> None:
    today = studio.now.astimezone(ZoneInfo("Australia/Brisbane")).date()
    with studio.store.transaction(studio.id) as tx:
        announce_due(tx, now=studio.now, today=today)


def test_what_is_due_or_overdue_is_told_once_however_often_it_is_looked_for(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        for event in (Trigger.INVOICE_DUE, Trigger.INVOICE_OVERDUE):
            tx.people.set_route(NotificationRoute(studio.id, event, "#billing"))
    today = date(2026, 3, 11)
    due(studio, today, InvoiceStatus.SENT)
    due(studio, today - timedelta(days=1), InvoiceStatus.OPEN)
    due(studio, today - timedelta(days=1), InvoiceStatus.PAID)
    due(studio, today - timedelta(days=40), InvoiceStatus.SENT)
    due(studio, today + timedelta(days=1), InvoiceStatus.SENT)
    due(studio, today, InvoiceStatus.DRAFT)
    look(studio)
    look(studio)
    told = sorted((m.payload["event"], m.payload["invoice"]) for m in studio.outbox(OutboxKind.NOTIFY))
    assert told == [("invoice_due", "INV-1001"), ("invoice_overdue", "INV-1002")]


def test_an_automation_runs_once_for_an_invoice_though_it_happens_again(studio: Studio) -> None:
    step = Action(ActionKind.POST_MESSAGE, {"channel": "#billing"})
    with studio.store.transaction(studio.id) as tx:
        tx.automations.add(
            Automation(
                workspace_id=studio.id,
                number="AUT-1",
                name="Tell the team",
                active=True,
                trigger=Trigger.INVOICE_SENT,
                actions=(step,),
                created_at=studio.now,
            ),
        )
    studio.done("create_invoice", opportunity="OPP-1", amount="10")

    studio.done("send_invoice", invoice="INV-1001")
    studio.done("send_invoice", invoice="INV-1001")

    assert len(studio.outbox(OutboxKind.ACTION)) == 1
    with studio.store.transaction(studio.id) as tx:
        assert [run.invoice for run in tx.automations.runs("AUT-1")] == ["INV-1001"]
