"""Each attack, in each text of a mail, through the real sender to a server on this machine: it arrives as text."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from integrations.mail.smtp import SmtpMailer
from integrations.sandbox.mailbox import LocalMailbox
from tests.support.attacks import ATTACKS
from tests.support.mails import FORMATS, an_invoice_mail
from tests.support.records import NOW, an_invoice

FROM: Final = "Evie <billing@evie.example>"
TO: Final = "jane@bluebird.example"
FIELDS: Final = ("workspace_name", "title", "client", "message")


class Tags(HTMLParser):
    """What a browser would see of a page: its tags and the names of their attributes, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: set[tuple[str, str]] = set()
        self.places: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {(tag, ""), *((tag, name) for name, _ in attrs)}
        self.places |= {value or "" for name, value in attrs if name in {"href", "src", "action"}}


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMailbox]:
    folder: Path = tmp_path_factory.mktemp("mails")
    made = LocalMailbox(folder)
    made.start()
    yield made
    made.stop()


def arrived(box: LocalMailbox, **texts: str) -> tuple[EmailMessage, Tags]:
    """Send a mail with these texts and return it as it was taken, with what its page is made of."""
    before = {mail.id for mail in box.messages()}
    description = texts.pop("description", "")
    mail = an_invoice_mail(**texts, invoice=an_invoice(description=description))
    SmtpMailer(box.smtp_url, FROM, clock=lambda: NOW).send(mail, FORMATS)
    (path,) = [one for one in box._folder.rglob("*") if one.is_file() and one.name.split(":")[0] not in before]
    message = message_from_bytes(path.read_bytes(), policy=default)
    path.unlink()
    html = message.get_body(("html",))
    assert html is not None
    return message, Tags(html.get_content())


def test_no_attack_adds_a_header_a_recipient_or_a_tag(box: LocalMailbox) -> None:
    plain, page = arrived(box, **dict.fromkeys((*FIELDS, "description"), "No\nharm\n\nin it"))
    for attack in ATTACKS:
        message, shown = arrived(box, **dict.fromkeys((*FIELDS, "description"), attack))
        assert sorted(message.keys()) == sorted(plain.keys()), attack
        assert [one.addr_spec for one in message["To"].addresses] == [TO], attack
        assert [one.addr_spec for one in message["From"].addresses] == ["billing@evie.example"], attack
        assert not [one for one in str(message["Subject"]) if ord(one) < 32], attack
        assert shown.seen <= page.seen, attack
        assert shown.places <= page.places, attack
        text = message.get_body(("plain",))
        assert text is not None
        assert "https://evie.example/pay/token" in text.get_content()
