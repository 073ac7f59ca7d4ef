"""A mailbox on this machine: a real SMTP server that keeps what it gets, for a demo without any account.

The mails lie in a Maildir, so that one process may take them in while others show them.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import DateHeader
from email.policy import default
from mailbox import Maildir
from typing import TYPE_CHECKING, Any, Final

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from asyncio import AbstractServer
    from collections.abc import Awaitable
    from datetime import datetime
    from email.message import EmailMessage
    from pathlib import Path

    from aiosmtpd.smtp import SMTP, Envelope, Session

_LARGEST_MAIL: Final = 10 * 1024 * 1024
# What the standard library's mail parser raises on one broken header or another: `From: "` is an IndexError.
_STUMBLES: Final = (AttributeError, LookupError, MessageError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail as it arrived. `id` is the Maildir's; `date` is None where the mail does not say it."""

    id: str
    sender: str
    to: str
    subject: str
    date: datetime | None
    text: str
    html: str


class LoopbackController(Controller):
    """aiosmtpd's server on a free port of 127.0.0.1, which `port` names once it is started.

    The socket is bound here: aiosmtpd would look for the port that it asked for, and zero is none.
    """

    def __init__(self, handler: object, **smtp_settings: Any) -> None:  # noqa: ANN401 - aiosmtpd's own settings
        # A name of its own in the greeting: asking the system for one may wait for a DNS server.
        super().__init__(handler, hostname="127.0.0.1", server_hostname="mailbox.example", **smtp_settings)

    def _create_server(self) -> Awaitable[AbstractServer]:
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        return self.loop.create_server(self._factory_invoker, sock=listener, ssl=self.ssl_context)


class LocalMailbox:
    """The mails in `folder`, and the server that puts them there between `start` and `stop`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._controller: LoopbackController | None = None

    @property
    def smtp_url(self) -> str:
        """The server's address for a mail sender; raises RuntimeError where it is not running."""
        if self._controller is None:
            raise RuntimeError("The local mailbox has no address before it is started.")
        return f"smtp://127.0.0.1:{self._controller.port}"

    def start(self) -> None:
        """Take in mail from now on; does nothing where it does so already."""
        if self._controller is not None:
            return
        self._maildir()
        controller = LoopbackController(_Keeper(self), data_size_limit=_LARGEST_MAIL)
        controller.start()
        self._controller = controller

    def stop(self) -> None:
        """Close the server; the mails stay."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def keep(self, content: bytes) -> str:
        """Store a mail and return its id."""
        return self._maildir().add(content.replace(b"\r\n", b"\n"))

    def messages(self) -> list[StoredMail]:
        """Return all mails, the newest first."""
        maildir = self._maildir()
        arrived = sorted(((message.get_date(), key) for key, message in maildir.items()), reverse=True)
        return [_read(key, maildir.get_bytes(key)) for _, key in arrived]

    def get(self, mail_id: str) -> StoredMail | None:
        """Return the mail of that id, or None."""
        try:
            content = self._maildir().get_bytes(mail_id)
        except KeyError:
            return None
        return _read(mail_id, content)

    def _maildir(self) -> Maildir:
        # Made piece by piece and not by Maildir itself, which trips where another process is half-way through.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for part in ("cur", "new", "tmp"):
            (self._folder / part).mkdir(mode=0o700, exist_ok=True)
        return Maildir(self._folder, create=False)


class _Keeper:
    """aiosmtpd's handler: keep whatever is handed in."""

    def __init__(self, mailbox: LocalMailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        self._mailbox.keep(envelope.original_content or b"")
        return "250 OK"


def _read(mail_id: str, content: bytes) -> StoredMail:
    message = message_from_bytes(content, policy=default)
    return StoredMail(
        id=mail_id,
        sender=_header(message, "From"),
        to=_header(message, "To"),
        subject=_header(message, "Subject"),
        date=_date(message),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _header(message: EmailMessage, name: str) -> str:
    """Return the header, empty where there is none or where nobody could read it."""
    try:
        return str(message[name] or "")
    except _STUMBLES:
        return ""


def _date(message: EmailMessage) -> datetime | None:
    try:
        date = message["Date"]
    except _STUMBLES:
        return None
    return date.datetime if isinstance(date, DateHeader) else None


def _part(message: EmailMessage, subtype: str) -> str:
    """Return the part's text, empty where there is none or where its character set is not known."""
    part = message.get_body((subtype,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except _STUMBLES:
        return ""
