"""What a card looks like: the pictures are the specification."""

from __future__ import annotations

import io
import re

import pytest
from inline_snapshot import snapshot
from rich.console import Console

from bot.terminal.drawing import draw, plain, reply_parts, said
from skills.cards import Bar, Button, Card, Chart, Field, Row, Tone


def picture(card: Card, width: int = 60, *, colour: bool = False) -> str:
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
    )
    console.print(draw(card, width=width), crop=False)
    return "\n" + "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


INVOICE = Card(
    title="Deposit invoice INV-1009",
    summary="INV-1009",
    badge="draft",
    fields=(Field("Client", "Bluebird Bakery"), Field("Amount", "A$1,920.00"), Field("Due", "25 March")),
    buttons=(
        Button("Open pay page", url="https://evie.example/pay/abc"),
        Button("Send", say="send INV-1009"),
        Button("Sync", say="sync INV-1009"),
    ),
)


def test_an_invoice_shows_its_fields_its_link_and_what_to_say_next() -> None:
    assert picture(INVOICE) == snapshot("""\

╭─ Deposit invoice INV-1009 · draft ───────────────────────╮
│  Client   Bluebird Bakery                                │
│  Amount   A$1,920.00                                     │
│  Due      25 March                                       │
│                                                          │
│  say: send INV-1009 · sync INV-1009                      │
╰──────────────────────────────────────────────────────────╯
→ Open pay page
https://evie.example/pay/abc
""")


def test_a_list_shows_values_on_the_right_and_details_below() -> None:
    card = Card(
        title="Unpaid invoices",
        summary="",
        rows=(
            Row("INV-1002 · Acme", "A$4,200.00", "Website · overdue · due 1 March", Tone.BAD),
            Row("INV-1004 · Cedar", "A$9,000.00", "Booking app · sent · due 18 March"),
        ),
        note="2 invoices, A$13,200.00 together",
    )
    assert picture(card) == snapshot("""\

╭─ Unpaid invoices ────────────────────────────────────────╮
│  ✗  INV-1002 · Acme                          A$4,200.00  │
│     Website · overdue · due 1 March                      │
│  ·  INV-1004 · Cedar                         A$9,000.00  │
│     Booking app · sent · due 18 March                    │
│                                                          │
│  2 invoices, A$13,200.00 together                        │
╰──────────────────────────────────────────────────────────╯
""")


def test_a_proposal_says_how_to_answer_it() -> None:
    card = Card(
        title="Send INV-1009 to imogen@bluebird.example?",
        summary="",
        text="The mail has a Pay now button.",
        tone=Tone.WARNING,
        buttons=(Button("Send", confirm="p1", tone=Tone.GOOD), Button("Cancel", drop="p1")),
    )
    assert picture(card) == snapshot("""\

╭─ Send INV-1009 to imogen@bluebird.example? ──────────────╮
│  The mail has a Pay now button.                          │
│                                                          │
│  yes or Enter: Send   no: Cancel                         │
╰──────────────────────────────────────────────────────────╯
""")


def test_a_narrow_terminal_folds_what_is_long() -> None:
    card = Card(
        title="A rather long title of a card that does not fit",
        summary="",
        badge="paid",
        fields=(Field("Client", "The Honourable Company of Very Long Names"),),
        rows=(Row("INV-1 · Somebody with a name", "A$1,000,000.00", "detail"),),
        buttons=(Button("Open", url="https://evie.example/pay/0123456789012345678901234567890"),),
    )
    assert picture(card, 34) == snapshot("""\

╭─ A rather long title of a card─╮
│  Client   The Honourable       │
│           Company of Very      │
│           Long Names           │
│                                │
│  ·  INV-1 · Somebody with      │
│     a name                     │
│     A$1,000,000.00             │
│     detail                     │
╰────────────────────────────────╯
→ Open
https://evie.example/pay/0123456789012345678901234567890
""")


@pytest.mark.parametrize("tone", list(Tone))
def test_the_tone_is_a_colour_that_every_terminal_has(tone: Tone) -> None:
    expected = {Tone.NEUTRAL: "36", Tone.GOOD: "32", Tone.WARNING: "33", Tone.BAD: "31"}[tone]
    assert picture(Card("Title", "", tone=tone), colour=True).startswith(f"\n\x1b[{expected}m╭")


