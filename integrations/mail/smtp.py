"""Mail over SMTP: one connection for each mail, and the server's answer in words that a person can act on."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from billing.errors import BillingError, ProviderRefused, ProviderUnavailable
from billing.mail import MailUncertain
from integrations.mail.message import compose, one_line, sender_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing.mail import InvoiceMail
    from billing.ports import Clock, Formats

_DEFAULT_PORTS: Final = {"smtp": 25, "smtps": 465}
_STARTTLS_PORT: Final = 587
_PERMANENT: Final = 500
_LONGEST_REASON: Final = 200
# RFC 3463: the machine's copy of the reason, which servers put in front of the words.
_ENHANCED_CODE: Final = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b:?")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in. With `tls` the connection is encrypted from its start, with `starttls` by command."""

    host: str
    port: int
    tls: bool
    starttls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @staticmethod
    def from_url(url: str) -> Server:
        """Read `smtp://user:password@host:587?starttls=1` or `smtps://user:password@host`; raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            raise ValueError("SMTP_URL has to be smtp://user:password@host:587?starttls=1 or smtps://…")
        tls = parts.scheme == "smtps"
        starttls = not tls and parse_qs(parts.query).get("starttls", ["0"])[-1] == "1"
        return Server(
            host=parts.hostname,
            port=parts.port or (_STARTTLS_PORT if starttls else _DEFAULT_PORTS[parts.scheme]),
            tls=tls,
            starttls=starttls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


def _system_clock() -> datetime:
    return datetime.now(UTC)


class _AnswerLost(smtplib.SMTPException):
    """The mail was handed over, and what the server made of it was not heard."""


class _Session(smtplib.SMTP):
    """smtplib's session, which tells a lost answer to a whole mail from every other failure."""

    def data(self, msg: Any) -> tuple[int, bytes]:  # noqa: ANN401 - smtplib's own signature
        """Hand the mail over; raises _AnswerLost where that ended without a word of the server's."""
        try:
            return super().data(msg)
        except smtplib.SMTPResponseException:
            raise
        except (smtplib.SMTPException, OSError) as error:
            raise _AnswerLost(str(error)) from error


class _TlsSession(_Session, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class SmtpMailer:
    """Sends through the server that `smtp_url` names, from the mailbox `mail_from`. Implements `billing.mail.Mailer`.

    `timeout` is in seconds and holds for each step of the exchange. Raises ValueError for a malformed URL or sender.
    """

    def __init__(self, smtp_url: str, mail_from: str, *, clock: Clock = _system_clock, timeout: float = 20.0) -> None:
        self._server = Server.from_url(smtp_url)
        self._sender = sender_of(mail_from)
        self._clock = clock
        self._timeout = timeout

    def send(self, mail: InvoiceMail, formats: Formats) -> str:
        """Hand the mail to the server and return its Message-ID; raises what `billing.mail.Mailer` says."""
        message = compose(mail, formats, self._sender, self._clock())
        try:
            with self._session() as session:
                session.send_message(message, from_addr=self._sender.addr_spec, to_addrs=[mail.to])
        except (smtplib.SMTPException, OSError) as error:
            raise _in_words(error, mail.to) from error
        return str(message["Message-ID"])

    def check(self) -> None:
        """Greet the server, log in and leave; raises ProviderRefused or ProviderUnavailable."""
        try:
            with self._session():
                pass
        except (smtplib.SMTPException, OSError) as error:
            raise _in_words(error, "") from error

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        session = self._connect()
        try:
            if self._server.starttls:
                session.starttls(context=ssl.create_default_context())
            if self._server.user:
                session.login(self._server.user, self._server.password)
            yield session
        finally:
            # The mail is taken once DATA was answered: a farewell that fails must not have it sent again.
            with suppress(smtplib.SMTPException, OSError):
                session.quit()
            session.close()

    def _connect(self) -> smtplib.SMTP:
        # The sender's domain is our name in the greeting: asking the system for its own may wait for a DNS server.
        name, server = self._sender.domain, self._server
        if server.tls:
            context = ssl.create_default_context()
            return _TlsSession(server.host, server.port, name, timeout=self._timeout, context=context)
        return _Session(server.host, server.port, name, timeout=self._timeout)


def _in_words(error: smtplib.SMTPException | OSError, to: str) -> BillingError:
    """Say what an SMTP failure means: 5xx is the server's last word, everything else may pass."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reason = error.recipients[to]
        return _answer(code, reason, f"The mail server does not take mail for {to}")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _answer(error.smtp_code, error.smtp_error, "The mail server refused our login (check SMTP_URL)")
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error, "The mail server refused the mail")
    if isinstance(error, _AnswerLost):
        return MailUncertain(f"The mail server took the mail for {to}, but its answer was lost: it may have been sent.")
    # The bare class means that no way to log in is common to both.
    if isinstance(error, smtplib.SMTPNotSupportedError) or type(error) is smtplib.SMTPException:
        return ProviderRefused("The mail server cannot do what this mail needs: check SMTP_URL (STARTTLS, login).")
    return ProviderUnavailable("The mail server cannot be reached right now. The mail will be tried again.")


def _answer(code: int, reason: bytes | str, beginning: str) -> BillingError:
    said = _plain(reason)
    sentence = f"{beginning}: {said}" if said else f"{beginning}."
    return ProviderRefused(sentence) if code >= _PERMANENT else ProviderUnavailable(sentence)


def _plain(reason: bytes | str) -> str:
    """Return the server's words on one line, printable, without its codes, and not at any length."""
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return one_line(_ENHANCED_CODE.sub(" ", text))[:_LONGEST_REASON]
