"""Each step of each invoice is decided once: what is due is sent, what is late or unwanted is not, and it says why."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from billing.acting import Occasion, act
from billing.contacts import Contact
from billing.deliveries import DeliveryState
from billing.delivering import end
from billing.errors import InvoiceClosed
from billing.invoices import Invoice, InvoiceStatus
from billing.payments import PaymentStatus
from billing.queues import OutboxKind, OutboxMessage
from billing.reminders import ReminderSchedule, ReminderStep, StepOutcome
from billing.reminding import due_now, remind, why_unwanted
from billing.sending import Sending, send_reminder
from billing.settling import settle
from billing.workspaces import Workspace
from integrations.public_holidays import PublicHolidays
from storage import SqlStore
from tests.support.books import an_automation
from tests.support.databases import SetClock
from tests.support.rules import REMIND
from tests.support.studio import Studio, furnish

CALENDAR = PublicHolidays()
# Nine o'clock in Brisbane on Wednesday, 11 March 2026.
NINE = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
LONG_AGO = NINE - timedelta(days=100)


@pytest.fixture
def office(studio: Studio) -> Studio:
    """The studio, in which reminders are switched on since long ago, at nine in the morning of 11 March."""
    studio.now = NINE
    switch_on(studio)
    return studio


def switch_on(studio: Studio, **changes: Any) -> None:
    """Set a schedule of three steps: on the due date, and three and seven days after it."""
    schedule = ReminderSchedule(
        studio.id, active=True, since=LONG_AGO, set_by="Admin", set_at=LONG_AGO, steps=(0, 3, 7)
    )
    with studio.store.transaction(studio.id) as tx:
        tx.reminders.save_schedule(replace(schedule, **changes))


def sent_invoice(studio: Studio, due_on: str, opportunity: str = "OPP-1", **changes: Any) -> str:
    number = str(studio.done("create_invoice", opportunity=opportunity, amount="500").result["number"])
    change(studio, number, **{"status": InvoiceStatus.SENT, "due_on": date.fromisoformat(due_on)} | changes)
    return number


def change(studio: Studio, number: str, **changes: Any) -> Invoice:
    with studio.store.transaction(studio.id) as tx:
        return tx.invoices.save(replace(tx.invoices.get(number), **changes))


def change_contact(studio: Studio, number: str, **changes: Any) -> Contact:
    with studio.store.transaction(studio.id) as tx:
        return tx.contacts.save(replace(tx.contacts.get(number), **changes))


def look(studio: Studio) -> list[tuple[str, int, str]]:
    """Look for what is due, as a worker does, and return what was decided: invoice, step, and why it was skipped."""
    with studio.store.transaction(studio.id) as tx:
        due = due_now(tx, CALENDAR, now=studio.now)
    decided = []
    for number, steps in due.items():
        with studio.store.transaction(studio.id) as tx:
            decided += remind(tx, CALENDAR, number, steps, now=studio.now)
    return [(step.invoice, step.days, step.reason) for step in decided]


def mails(studio: Studio) -> list[OutboxMessage]:
    return studio.outbox(OutboxKind.MAIL)


def test_nobody_is_reminded_before_an_admin_set_a_schedule(studio: Studio) -> None:
    sent_invoice(studio, "2026-03-11")
    studio.now = NINE
    assert look(studio) == []
    switch_on(studio, active=False)
    assert look(studio) == []
    with studio.store.transaction(studio.id) as tx:
        assert remind(tx, CALENDAR, "INV-1001", [0], now=studio.now) == []


@pytest.mark.parametrize(
    ("due_on", "step"),
    [("2026-03-13", -3), ("2026-03-16", -3), ("2026-03-11", 0), ("2026-03-08", 3), ("2026-03-04", 7)],
)
def test_each_step_is_sent_on_its_day(office: Studio, due_on: str, step: int) -> None:
    # The 13th less three is Tuesday the 10th, and the 16th less three is Friday the 13th.
    switch_on(office, steps=(-3, 0, 3, 7))
    office.now = {"2026-03-13": NINE - timedelta(days=1), "2026-03-16": NINE + timedelta(days=2)}.get(due_on, NINE)
    number = sent_invoice(office, due_on)
    assert [found for found in look(office) if not found[2]] == [(number, step, "")]
    [mail] = mails(office)
    assert mail.payload["template"] == "reminder"
    assert mail.payload["to"] == ["tess@bluebird.example"]


def test_nothing_leaves_before_its_hour(office: Studio) -> None:
    sent_invoice(office, "2026-03-11")
    office.now = NINE - timedelta(seconds=1)
    assert look(office) == []
    office.now = NINE
    assert len(look(office)) == 1


def test_looking_again_sends_nothing_again(office: Studio) -> None:
    sent_invoice(office, "2026-03-11")
    assert len(look(office)) == 1
    office.now += timedelta(minutes=1)
    assert look(office) == []
    assert len(mails(office)) == 1


def test_a_clock_that_goes_back_sends_nothing_again(office: Studio) -> None:
    sent_invoice(office, "2026-03-11")
    look(office)
    for hours in (-30, -1, 1):
        office.now = NINE + timedelta(hours=hours)
        look(office)
    assert len(mails(office)) == 1


def test_a_new_due_date_has_steps_of_its_own(office: Studio) -> None:
    number = sent_invoice(office, "2026-03-11")
    look(office)
    [mail] = mails(office)
    with office.store.transaction(office.id) as tx:
        end(tx, mail.key, DeliveryState.SENT, now=office.now)
    change(office, number, due_on=date(2026, 3, 12))
    office.now = NINE + timedelta(days=1)
    assert look(office) == [(number, 0, "")]


@pytest.mark.parametrize(
    "status", [InvoiceStatus.DRAFT, InvoiceStatus.OPEN, InvoiceStatus.PAID, InvoiceStatus.VOID, InvoiceStatus.REFUNDED]
)
def test_only_what_was_sent_and_is_unpaid_is_reminded_of(office: Studio, status: InvoiceStatus) -> None:
    sent_invoice(office, "2026-03-11", status=status)
    assert look(office) == []


def test_what_is_paid_between_the_look_and_the_decision_is_left_alone(office: Studio) -> None:
    number = sent_invoice(office, "2026-03-11")
    with office.store.transaction(office.id) as tx:
        due = due_now(tx, CALENDAR, now=office.now)
    change(office, number, status=InvoiceStatus.PAID)
    with office.store.transaction(office.id) as tx:
        assert remind(tx, CALENDAR, number, due[number], now=office.now) == []


def test_a_disputed_invoice_is_held_and_reminded_of_once_that_is_over(office: Studio) -> None:
    number = sent_invoice(office, "2026-03-11", disputed=True)
    assert look(office) == []
    change(office, number, disputed=False)
    office.now += timedelta(hours=2)
    assert look(office) == [(number, 0, "")]


def test_a_payment_under_way_holds_a_reminder_and_its_failure_lets_it_go(office: Studio) -> None:
    number = sent_invoice(office, "2026-03-11")
    settlement = office.settlement(number, 500_00, status=PaymentStatus.PROCESSING)
    with office.store.transaction(office.id) as tx:
        settle(tx, settlement, now=office.now)
    assert look(office) == []
    office.now += timedelta(hours=3)
    with office.store.transaction(office.id) as tx:
        settle(tx, replace(settlement, status=PaymentStatus.FAILED), now=office.now)
    assert look(office) == [(number, 0, "")]


@pytest.mark.parametrize(
    ("invoice", "contact", "reason"),
    [
        ({"disputed": True}, {}, "its payment is disputed"),
        ({"reminders_paused": True}, {}, "its reminders are paused"),
        ({}, {"reminders_paused": True}, "reminders to Bluebird Cafe are paused"),
        ({}, {"email": None}, "there is no e-mail address"),
    ],
)
def test_what_is_held_for_more_than_a_day_is_skipped_with_its_reason(
    office: Studio, invoice: dict[str, Any], contact: dict[str, Any], reason: str
) -> None:
    number = sent_invoice(office, "2026-03-11", **invoice)
    change_contact(office, "CON-1", **contact)
    office.now = NINE + timedelta(days=1)
    assert look(office) == []
    office.now += timedelta(seconds=1)
    assert look(office) == [(number, 0, reason)]
    change_contact(office, "CON-1", reminders_paused=False, email="tess@bluebird.example")
    change(office, number, disputed=False, reminders_paused=False)
    assert look(office) == []
    assert mails(office) == []


def test_an_invoice_without_a_client_is_reminded_of_by_nobody(office: Studio) -> None:
    number = sent_invoice(office, "2026-03-11", contact=None)
    assert look(office) == []
    change(office, number, reminders_paused=True)
    office.now += timedelta(days=2)
    assert look(office) == [(number, 0, "its reminders are paused")]


def test_after_days_of_sleep_only_the_newest_step_that_is_not_a_day_late_is_sent(office: Studio) -> None:
    due_today = sent_invoice(office, "2026-03-11")
    late = sent_invoice(office, "2026-03-08")
    office.now = NINE + timedelta(days=3, hours=5)
    assert look(office) == [
        (late, 3, "it was due more than a day ago"),
        (late, 0, "a later reminder was due as well"),
        (due_today, 0, "it was due more than a day ago"),
    ]
    office.now += timedelta(days=1)
    assert look(office) == []
    assert mails(office) == []


def test_a_morning_that_was_slept_through_is_made_up_for(office: Studio) -> None:
    number = sent_invoice(office, "2026-03-11")
    office.now = NINE + timedelta(hours=20)
    assert look(office)[0] == (number, 0, "")


def test_two_steps_that_a_weekend_brings_together_are_one_mail(office: Studio) -> None:
    switch_on(office, steps=(0, 1))
    number = sent_invoice(office, "2026-03-14")
    office.now = datetime(2026, 3, 15, 23, 0, tzinfo=UTC)
    assert look(office) == [(number, 1, ""), (number, 0, "a later reminder was due as well")]
    assert len(mails(office)) == 1


def test_switching_reminders_on_makes_up_for_nothing(office: Studio) -> None:
    switch_on(office, since=NINE + timedelta(hours=1))
    number = sent_invoice(office, "2026-03-11")
    office.now = NINE + timedelta(hours=2)
    assert look(office)[0] == (number, 0, "it was due before reminders were switched on")


def test_an_invoice_that_has_just_been_sent_is_not_reminded_of_at_once(office: Studio) -> None:
    number = sent_invoice(office, "2026-03-11", sent_at=NINE - timedelta(hours=1))
    assert look(office)[0] == (number, 0, "the invoice had just been sent")
    earlier = sent_invoice(office, "2026-03-11", sent_at=NINE - timedelta(days=2))
    assert look(office)[0] == (earlier, 0, "")


@pytest.mark.parametrize(("ahead", "sent"), [(timedelta(hours=2), False), (timedelta(days=5), True)])
def test_a_reminder_by_hand_that_waits_for_about_now_stands_in_for_the_schedules(
    office: Studio, ahead: timedelta, *, sent: bool
) -> None:
    number = sent_invoice(office, "2026-03-11")
    with office.store.transaction(office.id) as tx:
        send_reminder(tx, Sending(number, None, "Mine", "k1", NINE + ahead), now=NINE - timedelta(days=2))
    reason = "" if sent else "another reminder had just been sent or was waiting"
    assert look(office)[0] == (number, 0, reason)
    with office.store.transaction(office.id) as tx:
        waiting = [mail.key for mail in tx.mails.of_invoice(number) if not mail.state.ended]
    assert "mail:k1" in waiting


def test_what_was_decided_can_be_looked_up(office: Studio) -> None:
    sent_invoice(office, "2026-03-11")
    look(office)
    with office.store.transaction(office.id) as tx:
        [first, *others] = tx.reminders.latest_steps(limit=5)
    assert (first.days, first.outcome, first.at, others) == (0, StepOutcome.QUEUED, NINE, [])


# When it leaves


def unwanted(studio: Studio, number: str, not_after: datetime | None, *, unasked: bool = False) -> str:
    with studio.store.transaction(studio.id) as tx:
        invoice = tx.invoices.get(number)
        return why_unwanted(tx, invoice, now=studio.now, not_after=not_after, unasked=unasked)


def test_a_reminder_that_is_about_to_leave_is_looked_at_once_more(office: Studio) -> None:
    number = sent_invoice(office, "2026-03-11")
    tomorrow = NINE + timedelta(days=1)
    assert unwanted(office, number, None) == ""
    assert unwanted(office, number, tomorrow) == ""
    change(office, number, reminders_paused=True)
    assert unwanted(office, number, tomorrow) == "its reminders are paused"
    assert unwanted(office, number, None) == ""
    office.now = tomorrow + timedelta(seconds=1)
    assert unwanted(office, number, tomorrow) == "it could not leave in time"
    change(office, number, disputed=True)
    assert unwanted(office, number, None) == "its payment is disputed"


def test_a_reminder_of_an_automation_is_looked_at_as_one_by_schedule_is_but_may_leave_late(office: Studio) -> None:
    number = sent_invoice(office, "2026-03-11")
    office.now = NINE + timedelta(days=3)
    assert unwanted(office, number, None, unasked=True) == ""
    change_contact(office, "CON-1", reminders_paused=True)
    assert unwanted(office, number, None, unasked=True) == "reminders to Bluebird Cafe are paused"
    assert unwanted(office, number, None) == ""


def automated(studio: Studio, number: str, key: str) -> str:
    """Have an automation remind of the invoice by itself; return why it does not, "" where it does."""
    formats, rule = studio.context().formats, an_automation(workspace_id=studio.id, actions=(REMIND,))
    occasion = Occasion(number, key, studio.now, studio.now.date(), formats, rule)
    try:
        with studio.store.transaction(studio.id) as tx:
            act(tx, REMIND, occasion)
    except InvoiceClosed as error:
        return error.user_message
    return ""


def test_an_automation_does_not_remind_beside_another_reminder_of_the_invoice(office: Studio) -> None:
    number = sent_invoice(office, "2026-03-11")
    assert look(office) == [(number, 0, "")]
    near = f"Nobody is reminded of {number} just now: another reminder had just been sent or was waiting."
    assert automated(office, number, "action:run:0") == near
    with office.store.transaction(office.id) as tx:
        end(tx, f"mail:reminder:{number}:2026-03-11:0", DeliveryState.SENT, now=office.now)
    assert automated(office, number, "action:run:0") == near
    office.now += timedelta(hours=19)
    assert automated(office, number, "action:run:0") == ""
    assert automated(office, number, "action:run:0") == "", "a repeat does not stand in its own way"
    assert automated(office, number, "action:other:0") == near
    assert len(mails(office)) == 2


def test_an_automation_does_not_take_the_place_of_a_reminder_that_a_person_planned(office: Studio) -> None:
    number = sent_invoice(office, "2026-03-11")
    with office.store.transaction(office.id) as tx:
        send_reminder(tx, Sending(number, None, "Mine", "k1", NINE + timedelta(days=5)), now=NINE)
    assert automated(office, number, "action:run:0") == ""
    with office.store.transaction(office.id) as tx:
        waiting = [mail.key for mail in tx.mails.of_invoice(number) if not mail.state.ended]
    assert set(waiting) == {"mail:k1", "mail:action:run:0"}


# Several workers, on both databases


@pytest.fixture
def busy(any_store: SqlStore, clock: SetClock) -> Studio:
    """A studio in a database that several may use at once, with twenty sent invoices; one of them is being paid."""
    clock.now = NINE
    studio = Studio(any_store, now=NINE)
    furnish(studio)
    switch_on(studio)
    for place in range(20):
        sent_invoice(studio, ("2026-03-11", "2026-03-08", "2026-03-04")[place % 3])
    settlement = studio.settlement("INV-1001", 500_00, status=PaymentStatus.PROCESSING)
    with any_store.transaction(studio.id) as tx:
        settle(tx, settlement, now=NINE)
    return studio


def test_workers_that_look_at_once_send_each_reminder_once(busy: Studio) -> None:
    with ThreadPoolExecutor(4) as pool:
        looks = list(pool.map(lambda _: look(busy), range(4)))
    assert sum(not reason for decided in looks for _, _, reason in decided) == 19
    assert sorted(mail.payload["invoice"] for mail in mails(busy)) == [f"INV-{number}" for number in range(1002, 1021)]


def test_what_falls_due_is_found_by_its_day(busy: Studio) -> None:
    with busy.store.transaction(busy.id) as tx:
        found = tx.reminders.due_between(date(2026, 3, 8), date(2026, 3, 8))
        late = tx.reminders.overdue(date(2026, 3, 5))
    assert {invoice.due_on for invoice in found} == {date(2026, 3, 8)}
    assert {invoice.due_on for invoice in late} == {date(2026, 3, 4)}


def test_only_workspaces_with_an_active_schedule_are_looked_at(busy: Studio) -> None:
    busy.store.directory.add_workspace(Workspace("ws_quiet", "Quiet", "EUR", "DE", "de_DE", "Europe/Berlin", NINE))
    assert [workspace.id for workspace in busy.store.directory.with_reminders()] == [busy.id]
    switch_on(busy, active=False)
    assert busy.store.directory.with_reminders() == []


def test_what_another_worker_decided_meanwhile_is_not_decided_again(office: Studio) -> None:
    number = sent_invoice(office, "2026-03-11")
    with office.store.transaction(office.id) as tx:
        tx.reminders.add_step(
            ReminderStep(office.id, number, date(2026, 3, 11), 0, StepOutcome.SKIPPED, NINE, "theirs")
        )
        assert remind(tx, CALENDAR, number, [0], now=NINE) == []
    assert mails(office) == []
