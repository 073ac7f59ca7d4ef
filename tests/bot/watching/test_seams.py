"""Each service is called where somebody can watch: how it ended, and nothing of whom it was about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from billing.errors import ProviderRefused, ProviderUnavailable
from billing.watching import Call
from bot.assistant.model import prompt
from bot.assistant.model.answer import NoAnswer
from bot.assistant.model.client import Responder
from bot.slack.client import identity, web_client
from integrations.mail.smtp import SmtpMailer
from integrations.sandbox.mailbox import LocalMailbox
from integrations.webhooks import WebhookCaller
from tests.support.inquiries import an_inquiry
from tests.support.mails import FORMATS, an_invoice_mail
from tests.support.openai import Fail, Say, ScriptedModel
from tests.support.slack import FakeSlack


class Watched:
    """Keeps what it sees."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, Call]] = []

    @contextmanager
    def __call__(self, service: str, operation: str) -> Iterator[Call]:
        call = Call()
        self.seen.append((service, operation, call))
        yield call

    @property
    def ended(self) -> list[tuple[str, str, str]]:
        return [(service, operation, call.result) for service, operation, call in self.seen]


@pytest.fixture
def watch() -> Watched:
    return Watched()


def test_a_call_of_slacks_ends_with_slacks_own_code(slack: FakeSlack, watch: Watched) -> None:
    config = replace(slack.config, watch=watch)
    identity(web_client(config, config.bot_token))
    with pytest.raises(ProviderRefused):
        identity(web_client(config, "xoxb-wrong"))
    with pytest.raises(ProviderUnavailable):
        identity(web_client(replace(config, api_base_url="http://127.0.0.1:9"), config.bot_token))
    assert [end for _, _, end in watch.ended] == ["ok", "invalid_auth", "no_answer"]
    assert {operation for _, operation, _ in watch.ended} == {"auth.test"}


def test_a_mail_ends_with_its_id_or_with_why_not(watch: Watched, tmp_path: Path) -> None:
    mailbox = LocalMailbox(tmp_path / "mail")
    mailbox.start()
    try:
        sent = SmtpMailer(mailbox.smtp_url, "b@evie.example", watch=watch).send(an_invoice_mail(), FORMATS)
    finally:
        mailbox.stop()
    with pytest.raises(ProviderUnavailable):
        SmtpMailer("smtp://127.0.0.1:9", "b@evie.example", watch=watch).send(an_invoice_mail(), FORMATS)
    assert watch.ended == [("smtp", "send", "ok"), ("smtp", "send", ProviderUnavailable.code)]
    (told,) = watch.seen[0][2].facts.values()
    assert told in sent.message_id
    assert "@" not in told


def test_a_question_to_the_model_ends_with_its_tokens(scripted_model: ScriptedModel, watch: Watched) -> None:
    inquiry, config = an_inquiry(), scripted_model.config(max_retries=0)
    question = {**prompt.request(inquiry, config), "input": prompt.opening(inquiry, config)}
    responder = Responder(config, watch)
    scripted_model.expect(Say("Hello."), Fail(500))
    usage = responder.ask(question, None).usage
    with pytest.raises(NoAnswer):
        responder.ask(question, None)
    responder.close()
    assert [end for _, _, end in watch.ended] == ["ok", "no_answer"]
    assert watch.seen[0][2].amounts == {"input": usage.input_tokens, "output": usage.output_tokens}
    assert watch.seen[1][2].facts["reason"].startswith("status 500")


def test_a_webhook_ends_with_whether_it_was_taken(watch: Watched) -> None:
    caller = WebhookCaller(watch=watch, resolve=lambda host, port: ["127.0.0.1"])
    assert not caller("https://hooks.example/", "ws:1", {}, "whsec_c2VjcmV0").taken
    assert watch.ended == [("webhook", "POST", "not_taken")]
    assert watch.seen[0][2].facts == {}
