"""Mails on their way out: each leaves once, whatever crashes, and whoever asked hears what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from billing.accounts import Statement
from billing.deliveries import Delivery, DeliveryState
from billing.documents import DocumentKind, InvoiceDocument
from billing.errors import PrintingFailed, ProviderRefused, ProviderUnavailable
from billing.invoices import InvoiceStatus
from billing.mail import InvoiceMail, MailTemplate, MailUncertain, Note, Sent
from billing.payments import Interval, PaymentStatus
from billing.portals import digest
from billing.ports import Formats
from billing.queues import OutboxKind, OutboxMessage
from billing.sending import Sending, queue_mail, recipients
from billing.settling import settle
from billing.workspaces import NotificationRoute
from bot.addresses import PublicAddresses
from bot.formats import WorkspaceFormats
from bot.worker.fronts import LocalFront
from bot.worker.outbox import Outbox
from bot.worker.outlets import Outlets
from bot.worker.worker import Work, Worker
from tests.support.studio import Studio


class PowerCut(BaseException):
    """The process is gone: nothing catches it."""


def _nothing() -> None:
    """Nobody has to know."""


@dataclass
class PostOffice:
    """A mail server as the domain sees it, which fails before or after it has the mail; `has` are those it got."""

    has: list[InvoiceMail] = field(default_factory=list)
    before: list[BaseException] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)
    meanwhile: Callable[[], None] = _nothing
    refused: tuple[str, ...] = ()

    def tell(self, note: Note) -> Sent:
        raise AssertionError(note)

    def send(self, mail: InvoiceMail, formats: Formats, handing_over: Callable[[], None] = _nothing) -> Sent:
        self.meanwhile()
        if self.before:
            raise self.before.pop(0)
        handing_over()
        if not (self.after and isinstance(self.after[0], ProviderUnavailable | ProviderRefused)):
            self.has.append(mail)
        if self.after:
            raise self.after.pop(0)
        return Sent("<1@evie.example>", self.refused)


@dataclass
class Press:
    """A printer, which may be broken."""

    broken: bool = False

    def pdf(self, document: InvoiceDocument) -> bytes:
        if self.broken:
            raise PrintingFailed("The PDF could not be made.")
        return b"%PDF " + document.number.encode()

    def statement(self, statement: Statement) -> bytes:
        raise AssertionError(statement)


@dataclass
class Room:
    studio: Studio
    office: PostOffice = field(default_factory=PostOffice)
    press: Press = field(default_factory=Press)

    def worker(self) -> Worker:
        outlets = Outlets(
            store=self.studio.store,
            gateways=self.studio.stripe,
            mailer=self.office,
            links=PublicAddresses("https://evie.example"),
            clock=self.studio.clock,
            formats_for=lambda workspace: WorkspaceFormats(workspace, self.studio.clock),
            local=LocalFront(),
            printer=self.press,
        )
        outbox = Outbox(outlets)
        return Worker(self.studio.store, Work(lambda _event: True, outbox.deliver, give_up=outbox.give_up))

    def work(self) -> None:
        self.worker().drain()

    def crash(self) -> None:
        """Let a worker die in the middle, and time pass until its lease has ended."""
        with pytest.raises(PowerCut):
            self.worker().drain()
        self.studio.now += timedelta(minutes=3)

    def later(self, **span: int) -> None:
        self.studio.now += timedelta(**span)
        self.work()

    def said(self) -> list[str]:
        rows = self.studio.store.delivered(self.studio.id, after=0, kinds=[OutboxKind.SAY])
        return [str(row.message.payload["text"]) for row in rows]

    def history(self, number: str = "INV-1001") -> list[Delivery]:
        with self.studio.store.transaction(self.studio.id) as tx:
            return tx.mails.of_invoice(number)

    def shown(self) -> list[tuple[str, str]]:
        card = self.studio.done("show_invoice", invoice="INV-1001").card
        assert card is not None
        return [(row.title, row.value) for row in card.rows if "by e-mail" in row.title]


@pytest.fixture
def room(studio: Studio) -> Room:
    studio.done("create_invoice", opportunity="OPP-1", amount="500")
    return Room(studio)


def send(room: Room, **arguments: Any) -> None:
    room.studio.done("send_invoice", invoice="INV-1001", **arguments)


def test_a_mail_is_recorded_with_when_to_whom_and_under_which_id(room: Room) -> None:
    send(room)
    assert room.shown() == [("Invoice by e-mail", "on its way")]
    room.work()
    (mail,) = room.history()
    assert (mail.state, mail.to, mail.message_id) == (
        DeliveryState.SENT,
        ("tess@bluebird.example",),
        "<1@evie.example>",
    )
    assert room.shown() == [("Invoice by e-mail", "sent 11 March, 10:00\u202fam")]
    assert room.said() == []


def test_the_pdf_and_a_portal_address_of_its_own_go_with_the_mail(room: Room) -> None:
    send(room)
    room.work()
    (mail,) = room.office.has
    assert mail.attachment is not None
    assert (mail.attachment.name, mail.attachment.content) == ("INV-1001.pdf", b"%PDF INV-1001")
    assert mail.portal_url is not None
    link = room.studio.store.directory.portal_link(digest(mail.portal_url.rpartition("/")[2]))
    assert link is not None
    assert link.contact == "CON-1"
    assert mail.client == "Tess"


def test_a_mail_whose_pdf_cannot_be_made_leaves_without_it_and_says_so(room: Room) -> None:
    room.press.broken = True
    send(room)
    room.work()
    assert room.office.has[0].attachment is None
    assert room.history()[0].state is DeliveryState.SENT
    assert room.said() == [
        "INV-1001 was e-mailed to tess@bluebird.example. The PDF could not be made, so the mail left without it.",
    ]


def test_a_refusal_is_told_to_whoever_asked_in_the_servers_words(room: Room) -> None:
    room.office.before.append(ProviderRefused("The mail server does not take mail for tess@bluebird.example: No."))
    send(room)
    room.work()
    assert room.history()[0].state is DeliveryState.REFUSED
    (said,) = room.said()
    assert said.startswith("INV-1001 could not be e-mailed to tess@bluebird.example. ")
    assert said.endswith("The mail server does not take mail for tess@bluebird.example: No.")
    assert room.shown()[0][1].startswith("refused")
    room.later(hours=1)
    assert room.office.has == []


def test_a_copy_that_is_refused_is_told_and_the_mail_counts_as_sent(room: Room) -> None:
    room.office.refused = ("The mail server does not take mail for c@bluebird.example: No.",)
    send(room)
    room.work()
    assert room.history()[0].state is DeliveryState.SENT
    assert "c@bluebird.example: No." in room.said()[0]


def test_a_server_that_is_busy_is_asked_again_and_nobody_is_bothered(room: Room) -> None:
    room.office.before.append(ProviderUnavailable("Mailbox busy"))
    room.office.after.append(ProviderUnavailable("Out of space"))
    send(room)
    room.work()
    assert room.shown() == [("Invoice by e-mail", "will be tried again")]
    room.later(minutes=1)
    assert room.history()[0].state is DeliveryState.WAITING
    room.later(minutes=1)
    assert len(room.office.has) == 1
    assert room.history()[0].state is DeliveryState.SENT
    assert room.said() == []


def test_a_server_that_is_away_for_days_is_given_up_and_whoever_asked_hears_of_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker.setbacks._MOST_ATTEMPTS_WHILE_AWAY", 3)
    room.office.before += [ProviderUnavailable("The mail server cannot be reached.")] * 3
    send(room)
    for _ in range(4):
        room.later(minutes=10)
    assert room.office.has == []
    assert room.history()[0].state is DeliveryState.REFUSED
    (said,) = room.said()
    assert said.endswith("It was tried again and again, and is given up. The mail server cannot be reached.")


def test_a_mail_whose_answer_was_lost_is_never_sent_again_and_a_person_is_told(room: Room) -> None:
    room.office.after.append(MailUncertain("Its answer was lost."))
    send(room)
    room.work()
    room.later(hours=1)
    assert len(room.office.has) == 1
    assert room.history()[0].state is DeliveryState.UNCERTAIN
    assert "I cannot tell whether the mail about INV-1001 reached tess@bluebird.example" in room.said()[0]


def test_a_crash_before_the_mail_is_handed_over_loses_and_doubles_nothing(room: Room) -> None:
    room.office.before.append(PowerCut())
    send(room)
    room.crash()
    room.work()
    assert len(room.office.has) == 1
    assert room.history()[0].state is DeliveryState.SENT


def test_a_crash_after_the_mail_was_handed_over_doubles_nothing_and_says_what_is_not_known(room: Room) -> None:
    room.office.after.append(PowerCut())
    send(room)
    room.crash()
    room.work()
    assert len(room.office.has) == 1
    assert room.history()[0].state is DeliveryState.UNCERTAIN
    assert "it may have arrived already" in room.said()[0]


def test_a_crash_after_the_mail_was_recorded_doubles_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_what: Any, **_how: Any) -> None:
        raise PowerCut

    send(room)
    with monkeypatch.context() as broken:
        broken.setattr(type(room.studio.store), "finish", die)
        room.crash()
    room.work()
    assert len(room.office.has) == 1
    assert [mail.state for mail in room.history()] == [DeliveryState.SENT]
    assert room.said() == []


def test_of_two_workers_with_one_mail_in_their_hands_one_sends_it(room: Room) -> None:
    def another_worker_is_faster() -> None:
        room.office.meanwhile = _nothing
        room.later(minutes=3)

    room.office.meanwhile = another_worker_is_faster
    send(room)
    room.work()
    assert len(room.office.has) == 1
    assert [mail.state for mail in room.history()] == [DeliveryState.SENT]
    assert room.said() == []


def test_a_slow_server_that_says_no_to_one_worker_does_not_wake_a_mail_that_another_has_sent(room: Room) -> None:
    def another_worker_is_faster() -> None:
        room.office.meanwhile = _nothing
        room.later(minutes=3)
        room.office.before.append(ProviderUnavailable("Too slow"))

    room.office.meanwhile = another_worker_is_faster
    send(room)
    room.work()
    room.later(minutes=10)
    assert len(room.office.has) == 1
    assert [mail.state for mail in room.history()] == [DeliveryState.SENT]


def test_an_invoice_that_is_sent_on_a_day_is_sent_on_that_day(room: Room) -> None:
    send(room, on="2026-03-13")
    room.work()
    assert room.studio.invoice("INV-1001").status is InvoiceStatus.DRAFT
    assert room.studio.invoice("INV-1001").sent_at is None
    assert room.shown() == [("Invoice by e-mail", "goes out on 13 March, 9:00\u202fam")]
    room.later(days=3)
    assert len(room.office.has) == 1
    sent = room.studio.invoice("INV-1001")
    assert (sent.status, sent.sent_at) == (InvoiceStatus.SENT, room.studio.now)


@pytest.mark.parametrize("closing", ["record_payment", "void_invoice"])
def test_a_mail_that_waits_is_dropped_if_the_invoice_is_paid_or_void_by_then(room: Room, closing: str) -> None:
    send(room, on="2026-03-13")
    room.studio.done(closing, invoice="INV-1001")
    room.later(days=3)
    assert [mail for mail in room.office.has if mail.template == "invoice"] == []
    assert room.history()[-1].state is DeliveryState.DROPPED
    assert "stayed here: INV-1001 is" in room.said()[-1]


def test_a_paid_invoice_that_is_sent_on_a_day_all_the_same_leaves(room: Room) -> None:
    room.studio.done("record_payment", invoice="INV-1001")
    send(room, on="2026-03-13")
    room.later(days=3)
    assert [mail.template for mail in room.office.has] == ["receipt", "invoice"]


def test_sending_on_another_day_takes_the_place_of_the_first(room: Room) -> None:
    send(room, on="2026-03-13")
    send(room, on="2026-03-16")
    room.later(days=3)
    assert room.office.has == []
    room.later(days=3)
    assert len(room.office.has) == 1
    assert room.said() == []


def test_what_was_sent_before_goes_out_as_another_copy(room: Room) -> None:
    send(room)
    room.work()
    send(room, message="Here it is again.")
    room.work()
    assert [mail.template for mail in room.office.has] == ["invoice", "resend"]


def test_a_row_from_before_there_was_a_history_is_sent_and_gets_one(room: Room) -> None:
    payload = {"template": "invoice", "invoice": "INV-1001", "to": "old@bluebird.example", "message": ""}
    with room.studio.store.transaction(room.studio.id) as tx:
        tx.send(OutboxMessage(room.studio.id, "mail:old", OutboxKind.MAIL, "", payload, room.studio.now))
    room.work()
    assert room.office.has[0].to == ("old@bluebird.example",)
    assert room.history()[0].state is DeliveryState.SENT


def test_the_one_who_pays_gets_the_mail_and_the_client_and_others_get_copies(room: Room) -> None:
    with room.studio.store.transaction(room.studio.id) as tx:
        client = tx.contacts.get("CON-1")
        tx.contacts.save(replace(client, payer="CON-3", cc=("books@bluebird.example", "Tess@Bluebird.example")))
    send(room)
    room.work()
    (mail,) = room.office.has
    assert (mail.to, mail.client) == (("ida@elm.example",), "Ida")
    assert mail.cc == ("Tess@Bluebird.example", "books@bluebird.example")


def test_the_client_reads_the_mail_in_their_language(room: Room) -> None:
    with room.studio.store.transaction(room.studio.id) as tx:
        tx.contacts.save(replace(tx.contacts.get("CON-1"), locale="de_DE"))
    send(room)
    room.work()
    assert room.office.has[0].locale == "de_DE"


@pytest.mark.parametrize("route", [None, "invoice_overdue", "payment_succeeded"])
def test_where_nobody_asked_a_channel_hears_of_what_failed(room: Room, route: str | None) -> None:
    room.office.before.append(ProviderRefused("No."))
    with room.studio.store.transaction(room.studio.id) as tx:
        if route:
            tx.people.set_route(NotificationRoute(room.studio.id, route, "#billing"))
    room.studio.done("record_payment", invoice="INV-1001")
    room.work()
    assert any("could not be e-mailed" in text for text in room.said()) == bool(route)


def test_only_reminders_can_be_stopped_by_their_reader(room: Room) -> None:
    send(room)
    room.studio.done("send_reminder", invoice="INV-1001")
    room.work()
    invoice, reminder = room.office.has
    assert invoice.stop_url is None
    assert reminder.stop_url is not None
    assert reminder.stop_url.endswith("/stop")


@pytest.mark.parametrize(
    ("changes", "days", "reason"),
    [
        ({"disputed": True}, 0, "its payment is disputed"),
        ({"reminders_paused": True}, 0, "its reminders are paused"),
        ({}, 2, "it could not leave in time"),
    ],
)
def test_a_reminder_by_schedule_is_looked_at_once_more_when_it_leaves(
    room: Room, changes: dict[str, Any], days: int, reason: str
) -> None:
    send(room)
    room.work()
    studio = room.studio
    with studio.store.transaction(studio.id) as tx:
        invoice = tx.invoices.save(replace(tx.invoices.get("INV-1001"), **changes))
        sending = Sending("INV-1001", None, "", "reminder:1", not_after=studio.now + timedelta(days=1))
        queue_mail(tx, MailTemplate.REMINDER, sending, recipients(tx, invoice), now=studio.now)
    room.later(days=days)
    assert [mail.template for mail in room.office.has] == ["invoice"]
    [dropped] = [mail for mail in room.history() if mail.template is MailTemplate.REMINDER]
    assert (dropped.state, dropped.reason) == (DeliveryState.DROPPED, reason)


@pytest.mark.parametrize("unasked", [True, False])
def test_a_reminder_of_an_automation_stays_here_where_reminders_were_paused_unless_a_person_asked_for_it(
    room: Room, *, unasked: bool
) -> None:
    send(room)
    room.work()
    studio = room.studio
    with studio.store.transaction(studio.id) as tx:
        invoice = tx.invoices.get("INV-1001")
        sending = Sending("INV-1001", None, "", "action:run:0", unasked=unasked)
        queue_mail(tx, MailTemplate.REMINDER, sending, recipients(tx, invoice), now=studio.now)
        # The client unsubscribes while the mail is on its way.
        tx.contacts.save(replace(tx.contacts.get("CON-1"), reminders_paused=True))
    room.work()
    [reminder] = [mail for mail in room.history() if mail.template is MailTemplate.REMINDER]
    dropped = (DeliveryState.DROPPED, "reminders to Bluebird Cafe are paused")
    assert (reminder.state, reminder.reason) == (dropped if unasked else (DeliveryState.SENT, ""))


def test_a_reminder_that_waits_is_dropped_if_the_invoice_is_being_paid_by_then(room: Room) -> None:
    send(room)
    room.studio.done("send_reminder", invoice="INV-1001", on="2026-03-13")
    settlement = room.studio.settlement("INV-1001", 500_00, status=PaymentStatus.PROCESSING)
    with room.studio.store.transaction(room.studio.id) as tx:
        settle(tx, settlement, now=room.studio.now)
    room.later(days=3)
    assert [mail.template for mail in room.office.has] == ["invoice"]
    assert room.history()[-1].reason == "a payment is under way"


def test_word_of_a_refund_brings_the_credit_note_and_not_the_invoice_as_paid(room: Room) -> None:
    room.studio.done("record_payment", invoice="INV-1001", method="bank_transfer")
    room.studio.done("refund_payment", invoice="INV-1001", amount="40")
    room.work()

    receipt, refund = room.office.has
    assert receipt.attachment is not None
    assert refund.attachment is not None
    assert (receipt.attachment.name, refund.attachment.name) == ("INV-1001.pdf", "CRN-1.pdf")
    assert refund.attachment.document is DocumentKind.CREDIT_NOTE


def test_a_mail_about_what_is_charged_again_and_again_says_how_often(room: Room) -> None:
    room.studio.connect()
    room.studio.done("create_payment_link", invoice="INV-1001", interval="month")
    send(room)
    room.work()

    assert room.office.has[0].charged == (Interval.MONTH, 1)
