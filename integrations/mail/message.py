"""The e-mail itself: headers that nobody can add to, a plain text and an HTML part."""

from __future__ import annotations

import re
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from hashlib import sha256
from typing import TYPE_CHECKING, Final, cast

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from billing.errors import ProviderRefused
from integrations.mail.words import words_of

if TYPE_CHECKING:
    from datetime import datetime
    from email.headerregistry import BaseHeader

    from billing.mail import Attachment, InvoiceMail, Note
    from billing.ports import Formats

# One mailbox without comments, quotes or routes: nothing in it can end a header line or add a recipient.
_WORD: Final = r"[^\s@<>()\[\],;:\\\".]+"
_MAILBOX: Final = re.compile(rf"{_WORD}(?:\.{_WORD})*@{_WORD}(?:\.{_WORD})*")
_LONGEST_MAILBOX: Final = 254
# What begins an encoded word (RFC 2047), which would be read as other signs than it is written with.
_ENCODED: Final = "=?"
# What a name may have between quotation marks only (RFC 5322); a point is taken without them as well.
_SPECIALS: Final = frozenset('()<>[]:;@\\,"')


class _Unfolded(UnstructuredHeader):
    """A header of one address without a space in it: folding would encode it, and then nothing could follow it."""

    def fold(self, *, policy: EmailPolicy[EmailMessage]) -> str:
        """Return the header on one line, which may be as long as 998 signs (RFC 5322)."""
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined] # the registry mixes `name` in


def _policy() -> EmailPolicy[EmailMessage]:
    headers = HeaderRegistry()
    # The registry mixes its base class in by itself.
    headers.map_to_type("list-unsubscribe", cast("type[BaseHeader]", _Unfolded))
    return SMTP.clone(header_factory=headers)


_POLICY: Final = _policy()

_templates: Final = Environment(
    loader=PackageLoader("integrations.mail"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def sender_of(mail_from: str) -> Address:
    """Return the one mailbox that `Name <user@host>` names; raises ValueError for anything else."""
    problem = "EVIE_MAIL_FROM has to be one mailbox, such as Evie <billing@studio.example>."
    try:
        addresses = SMTP.header_factory("From", mail_from).addresses
    except ValueError as error:
        raise ValueError(problem) from error
    if len(addresses) != 1 or not is_mailbox(addresses[0].addr_spec):
        raise ValueError(problem)
    mailbox: Address = addresses[0]
    return mailbox


def is_mailbox(text: str) -> bool:
    """Say whether the text is one plain address and nothing else."""
    if not text.isprintable() or len(text) > _LONGEST_MAILBOX or _ENCODED in text:
        return False
    return _MAILBOX.fullmatch(text) is not None


def compose(mail: InvoiceMail, formats: Formats, sender: Address, sent_at: datetime) -> EmailMessage:
    """Return the mail, ready for a server; raises ProviderRefused where a recipient is no address."""
    words = words_of(mail, formats)
    message = EmailMessage(policy=_POLICY)
    message["Message-ID"] = message_id(mail, sender)
    message["Date"] = sent_at
    # The client knows the business, not the program that writes for it.
    message["From"] = Address(_plain_name(mail.workspace_name), sender.username, sender.domain)
    message["To"] = tuple(_recipient(address) for address in mail.to)
    if mail.cc:
        message["Cc"] = tuple(_recipient(address) for address in mail.cc)
    message["Subject"] = one_line(words.subject)
    # What a machine wrote: no answer of another machine's, such as that somebody is away, should come back (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    if mail.stop_url is not None:
        message["List-Unsubscribe"] = f"<{mail.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_templates.get_template("invoice.txt").render(words=words), cte="quoted-printable")
    html = _templates.get_template("invoice.html").render(words=words)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if mail.attachment is not None:
        _attach(message, mail.attachment)
    # At the end: what is about content moves inwards with every part that is added.
    message["Content-Language"] = words.language
    return message


def compose_note(note: Note, sender: Address, sent_at: datetime) -> EmailMessage:
    """Return a note to the business itself, ready for a server; raises ProviderRefused where it is no address."""
    message = EmailMessage(policy=_POLICY)
    message["Message-ID"] = _id(note.workspace_id, note.key, sender)
    message["Date"] = sent_at
    message["From"] = sender
    message["To"] = _recipient(note.to)
    message["Subject"] = one_line(note.subject)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{note.text}\n", cte="quoted-printable")
    return message


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    main, _, sub = attachment.media_type.partition("/")
    message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=one_line(attachment.name))


def message_id(mail: InvoiceMail, sender: Address) -> str:
    """Return an id that the same mail always gets: a mailbox that sees it twice can tell that it is one."""
    return _id(mail.invoice.workspace_id, mail.key, sender)


def _id(workspace_id: str, key: str, sender: Address) -> str:
    digest = sha256(f"{workspace_id}\0{key}".encode()).hexdigest()
    return f"<{digest[:40]}@{sender.domain}>"


def _recipient(to: str) -> Address:
    if not is_mailbox(to):
        raise ProviderRefused(
            f"“{one_line(to)[:100]}” is not an e-mail address that mail can be sent to. Correct the contact's e-mail.",
        )
    name, _, domain = to.partition("@")
    return Address(username=name, domain=domain)


def _plain_name(text: str) -> str:
    """Return a name that needs no quotation marks, which the standard library loses where it folds a long header.

    Without them another address in the name would be read as the sender.
    """
    return one_line("".join(" " if sign in _SPECIALS else sign for sign in text))


def one_line(text: str) -> str:
    """Return the text on a single line, with nothing in it that does not print or is read as other signs.

    The standard library decodes an encoded word where it takes a header, and writes the line break in it as one.
    """
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split()).replace(_ENCODED, "= ?")
