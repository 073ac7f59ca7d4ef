"""From an event to the runs of automations: what holds, what does not, and what is kept of both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from billing.automations import Action, ActionKind, Conditions, Trigger
from billing.day_caps import tell_of_day_cap
from billing.durations import later
from billing.events import DomainEvent
from billing.invoices import InvoiceStatus
from billing.money import Money
from billing.opportunities import Stage
from billing.payments import PaymentStatus, PaymentType
from billing.queues import OutboxKind
from billing.reacting import publish
from billing.roles import Role
from billing.runs import EVALUATIONS_KEPT, Reason
from billing.scheduling import announce_due, run_scheduled
from billing.settling import settle
from billing.workspaces import Member, Workspace
from tests.support.books import an_automation
from tests.support.rules import MOVE, POST, REMIND, a_rule, at, evaluations, steps_of
from tests.support.studio import Studio

DEPOSIT = "INV-1001"


@pytest.fixture(autouse=True)
def _invoice(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")


def happens(studio: Studio, trigger: Trigger, key: str = "", *, invoice: str = DEPOSIT, **changes: Any) -> None:
    chain = changes.pop("chain", ())
    event = DomainEvent(studio.id, trigger, key or f"{trigger}:{invoice}", studio.now, invoice)
    with studio.store.transaction(studio.id) as tx:
        tx.chain = chain
        publish(tx, replace(event, **changes))


def ran(studio: Studio) -> list[str]:
    with studio.store.transaction(studio.id) as tx:
        return [run.automation for run in reversed(tx.automations.runs())]


def reasons(studio: Studio) -> list[str]:
    return [one.unmet.reason for one in reversed(evaluations(studio)) if one.unmet is not None]


def due(studio: Studio, day: date, status: InvoiceStatus = InvoiceStatus.SENT) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.save(replace(tx.invoices.get(DEPOSIT), due_on=day, status=status))


def look(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        announce_due(tx, now=studio.now, today=tx.people.workspace().day_of(studio.now))


def test_any_of_several_triggers_starts_it(studio: Studio) -> None:
    a_rule(studio, also=(Trigger.INVOICE_SENT,))
    happens(studio, Trigger.INVOICE_SENT)
    happens(studio, Trigger.PAYMENT_SUCCEEDED)
    happens(studio, Trigger.REFUND_CREATED)
    assert ran(studio) == ["AUT-1", "AUT-1"]


@pytest.mark.parametrize(
    ("where", "unmet"),
    [
        (Conditions(kind="deposit", contact="CON-1", opportunity="OPP-1", currency="AUD", stage="proposal"), None),
        (Conditions(min_amount=Money(500_00, "AUD"), max_amount=Money(500_00, "AUD")), None),
        (Conditions(kind="final"), "kind"),
        (Conditions(contact="CON-2"), "contact"),
        (Conditions(opportunity="OPP-2"), "opportunity"),
        (Conditions(currency="EUR"), "currency"),
        (Conditions(stage="won"), "stage"),
        (Conditions(min_amount=Money(500_01, "AUD")), "min_amount"),
        (Conditions(max_amount=Money(499_99, "AUD")), "max_amount"),
        (Conditions(min_amount=Money(1, "USD")), "min_amount"),
        (Conditions(max_amount=Money(999_99, "USD")), "max_amount"),
        (Conditions(payment="renewal"), "payment"),
        (Conditions(payment="first"), None),
        (Conditions(days_overdue=1), "days_overdue"),
        (Conditions(days_overdue=-14), None),
        (Conditions(unknown=("phase_of_the_moon",)), Reason.UNKNOWN_CONDITION),
    ],
)
def test_all_conditions_have_to_hold_and_the_one_that_does_not_is_kept(
    studio: Studio, where: Conditions, unmet: str | None
) -> None:
    a_rule(studio, where=where)
    happens(studio, Trigger.PAYMENT_SUCCEEDED)
    [kept] = evaluations(studio)
    assert (kept.unmet.reason if kept.unmet else None) == unmet
    assert (kept.run is not None) == (ran(studio) == ["AUT-1"]) == (unmet is None)


def test_what_moved_is_compared_and_not_what_the_invoice_asks_for(studio: Studio) -> None:
    a_rule(studio, trigger=Trigger.PAYMENT_FAILED, where=Conditions(min_amount=Money(400_00, "AUD")))
    failed = studio.settlement(DEPOSIT, 300_00, status=PaymentStatus.FAILED)
    with studio.store.transaction(studio.id) as tx:
        settle(tx, failed, now=studio.now)
    [kept] = evaluations(studio)
    assert kept.unmet is not None
    assert (kept.unmet.reason, kept.unmet.found) == ("min_amount", Money(300_00, "AUD"))


def test_a_later_payment_of_a_subscription_is_a_renewal(studio: Studio) -> None:
    a_rule(studio, trigger=Trigger.SUBSCRIPTION_RENEWED, where=Conditions(payment="renewal"))
    for number in ("pi_1", "pi_2"):
        paid = studio.settlement(DEPOSIT, 500_00, stripe_object_id=number, type=PaymentType.SUBSCRIPTION)
        with studio.store.transaction(studio.id) as tx:
            settle(tx, paid, now=studio.now)
    assert ran(studio) == ["AUT-1"]


def test_nothing_of_an_invoice_holds_where_there_is_none(studio: Studio) -> None:
    narrow = (
        Conditions(kind="deposit"),
        Conditions(contact="CON-1"),
        Conditions(currency="AUD"),
        Conditions(stage="won"),
    )
    for where in narrow:
        a_rule(studio, where=where, trigger=Trigger.ORDER_CREATED)
    a_rule(studio, where=Conditions(days_overdue=1), trigger=Trigger.ORDER_CREATED)
    happens(studio, Trigger.ORDER_CREATED, invoice="")
    assert ran(studio) == []
    assert sorted(reasons(studio)) == ["contact", "currency", "days_overdue", "kind", "stage"]


def test_an_event_is_evaluated_once_and_starts_once_however_often_it_is_told(studio: Studio) -> None:
    a_rule(studio)
    for key in ("once", "once", "in another way"):
        happens(studio, Trigger.PAYMENT_SUCCEEDED, key)
    assert ran(studio) == ["AUT-1"]
    assert [one.event for one in evaluations(studio)] == ["in another way", "once"]
    assert len(steps_of(studio)) == 1


def test_what_is_told_again_within_the_hour_about_one_invoice_is_not_acted_on_again(studio: Studio) -> None:
    a_rule(studio, trigger=Trigger.PAYMENT_FAILED)
    happens(studio, Trigger.PAYMENT_FAILED, "first")
    happens(studio, Trigger.PAYMENT_FAILED, "second", occurred_at=studio.now + timedelta(minutes=59))
    happens(studio, Trigger.PAYMENT_FAILED, "third", occurred_at=studio.now + timedelta(minutes=61))
    assert ran(studio) == ["AUT-1", "AUT-1"]
    assert reasons(studio) == [Reason.QUIET]


def test_an_automation_without_a_quiet_time_hears_of_every_try(studio: Studio) -> None:
    a_rule(studio, trigger=Trigger.PAYMENT_FAILED, quiet=None)
    for key in ("first", "second"):
        happens(studio, Trigger.PAYMENT_FAILED, key)
    assert ran(studio) == ["AUT-1", "AUT-1"]


def test_two_refunds_of_one_invoice_are_two_facts(studio: Studio) -> None:
    a_rule(studio, trigger=Trigger.REFUND_CREATED)
    for key in ("re_1", "re_2"):
        happens(studio, Trigger.REFUND_CREATED, key)
    assert ran(studio) == ["AUT-1", "AUT-1"]


def test_no_more_than_the_days_cap_runs_and_the_next_day_it_goes_on(studio: Studio) -> None:
    a_rule(studio, trigger=Trigger.REFUND_CREATED, day_cap=2)
    for key in ("a", "b", "c"):
        happens(studio, Trigger.REFUND_CREATED, key)
    assert (len(ran(studio)), reasons(studio)) == (2, [Reason.DAY_CAP])
    # Midnight in Brisbane is 14:00 UTC.
    studio.now = datetime(2026, 3, 11, 14, 0, tzinfo=UTC)
    happens(studio, Trigger.REFUND_CREATED, "d")
    assert len(ran(studio)) == 3


def test_that_the_days_cap_is_reached_is_told_once_a_day(studio: Studio) -> None:
    a_rule(studio, trigger=Trigger.REFUND_CREATED, day_cap=2)
    a_rule(studio, MOVE, trigger=Trigger.REFUND_CREATED, day_cap=1)
    for key in ("a", "b", "c", "d"):
        happens(studio, Trigger.REFUND_CREATED, key)
    told = {
        number: f"{number} has run {often} today, which is its limit. What comes after is not done today: “show the "
        f"runs of {number}” tells what."
        for number, often in (("AUT-1", "2 times"), ("AUT-2", "once"))
    }
    assert said_of_caps(studio) == {f"day_cap:{number}:2026-03-11:#billing": told[number] for number in told}
    studio.now += timedelta(days=1)
    for key in ("e", "f", "g"):
        happens(studio, Trigger.REFUND_CREATED, key)
    assert sorted(said_of_caps(studio)) == [f"day_cap:{number}:2026-03-12:#billing" for number in told]


def test_where_there_is_no_channel_each_admin_is_told_of_the_days_cap(studio: Studio) -> None:
    bare = Workspace("ws_bare", "Bare", "AUD", "AU", "en_AU", "Australia/Brisbane", studio.now)
    studio.store.directory.add_workspace(bare)
    with studio.store.transaction(bare.id) as tx:
        tx.people.save_member(Member(bare.id, "Ana", Role.ADMIN))
        tx.people.save_member(Member(bare.id, "Vic", Role.VIEWER))
        tell_of_day_cap(tx, an_automation(workspace_id=bare.id), now=studio.now)
    [said] = studio.outbox(OutboxKind.SAY)
    assert (said.payload["member"], said.lane) == ("Ana", "member:Ana")


def said_of_caps(studio: Studio) -> dict[str, str]:
    messages = studio.outbox(OutboxKind.SAY)
    return {message.key: str(message.payload["text"]) for message in messages if message.key.startswith("day_cap:")}


def test_an_automation_never_starts_itself_and_others_three_deep_only(studio: Studio) -> None:
    a_rule(studio)
    happens(studio, Trigger.PAYMENT_SUCCEEDED, "own", chain=("AUT-1",))
    happens(studio, Trigger.PAYMENT_SUCCEEDED, "deep", chain=("AUT-2", "AUT-3", "AUT-4"))
    assert (ran(studio), reasons(studio)) == ([], [Reason.OWN_EFFECT, Reason.TOO_DEEP])
    happens(studio, Trigger.PAYMENT_SUCCEEDED, "two", chain=("AUT-2", "AUT-3"))
    with studio.store.transaction(studio.id) as tx:
        assert [run.chain for run in tx.automations.runs()] == [("AUT-2", "AUT-3", "AUT-1")]


def test_steps_wait_one_after_the_other_on_the_calendar_of_the_business(studio: Studio) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.people.save_workspace(replace(tx.people.workspace(), timezone="Europe/Berlin"))
    studio.now = at("2026-03-28T09:00:00+01:00")
    second = Action(ActionKind.POST_MESSAGE, {"channel": "#billing"}, after="PT1H")
    a_rule(studio, MOVE, second, after="P1D")
    happens(studio, Trigger.PAYMENT_SUCCEEDED)
    # The clocks went forward in between: a day later it is nine again.
    assert [step.due_at for step in steps_of(studio)] == [
        at("2026-03-29T09:00:00+02:00"),
        at("2026-03-29T10:00:00+02:00"),
    ]
    assert studio.outbox() == []


def test_a_time_that_the_clocks_skip_is_moved_on() -> None:
    asked = later(at("2026-03-28T02:30:00+01:00"), "P1D", "Europe/Berlin")
    assert asked == at("2026-03-29T03:30:00+02:00")


def test_when_the_clocks_go_back_a_day_ends_at_the_same_time_of_day_and_an_hour_is_an_hour() -> None:
    assert later(at("2026-10-24T09:00:00+02:00"), "P1D", "Europe/Berlin") == at("2026-10-25T09:00:00+01:00")
    # It is half past two twice that night.
    assert later(at("2026-10-25T02:30:00+02:00"), "PT1H", "Europe/Berlin") == at("2026-10-25T02:30:00+01:00")


def test_days_before_the_due_date_are_counted_back_from_nine_in_the_morning(studio: Studio) -> None:
    a_rule(studio, REMIND, trigger=Trigger.INVOICE_DUE, after="-P3D")
    due(studio, date(2026, 3, 14))
    studio.now = at("2026-03-11T08:59:00+10:00")
    look(studio)
    assert ran(studio) == []
    studio.now = at("2026-03-11T09:01:00+10:00")
    with studio.store.transaction(studio.id) as tx:
        tx.automations.save(replace(tx.automations.get("AUT-1"), switched_on_at=at("2026-03-11T08:00:00+10:00")))
    look(studio)
    look(studio)
    assert ran(studio) == ["AUT-1"]
    assert [step.due_at for step in steps_of(studio)] == [at("2026-03-11T09:00:00+10:00")]
    # On the day itself it is not told once more.
    studio.now = at("2026-03-14T12:00:00+10:00")
    look(studio)
    assert ran(studio) == ["AUT-1"]


def test_what_fell_due_while_the_machine_slept_is_looked_at_when_it_wakes(studio: Studio) -> None:
    a_rule(studio, trigger=Trigger.INVOICE_DUE)
    a_rule(studio, trigger=Trigger.INVOICE_OVERDUE)
    due(studio, date(2026, 3, 12))
    studio.now = at("2026-03-22T12:00:00+10:00")
    look(studio)
    look(studio)
    assert ran(studio) == ["AUT-1", "AUT-2"]
    assert [step.due_at for step in steps_of(studio, "AUT-2")] == [at("2026-03-13T09:00:00+10:00")]


@pytest.mark.parametrize("lead", ["-P3D", "-P45D", None])
def test_what_was_refused_is_not_looked_at_afresh_once_that_is_forgotten(studio: Studio, lead: str | None) -> None:
    early = studio.now - timedelta(days=40)
    a_rule(studio, trigger=Trigger.INVOICE_DUE, after=lead, where=Conditions(stage="won"), switched_on_at=early)
    a_rule(studio, trigger=Trigger.INVOICE_OVERDUE, where=Conditions(stage="won"))
    due(studio, date(2026, 3, 25))
    for day in range(60):
        look(studio)
        with studio.store.transaction(studio.id) as tx:
            tx.automations.forget_evaluations(studio.now - EVALUATIONS_KEPT)
            if day == 20:
                tx.opportunities.save(replace(tx.opportunities.get("OPP-1"), stage=Stage.WON))
        studio.now += timedelta(days=1)
    assert ran(studio) == []


def test_an_automation_that_is_switched_on_later_does_not_make_up_for_what_was(studio: Studio) -> None:
    due(studio, date(2026, 3, 9))
    a_rule(studio, trigger=Trigger.INVOICE_OVERDUE)
    look(studio)
    assert (ran(studio), reasons(studio)) == ([], [Reason.WAS_OFF])


def a_schedule(*times: str) -> Any:
    """Return what follows: each of these times after the other, then none."""
    order = [at(time) for time in times]
    return lambda _automation, after: next((time for time in order if time > after), None)


def test_every_time_that_came_is_started_once_and_none_is_skipped(studio: Studio) -> None:
    mondays = ("2026-03-16T09:00:00+10:00", "2026-03-23T09:00:00+10:00", "2026-03-30T09:00:00+10:00")
    rule = a_rule(studio, trigger=Trigger.SCHEDULED, schedule="FREQ=WEEKLY;BYDAY=MO", next_at=at(mondays[0]))
    studio.now = at("2026-03-24T12:00:00+10:00")
    for _ in range(2):
        with studio.store.transaction(studio.id) as tx:
            run_scheduled(tx, now=studio.now, following=a_schedule(*mondays))
    assert ran(studio) == [rule.number] * 2
    with studio.store.transaction(studio.id) as tx:
        assert tx.automations.get(rule.number).next_at == at(mondays[2])
    assert [step.due_at for step in steps_of(studio)] == [at(mondays[1]), at(mondays[0])]


def test_a_schedule_that_reminds_is_about_each_overdue_invoice(studio: Studio) -> None:
    for _ in range(2):
        studio.done("create_invoice", opportunity="OPP-1", amount="10")
    with studio.store.transaction(studio.id) as tx:
        for number in ("INV-1001", "INV-1002"):
            tx.invoices.save(replace(tx.invoices.get(number), due_on=date(2026, 3, 1), status=InvoiceStatus.SENT))
    a_rule(studio, REMIND, trigger=Trigger.SCHEDULED, schedule="FREQ=DAILY;COUNT=1", next_at=studio.now)
    with studio.store.transaction(studio.id) as tx:
        run_scheduled(tx, now=studio.now, following=a_schedule())
        assert sorted(run.invoice for run in tx.automations.runs()) == ["INV-1001", "INV-1002"]
        assert tx.automations.get("AUT-1").next_at is None


def test_news_and_steps_are_in_the_outbox_together(studio: Studio) -> None:
    a_rule(studio, MOVE, POST)
    happens(studio, Trigger.PAYMENT_SUCCEEDED)
    assert [message.payload["position"] for message in studio.outbox()] == [0, 1]


def test_a_payment_that_fails_is_the_first_while_the_invoice_is_open_and_a_renewal_after_that(studio: Studio) -> None:
    a_rule(studio, trigger=Trigger.PAYMENT_FAILED, where=Conditions(payment="renewal"), quiet=None)
    happens(studio, Trigger.PAYMENT_FAILED, "while it is open")
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.save(tx.invoices.get(DEPOSIT).move(InvoiceStatus.PAID))
    happens(studio, Trigger.PAYMENT_FAILED, "after it was paid")
    assert [(one.event, one.unmet is None) for one in evaluations(studio)] == [
        ("after it was paid", True),
        ("while it is open", False),
    ]


def test_a_failed_payment_that_is_not_on_record_is_about_what_the_invoice_asks_for(studio: Studio) -> None:
    a_rule(studio, trigger=Trigger.PAYMENT_FAILED, where=Conditions(min_amount=Money(500_00, "AUD")))
    happens(studio, Trigger.PAYMENT_FAILED)
    assert ran(studio) == ["AUT-1"]
