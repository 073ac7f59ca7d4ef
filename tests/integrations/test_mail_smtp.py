"""The sender against a real SMTP server on this machine: what goes over the wire, and what each answer becomes."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from billing.errors import BillingError, ProviderRefused, ProviderUnavailable
from billing.mail import MailUncertain, Note, subject
from integrations.mail.smtp import Patience, Server, SmtpMailer
from integrations.sandbox.mailbox import LocalMailbox, LoopbackController
from tests.support.mails import FORMATS, an_invoice_mail
from tests.support.records import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FROM = "Evie <billing@evie.example>"


class _Answers:
    """A server that says what it is told to at each step, and remembers what it took."""

    def __init__(self, *, mail: str = "250 OK", rcpt: str = "250 OK", data: str = "250 OK") -> None:
        self._mail, self._rcpt, self._data = mail, rcpt, data
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.logins: list[bytes] = []

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        envelope.mail_from = address
        return self._mail

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        envelope.rcpt_tos.append(address)
        return self._rcpt

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        if self._data.startswith("250"):
            self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return self._data

    def log_in(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, credentials: Any) -> AuthResult:
        self.logins.append(credentials.login)
        return AuthResult(success=credentials.password == b"p@ss:word", handled=False)


@contextmanager
def running(handler: _Answers, **settings: Any) -> Iterator[LoopbackController]:
    controller = LoopbackController(handler, **settings)
    controller.start()
    try:
        yield controller
    finally:
        controller.stop()


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's TLS context whose certificate, for localhost, this process trusts for the length of a test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = NOW.now(NOW.tzinfo)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM),
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def mailer_for(port: int, *, step: float = 5.0) -> SmtpMailer:
    return SmtpMailer(f"smtp://127.0.0.1:{port}", FROM, clock=lambda: NOW, patience=Patience(step=step))


def failure(handler: _Answers) -> BillingError:
    with running(handler) as server, pytest.raises(BillingError) as caught:
        mailer_for(server.port).send(an_invoice_mail(), FORMATS)
    assert handler.taken == []
    return caught.value


def test_a_sent_mail_lies_in_the_local_mailbox(tmp_path: Path) -> None:
    mailbox = LocalMailbox(tmp_path / "mail")
    mailbox.start()
    try:
        SmtpMailer(mailbox.smtp_url, FROM, clock=lambda: NOW).send(an_invoice_mail(), FORMATS)
    finally:
        mailbox.stop()
    (arrived,) = mailbox.messages()
    assert arrived.sender == "Harbour Studio <billing@evie.example>"
    assert arrived.to == "jane@bluebird.example"
    assert arrived.subject == subject(an_invoice_mail(), FORMATS)
    assert arrived.date == NOW
    assert "https://evie.example/pay/token" in arrived.text
    assert 'href="https://evie.example/pay/token"' in arrived.html


def test_a_note_to_the_business_lies_there_too(tmp_path: Path) -> None:
    mailbox = LocalMailbox(tmp_path / "mail")
    mailbox.start()
    note = Note("ws_1", "office@lantern.example", "Evie cannot post in Slack", "Install it again.", "alert:1")
    try:
        sent = SmtpMailer(mailbox.smtp_url, FROM, clock=lambda: NOW).tell(note)
    finally:
        mailbox.stop()
    (arrived,) = mailbox.messages()
    assert (arrived.to, arrived.subject, arrived.text) == (note.to, note.subject, f"{note.text}\n")
    assert sent.refused == ()


def test_the_envelope_names_the_sender_and_the_one_recipient() -> None:
    handler = _Answers()
    with running(handler) as server:
        mailer_for(server.port).send(an_invoice_mail(), FORMATS)
    ((sender, recipients, _),) = handler.taken
    assert sender == "billing@evie.example"
    assert recipients == ["jane@bluebird.example"]


def test_a_mail_that_is_sent_again_has_the_id_that_it_had() -> None:
    handler = _Answers()
    with running(handler) as server:
        ids = {mailer_for(server.port).send(an_invoice_mail(), FORMATS).message_id for _ in range(2)}
    (message_id,) = ids
    assert all(f"Message-ID: {message_id}".encode() in content for _, _, content in handler.taken)
    assert len(handler.taken) == 2


def test_a_name_that_is_not_ascii_arrives_where_the_server_can_take_it(tmp_path: Path) -> None:
    mailbox = LocalMailbox(tmp_path / "mail")
    mailbox.start()
    try:
        SmtpMailer(mailbox.smtp_url, FROM).send(an_invoice_mail(to="zoë@bluebird.example"), FORMATS)
    finally:
        mailbox.stop()
    assert mailbox.messages()[0].to == "zoë@bluebird.example"


def test_a_name_that_is_not_ascii_is_refused_where_the_server_cannot() -> None:
    with running(_Answers(), enable_SMTPUTF8=False) as server, pytest.raises(ProviderRefused):
        mailer_for(server.port).send(an_invoice_mail(to="zoë@bluebird.example"), FORMATS)


def test_an_unknown_recipient_is_final_and_the_server_says_why() -> None:
    error = failure(_Answers(rcpt="550 5.1.1 No such mailbox here"))
    assert isinstance(error, ProviderRefused)
    assert error.user_message == "The mail server does not take mail for jane@bluebird.example: No such mailbox here"


def test_a_busy_recipient_may_be_tried_again() -> None:
    error = failure(_Answers(rcpt="450 4.2.1 Mailbox busy"))
    assert isinstance(error, ProviderUnavailable)
    assert error.retryable
    assert error.user_message.endswith("Mailbox busy")


@pytest.mark.parametrize("step", ["mail", "data"])
def test_a_mail_that_the_server_will_not_have_is_refused(step: str) -> None:
    error = failure(_Answers(**{step: "554 5.7.1 Looks like spam"}))
    assert isinstance(error, ProviderRefused)
    assert error.user_message == "The mail server refused the mail: Looks like spam"


@pytest.mark.parametrize("step", ["mail", "data"])
def test_a_server_that_is_full_may_be_tried_again(step: str) -> None:
    assert isinstance(failure(_Answers(**{step: "452 4.3.1 Out of space"})), ProviderUnavailable)


def test_what_a_server_says_is_shown_short_and_on_one_line() -> None:
    error = failure(_Answers(data=f"554-first line\r\n554 {'very ' * 90}long"))
    assert isinstance(error, ProviderRefused)
    assert error.user_message.isprintable()
    assert len(error.user_message) < 260


def test_a_server_that_is_not_there_may_be_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ProviderUnavailable, match="cannot be reached"):
        mailer_for(port).send(an_invoice_mail(), FORMATS)


def test_a_server_that_never_answers_is_given_up_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ProviderUnavailable):
        mailer_for(silent.getsockname()[1], step=0.2).send(an_invoice_mail(), FORMATS)


def test_a_mail_that_was_taken_counts_as_sent_even_if_the_farewell_fails() -> None:
    class _Curt(_Answers):
        async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
            return "500 I do not say goodbye"

    handler = _Curt()
    with running(handler) as server:
        assert mailer_for(server.port).send(an_invoice_mail(), FORMATS)
    assert len(handler.taken) == 1


class _HangsUp(_Answers):
    """A server that takes the mail and is gone before it says so."""

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        server.transport.abort()
        return "250 OK"


def test_a_mail_whose_answer_was_lost_is_uncertain_and_not_sent_again() -> None:
    handler = _HangsUp()
    with running(handler) as server, pytest.raises(MailUncertain, match="may have been sent") as caught:
        mailer_for(server.port).send(an_invoice_mail(), FORMATS)
    assert not caught.value.retryable
    assert len(handler.taken) == 1


def test_starttls_encrypts_and_logs_in(certificate: ssl.SSLContext) -> None:
    handler = _Answers()
    settings = {"tls_context": certificate, "require_starttls": True, "authenticator": handler.log_in}
    with running(handler, auth_required=True, **settings) as server:
        url = f"smtp://billing%40evie.example:p%40ss%3Aword@localhost:{server.port}?starttls=1"
        SmtpMailer(url, FROM, patience=Patience(step=5)).send(an_invoice_mail(), FORMATS)
    assert handler.logins == [b"billing@evie.example"]
    assert len(handler.taken) == 1


def test_a_wrong_password_is_final_and_never_shown(certificate: ssl.SSLContext) -> None:
    handler = _Answers()
    settings = {"tls_context": certificate, "require_starttls": True, "authenticator": handler.log_in}
    with running(handler, auth_required=True, **settings) as server:
        mailer = SmtpMailer(f"smtp://billing:wr0ng@localhost:{server.port}?starttls=1", FROM, patience=Patience(step=5))
        with pytest.raises(ProviderRefused, match="check SMTP_URL") as caught:
            mailer.send(an_invoice_mail(), FORMATS)
    assert "wr0ng" not in caught.value.user_message
    assert handler.taken == []


def test_a_server_without_starttls_gets_neither_password_nor_mail() -> None:
    handler = _Answers()
    with running(handler, authenticator=handler.log_in, auth_require_tls=False) as server:
        mailer = SmtpMailer(
            f"smtp://billing:secret@127.0.0.1:{server.port}?starttls=1", FROM, patience=Patience(step=5)
        )
        with pytest.raises(ProviderRefused, match="STARTTLS"):
            mailer.send(an_invoice_mail(), FORMATS)
    assert handler.logins == []
    assert handler.taken == []


def test_a_certificate_of_somebody_else_ends_it(certificate: ssl.SSLContext) -> None:
    handler = _Answers()
    with running(handler, tls_context=certificate, require_starttls=True) as server:
        # The certificate is for localhost: by its number the server is not the one that was asked for.
        mailer = SmtpMailer(f"smtp://127.0.0.1:{server.port}?starttls=1", FROM, patience=Patience(step=5))
        with pytest.raises(ProviderUnavailable):
            mailer.send(an_invoice_mail(), FORMATS)
    assert handler.taken == []


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 25, tls=False, starttls=False)),
        ("smtp://mail.example?starttls=1", Server("mail.example", 587, tls=False, starttls=True)),
        ("smtp://mail.example:2525?starttls=0", Server("mail.example", 2525, tls=False, starttls=False)),
        (
            "smtps://a%40b:c%3Ad@mail.example",
            Server("mail.example", 465, tls=True, starttls=False, user="a@b", password="c:d"),
        ),
        ("smtps://mail.example?starttls=1", Server("mail.example", 465, tls=True, starttls=False)),
    ],
)
def test_an_smtp_url_says_where_and_how(url: str, server: Server) -> None:
    assert Server.from_url(url) == server


@pytest.mark.parametrize("url", ["", "mail.example:25", "http://mail.example", "smtp://", "smtp://mail.example:port"])
def test_a_malformed_smtp_url_stops_the_start(url: str) -> None:
    with pytest.raises(ValueError, match=r"SMTP_URL|Port could not"):
        SmtpMailer(url, FROM)


def test_a_password_does_not_show_in_a_trace() -> None:
    assert "secret" not in repr(Server.from_url("smtp://billing:secret@mail.example"))
