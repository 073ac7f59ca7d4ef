"""The schedule is an admin's to set, and says who set it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from billing.conversations import Actor
from billing.errors import BadArgument, NotAllowed, UnknownRecord
from billing.money import Money
from billing.reminder_settings import pause, switch_off, switch_on
from billing.reminders import FeeInterval, LateFee, ReminderSchedule
from billing.roles import Role
from bot.formats import WorkspaceFormats
from integrations.public_holidays import PublicHolidays
from skills.schedules import spoken_fee, spoken_schedule
from tests.support.studio import Studio

CALENDAR = PublicHolidays()


def actor(studio: Studio, role: Role = Role.ADMIN) -> Actor:
    return Actor(studio.id, role.value.capitalize(), role, "terminal")


def on(studio: Studio, role: Role = Role.ADMIN, **changes: object) -> ReminderSchedule:
    with studio.store.transaction(studio.id) as tx:
        return switch_on(tx, actor(studio, role), CALENDAR, changes, now=studio.now)


def off(studio: Studio, role: Role = Role.ADMIN) -> ReminderSchedule | None:
    with studio.store.transaction(studio.id) as tx:
        return switch_off(tx, actor(studio, role), now=studio.now)


def test_nobody_but_an_admin_sets_it(studio: Studio) -> None:
    for role in (Role.VIEWER, Role.EDITOR):
        with pytest.raises(NotAllowed, match="only an admin"):
            on(studio, role)
        with pytest.raises(NotAllowed):
            off(studio, role)


def test_changing_it_keeps_the_rest_and_the_day_it_was_switched_on(studio: Studio) -> None:
    first = on(studio, hour=8)
    studio.now += timedelta(hours=1)
    second = on(studio, steps=(0, 7), region="QLD")
    assert (second.hour, second.steps, second.region, second.since) == (8, (0, 7), "QLD", first.since)
    assert second.set_at == studio.now
    with studio.store.transaction(studio.id) as tx:
        assert [entry.member for entry in tx.talk.audit_entries(limit=5)] == ["Admin", "Admin"]


def test_switching_it_on_again_begins_anew(studio: Studio) -> None:
    assert off(studio) is None
    on(studio)
    switched_off = off(studio)
    assert switched_off is not None
    assert not switched_off.active
    assert off(studio) == switched_off
    studio.now += timedelta(days=3)
    assert on(studio).since == studio.now


def test_a_region_is_one_of_the_countrys(studio: Studio) -> None:
    with pytest.raises(BadArgument, match="one of ACT, NSW"):
        on(studio, region="Bavaria")
    with studio.store.transaction(studio.id) as tx:
        tx.people.save_workspace(replace(tx.people.workspace(), country="ZZ"))
    with pytest.raises(BadArgument, match="left out"):
        on(studio, region="QLD")
    with pytest.raises(BadArgument, match="The hour"):
        on(studio, hour=24)


def test_an_invoice_or_a_client_can_be_left_in_peace(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", amount="500")
    with studio.store.transaction(studio.id) as tx:
        assert pause(tx, actor(studio), "INV-1001", paused=True, now=studio.now) == "INV-1001"
        assert pause(tx, actor(studio), "CON-1", paused=True, now=studio.now) == "Bluebird Cafe"
        assert tx.invoices.get("INV-1001").reminders_paused
        assert tx.contacts.get("CON-1").reminders_paused
        pause(tx, actor(studio), "INV-1001", paused=False, now=studio.now)
        assert not tx.invoices.get("INV-1001").reminders_paused
        with pytest.raises(UnknownRecord, match="such as INV-1002 or a client"):
            pause(tx, actor(studio), "OPP-1", paused=True, now=studio.now)


def test_the_schedule_is_told_in_words(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        formats = WorkspaceFormats(tx.people.workspace(), studio.clock)
    assert spoken_schedule(None, formats) == "Off: nobody is reminded without being asked for."
    schedule = on(studio)
    assert spoken_schedule(replace(schedule, active=False), formats).startswith("Off")
    said = spoken_schedule(schedule, formats).replace("\u202f", " ")
    assert said == (
        "3 days before, on the due date, 3, 7 and 14 days after it, at 9:00 on working days,"
        " set by Admin on 11 March, 10:00 am."
    )
    short = replace(schedule, steps=(1,), working_days=False, region="QLD")
    assert spoken_schedule(short, formats).startswith("1 day after it, at 9:00 on any day (QLD), set by")


def test_the_fee_is_told_in_words(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        formats = WorkspaceFormats(tx.people.workspace(), studio.clock)

    fee = LateFee(FeeInterval.MONTH, studio.now.date(), 1, Decimal(10), percent=Decimal(2))
    assert spoken_fee(None, formats) == "None."
    assert spoken_fee(fee, formats) == (
        "2 % of what is owed, every month, once an invoice has been overdue for 1 day; at most 10 % of its total."
    )
    amount = replace(fee, percent=None, amount=Money(25_00, "AUD"), interval=FeeInterval.ONCE, after_days=14)
    assert spoken_fee(amount, formats).startswith("A$25.00, once, once an invoice has been overdue for 14 days")


def test_who_asks_what_is_connected_is_told_of_the_schedule(studio: Studio) -> None:
    def said() -> list[str]:
        card = studio.done("connection_status").card
        assert card is not None
        return [field.value for field in card.fields if field.label == "Reminders"]

    assert said() == []
    on(studio)
    assert said()[0].startswith("3 days before, on the due date, 3, 7 and 14 days after it")
    off(studio)
    assert said() == ["Off: nobody is reminded without being asked for."]
