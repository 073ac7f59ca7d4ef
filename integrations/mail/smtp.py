"""Mail over SMTP: one connection for each mail, and the server's answer in words that a person can act on."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from billing.errors import BillingError, ProviderRefused, ProviderUnavailable
from billing.mail import MailUncertain, Sent
from billing.watching import unwatched
from integrations.mail.message import compose, compose_note, one_line, sender_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from billing.mail import InvoiceMail, Note
    from billing.ports import Clock, Formats
    from billing.watching import Watch

_DEFAULT_PORTS: Final = {"smtp": 25, "smtps": 465}
_STARTTLS_PORT: Final = 587
_GO_ON: Final = 354
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


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds each step may take, all of them until the mail is handed over, and the answer to it.

    Together they stay below the worker's lease on an outbox row: after that, another worker would begin.
    """

    step: float = 15.0
    beginning: float = 45.0
    answer: float = 60.0

    @property
    def longest(self) -> float:
        """The seconds after which it is over, whatever the server does."""
        return self.beginning + self.answer


class _Session(smtplib.SMTP):
    """smtplib's session, in which the mail is the server's only with the very last bytes, and time runs out."""

    def __init__(self, server: Server, name: str, patience: Patience, **more: Any) -> None:  # noqa: ANN401 - smtplib's
        self._patience = patience
        self._ends = monotonic() + patience.beginning
        self.handing_over: Callable[[], None] = _nothing
        super().__init__(server.host, server.port, name, timeout=patience.step, **more)

    def getreply(self) -> tuple[int, bytes]:
        """Wait for an answer, as long as there is time."""
        self._hurry()
        return super().getreply()

    def send(self, s: Any) -> None:  # noqa: ANN401 - smtplib's own signature
        """Send, as long as there is time."""
        self._hurry()
        super().send(s)

    def data(self, msg: Any) -> tuple[int, bytes]:  # noqa: ANN401 - smtplib's own signature
        """Hand the mail over; raises _AnswerLost where that ended without a word of the server's.

        Until the line with the single dot, a server that loses us has no mail; from there on it may have one.
        """
        self.putcmd("data")
        code, answer = self.getreply()
        if code != _GO_ON:
            raise smtplib.SMTPDataError(code, answer)
        self.send(_dotted(msg))
        try:
            self.handing_over()
        except BaseException:
            # In the middle of a mail there is no command that ends it: only to hang up.
            self.close()
            raise
        self._ends = monotonic() + self._patience.answer
        self._patience = replace(self._patience, step=self._patience.answer)
        try:
            self.send(b".\r\n")
            return self.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise _AnswerLost(str(error)) from error

    def _hurry(self) -> None:
        left = self._ends - monotonic()
        if left <= 0:
            self.close()
            raise TimeoutError("the mail server is too slow")
        if self.sock is not None:
            self.sock.settimeout(min(self._patience.step, left))


def _dotted(content: bytes) -> bytes:
    """Return the content with a dot before every line that begins with one (RFC 5321), ending in a whole line."""
    stuffed = re.sub(rb"(?m)^\.", b"..", content)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


def _nothing() -> None:
    """Do nothing: nobody has to know."""


class _TlsSession(_Session, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class SmtpMailer:
    """Sends through the server that `smtp_url` names, from the mailbox `mail_from`. Implements `billing.mail.Mailer`.

    Raises ValueError for a malformed URL or sender.
    """

    def __init__(
        self,
        smtp_url: str,
        mail_from: str,
        *,
        clock: Clock = _system_clock,
        patience: Patience = Patience(),
        watch: Watch = unwatched,
    ) -> None:
        self._server = Server.from_url(smtp_url)
        self._sender = sender_of(mail_from)
        self._clock = clock
        self._patience = patience
        self._watch = watch

    def send(self, mail: InvoiceMail, formats: Formats, handing_over: Callable[[], None] = _nothing) -> Sent:
        """Hand the mail to the server and return its Message-ID; raises what `billing.mail.Mailer` says."""
        message = compose(mail, formats, self._sender, self._clock())
        return self._sent(message, [*mail.to, *mail.cc], handing_over)

    def tell(self, note: Note) -> Sent:
        """Hand a note to the server; raises what `billing.mail.Mailer` says."""
        return self._sent(compose_note(note, self._sender, self._clock()), [note.to], _nothing)

    def _sent(self, message: EmailMessage, recipients: list[str], handing_over: Callable[[], None]) -> Sent:
        with self._watch("smtp", "send") as call:
            try:
                with self._session() as session:
                    session.handing_over = handing_over
                    refused = session.send_message(message, from_addr=self._sender.addr_spec, to_addrs=recipients)
            except (smtplib.SMTPException, OSError) as error:
                reason = _in_words(error, " and ".join(recipients))
                call.result = reason.code
                raise reason from error
            # Without the domain, which would make it look like somebody's address.
            call.facts["message_id"] = str(message["Message-ID"]).strip("<>").partition("@")[0]
        sentences = tuple(_answer(*answer, _not_for(address)).user_message for address, answer in refused.items())
        return Sent(str(message["Message-ID"]), sentences)

    def check(self) -> None:
        """Greet the server, log in and leave; raises ProviderRefused or ProviderUnavailable."""
        try:
            with self._session():
                pass
        except (smtplib.SMTPException, OSError) as error:
            raise _in_words(error, "") from error

    @contextmanager
    def _session(self) -> Iterator[_Session]:
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

    def _connect(self) -> _Session:
        # The sender's domain is our name in the greeting: asking the system for its own may wait for a DNS server.
        name, server = self._sender.domain, self._server
        if server.tls:
            return _TlsSession(server, name, self._patience, context=ssl.create_default_context())
        return _Session(server, name, self._patience)


def _in_words(error: smtplib.SMTPException | OSError, to: str) -> BillingError:
    """Say what an SMTP failure means: 5xx is the server's last word, everything else may pass."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        # Where one of them may be taken later, all are tried again.
        address, (code, reason) = min(error.recipients.items(), key=lambda refused: refused[1][0])
        return _answer(code, reason, _not_for(address))
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


def _not_for(address: str) -> str:
    return f"The mail server does not take mail for {address}"


def _answer(code: int, reason: bytes | str, beginning: str) -> BillingError:
    said = _plain(reason)
    sentence = f"{beginning}: {said}" if said else f"{beginning}."
    return ProviderRefused(sentence) if code >= _PERMANENT else ProviderUnavailable(sentence)


def _plain(reason: bytes | str) -> str:
    """Return the server's words on one line, printable, without its codes, and not at any length."""
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return one_line(_ENHANCED_CODE.sub(" ", text))[:_LONGEST_REASON]
