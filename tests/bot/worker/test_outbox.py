"""Outbox rows on their way out: each is made from the records as they stand when it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from billing.automations import Action, ActionKind, Automation, Trigger
from billing.business import Business
from billing.conversations import Conversation
from billing.errors import BillingError, ProviderRefused, ProviderUnavailable
from billing.invoices import InvoiceStatus
from billing.mail import InvoiceMail, MailUncertain, Note, Sent
from billing.payments import PaymentStatus
from billing.ports import Formats
from billing.queues import OutboxKind, OutboxMessage
from billing.roles import Role
from billing.runs import AutomationRun, Step, StepState
from billing.settling import settle
from billing.workspaces import Member, NotificationRoute
from bot.addresses import PublicAddresses
from bot.assistant.reply import Reply
from bot.formats import WorkspaceFormats
from bot.worker.fronts import LocalFront
from bot.worker.outbox import Outbox
from bot.worker.outlets import Outlets
from tests.support.studio import Studio


@dataclass
class Post:
    """What a front was asked to post."""

    how: str
    where: Any
    what: Any
    key: str
    extra: dict[str, Any]


@dataclass
class Outside:
    """A mail server and a Slack that keep what they get."""

    mails: list[InvoiceMail] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    refuses: list[BillingError] = field(default_factory=list)

    def tell(self, note: Note) -> Sent:
        if self.refuses:
            raise self.refuses.pop()
        self.notes.append(note)
        return Sent(f"<{note.key}@evie.example>")

    def send(self, mail: InvoiceMail, formats: Formats, handing_over: Any = None) -> Sent:
        handing_over()
        self.mails.append(mail)
        return Sent(f"<{mail.key}@evie.example>")

    def post_reply(self, workspace: Any, address: Any, reply: Reply, key: str, **extra: Any) -> Mapping[str, Any]:
        self.posts.append(Post("reply", address, reply, key, extra))
        return {"ts": "1.1"}

    def post_notice(
        self, workspace: Any, channel: Any, text: str, cards: Any, key: str, **extra: Any
    ) -> Mapping[str, Any]:
        self.posts.append(Post("notice", channel.name, text, key, extra))
        return {"ts": "1.2"}

    def refresh(self, workspace: Any, about: str) -> None:
        self.posts.append(Post("refresh", about, "", "", {}))

    def say(self, workspace: Any, address: Any, text: str, key: str, **extra: Any) -> Mapping[str, Any]:
        self.posts.append(Post("say", address, text, key, extra))
        return {"ts": "1.3"}


@pytest.fixture
def outside() -> Outside:
    return Outside()


def outbox(studio: Studio, outside: Outside, *, slack: bool = True) -> Outbox:
    return Outbox(
        Outlets(
            store=studio.store,
            gateways=studio.stripe,
            mailer=outside,
            links=PublicAddresses("https://evie.example"),
            clock=studio.clock,
            formats_for=lambda workspace: WorkspaceFormats(workspace, studio.clock),
            local=LocalFront(),
            slack=outside if slack else None,
        ),
    )


def row(studio: Studio, kind: OutboxKind, **payload: Any) -> OutboxMessage:
    return OutboxMessage(studio.id, f"{kind}:1", kind, "", payload, studio.now)


@pytest.fixture(autouse=True)
def _invoice(studio: Studio) -> None:
    studio.done("create_invoice", opportunity="OPP-1", kind="deposit", amount="500")


def paid(studio: Studio) -> OutboxMessage:
    with studio.store.transaction(studio.id) as tx:
        tx.people.set_route(NotificationRoute(studio.id, Trigger.PAYMENT_SUCCEEDED, "#billing"))
        settle(tx, studio.settlement("INV-1001", 500_00), now=studio.now)
    return studio.outbox(OutboxKind.NOTIFY)[0]


def test_news_says_which_invoice_how_much_who_and_when(studio: Studio, outside: Outside) -> None:
    receipt = outbox(studio, outside).deliver(paid(studio))
    assert outside.posts[0].where == "#billing"
    assert outside.posts[0].what == "INV-1001 is paid: A$500.00 · Bluebird Cafe"
    fields = {entry["label"]: entry["value"] for entry in receipt["cards"][0]["fields"]}
    assert fields == {
        "Amount": "A$500.00",
        "Client": "Bluebird Cafe",
        "For": "Bluebird shop sign",
        "Paid by": "Tess Blue",
        "When": "11 March, 10:00\u202fam",
    }
    assert receipt["ts"] == "1.2"


def test_money_on_its_way_is_told_as_such_and_a_failure_says_why(studio: Studio, outside: Outside) -> None:
    with studio.store.transaction(studio.id) as tx:
        for event in (Trigger.PAYMENT_SUCCEEDED, Trigger.PAYMENT_FAILED):
            tx.people.set_route(NotificationRoute(studio.id, event, "#billing"))
        coming = studio.settlement("INV-1001", 500_00, status=PaymentStatus.PROCESSING)
        settle(tx, coming, now=studio.now)
    (on_its_way,) = studio.outbox(OutboxKind.NOTIFY)
    outbox(studio, outside).deliver(on_its_way)
    with studio.store.transaction(studio.id) as tx:
        returned = replace(coming, status=PaymentStatus.FAILED, failure_message="Account closed.", attempt="ch_1")
        settle(tx, returned, now=studio.now)
    for message in (on_its_way, *studio.outbox(OutboxKind.NOTIFY)):
        outbox(studio, outside).deliver(message)
    assert [post.what for post in outside.posts] == [
        "A payment of INV-1001 is on its way from a bank: A$500.00 · Bluebird Cafe",
        "A payment of INV-1001 failed: A$500.00 · Bluebird Cafe. Account closed.",
    ]


def test_the_digest_is_made_when_it_leaves_and_not_posted_where_it_would_say_nothing(
    studio: Studio, outside: Outside
) -> None:
    digest = row(studio, OutboxKind.DIGEST, on="2026-03-11", channel="#billing")
    receipt = outbox(studio, outside).deliver(digest)
    assert (receipt, outside.posts) == ({"left": "there is nothing to say"}, [])
    studio.done("send_invoice", invoice="INV-1001")
    outbox(studio, outside).deliver(digest)
    assert (outside.posts[0].where, outside.posts[0].what) == (
        "#billing",
        "Billing on 11 March. Outstanding: A$500.00 · Collected yesterday: nothing · Collected this week: nothing",
    )


def test_a_person_is_asked_in_slack_once_slack_knows_them(studio: Studio, outside: Outside) -> None:
    studio.run("talk_to_human", Role.VIEWER, topic="a chargeback")
    (asked,) = studio.outbox(OutboxKind.HANDOVER)
    assert outbox(studio, outside).deliver(asked) == {"left": "Slack does not know the member yet"}
    with studio.store.transaction(studio.id) as tx:
        tx.people.save_member(Member(studio.id, "Admin", Role.ADMIN, "U1"))
    outbox(studio, outside).deliver(asked)
    assert (outside.posts[0].where, outside.posts[0].what) == (
        "@Admin",
        "Viewer wants to talk to a person about “a chargeback”",
    )


def test_without_slack_a_request_for_a_person_is_shown_in_the_terminal(studio: Studio, outside: Outside) -> None:
    studio.run("talk_to_human", Role.VIEWER)
    receipt = outbox(studio, outside, slack=False).deliver(studio.outbox(OutboxKind.HANDOVER)[0])
    assert (receipt["channel"], receipt["text"]) == ("@Admin", "Viewer wants to talk to a person")


def test_without_slack_news_stays_with_the_row_for_the_terminal(studio: Studio, outside: Outside) -> None:
    receipt = outbox(studio, outside, slack=False).deliver(paid(studio))
    assert outside.posts == []
    assert receipt["text"] == "INV-1001 is paid: A$500.00 · Bluebird Cafe"
    assert receipt["channel"] == "#billing"


def test_part_of_the_money_is_told_with_what_is_left(studio: Studio, outside: Outside) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.people.set_route(NotificationRoute(studio.id, Trigger.PAYMENT_SUCCEEDED, "#billing"))
        settle(tx, studio.settlement("INV-1001", 200_00), now=studio.now)
    receipt = outbox(studio, outside).deliver(studio.outbox(OutboxKind.NOTIFY)[0])
    assert receipt["cards"][0]["title"] == "A payment came in for INV-1001"
    assert {"label": "Still to pay", "value": "A$300.00"} in receipt["cards"][0]["fields"]


def test_news_without_a_payment_names_the_total(studio: Studio, outside: Outside) -> None:
    message = row(studio, OutboxKind.NOTIFY, event="invoice_overdue", invoice="INV-1001", payment=None, channel="#x")
    assert outbox(studio, outside).deliver(message)["text"] == "INV-1001 is overdue: A$500.00 · Bluebird Cafe"


def test_a_sentence_goes_to_its_channel_or_its_conversation(studio: Studio, outside: Outside) -> None:
    with studio.store.transaction(studio.id) as tx:
        tx.talk.save_conversation(Conversation(studio.id, "slack:T:C:1", studio.now, {}, {"channel": "C"}))
    out = outbox(studio, outside)
    out.deliver(row(studio, OutboxKind.SAY, channel="#billing", text="Hello"))
    out.deliver(row(studio, OutboxKind.SAY, conversation="slack:T:C:1", text="Connected"), again=True)
    receipt = out.deliver(row(studio, OutboxKind.SAY, conversation="terminal", text="Connected"))
    assert [(post.how, post.where, post.what) for post in outside.posts] == [
        ("notice", "#billing", "Hello"),
        ("say", {"channel": "C"}, "Connected"),
    ]
    assert outside.posts[1].extra == {"again": studio.now}
    assert (receipt["conversation"], receipt["text"]) == ("terminal", "Connected")


def test_a_reply_goes_where_it_was_asked_for(studio: Studio, outside: Outside) -> None:
    reply = Reply("slack:T:C:1", "Done.")
    payload = {"conversation": "slack:T:C:1", "reply": reply.stored(), "update": {"ts": "0.9"}}
    outbox(studio, outside).deliver(row(studio, OutboxKind.REPLY, **payload))
    assert (outside.posts[0].what, outside.posts[0].extra) == (reply, {"update": {"ts": "0.9"}, "again": None})


def mail(studio: Studio, outside: Outside, key: str = "mail:1") -> InvoiceMail:
    payload = {"template": "invoice", "invoice": "INV-1001", "to": ["a@b.example"], "cc": [], "message": "Hi"}
    receipt = outbox(studio, outside).deliver(OutboxMessage(studio.id, key, OutboxKind.MAIL, "", payload, studio.now))
    assert receipt == {"state": "sent", "to": ["a@b.example"], "cc": [], "message_id": f"<{key}@evie.example>"}
    return outside.mails[-1]


def test_a_mail_states_the_invoice_as_it_stands_when_it_leaves(studio: Studio, outside: Outside) -> None:
    studio.connect()
    sent = mail(studio, outside)
    assert sent.pay_url == f"https://evie.example/pay/{studio.invoice('INV-1001').token}"
    assert (sent.portal_url or "").startswith("https://evie.example/portal/")
    assert (sent.client, sent.title, sent.message) == ("Bluebird Cafe", "Bluebird shop sign", "Hi")
    with studio.store.transaction(studio.id) as tx:
        tx.invoices.save(tx.invoices.get("INV-1001").move(InvoiceStatus.PAID))
    assert mail(studio, outside, "mail:2").pay_url is None


def test_a_mail_has_no_button_without_stripe_and_no_portal_without_a_client(studio: Studio, outside: Outside) -> None:
    assert mail(studio, outside).pay_url is None
    studio.done("create_opportunity", name="Idea")
    number = studio.done("create_invoice", opportunity="OPP-4", amount="5").result["number"]
    message = row(studio, OutboxKind.MAIL, template="invoice", invoice=number, to="a@b.example", message="")
    message = replace(message, key="mail:2")
    outbox(studio, outside).deliver(message)
    assert outside.mails[-1].portal_url is None


def test_an_action_is_done_once_though_it_is_delivered_twice(studio: Studio, outside: Outside) -> None:
    actions = (Action(ActionKind.MOVE_OPPORTUNITY, {"stage": "won"}), Action(ActionKind.ASSIGN_TASK, {"to": "@Nobody"}))
    with studio.store.transaction(studio.id) as tx:
        tx.automations.add(
            Automation(
                workspace_id=studio.id,
                number="AUT-1",
                name="Win",
                active=True,
                trigger=Trigger.PAYMENT_SUCCEEDED,
                actions=actions,
                created_at=studio.now,
            ),
        )
        tx.automations.add_runs([AutomationRun(studio.id, "run", "AUT-1", "INV-1001", studio.now)])
        tx.automations.add_steps(
            [Step(studio.id, "run", place, step, StepState.WAITING, studio.now) for place, step in enumerate(actions)],
        )
    action = {"automation": "AUT-1", "run": "run", "invoice": "INV-1001"}
    out = outbox(studio, outside)
    first = out.deliver(row(studio, OutboxKind.ACTION, position=0, **action))
    second = out.deliver(row(studio, OutboxKind.ACTION, position=0, **action), again=True)
    failed = out.deliver(row(studio, OutboxKind.ACTION, position=1, **action))
    assert first == second == {"done": "moved Bluebird shop sign to won"}
    assert list(failed) == ["failed"]
    with studio.store.transaction(studio.id) as tx:
        assert [step.state for step in tx.automations.steps("run")] == [StepState.DONE, StepState.FAILED]


def test_a_retired_link_is_switched_off_on_its_own_account_only(studio: Studio, outside: Outside) -> None:
    retire = {"stripe_account_id": "acct_studio", "livemode": False, "stripe_payment_link_id": "plink_1"}
    out = outbox(studio, outside)
    assert "no longer connected" in out.deliver(row(studio, OutboxKind.RETIRE, **retire))["left"]
    studio.connect()
    out.deliver(row(studio, OutboxKind.RETIRE, **retire))
    out.deliver(row(studio, OutboxKind.RETIRE, **retire | {"stripe_account_id": "acct_other"}))
    out.deliver(row(studio, OutboxKind.RETIRE, **retire | {"livemode": True}))
    assert studio.stripe.switched_off == ["plink_1"]


def test_a_reminder_whose_invoice_is_closed_by_its_day_does_not_leave(studio: Studio, outside: Outside) -> None:
    message = row(studio, OutboxKind.MAIL, template="reminder", invoice="INV-1001", to="a@b.example", message="")
    assert "message_id" in outbox(studio, outside).deliver(message)
    studio.done("record_payment", invoice="INV-1001")
    left = outbox(studio, outside).deliver(replace(message, key="mail:2"))
    assert (left["state"], left["reason"]) == ("dropped", "INV-1001 is paid")
    assert len(outside.mails) == 1


def test_a_mail_has_no_button_once_the_link_is_switched_off(studio: Studio, outside: Outside) -> None:
    studio.connect()
    studio.done("create_payment_link", invoice="INV-1001")
    studio.done("deactivate_payment_link", invoice="INV-1001")
    assert mail(studio, outside).pay_url is None


def test_what_is_shown_about_a_record_is_drawn_again_by_the_front(studio: Studio, outside: Outside) -> None:
    row = OutboxMessage(studio.id, "refresh:1", OutboxKind.REFRESH, "screens", {"about": "INV-1001"}, studio.now)
    assert outbox(studio, outside).deliver(row) == {}
    assert [(post.how, post.where) for post in outside.posts] == [("refresh", "INV-1001")]


def alert_row(studio: Studio, address: str = "office@bluebird.example") -> OutboxMessage:
    with studio.store.transaction(studio.id) as tx:
        tx.business.save(Business(studio.id, email=address))
    return row(studio, OutboxKind.ALERT, subject="Evie cannot post in Slack", text="Install it again.")


def test_trouble_goes_to_the_businesss_own_address(studio: Studio, outside: Outside) -> None:
    receipt = outbox(studio, outside).deliver(alert_row(studio))
    (note,) = outside.notes
    assert (note.to, note.subject, note.text) == (
        "office@bluebird.example",
        "Evie cannot post in Slack",
        "Install it again.",
    )
    assert receipt["channel"] == "admins"
    assert receipt["text"] == "Evie cannot post in Slack. Install it again."


def test_without_an_address_trouble_is_shown_in_the_terminal_alone(studio: Studio, outside: Outside) -> None:
    receipt = outbox(studio, outside).deliver(alert_row(studio, ""))
    assert outside.notes == []
    assert receipt["left"] == "the business has no e-mail address on record"


@pytest.mark.parametrize("error", [ProviderRefused("No such mailbox."), MailUncertain("Nobody knows.")])
def test_trouble_that_no_mail_server_takes_is_not_tried_again(
    studio: Studio, outside: Outside, error: BillingError
) -> None:
    outside.refuses.append(error)
    assert outbox(studio, outside).deliver(alert_row(studio))["left"] == error.user_message


def test_while_the_mail_server_is_away_trouble_waits(studio: Studio, outside: Outside) -> None:
    outside.refuses.append(ProviderUnavailable("Not now."))
    with pytest.raises(ProviderUnavailable):
        outbox(studio, outside).deliver(alert_row(studio))
