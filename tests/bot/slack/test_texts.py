from dataclasses import dataclass, field

import pytest

from bot.slack.texts import names_an_invoice, read, title_of


@dataclass
class Known:
    people: dict[str, str] = field(default_factory=lambda: {"U2": "Sam", "UX": "R&amp;D <b>"})
    channels: dict[str, str] = field(default_factory=lambda: {"C9": "quiet"})

    def person(self, slack_user_id: str) -> str | None:
        return self.people.get(slack_user_id)

    def channel(self, slack_channel_id: str) -> str | None:
        return self.channels.get(slack_channel_id)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<@U0EVIE> show unpaid invoices", "show unpaid invoices"),
        ("<@U0EVIE|evie>, send it", "send it"),
        ("send it, <@U0EVIE>", "send it,"),
        ("make <@U2> an editor", "make @Sam an editor"),
        ("ask <@U7|lee> and <@U8>", "ask @lee and @U8"),
        ("write to <mailto:a@quist.example|a@quist.example>", "write to a@quist.example"),
        (
            "see <https://quist.example|quist.example> or <https://x.example/?a=1&amp;b=2>",
            "see quist.example or https://x.example/?a=1&b=2",
        ),
        ("call <tel:+61412345678|0412 345 678>", "call 0412 345 678"),
        ("<!here> <!subteam^S1|@billing> <!date^1^{date}|in March>", "@here @billing in March"),
        ("Fish &amp; Chips &lt;3 &amp;amp; more", "Fish & Chips <3 &amp; more"),
        ("two\u00a0  spaces\nand a line", "two spaces\nand a line"),
        ("no <markup here", "no <markup here"),
        ("&gt; show INV-1002\n&gt; please", "show INV-1002\nplease"),
        ("yes :+1:", "yes"),
        (":wave::skin-tone-3: show :eyes: INV-1002", "show INV-1002"),
        (":+1::skin-tone-2:", "yes"),
        (":white_check_mark: :thumbsup:", "yes"),
        (":-1:", "no"),
        (":+1: :-1:", "+1: :-1:"),
        ("call at 10:30:00, ratio 1:b:2", "call at 10:30:00, ratio 1:b:2"),
        ("", ""),
    ],
)
def test_slacks_markup_becomes_what_the_person_saw(raw: str, text: str) -> None:
    assert read(raw, Known(), "U0EVIE").text == text


def test_a_name_is_never_read_as_markup() -> None:
    assert read("hello <@UX>", Known()).text == "hello @R&amp;D <b>"


def test_channels_are_named_and_their_ids_remembered() -> None:
    heard = read("post to <#C1|billing>, not <#C9> or <#C7|>", Known())
    assert heard.text == "post to #billing, not #quiet or #C7"
    assert heard.channels == {"#billing": "C1", "#quiet": "C9", "#C7": "C7"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("send INV-1002", True),
        ("remind inv-7 please", True),
        ("send 1002", True),
        ("send it", False),
        ("send the deposit of 500", False),
        ("send XINV-1", False),
    ],
)
def test_an_invoice_is_named_by_its_number_only(text: str, *, named: bool) -> None:
    assert names_an_invoice(text) is named


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("show unpaid invoices", "Show unpaid invoices"),
        ("help!", "Help"),
        ("please show me all of the unpaid invoices of Bluebird", "Please show me all of the unpaid…"),
        ("x" * 100, "X" + "x" * 59 + "…"),
        ("send it.", "Send it"),
    ],
)
def test_a_title_is_the_request_in_few_words(text: str, title: str) -> None:
    assert title_of(text) == title
