"""What a client reads about an invoice, and that nothing in a record can turn into a header or into markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.documents import DocumentKind
from billing.errors import ProviderRefused
from billing.invoices import InvoiceKind, InvoiceStatus
from billing.mail import Attachment, MailTemplate, Note, subject
from billing.payments import Interval
from integrations.mail.message import compose, compose_note, is_mailbox, sender_of
from tests.support.mails import FORMATS, an_invoice_mail
from tests.support.records import NOW, an_invoice, aud

SENDER = sender_of("Evie <billing@evie.example>")


class _Page(HTMLParser):
    """The links of an HTML part by their text, its tags, and all of its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.tags: set[str] = set()
        self.text = ""
        self._href = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._href = dict(attrs).get("href") or "" if tag == "a" else self._href

    def handle_endtag(self, tag: str) -> None:
        self._href = "" if tag == "a" else self._href

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._href and data.strip():
            self.links[data.strip()] = self._href


def written(**changes: Any) -> EmailMessage:
    """Return the mail as a mail program reads it, after a trip over the wire."""
    message = compose(an_invoice_mail(**changes), FORMATS, SENDER, NOW)
    arrived = message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(arrived, EmailMessage)
    return arrived


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def page_of(message: EmailMessage) -> _Page:
    part = message.get_body(("html",))
    assert part is not None
    return _Page(str(part.get_content()))


def test_the_subject_says_who_wants_how_much_by_when() -> None:
    assert subject(an_invoice_mail(), FORMATS) == "Invoice INV-1001 from Harbour Studio: A$500.00 due 25 March"


def test_the_mail_carries_the_very_subject_that_a_card_shows() -> None:
    mail = an_invoice_mail(workspace_name="Žluťoučký & Söhne")
    assert compose(mail, FORMATS, SENDER, NOW)["Subject"] == subject(mail, FORMATS)


def test_text_and_html_say_what_is_asked_for_and_where_to_pay() -> None:
    message = written(message="Thanks, Jane!\nSee you soon.")
    text, page = text_of(message), page_of(message)
    for said in (
        "Harbour Studio",
        "INV-1001",
        "A$500.00",
        "Due 25 March",
        "Bluebird shop fit-out",
        "Hello Bluebird Cafe,",
        "Thanks, Jane!",
    ):
        assert said in text
        assert said in page.text
    assert "Pay now: https://evie.example/pay/token" in text
    assert page.links["Pay now"] == "https://evie.example/pay/token"
    assert page.links["See all your invoices from Harbour Studio"] == "https://evie.example/portal/token"


def test_a_mail_without_a_link_has_no_button_and_says_how_to_pay() -> None:
    message = written(pay_url=None)
    assert "Pay now" not in text_of(message)
    assert page_of(message).links.keys() == {"See all your invoices from Harbour Studio"}
    for said in (text_of(message), page_of(message).text):
        assert "How to pay is arranged with Harbour Studio directly." in said


def test_a_mail_whose_link_charges_again_and_again_says_so_where_it_can_be_paid() -> None:
    charged = (Interval.MONTH, 1)
    assert "How often: every month" in text_of(written(charged=charged))
    assert "How often" not in text_of(written(charged=charged, pay_url=None))


def test_what_is_attached_is_named_for_what_it_is() -> None:
    note = Attachment("CRN-1.pdf", "application/pdf", b"%PDF", DocumentKind.CREDIT_NOTE)
    assert "The credit note is attached as a PDF." in text_of(written(attachment=note))
    invoice = Attachment("INV-1001.pdf", "application/pdf", b"%PDF")
    assert "The invoice is attached as a PDF." in text_of(written(attachment=invoice))


def test_a_mail_without_a_portal_links_to_none() -> None:
    message = written(portal_url=None)
    assert page_of(message).links.keys() == {"Pay now"}
    assert "All your invoices" not in text_of(message)


def test_nobody_is_asked_to_pay_what_is_paid() -> None:
    paid = an_invoice(status=InvoiceStatus.PAID, paid=aud(500_00))
    message = written(template=MailTemplate.NOTE, invoice=paid, message="It arrived.")
    assert "Paid, thank you" in text_of(message)
    assert "Pay now" not in text_of(message)
    assert "Pay now" not in page_of(message).links
    assert "How to pay" not in page_of(message).text


