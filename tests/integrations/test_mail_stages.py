"""Every step at which a mail server may refuse, stall or go away: what is known then, and what is not."""

from __future__ import annotations

import time

import pytest

from billing.errors import BillingError, ProviderRefused, ProviderUnavailable
from billing.mail import MailUncertain
from bot.worker.settling import LEASE_SECONDS
from integrations.mail.smtp import Patience, SmtpMailer
from tests.support.mails import FORMATS, an_invoice_mail
from tests.support.records import NOW
from tests.support.smtp import HANG_UP, STALL, ScriptedSmtp, scripted

QUICK = Patience(step=0.3, beginning=1.0, answer=0.3)
BEFORE = ["greeting", "ehlo", "auth", "mail", "rcpt", "data"]


def mailer(server: ScriptedSmtp, patience: Patience = QUICK) -> SmtpMailer:
    return SmtpMailer(f"smtp://me:pw@127.0.0.1:{server.port}", "b@evie.example", clock=lambda: NOW, patience=patience)


def failure(server: ScriptedSmtp) -> tuple[BillingError, int]:
    """Return how the sending fails, and how often the mail was said to be handed over."""
    handed: list[None] = []
    with pytest.raises(BillingError) as caught:
        mailer(server).send(an_invoice_mail(), FORMATS, lambda: handed.append(None))
    return caught.value, len(handed)


@pytest.mark.parametrize("step", BEFORE)
@pytest.mark.parametrize("how", [HANG_UP, STALL])
def test_a_server_that_goes_away_before_the_mail_is_over_has_no_mail(step: str, how: str) -> None:
    with scripted(**{step: how}) as server:
        error, handed = failure(server)
    assert isinstance(error, ProviderUnavailable)
    assert (server.taken, handed) == ([], 0)


@pytest.mark.parametrize("step", [*BEFORE, "content"])
def test_what_a_server_refuses_for_now_is_tried_again(step: str) -> None:
    # Who is refused after EHLO says HELO.
    with scripted(**{step: "451 4.3.0 Not just now"}, helo="451 4.3.0 Not just now") as server:
        error, handed = failure(server)
    assert isinstance(error, ProviderUnavailable)
    assert error.user_message.endswith("Not just now")
    assert (server.taken, handed) == ([], int(step == "content"))


@pytest.mark.parametrize("step", ["auth", "mail", "rcpt", "data", "content"])
def test_what_a_server_refuses_for_good_is_final_and_says_why(step: str) -> None:
    with scripted(**{step: "554 5.7.1 We do not take that"}) as server:
        error, _ = failure(server)
    assert isinstance(error, ProviderRefused)
    assert error.user_message.endswith("We do not take that")
    assert server.taken == []


@pytest.mark.parametrize("how", [HANG_UP, STALL])
def test_only_a_mail_that_was_handed_over_whole_is_uncertain(how: str) -> None:
    with scripted(content=how) as server:
        error, handed = failure(server)
    assert isinstance(error, MailUncertain)
    assert (len(server.taken), handed) == (1, 1)


def test_a_mail_that_must_not_be_handed_over_after_all_never_becomes_one() -> None:
    class _ElsewhereError(Exception):
        pass

    def stop() -> None:
        raise _ElsewhereError

    with scripted() as server:
        began = time.monotonic()
        with pytest.raises(_ElsewhereError):
            mailer(server).send(an_invoice_mail(), FORMATS, stop)
    assert server.taken == []
    assert time.monotonic() - began < 5


def test_a_server_that_takes_its_time_at_every_step_is_given_up_before_it_has_the_mail() -> None:
    patience = Patience(step=0.3, beginning=0.0, answer=0.3)
    with scripted() as server, pytest.raises(ProviderUnavailable):
        mailer(server, patience).send(an_invoice_mail(), FORMATS)
    assert server.taken == []


def test_sending_is_over_before_another_worker_may_begin() -> None:
    assert Patience().longest + 5 < LEASE_SECONDS


def test_one_recipient_of_two_that_is_refused_is_named_and_the_other_gets_the_mail() -> None:
    with scripted(rcpt=["250 OK", "550 5.1.1 Nobody of that name"]) as server:
        sent = mailer(server).send(an_invoice_mail(cc="gone@bluebird.example"), FORMATS)
    assert sent.refused == ("The mail server does not take mail for gone@bluebird.example: Nobody of that name",)
    assert len(server.taken) == 1


def test_where_one_recipient_may_be_taken_later_all_are_tried_again() -> None:
    with scripted(rcpt=["550 Nobody of that name", "450 Mailbox busy"]) as server, pytest.raises(ProviderUnavailable):
        mailer(server).send(an_invoice_mail(cc="b@bluebird.example"), FORMATS)
    assert server.taken == []


def test_a_line_that_begins_with_a_dot_arrives_as_it_was_written() -> None:
    with scripted() as server:
        mailer(server).send(an_invoice_mail(message=".\n.hidden\nend"), FORMATS)
    assert b"\r\n.\r\n" not in server.taken[0]
    assert b"\r\n..hidden" in server.taken[0]
