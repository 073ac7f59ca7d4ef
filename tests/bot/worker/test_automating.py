"""Automations at work: questions on cards, calls to other systems, and steps that are given up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from billing.asking import OPEN_FOR
from billing.automations import Action, ActionKind, Trigger
from billing.conversations import ProposalState
from billing.errors import ProviderUnavailable, UnknownRecord
from billing.news import DealRoute
from billing.queues import OutboxKind, OutboxMessage
from billing.roles import Role
from billing.runs import Step, StepState
from billing.settling import settle
from billing.stepping import reopen_message, sent_by
from billing.webhooks import Call, WebhookEndpoint
from billing.workspaces import Channel
from bot.addresses import PublicAddresses
from bot.formats import WorkspaceFormats
from bot.worker.automating import Automating
from bot.worker.clockwork import forget_old_evaluations, lapse_questions, run_all_scheduled
from bot.worker.fronts import LocalFront
from bot.worker.outbox import Outbox
from bot.worker.outlets import Hooks, Outlets
from bot.worker.worker import Work, Worker
from tests.support.assisting import Chat
from tests.support.rules import MOVE, POST, THANK, a_rule, at, evaluations, steps_of, work
from tests.support.studio import Studio

URL = "https://hooks.shop.example/paid"
HOOK = Action(ActionKind.CALL_WEBHOOK, {"url": URL})
TAKEN, AWAY = Call(taken=True, reason="answered 204"), Call(taken=False, reason="answered 500")


@dataclass
class Elsewhere:
    """Another system, as the caller reports it."""

    answers: list[Call] = field(default_factory=list)
    called: list[tuple[str, str, str]] = field(default_factory=list)

    def __call__(self, url: str, key: str, body: Mapping[str, Any], secret: str) -> Call:
        self.called.append((url, key, secret))
        return self.answers.pop(0) if self.answers else TAKEN


def worker(studio: Studio, elsewhere: Elsewhere, *, enough: int = 2, hooks: bool = True) -> Worker:
    """Return a worker that gives a call up after so many tries."""
    outbox = Outbox(outlets(studio, elsewhere, enough=enough, hooks=hooks))
    return Worker(studio.store, Work(lambda _row: True, outbox.deliver, (), outbox.give_up))


def automating(studio: Studio, elsewhere: Elsewhere) -> Automating:
    return Automating(outlets(studio, elsewhere, enough=2, hooks=True))


def outlets(studio: Studio, elsewhere: Elsewhere, *, enough: int, hooks: bool) -> Outlets:

    def delay(tries: int) -> float | None:
        return 60.0 if tries < enough else None

    mailer: Any = None  # nothing is mailed here
    return Outlets(
        store=studio.store,
        gateways=studio.stripe,
        mailer=mailer,
        links=PublicAddresses("https://evie.example"),
        clock=studio.clock,
        formats_for=lambda workspace: WorkspaceFormats(workspace, studio.clock),
        local=LocalFront(),
        hooks=Hooks(elsewhere, lambda sealed: f"opened {sealed}", delay) if hooks else None,
    )


@pytest.fixture
def elsewhere() -> Elsewhere:
    return Elsewhere()


@pytest.fixture(autouse=True)
def _invoice(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")
    with studio.store.transaction(studio.id) as tx:
        tx.webhooks.put(WebhookEndpoint(studio.id, URL, "sealed", studio.now))


def pay(studio: Studio, invoice: str = "INV-1001", number: str = "pi_1") -> None:
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(invoice, 500_00, stripe_object_id=number), now=studio.now)


def posts(studio: Studio) -> list[str]:
    kinds = [OutboxKind.SAY.value, OutboxKind.ASK.value]
    return [str(sent.receipt.get("text")) for sent in studio.store.delivered(studio.id, after=0, kinds=kinds)]


def test_another_system_is_called_with_the_opened_secret_and_the_step_is_done(
    studio: Studio, elsewhere: Elsewhere
) -> None:
    a_rule(studio, HOOK, POST)
    pay(studio)
    worker(studio, elsewhere).drain()
    [(url, key, secret)] = elsewhere.called
    assert (url, secret) == (URL, "opened sealed")
    assert key.startswith("ws_studio:action:AUT-1")
    assert [step.state for step in steps_of(studio)] == [StepState.DONE, StepState.DONE]
    assert posts(studio) == ["INV-1001 of Bluebird Cafe"]


def test_a_call_that_fails_is_tried_again_later_and_keeps_no_other_step_waiting(
    studio: Studio, elsewhere: Elsewhere
) -> None:
    elsewhere.answers = [AWAY]
    a_rule(studio, HOOK, MOVE)
    pay(studio)
    at_work = worker(studio, elsewhere)
    at_work.drain()
    calling, moved = steps_of(studio)
    assert (calling.state, calling.tries, calling.outcome) == (StepState.WAITING, 1, "answered 500")
    assert moved.state is StepState.DONE
    studio.now += timedelta(seconds=61)
    at_work.drain()
    assert [step.state for step in steps_of(studio)] == [StepState.DONE, StepState.DONE]
    assert len({key for _, key, _ in elsewhere.called}) == 1


def test_a_step_that_fails_again_and_again_does_not_run_the_earlier_ones_again(
    studio: Studio, elsewhere: Elsewhere
) -> None:
    elsewhere.answers = [AWAY, AWAY]
    a_rule(studio, POST, MOVE, HOOK)
    pay(studio)
    at_work = worker(studio, elsewhere, enough=3)
    for _ in range(3):
        at_work.drain()
        studio.now += timedelta(seconds=61)
    assert [step.state for step in steps_of(studio)] == [StepState.DONE] * 3
    assert len(elsewhere.called) == 3
    assert posts(studio) == ["INV-1001 of Bluebird Cafe"]
    assert [step.tries for step in steps_of(studio)][:2] == [0, 0]


def test_an_address_that_fails_three_messages_in_a_row_is_left_alone_and_people_are_told(
    studio: Studio, elsewhere: Elsewhere
) -> None:
    elsewhere.answers = [AWAY] * 3
    a_rule(studio, HOOK)
    at_work = worker(studio, elsewhere, enough=1)
    for place in range(4):
        number = studio.done("create_invoice", opportunity="OPP-1", amount="500").result["number"]
        pay(studio, number, f"pi_{place}")
        at_work.drain()
    assert len(elsewhere.called) == 3
    assert {step.state for step in steps_of(studio)} == {StepState.FAILED}
    assert posts(studio) == [
        (
            f"{URL} has failed 3 times in a row (answered 500), so I no longer call it. "
            "When it works again, say “turn on AUT-1”."
        ),
    ]


def test_an_answer_makes_up_for_what_failed_before(studio: Studio, elsewhere: Elsewhere) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.webhooks.put(WebhookEndpoint(studio.id, URL, "sealed", studio.now, failures=2))
    a_rule(studio, HOOK)
    pay(studio)
    worker(studio, elsewhere).drain()
    with studio.store.transaction(studio.id) as tx:
        assert [endpoint.failures for endpoint in tx.webhooks.list()] == [0]


def test_what_says_that_it_is_gone_is_not_tried_again(studio: Studio, elsewhere: Elsewhere) -> None:
    elsewhere.answers = [Call(taken=False, reason="answered 410", final=True)]
    a_rule(studio, HOOK)
    pay(studio)
    worker(studio, elsewhere, enough=9).drain()
    assert [(step.state, step.tries) for step in steps_of(studio)] == [(StepState.FAILED, 1)]


def test_a_row_that_is_delivered_again_calls_nobody_twice(studio: Studio, elsewhere: Elsewhere) -> None:
    a_rule(studio, HOOK)
    pay(studio)
    worker(studio, elsewhere).drain()
    step = steps_of(studio)[0]
    row = {"url": URL, "step": f"action:{step.run}:0", "body": {}}
    message = OutboxMessage(studio.id, "again", OutboxKind.WEBHOOK, "", row, studio.now)
    assert worker(studio, elsewhere)._work.deliver(message, again=True) == {"done": f"called {URL}"}
    assert len(elsewhere.called) == 1
    with pytest.raises(UnknownRecord):
        worker(studio, elsewhere, hooks=False)._work.deliver(message, again=True)


def test_a_step_that_cannot_be_done_is_recorded_and_the_later_ones_are_done(
    studio: Studio, elsewhere: Elsewhere
) -> None:
    a_rule(studio, Action(ActionKind.ASSIGN_TASK, {"to": "@Ghost"}), MOVE)
    pay(studio)
    worker(studio, elsewhere).drain()
    failed, moved = steps_of(studio)
    assert (failed.state, moved.state) == (StepState.FAILED, StepState.DONE)
    assert "nobody here who is @Ghost" in failed.outcome


def test_a_task_is_said_to_the_colleague(studio: Studio, elsewhere: Elsewhere) -> None:
    a_rule(studio, Action(ActionKind.ASSIGN_TASK, {"to": "@Editor", "text": "Call {client}"}))
    pay(studio)
    worker(studio, elsewhere).drain()
    [sent] = studio.store.delivered(studio.id, after=0, kinds=["say"])
    assert (sent.receipt["channel"], sent.receipt["text"]) == ("@Editor", "Call Bluebird Cafe")


def test_a_step_that_was_tried_too_often_is_given_up_on_record(studio: Studio, elsewhere: Elsewhere) -> None:
    a_rule(studio, Action(ActionKind.POST_MESSAGE, {}))
    pay(studio)
    at_work = worker(studio, elsewhere)
    for _ in range(12):
        at_work.drain()
        studio.now += timedelta(hours=1)
    [step] = steps_of(studio)
    assert (step.state, step.outcome) == (StepState.FAILED, "it was tried too often (KeyError)")
    away = OutboxMessage(studio.id, "k", OutboxKind.SAY, "", {}, studio.now)
    assert at_work._work.give_up is not None
    at_work._work.give_up(away, "nothing to record")


def test_what_asks_is_a_card_in_the_channel_that_whoever_may_can_decide(
    studio: Studio, elsewhere: Elsewhere, chat: Chat
) -> None:
    a_rule(studio, THANK)
    pay(studio)
    worker(studio, elsewhere).drain()
    [asked] = studio.store.delivered(studio.id, after=0, kinds=["ask"])
    [card] = asked.receipt["cards"]
    assert asked.receipt["channel"] == "#billing"
    assert card["title"] == "E-mail Bluebird Cafe?"
    assert "no admin has confirmed" in card["note"]
    assert "or say “approve AUT-1 for INV-1001”" in card["note"]
    proposal = card["buttons"][0]["confirm"]

    refused = chat.clicks(proposal, Role.VIEWER)
    assert refused.reply == "An editor or an admin has to decide that. Nothing was done."
    assert chat.clicks(proposal, Role.VIEWER, confirm=False).error
    done = chat.clicks(proposal, Role.EDITOR)
    assert done.reply.startswith("AUT-1: e-mailed tess@bluebird.example, as Editor said")
    assert [step.on_its_way for step in steps_of(studio)] == [True]
    assert chat.clicks(proposal, Role.ADMIN).error


def test_a_no_is_kept_and_nothing_is_done(studio: Studio, elsewhere: Elsewhere, chat: Chat) -> None:
    a_rule(studio, THANK)
    pay(studio)
    worker(studio, elsewhere).drain()
    [asked] = studio.store.delivered(studio.id, after=0, kinds=["ask"])
    proposal = asked.receipt["cards"][0]["buttons"][0]["confirm"]
    chat.clicks(proposal, Role.EDITOR, confirm=False)
    with studio.store.transaction(studio.id) as tx:
        kept = tx.talk.proposal(proposal)
    assert kept is not None
    assert kept.state is ProposalState.DROPPED
    [step] = steps_of(studio)
    assert (step.state, step.outcome, step.ended_at) == (StepState.LEFT, "Editor said no", studio.now)
    assert "asks about nothing" in studio.run("approve_automation", automation="AUT-1").text


def test_the_next_invoice_is_offered_with_what_it_is(studio: Studio, elsewhere: Elsewhere) -> None:
    a_rule(studio, Action(ActionKind.CREATE_INVOICE, {"kind": "progress", "percent": "40"}))
    pay(studio)
    worker(studio, elsewhere).drain()
    [card] = studio.store.delivered(studio.id, after=0, kinds=["ask"])[0].receipt["cards"]
    assert card["title"] == "Send INV-1002 to Bluebird Cafe?"
    assert [entry["value"] for entry in card["fields"]] == ["INV-1002", "Bluebird shop sign", "A$4,000.00", "25 March"]
    assert "or say “send INV-1002”" in card["note"]


def test_a_no_to_the_next_invoice_is_told_beside_what_was_done(
    studio: Studio, elsewhere: Elsewhere, chat: Chat
) -> None:
    a_rule(studio, Action(ActionKind.CREATE_INVOICE, {"kind": "progress", "percent": "40"}))
    pay(studio)
    worker(studio, elsewhere).drain()
    [card] = studio.store.delivered(studio.id, after=0, kinds=["ask"])[0].receipt["cards"]
    chat.clicks(card["buttons"][1]["drop"], Role.EDITOR, confirm=False)
    [step] = steps_of(studio)
    assert step.state is StepState.DONE
    assert step.outcome == "created INV-1002 as a draft and asked whether to send it; Editor said no"


def test_what_nobody_decides_in_time_is_closed(studio: Studio, elsewhere: Elsewhere) -> None:
    a_rule(studio, THANK)
    pay(studio)
    worker(studio, elsewhere).drain()
    studio.now += OPEN_FOR - timedelta(seconds=1)
    lapse_questions(studio.store, studio.clock)
    assert [step.state for step in steps_of(studio)] == [StepState.ASKING]
    studio.now += timedelta(seconds=1)
    lapse_questions(studio.store, studio.clock)
    [step] = steps_of(studio)
    assert (step.state, step.outcome) == (StepState.LEFT, "nobody said yes in time")
    with studio.store.transaction(studio.id) as tx:
        assert tx.talk.undecided() == []


def test_what_is_asked_about_a_deal_with_a_channel_of_its_own_is_asked_there(
    studio: Studio, elsewhere: Elsewhere
) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.people.save_channel(Channel(studio.id, "#bluebird"))
        tx.news.set_deal_route(DealRoute(studio.id, "OPP-1", "#bluebird"))
    a_rule(studio, THANK)
    pay(studio)
    worker(studio, elsewhere).drain()
    [asked] = studio.store.delivered(studio.id, after=0, kinds=["ask"])
    assert asked.receipt["channel"] == "#bluebird"


def drop_all(studio: Studio, elsewhere: Elsewhere, receipt: dict[str, Any]) -> Step:
    """Tell the worker that the only mail in the outbox ended so, and return the step that sent it."""
    [mail] = studio.outbox(OutboxKind.MAIL)
    automating(studio, elsewhere).delivered(mail, receipt)
    return steps_of(studio)[0]


@pytest.mark.parametrize(
    ("receipt", "state", "outcome"),
    [
        ({"state": "sent"}, StepState.DONE, "e-mailed tess@bluebird.example"),
        ({"state": "handed_over"}, StepState.WAITING, "e-mailed tess@bluebird.example"),
        ({"state": "refused", "reason": "No such box."}, StepState.FAILED, "could not be delivered. No such box."),
        ({"state": "uncertain"}, StepState.FAILED, "it is not known whether the mail arrived."),
        ({"state": "dropped", "reason": "INV-1001 is void"}, StepState.LEFT, "no longer wanted: INV-1001 is void"),
    ],
)
def test_a_step_that_mails_ends_as_its_mail_does(
    studio: Studio, elsewhere: Elsewhere, receipt: dict[str, Any], state: StepState, outcome: str
) -> None:
    a_rule(studio, THANK, confirmed=True)
    pay(studio)
    work(studio)
    step = drop_all(studio, elsewhere, receipt)
    assert step.state is state
    assert outcome in step.outcome


def test_a_message_that_is_given_up_is_a_failed_step(studio: Studio, elsewhere: Elsewhere) -> None:
    a_rule(studio, POST)
    pay(studio)
    assert [step.on_its_way for step in work(studio)] == [True]
    [post] = studio.outbox(OutboxKind.SAY)
    at_work = automating(studio, elsewhere)
    at_work.give_up(post, "SlackRefused")
    [step] = steps_of(studio)
    assert (step.state, step.outcome) == (StepState.FAILED, "it was tried too often (SlackRefused)")
    at_work.delivered(post, {})
    assert [one.state for one in steps_of(studio)] == [StepState.FAILED]
    with studio.store.transaction(studio.id) as tx:
        reopen_message(tx, sent_by(post) or "")
    assert [one.on_its_way for one in steps_of(studio)] == [True]
    at_work.delivered(post, {})
    [step] = steps_of(studio)
    assert (step.state, step.outcome) == (StepState.DONE, "what had been given up was sent after all")


def test_of_several_messages_of_one_step_one_that_does_not_arrive_counts(studio: Studio, elsewhere: Elsewhere) -> None:
    a_rule(studio, Action(ActionKind.ASSIGN_TASK, {"to": "admin"}))
    pay(studio)
    work(studio)
    [told] = studio.outbox(OutboxKind.SAY)
    at_work = automating(studio, elsewhere)
    at_work.delivered(told, {})
    assert [step.state for step in steps_of(studio)] == [StepState.DONE]
    at_work.give_up(told, "SlackRefused")
    assert [step.state for step in steps_of(studio)] == [StepState.FAILED]


def test_a_mail_that_no_step_sent_concerns_none(studio: Studio, elsewhere: Elsewhere) -> None:
    studio.done("send_invoice", invoice="INV-1001")
    [mail] = studio.outbox(OutboxKind.MAIL)
    automating(studio, elsewhere).delivered(mail, {"state": "sent"})
    automating(studio, elsewhere).give_up(mail, "away")
    assert steps_of(studio) == []


def test_a_card_that_was_decided_before_it_left_is_not_posted(studio: Studio, elsewhere: Elsewhere) -> None:
    payload = {"proposal": "prop_gone", "automation": "AUT-1", "invoice": "", "why": "late", "channel": "#billing"}
    message = OutboxMessage(studio.id, "ask", OutboxKind.ASK, "", payload, studio.now)
    assert worker(studio, elsewhere)._work.deliver(message, again=False) == {"left": "it was decided already"}


def test_the_clock_starts_what_is_due_once_for_each_time_and_forgets_in_time(
    studio: Studio, elsewhere: Elsewhere
) -> None:
    a_rule(studio, trigger=Trigger.SCHEDULED, schedule="FREQ=DAILY;BYHOUR=9", next_at=at("2026-03-12T09:00:00+10:00"))
    studio.now = at("2026-03-14T10:00:00+10:00")
    for _ in range(2):
        run_all_scheduled(studio.store, studio.clock)
    assert len(steps_of(studio)) == 3
    worker(studio, elsewhere).drain()
    assert len(posts(studio)) == 3
    studio.now += timedelta(days=31)
    forget_old_evaluations(studio.store, studio.clock)
    assert evaluations(studio) == []


def test_when_to_try_again_is_said_to_the_worker(studio: Studio, elsewhere: Elsewhere) -> None:
    elsewhere.answers = [AWAY]
    a_rule(studio, HOOK)
    pay(studio)
    [step] = list(studio.outbox(OutboxKind.ACTION))
    at_work = worker(studio, elsewhere)
    at_work._work.deliver(step, again=False)
    [row] = studio.outbox(OutboxKind.WEBHOOK)
    with pytest.raises(ProviderUnavailable) as raised:
        at_work._work.deliver(row, again=False)
    assert raised.value.retry_after == 60.0
