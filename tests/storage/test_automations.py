"""What is kept of automations: what listens, runs that are there once, steps, evaluations, and addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import event

from billing.automations import Action, ActionKind, Automation, Conditions, Trigger
from billing.errors import UnknownRecord
from billing.events import DomainEvent
from billing.runs import Reason, Recent, StepState, Unmet
from billing.scheduling import run_scheduled
from billing.starting import start
from billing.webhooks import WebhookEndpoint
from storage import SqlStore, memory_store
from tests.support.books import (
    a_message,
    a_run,
    a_step,
    add_books,
    add_workspace,
    an_automation,
    an_evaluation,
)
from tests.support.records import NOW, WORKSPACE, an_invoice


def test_what_is_not_known_of_conditions_is_kept_by_name(any_store: SqlStore) -> None:
    add_workspace(any_store)
    where = Conditions(kind="deposit", days_overdue=3, unknown=("phase_of_the_moon",))
    steps = (Action(ActionKind.POST_MESSAGE, {"channel": "#ops"}, after="P1D", added_by="said:0"),)
    rich = an_automation(where=where, actions=steps, also=(Trigger.REFUND_CREATED,), confirmed="f", next_at=NOW)
    with any_store.transaction(WORKSPACE) as tx:
        tx.automations.add(rich)
        assert tx.automations.get("AUT-1") == rich


def test_an_automation_listens_to_each_of_its_triggers_while_it_is_on_and_there(any_store: SqlStore) -> None:
    add_workspace(any_store)
    both = an_automation(also=(Trigger.REFUND_CREATED,))
    with any_store.transaction(WORKSPACE) as tx:
        tx.automations.add(both)
        heard = [tx.automations.listening(each) for each in (both.trigger, *both.also, Trigger.INVOICE_DUE)]
        assert heard == [[both], [both], []]
        tx.automations.save(replace(both, active=False))
        assert tx.automations.listening(both.trigger) == []
        tx.automations.save(replace(both, also=()))
        assert tx.automations.listening(Trigger.REFUND_CREATED) == []
        gone = tx.automations.save(replace(both, deleted_at=NOW))
        assert tx.automations.listening(both.trigger) == []
        assert (tx.automations.list(), tx.automations.find("AUT-1")) == ([], None)
        assert tx.automations.ever("AUT-1") == gone
        with pytest.raises(UnknownRecord):
            tx.automations.get("AUT-1")


def test_scheduled_ones_are_found_when_they_are_due(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        timed = tx.automations.add(an_automation(trigger=Trigger.SCHEDULED, schedule="FREQ=DAILY", next_at=NOW))
        assert tx.automations.scheduled(NOW) == [timed]
        assert tx.automations.scheduled(NOW - timedelta(seconds=1)) == []
    assert any_store.directory.with_scheduled(NOW) == [WORKSPACE]
    assert any_store.directory.with_scheduled(NOW - timedelta(seconds=1)) == []


def test_of_two_workers_that_look_at_the_same_time_one_takes_what_is_due(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.automations.add(an_automation(trigger=Trigger.SCHEDULED, schedule="FREQ=DAILY", next_at=NOW))
    started: list[str] = []

    def look(who: str, *, meanwhile: Thread | None = None) -> None:
        def following(_automation: Automation, at: datetime) -> datetime:
            started.append(who)
            if meanwhile is not None:
                # The other one looks while this one has not ended: it has to wait.
                meanwhile.start()
                meanwhile.join(0.2)
            return at + timedelta(days=1)

        with any_store.transaction(WORKSPACE) as tx:
            run_scheduled(tx, now=NOW, following=following)

    second = Thread(target=look, args=("second",))
    look("first", meanwhile=second)
    second.join()
    assert started == ["first"]


def test_a_run_is_there_once_for_its_key(any_store: SqlStore) -> None:
    add_workspace(any_store)
    full = a_run(key="full", trigger=Trigger.PAYMENT_SUCCEEDED, payment="pay_1", chain=("AUT-1",), occurred_at=NOW)
    with any_store.transaction(WORKSPACE) as tx:
        tx.automations.add(an_automation())
        tx.automations.add(an_automation(number="AUT-2"))
        assert tx.automations.add_runs([a_run(), full]) == {a_run().key, "full"}
        second = a_run(key="second", automation="AUT-2", started_at=NOW + timedelta(days=1))
        assert tx.automations.add_runs([a_run(invoice="INV-1002"), second]) == {"second"}
        assert tx.automations.add_runs([]) == frozenset()
        assert tx.automations.get_run("full") == full
        assert [run.key for run in tx.automations.runs()] == ["second", "full", a_run().key]
        assert [run.key for run in tx.automations.runs("AUT-1", limit=1)] == ["full"]
        assert tx.automations.runs(start=NOW + timedelta(hours=1), end=NOW + timedelta(days=2)) == [second]
        with pytest.raises(UnknownRecord):
            tx.automations.get_run("no such run")


def test_how_often_an_automation_ran_lately_is_counted_by_the_day_and_the_invoice(any_store: SqlStore) -> None:
    add_workspace(any_store)
    before = NOW - timedelta(days=1)
    with any_store.transaction(WORKSPACE) as tx:
        tx.automations.add(an_automation())
        tx.automations.add_runs(
            [a_run(key="old", started_at=before, occurred_at=before), a_run(key="other", invoice="INV-2"), a_run()],
        )
        recent = tx.automations.recent(["AUT-1", "AUT-9"], "INV-1001", since=NOW, back_to=NOW)
        assert recent == {"AUT-1": Recent(2, NOW)}
        assert tx.automations.recent(["AUT-1"], "INV-7", since=NOW, back_to=NOW) == {"AUT-1": Recent(2, None)}
        later = NOW + timedelta(hours=1)
        assert tx.automations.recent(["AUT-1"], "INV-1001", since=later, back_to=later) == {}
        assert tx.automations.recent(["AUT-1"], "INV-1001", since=later, back_to=NOW) == {"AUT-1": Recent(0, NOW)}


def test_steps_are_kept_with_their_outcomes(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        tx.automations.add_steps([a_step(position=1), a_step()])
        tx.automations.add_steps([])
        assert [step.position for step in tx.automations.steps(a_run().key)] == [0, 1]
        done = a_step(state=StepState.DONE, outcome="moved", ended_at=NOW, tries=2, proposal="prop_1")
        tx.automations.save_step(done)
        assert tx.automations.step(a_run().key, 0) == done
        assert tx.automations.step(a_run().key, 7) is None
        assert tx.automations.asking() == [a_step(position=1)]
        with pytest.raises(UnknownRecord):
            tx.automations.save_step(a_step(position=7))


def test_an_automation_is_evaluated_once_for_an_event_and_that_is_forgotten_in_time(any_store: SqlStore) -> None:
    add_workspace(any_store)
    later = an_evaluation(event="later", evaluated_at=NOW + timedelta(days=1), run="run", unmet=None)
    with any_store.transaction(WORKSPACE) as tx:
        assert tx.automations.add_evaluations([an_evaluation(), later]) == {"AUT-1"}
        other = an_evaluation(automation="AUT-2", unmet=Unmet(Reason.DAY_CAP, 100))
        assert tx.automations.add_evaluations([an_evaluation(), other]) == {"AUT-2"}
        assert tx.automations.evaluations() == [other, later, an_evaluation()]
        assert tx.automations.evaluations("AUT-1", limit=1) == [later]
        assert tx.automations.evaluations("AUT-1", end=NOW + timedelta(hours=1)) == [an_evaluation()]
        assert tx.automations.forget_evaluations(NOW + timedelta(hours=1)) == 2
        assert tx.automations.evaluations() == [later]


def test_an_address_that_is_called_is_kept_once(any_store: SqlStore) -> None:
    add_workspace(any_store)
    endpoint = WebhookEndpoint(WORKSPACE, "https://hooks.shop.example/", "sealed", NOW)
    with any_store.transaction(WORKSPACE) as tx:
        tx.webhooks.put(endpoint)
        tx.webhooks.put(replace(endpoint, failures=2, disabled_at=NOW))
        assert tx.webhooks.list() == [replace(endpoint, failures=2, disabled_at=NOW)]
        assert tx.webhooks.find("https://elsewhere.example/") is None


def test_many_messages_are_queued_at_once_and_each_key_once(any_store: SqlStore) -> None:
    add_workspace(any_store)
    with any_store.transaction(WORKSPACE) as tx:
        assert tx.send(a_message("a"))
        tx.send_all([a_message("a"), a_message("b", not_before=NOW + timedelta(days=1))])
        assert tx.chain == ()
    claims = []
    while (claim := any_store.claim_outbox(lease_seconds=60)) is not None:
        claims.append(claim.row.key)
        any_store.finish(claim)
    assert claims == ["a"]


@pytest.mark.parametrize("listening", [1, 40])
def test_a_fact_starts_many_automations_in_as_few_statements_as_one(listening: int) -> None:
    store = memory_store(lambda: NOW)
    add_books(store)
    with store.transaction(WORKSPACE) as tx:
        for number in range(1, listening + 1):
            tx.automations.add(an_automation(number=f"AUT-{number}", where=Conditions()))
    fact = DomainEvent(WORKSPACE, Trigger.PAYMENT_SUCCEEDED, "paid", NOW, "INV-1001", record=an_invoice())
    said: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *told: said.append(told[2].split()[0]))
    with store.transaction(WORKSPACE) as tx:
        start(tx, fact, tx.automations.listening(fact.trigger))
        # Who listens, the workspace, how they ran lately; then evaluations, runs, steps and what is to be done.
        assert [word for word in said if word != "BEGIN"] == ["SELECT"] * 3 + ["INSERT"] * 4
        assert len(tx.automations.runs()) == listening
    store.close()