def test_a_part_payment_is_taken_off_what_is_asked_for() -> None:
    mail = an_invoice_mail(template=MailTemplate.REMINDER, invoice=an_invoice(paid=aud(123_45)))
    assert subject(mail, FORMATS) == "Reminder: invoice INV-1001 from Harbour Studio, A$376.55 due 25 March"
    text = text_of(written(template=MailTemplate.REMINDER, invoice=mail.invoice))
    assert "Total: A$500.00\nPaid so far: A$123.45\nLeft to pay: A$376.55" in text.replace("\r\n", "\n")


def test_the_part_of_the_deal_and_the_description_are_named() -> None:
    text = text_of(written(invoice=an_invoice(kind=InvoiceKind.DEPOSIT, description="30% of the quote")))
    assert "Part: Deposit" in text
    assert "Details: 30% of the quote" in text


def test_markup_in_names_stays_text() -> None:
    nasty = "<script>alert(1)</script>"
    message = written(title=nasty, workspace_name=nasty, client=nasty, message=f"{nasty}\n\n{{{{ 7 * 7 }}}}")
    page = page_of(message)
    assert "script" not in page.tags
    assert page.text.count(nasty) >= 5
    assert "{{ 7 * 7 }}" in page.text


def test_the_same_key_is_the_same_message_and_another_key_is_not() -> None:
    assert written()["Message-ID"] == written(message="tried again")["Message-ID"]
    assert written()["Message-ID"] != written(key="mail-2")["Message-ID"]
    assert written()["Message-ID"] != written(invoice=an_invoice(workspace_id="ws_other"))["Message-ID"]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_name_adds_a_header(name: str) -> None:
    hostile = f"Studio{name}\r\nBcc: thief@evil.example\r\n\r\n<h1>"
    message = compose(an_invoice_mail(workspace_name=hostile), FORMATS, SENDER, NOW)
    arrived = message_from_bytes(message.as_bytes(), policy=default)
    assert sorted(arrived.keys()) == [
        "Auto-Submitted",
        "Content-Language",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Subject",
        "To",
    ]


@pytest.mark.parametrize(
    "address",
    [
        "jane@bluebird.example\nBcc: thief@evil.example",
        "jane@bluebird.example\r\n\r\nhello",
        "jane@bluebird.example, thief@evil.example",
        "Jane <jane@bluebird.example>",
        "jane",
        "@bluebird.example",
        "jane@",
        "ja ne@bluebird.example",
        "jane@bluebird.example ",
        "a@b@c.example",
        "j\u202eane@bluebird.example",
        "jane@blue..bird.example",
        "=?utf-8?q?jane=0A?=@bluebird.example",
        f"{'j' * 300}@bluebird.example",
        "",
    ],
)
def test_what_is_no_single_address_is_refused_before_any_server_sees_it(address: str) -> None:
    with pytest.raises(ProviderRefused, match="is not an e-mail address"):
        compose(an_invoice_mail(to=address), FORMATS, SENDER, NOW)


@pytest.mark.parametrize("address", ["jane.doe+bills@sub.bluebird.example", "o'neil@bluebird.example"])
def test_addresses_that_people_have_are_taken(address: str) -> None:
    assert written(to=address)["To"] == address


@given(st.text("ab.@=?_'+-!#$%&*/^`{|}~\n\t ,<>\"()", max_size=30), st.text("ab.-_@,", max_size=12))
def test_whatever_counts_as_a_mailbox_arrives_as_the_only_recipient(start: str, end: str) -> None:
    address = f"{start}@{end}"
    if is_mailbox(address):
        assert [recipient.addr_spec for recipient in written(to=address)["To"].addresses] == [address]


def test_a_reminder_can_be_stopped_at_one_click_and_nothing_else_can() -> None:
    stop = f"https://a-rather-long-host-name-of-an-installation.example/reminders/{'t' * 43}/stop"
    wire = compose(an_invoice_mail(template=MailTemplate.REMINDER, stop_url=stop), FORMATS, SENDER, NOW).as_bytes()
    # On one line and as it is: an address that is folded or encoded cannot be followed.
    assert f"\r\nList-Unsubscribe: <{stop}>\r\n".encode() in wire
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in wire
    assert "List-Unsubscribe" not in written()