def test_an_address_can_be_clicked_and_read() -> None:
    drawn = picture(INVOICE, colour=True)
    assert "\x1b]8;" in drawn
    assert drawn.count("https://evie.example/pay/abc") == 2


def test_text_inside_records_cannot_steer_the_terminal() -> None:
    hostile = "\x1b[2J[red]Bobby\x07\u202e\x9b31m"
    card = Card(
        hostile,
        "",
        badge=hostile,
        text=hostile,
        note=hostile,
        fields=(Field(hostile, hostile),),
        rows=(Row(hostile, hostile, hostile),),
        buttons=(Button(hostile, url=hostile), Button("x", say=hostile)),
    )
    drawn = picture(card, 100)
    assert not set("\x1b\x07\u202e\x9b") & set(drawn)
    assert "[red]Bobby" in drawn


def test_line_ends_and_spaces_that_hold_together_stay() -> None:
    assert plain("NOK\N{NO-BREAK SPACE}7\nnext") == "NOK\N{NO-BREAK SPACE}7\nnext"


def test_a_sentence_that_a_card_says_already_is_not_said_twice() -> None:
    assert len(list(reply_parts("INV-1009", (INVOICE,)))) == 1
    assert len(list(reply_parts("Here it is.", (INVOICE,)))) == 2
    assert list(reply_parts("  ", ())) == []


def test_an_address_below_a_card_is_not_repeated_above_it() -> None:
    for text in ("Open this:\nhttps://evie.example/pay/abc", "Open this: https://evie.example/pay/abc"):
        (words, _) = reply_parts(text, (INVOICE,))
        assert str(words) == "Open this:"


def test_an_address_inside_the_words_is_not_repeated_below_the_card() -> None:
    console = Console(file=io.StringIO(), width=200)
    with console.capture() as shown:
        for part in reply_parts("It is https://evie.example/pay/abc, for one payment.", (INVOICE,)):
            console.print(part, crop=False)
    assert shown.get().count("https://evie.example/pay/abc") == 1
    assert "for one payment" in shown.get()


def test_a_question_that_a_card_asks_is_not_asked_above_it() -> None:
    card = Card("Send INV-1?", "", buttons=(Button("Send", confirm="p1"),))
    assert len(list(reply_parts("Done.\nSend INV-1? Say yes to go ahead.", (card,)))) == 2
    assert str(next(reply_parts("Done.\nSend INV-1? Say yes to go ahead.", (card,)))) == "Done."


def test_an_address_inside_a_sentence_can_be_clicked() -> None:
    words = said("See https://evie.example/pay/abc.")
    (span,) = words.spans
    assert words.plain[span.start : span.end] == "https://evie.example/pay/abc"


CHARTS = Card(
    title="Billing report",
    summary="Report",
    charts=(
        Chart(
            "Collected, AUD", (Bar("September", "A$1,000.00", 1000), Bar("October", "A$40.00", 40), Bar("May", "–", 0))
        ),
    ),
)


@pytest.mark.parametrize(("width", "longest"), [(60, 28), (44, 10)])
def test_a_charts_bars_are_as_long_as_their_share(width: int, longest: int) -> None:
    lines = picture(CHARTS, width).splitlines()
    assert [line.count("█") for line in lines if "░" in line or "█" in line] == [longest, -(-longest // 25), 0]
    assert "Collected, AUD" in lines[2]


def test_a_line_of_a_list_can_be_clicked_where_it_has_an_address() -> None:
    def links(url: str) -> set[str]:
        card = Card("Payments", "", rows=(Row("Paid", "A$500.00", url=url),))
        console = Console(width=80, file=io.StringIO(), force_terminal=True)
        console.print(draw(card))
        written = console.file
        assert isinstance(written, io.StringIO)
        return set(re.findall(r"\x1b\]8;[^;]*;(https?://[^\x1b]+)\x1b", written.getvalue()))

    assert links("https://desk.example/pi_1") == {"https://desk.example/pi_1"}
    assert links("https://desk.example/\x1b]0;x\x07") == set()
    assert links("") == set()
