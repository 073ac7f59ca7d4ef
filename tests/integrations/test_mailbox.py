"""The local mailbox: what one process takes in, another reads, and nothing that arrives can break the page."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from integrations.sandbox.mailbox import LocalMailbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[LocalMailbox]:
    box = LocalMailbox(tmp_path / "state" / "mail")
    box.start()
    yield box
    box.stop()


def deliver(mailbox: LocalMailbox, content: bytes) -> None:
    host, port = mailbox.smtp_url.removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port), "client.example", timeout=5) as session:
        session.sendmail("a@studio.example", ["b@client.example"], content)


def test_a_mail_that_is_handed_in_is_there_to_read(mailbox: LocalMailbox) -> None:
    deliver(
        mailbox, b"From: a@studio.example\r\nTo: b@client.example\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\n\r\nhello\r\n"
    )
    (mail,) = mailbox.messages()
    assert (mail.sender, mail.to, mail.subject) == ("a@studio.example", "b@client.example", "café")
    assert (mail.text, mail.html, mail.date) == ("hello\n", "", None)
    assert mailbox.get(mail.id) == mail


def test_the_newest_mail_comes_first(mailbox: LocalMailbox) -> None:
    keys = [mailbox.keep(f"Subject: {number}\r\n\r\n.".encode()) for number in range(3)]
    for age, key in enumerate(reversed(keys)):
        (path,) = (mailbox._folder / "new").glob(f"{key}*")
        os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    assert [mail.subject for mail in mailbox.messages()] == ["2", "1", "0"]


def test_another_process_reads_what_this_one_took_in(mailbox: LocalMailbox) -> None:
    deliver(mailbox, b"Subject: over there\r\n\r\n.")
    program = (
        "import sys; from pathlib import Path; from integrations.sandbox.mailbox import LocalMailbox;"
        "print(LocalMailbox(Path(sys.argv[1])).messages()[0].subject)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(mailbox._folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "over there\n"


def test_many_at_once_are_all_kept(mailbox: LocalMailbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: deliver(mailbox, f"Subject: {number}\r\n\r\n.".encode()), range(24)))
    assert sorted(int(mail.subject) for mail in mailbox.messages()) == list(range(24))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no header at all",
        b"Subject: x\r\nDate: not a date\r\nContent-Type: text/html; charset=klingon\r\n\r\n<b>",
        b"Subject: =?x?y?z?=\r\nContent-Type: multipart/alternative; boundary=q\r\n\r\n--q\r\n",
        b"Subject: \xff\xfe\r\nContent-Type: text/plain; charset=ascii\r\n\r\n\xff\xfe",
        b"Content-Transfer-Encoding: base64\r\nContent-Type: text/html\r\n\r\n%%%",
        b'To: \xe2\x80\xae, <<>>;;\r\nFrom: "\r\n\r\n',
    ],
)
def test_a_broken_mail_is_shown_as_far_as_it_goes(mailbox: LocalMailbox, content: bytes) -> None:
    mailbox.keep(content)
    (mail,) = mailbox.messages()
    assert all(isinstance(value, str) for value in (mail.sender, mail.to, mail.subject, mail.text, mail.html))


@pytest.mark.parametrize("mail_id", ["nothing", "", "../new", "..", "/etc/hosts", "a\0b"])
def test_an_id_that_was_never_given_is_no_mail(mailbox: LocalMailbox, mail_id: str) -> None:
    assert mailbox.get(mail_id) is None


def test_an_empty_mailbox_lists_nothing(tmp_path: Path) -> None:
    assert LocalMailbox(tmp_path / "mail").messages() == []


def test_it_starts_and_stops_as_often_as_one_likes_and_keeps_its_mail(tmp_path: Path) -> None:
    box = LocalMailbox(tmp_path / "mail")
    box.stop()
    for number in range(2):
        box.start()
        box.start()
        deliver(box, f"Subject: {number}\r\n\r\n.".encode())
        box.stop()
    with pytest.raises(RuntimeError, match="before it is started"):
        _ = box.smtp_url
    assert {mail.subject for mail in box.messages()} == {"0", "1"}


def test_it_stops_while_somebody_is_still_connected(tmp_path: Path) -> None:
    box = LocalMailbox(tmp_path / "mail")
    box.start()
    host, port = box.smtp_url.removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port), "client.example", timeout=5) as session:
        session.ehlo()
        box.stop()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            session.noop()


def test_it_listens_to_this_machine_only(mailbox: LocalMailbox) -> None:
    assert mailbox.smtp_url.startswith("smtp://127.0.0.1:")