def test_copies_are_named_and_a_copy_that_is_no_address_is_refused() -> None:
    message = written(to="a@b.example", cc=("c@d.example", "e@f.example"))
    assert (message["To"], message["Cc"]) == ("a@b.example", "c@d.example, e@f.example")
    with pytest.raises(ProviderRefused, match="is not an e-mail address"):
        compose(an_invoice_mail(cc="c@d.example\r\nBcc: thief@evil.example"), FORMATS, SENDER, NOW)


@given(st.text(max_size=60))
def test_no_title_message_or_file_name_adds_a_header_or_a_recipient(text: str) -> None:
    hostile = f"{text}\r\nBcc: thief@evil.example\r\n\r\n<h1>"
    mail = an_invoice_mail(
        title=hostile,
        message=hostile,
        client=hostile,
        attachment=Attachment(f"{hostile}.pdf", "application/pdf", b"%PDF"),
    )
    arrived = message_from_bytes(compose(mail, FORMATS, SENDER, NOW).as_bytes(), policy=default)
    assert arrived["Bcc"] is None
    assert [address.addr_spec for address in arrived["To"].addresses] == ["jane@bluebird.example"]
    (file,) = arrived.iter_attachments()
    assert (file.get_content_type(), file.get_content()) == ("application/pdf", b"%PDF")


@pytest.mark.parametrize(("locale", "said"), [("de_DE", "Jetzt bezahlen"), ("fr_FR", "Payer"), ("es_ES", "Pagar")])
def test_a_mail_is_written_in_the_readers_language(locale: str, said: str) -> None:
    formats = FORMATS.in_locale(locale)
    message = compose(an_invoice_mail(locale=locale), formats, SENDER, NOW)
    html = message.get_body(("html",))
    assert html is not None
    assert message["Content-Language"] == locale[:2]
    assert said in html.get_content()
    assert f'lang="{locale[:2]}"' in html.get_content()


def test_a_reader_of_a_language_that_is_not_ours_gets_english_with_their_own_numbers() -> None:
    formats = FORMATS.in_locale("nb_NO")
    assert formats.language == "en"
    assert (formats.day(date(2026, 3, 25)), formats.text("Pay now")) == ("25 March", "Pay now")
    assert formats.money(aud(1_234_50)).startswith("1\u00a0234,50")


def test_a_sender_has_to_be_one_mailbox() -> None:
    assert sender_of("Evie <billing@evie.example>").addr_spec == "billing@evie.example"
    assert sender_of("billing@evie.example").display_name == ""
    for wrong in ("", "Evie", "a@evie.example, b@evie.example", "Evie <billing@>", "Evie <billing evie.example>"):
        with pytest.raises(ValueError, match="EVIE_MAIL_FROM"):
            sender_of(wrong)


def test_the_mail_may_cross_any_server_whatever_it_says() -> None:
    wire = compose(an_invoice_mail(message="naïve ☕ " * 400), FORMATS, SENDER, NOW).as_bytes(policy=SMTP)
    assert wire.isascii()
    assert max(len(line) for line in wire.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    ("reminded", "said"),
    [
        (0, "A friendly reminder that invoice INV-1001"),
        (1, "We have reminded you of invoice INV-1001"),
        (2, "we have reminded you of it several times"),
        (9, "we have reminded you of it several times"),
    ],
)
def test_reminders_grow_firmer(reminded: int, said: str) -> None:
    overdue = {"template": MailTemplate.REMINDER, "today": date(2026, 4, 1), "message": "", "reminded": reminded}
    assert said in " ".join(text_of(written(**overdue)).split())


def test_a_note_to_the_business_is_plain_text_of_one_line_each_in_its_headers() -> None:
    note = Note("ws_1", "office@lantern.example", "Evie cannot\npost in Slack", "Install it again.", "alert:1")
    message = message_from_bytes(compose_note(note, SENDER, NOW).as_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    assert message["Subject"] == "Evie cannot post in Slack"
    assert message["To"] == "office@lantern.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == compose_note(note, SENDER, NOW)["Message-ID"]
    assert text_of(message).strip() == "Install it again."
    with pytest.raises(ProviderRefused, match="is not an e-mail address"):
        compose_note(replace(note, to="nobody"), SENDER, NOW)
