"""The worker's look for reminders and late fees: through restarts, sleep and workspaces in which something is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from billing.invoices import InvoiceStatus
from billing.queues import OutboxKind
from billing.reminders import FeeInterval, LateFee, ReminderSchedule
from billing.workspaces import Workspace
from bot.formats import WorkspaceFormats
from bot.worker.reminding import Reminding
from integrations.public_holidays import PublicHolidays
from storage import open_store
from tests.support.studio import Studio, furnish

# Nine o'clock in Brisbane on Wednesday, 11 March 2026.
NINE = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
FEE = LateFee(FeeInterval.ONCE, date(2026, 1, 1), 5, Decimal(10), percent=Decimal(2))


class Trouble(Exception):
    pass


class Broken(PublicHolidays):
    """A calendar that fails for one country."""

    def is_working_day(self, day: date, country: str, region: str) -> bool:
        if country == "NZ":
            raise Trouble
        return super().is_working_day(day, country, region)


def reminding(studio: Studio) -> Reminding:
    return Reminding(studio.store, Broken(), lambda workspace: WorkspaceFormats(workspace, studio.clock), studio.clock)


def prepare(studio: Studio, **changes: Any) -> None:
    studio.now = NINE
    number = str(studio.done("create_invoice", opportunity="OPP-1", amount="500").result["number"])
    schedule = ReminderSchedule(
        studio.id, active=True, since=NINE - timedelta(days=90), set_by="Admin", set_at=NINE, late_fee=FEE
    )
    with studio.store.transaction(studio.id) as tx:
        sent: dict[str, Any] = {"status": InvoiceStatus.SENT, "due_on": date(2026, 3, 4)} | changes
        tx.invoices.save(replace(tx.invoices.get(number), **sent))
        tx.reminders.save_schedule(schedule)


def test_a_fee_is_charged_before_the_reminder_that_states_it(studio: Studio) -> None:
    prepare(studio)
    worker = reminding(studio)
    worker.run()
    assert str(studio.invoice("INV-1001").total) == "510.00"
    [mail] = studio.outbox(OutboxKind.MAIL)
    assert mail.payload["not_after"] == (NINE + timedelta(days=1)).isoformat()
    studio.now += timedelta(minutes=1)
    worker.run()
    reminding(studio).run()
    assert str(studio.invoice("INV-1001").total) == "510.00"
    assert studio.outbox(OutboxKind.MAIL) == []


def test_trouble_in_one_workspace_does_not_keep_the_others_waiting(studio: Studio) -> None:
    other = Studio(studio.store, id="ws_a")
    studio.store.directory.add_workspace(
        Workspace("ws_a", "First", "NZD", "NZ", "en_NZ", "Pacific/Auckland", NINE - timedelta(days=999))
    )
    prepare(studio)
    copies = _copies(studio)
    with studio.store.transaction("ws_a") as tx:
        for kind, record, changes in copies:
            getattr(tx, kind).add(replace(record, workspace_id="ws_a", **changes))
        schedule = ReminderSchedule("ws_a", active=True, since=NINE - timedelta(days=9), set_by="Ada", set_at=NINE)
        tx.reminders.save_schedule(schedule)
    assert [each.id for each in studio.store.directory.with_reminders()] == ["ws_a", studio.id]
    reminding(studio).run()
    assert [mail.workspace_id for mail in other.outbox(OutboxKind.MAIL)] == [studio.id]


def _copies(studio: Studio) -> list[tuple[str, Any, dict[str, str]]]:
    with studio.store.transaction(studio.id) as tx:
        return [
            ("contacts", tx.contacts.get("CON-1"), {}),
            ("opportunities", tx.opportunities.get("OPP-1"), {}),
            ("invoices", tx.invoices.get("INV-1001"), {"token": "another"}),
        ]


@pytest.mark.parametrize(("asleep", "sent"), [(timedelta(hours=20), 1), (timedelta(days=3), 0)])
def test_a_restart_goes_on_where_it_stopped_and_sends_nothing_a_day_late(
    tmp_path: Path, asleep: timedelta, sent: int
) -> None:
    url = f"sqlite:///{tmp_path / 'evie.db'}"
    holder: list[Studio] = []
    store = open_store(url, lambda: holder[0].now)
    store.migrate()
    holder.append(Studio(store))
    furnish(holder[0])
    prepare(holder[0])
    holder[0].now = NINE - timedelta(minutes=1)
    reminding(holder[0]).run()
    store.close()

    store = open_store(url, lambda: holder[0].now)
    holder[0].store = store
    holder[0].now = NINE + asleep
    for _ in range(2):
        reminding(holder[0]).run()
    assert len(holder[0].outbox(OutboxKind.MAIL)) == sent
    with store.transaction(holder[0].id) as tx:
        decided = {step.days: step.reason for step in tx.reminders.latest_steps(limit=9)}
    store.close()
    assert decided[7] == ("" if sent else "it was due more than a day ago")
