"""Automations as people meet them: made, tried, switched, asked about, explained and deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from billing.automations import Action, ActionKind, Conditions, Trigger
from billing.composing import MOST
from billing.conversations import Proposal, ProposalState, SkillCall
from billing.invoices import InvoiceStatus
from billing.queues import OutboxKind
from billing.roles import Role
from billing.runs import Evaluation, Reason, StepState, Unmet
from billing.settling import settle
from skills.asking import ask_card
from skills.context import Outcome
from skills.registry import SKILLS
from skills.runner import Ran, Runner
from tests.support.rules import MOVE, REMIND, THANK, a_rule, at, steps_of, work
from tests.support.studio import Studio

POST = {"do": "post_message", "channel": "#billing"}
PAID = "payment_succeeded"


@pytest.fixture
def deposit(studio: Studio) -> str:
    return str(studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500").result["number"])


def make(studio: Studio, **arguments: Any) -> Outcome:
    return studio.done("create_automation", **{"trigger": PAID, "action": POST} | arguments)


def said(studio: Studio, *actions: dict[str, Any], **arguments: Any) -> list[Ran]:
    """Make the calls of one message."""
    studio.said += 1
    message = f"message-{studio.said}"
    return [
        Runner(SKILLS).run(
            replace(studio.context(), key=f"{message}:{place}", message=message),
            SkillCall("create_automation", {"trigger": PAID, "action": action} | arguments),
        )
        for place, action in enumerate(actions)
    ]


def pay(studio: Studio, invoice: str) -> None:
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(invoice, 500_00), now=studio.now)


def test_a_new_automation_is_off_and_says_what_it_will_do(studio: Studio, deposit: str) -> None:
    made = make(studio, where={"kind": "deposit", "min_amount": "5000"})
    assert made.result == {"number": "AUT-1", "active": False}
    assert made.text == (
        "AUT-1 is made: When a deposit invoice of A$5,000.00 or more is paid: post to #billing. "
        "It is off: say “turn it on” when it is right."
    )
    assert made.card is not None
    assert [button.say for button in made.card.buttons] == ["turn on AUT-1", f"test AUT-1 with {deposit}"]
    pay(studio, deposit)
    assert studio.outbox(OutboxKind.ACTION) == []


def test_a_name_in_the_conditions_is_resolved_and_amounts_get_their_decimals(studio: Studio) -> None:
    ran = studio.run("create_automation", trigger=PAID, action=POST, where={"contact": "Bluebird", "min_amount": "5"})
    assert ran.arguments["where"] == {"contact": "CON-1", "min_amount": "5.00"}
    assert ran.arguments["trigger"] == [PAID]
    lost = studio.run("create_automation", trigger=PAID, action=POST, where={"contact": "Nobody"})
    assert (lost.status, lost.missing) == ("asked", ("where",))


def test_the_calls_of_one_message_for_one_occasion_are_the_steps_of_one_automation(studio: Studio) -> None:
    first, second = said(studio, {"do": "move_opportunity", "stage": "won"}, POST)
    assert first.outcome is not None
    assert second.outcome is not None
    assert second.outcome.result["number"] == first.outcome.result["number"] == "AUT-1"
    assert "AUT-1 has 2 steps" in second.text
    said(studio, POST)
    with studio.store.transaction(studio.id) as tx:
        assert [len(one.actions) for one in tx.automations.list()] == [2, 1]


def test_a_call_that_is_tried_again_makes_nothing_twice(studio: Studio) -> None:
    context = studio.context(key="said:again")
    call = SkillCall("create_automation", {"trigger": PAID, "action": POST})
    for _ in range(2):
        Runner(SKILLS).run(context, call)
    with studio.store.transaction(studio.id) as tx:
        assert len(tx.automations.list()) == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"trigger": "scheduled"}, "When should it run"),
        ({"trigger": ["scheduled", PAID], "schedule": "FREQ=DAILY"}, "no other trigger"),
        ({"schedule": "FREQ=DAILY"}, "belongs to an automation that runs by the calendar"),
        ({"trigger": "scheduled", "schedule": "FREQ=SECONDLY"}, "daily, weekly, monthly or yearly"),
        ({"after": "-P3D"}, "3 days before the due date"),
        ({"after": "P99999999999D"}, "too long"),
        ({"after": "soon"}, "not a duration"),
        ({"action": {**POST, "after": "-P1D"}}, "never before"),
        ({"action": {**POST, "text": "Hello {moon}"}}, "nothing I can fill in"),
        ({"trigger": "scheduled", "schedule": "FREQ=DAILY", "where": {"kind": "final"}}, "nothing of one can be a"),
        (
            {"trigger": "scheduled", "schedule": "FREQ=DAILY", "action": {**POST, "text": "{client}"}},
            "about no one invoice",
        ),
        (
            {"trigger": "scheduled", "schedule": "FREQ=DAILY", "action": {"do": "email_contact"}},
            "a schedule is about none",
        ),
        ({"action": {"do": "create_invoice", "kind": "progress"}}, "How much"),
        ({"action": {"do": "create_invoice", "percent": "40", "amount": "5.00"}}, "not both"),
        ({"action": {"do": "call_webhook", "url": "http://hooks.shop.example/"}}, "https://"),
        ({"action": {"do": "call_webhook", "url": "https://a:b@hooks.shop.example/"}}, "no password"),
        ({"action": {"do": "call_webhook", "url": "https://hooks.shop.example:22/"}}, "https://"),
        ({"action": {"do": "call_webhook", "url": "https://127.0.0.1/"}}, "public server"),
        ({"action": {"do": "call_webhook", "url": "https://localhost/"}}, "public server"),
        ({"action": {"do": "call_webhook", "url": "https://[::1]/"}}, "public server"),
        ({"action": {"do": "call_webhook", "url": "https://hooks.shop.example:x/"}}, "that can be called"),
        ({"action": {"do": "assign_task", "to": "somebody"}}, "pattern"),
    ],
)
def test_what_could_not_work_is_refused_when_it_is_made(studio: Studio, arguments: dict[str, Any], reason: str) -> None:
    ran = studio.run("create_automation", **{"trigger": PAID, "action": POST} | arguments)
    assert ran.status in {"failed", "asked"}
    assert reason in ran.text
    with studio.store.transaction(studio.id) as tx:
        assert tx.automations.list() == []


def test_a_final_invoice_needs_no_amount_and_a_lead_belongs_to_what_is_due(studio: Studio) -> None:
    assert make(studio, action={"do": "create_invoice", "kind": "final"}).result["number"] == "AUT-1"
    made = make(studio, trigger="invoice_due", after="-P3D", action={"do": "send_reminder", "text": "{due}"})
    assert "3 days before an invoice is due: remind the client" in made.text


def test_more_steps_or_automations_than_anybody_wants_are_refused(studio: Studio) -> None:
    ran = said(studio, *([POST] * 11))
    assert [one.status for one in ran] == ["done"] * 10 + ["failed"]
    for number in range(2, MOST + 1):
        a_rule(studio, number=f"AUT-{number}")
    assert "already" in studio.run("create_automation", trigger=PAID, action=POST).text


def test_a_scheduled_automation_knows_when_it_is_due_and_begins_anew_when_it_is_switched_on(studio: Studio) -> None:
    made = make(studio, trigger="scheduled", schedule="FREQ=WEEKLY;BYDAY=MO;BYHOUR=9")
    assert "Every Monday at 9:00: post to #billing." in made.text
    with studio.store.transaction(studio.id) as tx:
        assert tx.automations.get("AUT-1").next_at == at("2026-03-16T09:00:00+10:00")
    studio.now += timedelta(days=30)
    card = studio.done("set_automation", automation="AUT-1", active=True).card
    assert card is not None
    assert [field.label for field in card.fields] == ["When", "Next"]
    with studio.store.transaction(studio.id) as tx:
        assert tx.automations.get("AUT-1").next_at == at("2026-04-13T09:00:00+10:00")


def test_an_admin_who_switches_it_on_lets_it_write_to_clients_and_an_editor_does_not(studio: Studio) -> None:
    a_rule(studio, THANK, active=False)
    by_editor = studio.run("set_automation", Role.EDITOR, automation="AUT-1", active=True).text
    assert by_editor.endswith("it asks in the channel each time. Once an admin switches it on, it does not.")
    by_admin = studio.done("set_automation", automation="AUT-1", active=True).text
    assert "without asking: Admin confirmed exactly this" in by_admin
    # What an admin confirmed stays confirmed while it is what it was.
    assert studio.run("set_automation", Role.EDITOR, automation="AUT-1", active=False).text == "A rule is off."
    assert "Admin confirmed" in studio.run("set_automation", Role.EDITOR, automation="AUT-1", active=True).text


def switching(studio: Studio, number: str = "AUT-1", role: Role = Role.ADMIN, *, active: bool = True) -> Ran:
    """Ask for the switch, without a yes yet."""
    call = SkillCall("set_automation", {"automation": number, "active": active})
    return Runner(SKILLS).run(studio.context(role), call)


def test_what_an_admins_switch_would_confirm_is_shown_with_its_words_before_it_is_on(studio: Studio) -> None:
    a_rule(studio, THANK, active=False)
    asked = switching(studio)
    assert (asked.status, asked.arguments) == ("needs_confirmation", {"automation": "AUT-1", "active": True})
    assert asked.card is not None
    assert asked.card.title == "Switch on AUT-1, A rule?"
    assert [row.detail for row in asked.card.rows] == [THANK.arguments["text"]]
    assert asked.card.note == "Your yes confirms exactly this: from then on it writes to clients without asking."
    with studio.store.transaction(studio.id) as tx:
        assert not tx.automations.get("AUT-1").active
    studio.done("set_automation", automation="AUT-1", active=True)
    assert switching(studio).status == "done"


def test_a_switch_that_confirms_nothing_is_made_at_once(studio: Studio) -> None:
    a_rule(studio, THANK, active=False)
    a_rule(studio, MOVE, active=False)
    assert [switching(studio, number).status for number in ("AUT-1", "AUT-2")] == ["needs_confirmation", "done"]
    assert switching(studio, role=Role.EDITOR).status == "done"
    assert switching(studio, active=False).status == "done"


@pytest.mark.parametrize(("later", "on"), [(timedelta(minutes=1), False), (-timedelta(minutes=1), True)])
def test_a_yes_is_to_what_its_card_showed_and_to_nothing_that_it_became_since(
    studio: Studio, later: timedelta, *, on: bool
) -> None:
    a_rule(studio, THANK, active=False)
    context = replace(studio.context(), message="prop_1")
    call = SkillCall("set_automation", {"automation": "AUT-1", "active": True})
    with studio.store.transaction(studio.id) as tx:
        shown = Proposal(
            studio.id, "prop_1", "c1", "Admin", (call,), ProposalState.PENDING, studio.now, studio.now + timedelta(1)
        )
        tx.talk.save_proposal(shown)
    studio.now += later
    studio.done("update_automation", automation="AUT-1", text="Other words")
    ran = Runner(SKILLS).run(context, call, confirmed=True)
    with studio.store.transaction(studio.id) as tx:
        assert tx.automations.get("AUT-1").active is on
    assert ("was changed after you saw it" in ran.text) is not on


def test_automations_are_listed_with_the_ready_made_ones(studio: Studio) -> None:
    assert "use a ready-made one: Thank-you, Deposit paid" in studio.done("list_automations").text
    a_rule(studio, MOVE)
    listed = studio.done("list_automations")
    assert listed.text == "1 automation, 1 on."
    assert listed.card is not None
    assert listed.card.note.startswith("Ready to use: Thank-you")


def test_a_secret_is_shown_once_to_the_maker_alone_and_kept_sealed(studio: Studio) -> None:
    action = {"do": "call_webhook", "url": "https://hooks.shop.example/paid"}
    unsealed = studio.run("create_automation", trigger=PAID, action=action)
    assert "EVIE_SECRET_KEY" in unsealed.text
    context = studio.context()
    sealing = replace(context, services=replace(context.services, seal=lambda plain: f"sealed {len(plain)}"))
    first = Runner(SKILLS).run(sealing, SkillCall("create_automation", {"trigger": PAID, "action": action}))
    assert first.card is not None
    assert first.card.private
    assert "signed with whsec_" in first.card.note
    with studio.store.transaction(studio.id) as tx:
        [endpoint] = tx.webhooks.list()
        assert endpoint.sealed_secret == "sealed 38"
        tx.webhooks.put(replace(endpoint, failures=3, disabled_at=studio.now))
    again = Runner(SKILLS).run(
        replace(sealing, key="other"), SkillCall("create_automation", {"trigger": "refund_created", "action": action})
    )
    assert again.card is not None
    assert not again.card.private
    # Somebody says that it is there again: it gets another chance.
    studio.done("set_automation", automation="AUT-1", active=True)
    with studio.store.transaction(studio.id) as tx:
        assert [one.disabled_at for one in tx.webhooks.list()] == [None]


def test_trying_says_what_would_happen_and_does_nothing(studio: Studio, deposit: str) -> None:
    making = {"do": "create_invoice", "kind": "progress", "percent": "40"}
    said(studio, {"do": "move_opportunity", "stage": "won"}, {**POST, "text": "{client} paid {amount}"}, making)
    tried = studio.done("try_automation", automation="AUT-1", invoice=deposit)
    assert tried.text == "With INV-1001, AUT-1 would run. Nothing was done."
    assert tried.card is not None
    assert [row.detail for row in tried.card.rows] == ["", "“Bluebird Cafe paid A$500.00”", ""]
    assert studio.opportunity("OPP-1").stage == "proposal"
    assert studio.outbox() == []
    with studio.store.transaction(studio.id) as tx:
        assert len(tx.invoices.list()) == 1
        assert (tx.automations.runs(), tx.automations.evaluations()) == ([], [])


def test_trying_says_what_does_not_hold_and_what_cannot_be_done(studio: Studio, deposit: str) -> None:
    a_rule(studio, REMIND, where=Conditions(kind="final"))
    pay(studio, deposit)
    tried = studio.done("try_automation", automation="AUT-1", invoice=deposit)
    assert "would not run: it is a deposit invoice, not a final one" in tried.text
    assert tried.card is not None
    assert tried.card.rows[0].title == "Cannot remind the client"
    assert tried.card.buttons == ()


def test_a_scheduled_automation_is_about_no_one_invoice(studio: Studio, deposit: str) -> None:
    make(studio, trigger="scheduled", schedule="FREQ=DAILY")
    assert "about no one invoice" in studio.run("try_automation", automation="AUT-1", invoice=deposit).text


def test_what_an_automation_asks_is_shown_and_done_when_somebody_says_yes(studio: Studio, deposit: str) -> None:
    a_rule(studio, THANK, THANK)
    pay(studio, deposit)
    work(studio)
    runner, context = Runner(SKILLS), studio.context(Role.EDITOR)
    call = SkillCall("approve_automation", {"automation": "AUT-1", "invoice": deposit})
    proposed = runner.run(context, call)
    assert proposed.status == "needs_confirmation"
    assert proposed.card is not None
    assert proposed.card.title == "Do these 2?"
    assert "tess@bluebird.example" in proposed.card.rows[0].detail
    first = SkillCall("approve_automation", {"automation": "AUT-1", "run": steps_of(studio)[0].run, "step": 1})
    assert runner.run(context, first, confirmed=True).text.startswith(
        "AUT-1: e-mailed tess@bluebird.example, as Editor"
    )
    sent, asking = steps_of(studio)
    assert (sent.on_its_way, asking.state) == (True, StepState.ASKING)
    one = runner.run(context, SkillCall("approve_automation", {"automation": "AUT-1"}))
    assert one.card is not None
    assert one.card.title == "E-mail Bluebird Cafe?"
    runner.run(replace(context, key="x"), call, confirmed=True)
    gone = runner.run(replace(context, key="y"), call, confirmed=True)
    assert "asks about nothing just now" in gone.text
    assert len(studio.outbox(OutboxKind.MAIL)) == 2


def test_a_yes_is_to_what_was_shown_and_not_to_what_came_since(studio: Studio, deposit: str) -> None:
    a_rule(studio, THANK)
    pay(studio, deposit)
    work(studio)
    runner, context = Runner(SKILLS), studio.context(Role.EDITOR)
    proposed = runner.run(context, SkillCall("approve_automation", {"automation": "AUT-1"}))
    [first] = steps_of(studio)
    assert proposed.arguments == {"automation": "AUT-1", "shown": [f"action:{first.run}:0"]}
    later = str(studio.done("create_invoice", opportunity="OPP-1", amount="600").result["number"])
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(later, 600_00, stripe_object_id="pi_2"), now=studio.now)
    work(studio)
    assert runner.run(context, proposed.call, confirmed=True).status == "done"
    assert [(step.on_its_way, step.state) for step in steps_of(studio)] == [
        (False, StepState.ASKING),
        (True, StepState.WAITING),
    ]
    # What is said anew is shown anew.
    again = runner.run(context, proposed.call)
    assert again.arguments["shown"] == [f"action:{steps_of(studio)[0].run}:0"]


def test_one_that_cannot_be_done_does_not_take_the_others_back(studio: Studio, deposit: str) -> None:
    a_rule(studio, THANK)
    pay(studio, deposit)
    unknown = str(studio.done("create_invoice", opportunity="OPP-2", amount="600").result["number"])
    with studio.store.transaction(studio.id) as tx:
        settle(tx, studio.settlement(unknown, 600_00, stripe_object_id="pi_2"), now=studio.now)
    work(studio)
    ran = studio.run("approve_automation", automation="AUT-1")
    assert ran.status == "done"
    assert "e-mailed tess@bluebird.example, as Admin said; " in ran.text
    assert "no e-mail address yet" in ran.text
    assert [(step.on_its_way, step.state) for step in steps_of(studio)] == [
        (False, StepState.ASKING),
        (True, StepState.WAITING),
    ]
    alone = studio.run("approve_automation", automation="AUT-1")
    assert alone.status == "failed"
    assert "no e-mail address yet" in alone.text


def test_an_editor_is_needed_to_say_yes(studio: Studio) -> None:
    a_rule(studio, THANK)
    assert studio.run("approve_automation", Role.VIEWER, automation="AUT-1").status == "refused"


def test_runs_are_shown_with_their_steps_and_why_others_did_not_happen(studio: Studio, deposit: str) -> None:
    nothing = studio.done("automation_runs")
    assert nothing.text == "Automations did not run yet, and nothing happened that it waits for."
    a_rule(studio, MOVE, THANK)
    a_rule(studio, MOVE, where=Conditions(kind="final"))
    pay(studio, deposit)
    work(studio)
    shown = studio.done("automation_runs")
    assert shown.text == "Automations: ran 1 time, and did not run 1 time."
    assert shown.card is not None
    ran, missed = shown.card.rows
    assert "payment succeeded, INV-1001 (Bluebird Cafe): moved Bluebird shop sign to won" in ran.detail
    assert "e-mail the client: waits for a yes" in ran.detail
    assert missed.detail.endswith("it is a deposit invoice, not a final one")
    today = {"from": "2026-03-11", "to": "2026-03-11"}
    assert studio.done("automation_runs", automation="AUT-1", period=today).text == "AUT-1: ran 1 time."
    before = {"from": "2026-03-01", "to": "2026-03-10"}
    assert studio.done("automation_runs", automation="AUT-1", period=before).text.startswith("AUT-1 did not run then")


def test_runs_about_no_client_or_no_invoice_are_shown_too(studio: Studio) -> None:
    studio.done("create_opportunity", name="Idea")
    number = studio.done("create_invoice", opportunity="OPP-4", amount="5").result["number"]
    a_rule(studio, MOVE, trigger=Trigger.ORDER_CREATED)
    with studio.store.transaction(studio.id) as tx:
        for place, invoice in enumerate(("", number, "INV-9999")):
            unmet = None if place else Unmet(Reason.WAS_OFF)
            kept = Evaluation(studio.id, "AUT-1", f"e{place}", Trigger.ORDER_CREATED, invoice, studio.now, unmet=unmet)
            tx.automations.add_evaluations([replace(kept, unmet=kept.unmet or Unmet("kind", "final", "deposit"))])
    rows = studio.done("automation_runs").card.rows  # type: ignore[union-attr] # there are rows
    assert [row.detail.split(":")[0] for row in rows] == [
        "order created, INV-9999",
        f"order created, {number}",
        "order created",
    ]


def test_a_deleted_automation_is_gone_and_what_it_did_stays(studio: Studio, deposit: str) -> None:
    a_rule(studio, MOVE)
    pay(studio, deposit)
    shown = Runner(SKILLS).run(studio.context(), SkillCall("delete_automation", {"automation": "AUT-1"}))
    assert shown.card is not None
    assert [(field.label, field.value) for field in shown.card.fields] == [("State", "on"), ("It ran", "1 time")]
    assert studio.done("delete_automation", automation="AUT-1").text.startswith("AUT-1, A rule, is deleted.")
    assert studio.run("set_automation", automation="AUT-1", active=True).status == "asked"
    assert studio.done("automation_runs").text == "Automations: ran 1 time."


def test_orders_and_leads_name_an_automation_too(studio: Studio) -> None:
    make(studio, trigger="order_created")
    make(studio, trigger="invoice_overdue", after="P2D", action={"do": "send_reminder", "after": "P1D"})
    make(studio, trigger="scheduled", schedule="FREQ=DAILY", action={"do": "assign_task", "to": "admin"})
    with studio.store.transaction(studio.id) as tx:
        names = [one.name for one in tx.automations.list()]
    assert names == [
        "Order came in: post to #billing",
        "2 days after an invoice becomes overdue: remind the client",
        "Every day at 9:00: give every admin a task",
    ]


def test_a_reminder_that_asks_names_the_invoice_as_it_stands(studio: Studio, deposit: str) -> None:
    with studio.store.transaction(studio.id) as tx:
        sent = replace(tx.invoices.get(deposit), status=InvoiceStatus.SENT, due_on=date(2026, 3, 1))
        tx.invoices.save(sent)
    a_rule(studio, REMIND, trigger=Trigger.INVOICE_SENT)
    studio.done("send_invoice", invoice=deposit)
    work(studio)
    shown = Runner(SKILLS).run(studio.context(), SkillCall("approve_automation", {"automation": "AUT-1"}))
    assert shown.card is not None
    assert (shown.card.title, shown.card.rows[0].value) == ("Remind Bluebird Cafe?", "INV-1001, A$500.00, overdue")


def test_the_card_that_asks_says_why_and_until_when(studio: Studio, deposit: str) -> None:
    a_rule(studio, THANK)
    pay(studio, deposit)
    work(studio)
    [payload] = [message.payload for message in studio.outbox(OutboxKind.ASK)]
    context = studio.context()
    with studio.store.transaction(studio.id) as tx:
        proposal = tx.talk.proposal(payload["proposal"])
        assert proposal is not None
        card = ask_card(tx, proposal, payload, context.formats, context.today)
    assert [(button.confirm, button.drop) for button in card.buttons] == [(proposal.id, None), (None, proposal.id)]
    assert "Open until 25 March" in card.note


def test_the_card_of_the_next_invoice_offers_to_send_it(studio: Studio, deposit: str) -> None:
    a_rule(studio, Action(ActionKind.CREATE_INVOICE, {"kind": "final"}))
    pay(studio, deposit)
    work(studio)
    [payload] = [message.payload for message in studio.outbox(OutboxKind.ASK)]
    context = studio.context()
    with studio.store.transaction(studio.id) as tx:
        proposal = tx.talk.proposal(payload["proposal"])
        assert proposal is not None
        card = ask_card(tx, proposal, payload, context.formats, context.today)
    assert card.title == "Send INV-1002 to Bluebird Cafe?"
    assert card.note.startswith("AUT-1 made this invoice.")
