import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from slack_sdk.models.blocks import Block

from bot.assistant.reply import Reply
from bot.assistant.wording import question_of
from bot.slack.blocks import (
    card_blocks,
    decided_message,
    notice_message,
    page_from,
    reply_message,
    turned_message,
)
from bot.slack.elements import small_print
from skills.cards import Button, Card, Field, Listed, Row, Tone
from tests.support.slack_rules import message_refusal, problems

INVOICE = Card(
    title="Deposit invoice INV-1009",
    summary="INV-1009 for Bluebird Cafe: A$500.00, sent",
    badge="sent",
    fields=(Field("Client", "Bluebird Cafe"), Field("Amount", "A$500.00"), Field("Due", "25 March")),
    note="Paid online with Stripe.",
    buttons=(
        Button("Open pay page", url="https://evie.example/pay/token"),
        Button("Send again", say="send INV-1009"),
    ),
)
PROPOSAL = Card(
    title="Send INV-1009 to jane@bluebird.example?",
    summary="Send INV-1009 (A$500.00) to jane@bluebird.example?",
    fields=(Field("To", "jane@bluebird.example"),),
    buttons=(Button("Send", confirm="prop_1", tone=Tone.GOOD), Button("Cancel", drop="prop_1")),
)
TRICKS = "*x* _x_ `x` ~x~ :smile: <!channel> <@U1> <https://evil.example|pay> &amp; @here"


def a_reply(text: str, *cards: Card) -> Reply:
    return Reply("slack:T1:C1:1.0", text, cards=cards)


def sent(message: Any) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    return [value] if isinstance(value, str) else []


def test_a_sentence_is_one_paragraph_of_plain_text() -> None:
    assert sent(reply_message(a_reply("Nothing is waiting for a yes."))) == snapshot(
        {
            "text": "Nothing is waiting for a yes.",
            "blocks": [
                {
                    "type": "section",
                    "text": {"type": "plain_text", "text": "Nothing is waiting for a yes.", "emoji": False},
                }
            ],
        }
    )


def test_an_invoice_shows_its_fields_in_two_columns_and_its_buttons() -> None:
    assert card_blocks(INVOICE) == snapshot(
        [
            {
                "type": "header",
                "text": {"type": "plain_text", "text": "Deposit invoice INV-1009 · sent", "emoji": False},
            },
            {
                "type": "section",
                "fields": [
                    {"type": "mrkdwn", "text": "*Client*"},
                    {"type": "plain_text", "text": "Bluebird Cafe", "emoji": False},
                    {"type": "mrkdwn", "text": "*Amount*"},
                    {"type": "plain_text", "text": "A$500.00", "emoji": False},
                    {"type": "mrkdwn", "text": "*Due*"},
                    {"type": "plain_text", "text": "25 March", "emoji": False},
                ],
            },
            {
                "type": "context",
                "elements": [{"type": "plain_text", "text": "Paid online with Stripe.", "emoji": False}],
            },
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "text": {"type": "plain_text", "text": "Open pay page", "emoji": False},
                        "action_id": "evie_open_0",
                        "url": "https://evie.example/pay/token",
                    },
                    {
                        "type": "button",
                        "text": {"type": "plain_text", "text": "Send again", "emoji": False},
                        "action_id": "evie_say_1",
                        "value": "send INV-1009",
                    },
                ],
            },
        ]
    )


def test_a_proposal_has_a_green_button_and_one_that_drops_it() -> None:
    assert card_blocks(PROPOSAL)[-1] == snapshot(
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "Send", "emoji": False},
                    "action_id": "evie_confirm",
                    "value": "prop_1",
                    "style": "primary",
                },
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "Cancel", "emoji": False},
                    "action_id": "evie_drop",
                    "value": "prop_1",
                },
            ],
        }
    )


def test_a_list_with_values_has_them_beside_its_lines() -> None:
    rows = (
        Row("INV-1002 · Bluebird Cafe", "A$500.00", "Shop sign · overdue", Tone.BAD),
        Row("INV-1004 · Ned Ash", "", "Portrait · open"),
    )
    assert card_blocks(Card("Invoices", "Invoices: 2", rows=rows, note="A$500.00 in all")) == snapshot(
        [
            {"type": "header", "text": {"type": "plain_text", "text": "Invoices", "emoji": False}},
            {
                "type": "section",
                "fields": [
                    {
                        "type": "plain_text",
                        "text": """\
🔴 INV-1002 · Bluebird Cafe
Shop sign · overdue\
""",
                        "emoji": False,
                    },
                    {"type": "plain_text", "text": "A$500.00", "emoji": False},
                    {
                        "type": "plain_text",
                        "text": """\
INV-1004 · Ned Ash
Portrait · open\
""",
                        "emoji": False,
                    },
                    {"type": "plain_text", "text": "–", "emoji": False},
                ],
            },
            {"type": "context", "elements": [{"type": "plain_text", "text": "A$500.00 in all", "emoji": False}]},
        ]
    )


def test_a_list_without_values_is_lines_of_text() -> None:
    rows = (Row("List invoices", detail="“show unpaid invoices”"), Row("Send an invoice", detail="“send INV-1002”"))
    assert card_blocks(Card("What you can ask", "What you can ask", rows=rows))[1:] == snapshot(
        [
            {
                "type": "section",
                "text": {
                    "type": "plain_text",
                    "text": """\
• List invoices
“show unpaid invoices”
• Send an invoice
“send INV-1002”\
""",
                    "emoji": False,
                },
            }
        ]
    )


def test_an_address_in_a_sentence_can_be_clicked() -> None:
    text = "Open this link to connect Stripe: https://evie.example/stripe/connect?token=a&b=1."
    assert reply_message(a_reply(text)).blocks == snapshot(
        [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "Open this link to connect Stripe: "},
                            {"type": "link", "url": "https://evie.example/stripe/connect?token=a&b=1"},
                            {"type": "text", "text": "."},
                        ],
                    }
                ],
            }
        ]
    )


def test_a_card_that_says_what_the_sentence_says_is_not_preceded_by_it() -> None:
    for said in (PROPOSAL.title, question_of(PROPOSAL)):
        message = reply_message(a_reply(said, PROPOSAL))
        assert [block["type"] for block in message.blocks] == ["header", "section", "actions"]
        assert message.text == said
    assert reply_message(a_reply(f"{PROPOSAL.title} It was sent before.", PROPOSAL)).blocks[0]["type"] == "section"


def test_an_address_that_a_button_hands_over_is_not_spelt_out_as_well() -> None:
    copied = Button("Copy link", copy="https://evie.example/pay/1")
    card = Card("Invoice", "Invoice", fields=(Field("Due", "1 May"), Field("Pay page", str(copied.copy))))
    assert "pay/1" in str(card_blocks(card))
    [_, facts, buttons] = card_blocks(replace(card, buttons=(copied,)))
    assert [cell["text"] for cell in facts["fields"]] == ["*Due*", "1 May"]
    assert buttons["elements"][0]["value"] == copied.copy


def test_lines_that_have_numbers_have_no_dots_before_them() -> None:
    rows = (Row("1. Post to #ops", detail="Paid."), Row("Another"))
    [_, listed] = card_blocks(Card("AUT-1", "AUT-1", rows=rows))
    assert listed["text"]["text"] == "1. Post to #ops\nPaid.\n• Another"


def test_the_fallback_text_is_the_sentence_or_else_what_the_cards_say() -> None:
    assert reply_message(a_reply("Sent.", INVOICE)).text == "Sent."
    assert notice_message("", (INVOICE,)).text == INVOICE.summary
    assert sent(notice_message("")) == snapshot(
        {
            "text": "Done.",
            "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "Done.", "emoji": False}}],
        }
    )


def test_a_decided_card_loses_its_buttons_and_says_who_decided() -> None:
    posted = reply_message(a_reply("Shall I?", PROPOSAL))
    edited = decided_message(sent(posted), "Confirmed by R&D, 11 March, 10:00 am")
    assert [block["type"] for block in edited.blocks] == ["section", "header", "section", "context"]
    assert edited.blocks[-1] == snapshot(
        {
            "type": "context",
            "elements": [{"type": "plain_text", "text": "Confirmed by R&amp;D, 11 March, 10:00 am", "emoji": False}],
        }
    )
    assert edited.text == snapshot("Shall I? – Confirmed by R&amp;D, 11 March, 10:00 am")


def test_other_cards_beside_a_decided_one_keep_their_buttons() -> None:
    posted = reply_message(a_reply("Shall I?", INVOICE, PROPOSAL, replace(INVOICE, title="Invoice INV-9")))
    edited = decided_message(sent(posted), "Cancelled by Ada")
    before, after = ([block["type"] for block in message.blocks] for message in (posted, edited))
    decided = edited.blocks.index(small_print("Cancelled by Ada"))
    assert before[decided] == "actions"
    assert after == [*before[:decided], "context", *before[decided + 1 :]]
    assert after.count("actions") == 2


def test_nothing_in_a_record_is_taken_for_markup() -> None:
    card = Card(
        title=TRICKS,
        summary=TRICKS,
        badge=TRICKS,
        text=TRICKS,
        fields=(Field(TRICKS, TRICKS),),
        rows=(Row(TRICKS, TRICKS, TRICKS),),
        note=TRICKS,
        buttons=(Button(TRICKS, confirm="prop_1"),),
    )
    message = sent(reply_message(a_reply("Done.", card), decided=TRICKS))
    assert message_refusal(message) is None
    for text in strings(message):
        assert not set("<>") & set(text)
        assert "& " not in text
    for block in message["blocks"]:
        for part in [block.get("text"), *block.get("fields", []), *block.get("elements", [])]:
            if part and part["type"] == "mrkdwn":
                assert part["text"].startswith("*")
                assert not set("*_~`") & set(part["text"][1:-1])
            elif part and part["type"] == "plain_text":
                assert part["emoji"] is False


def test_a_clickable_sentence_is_rich_text_in_which_nothing_is_markup() -> None:
    block = reply_message(a_reply("*x* :smile: @here see https://evie.example")).blocks[0]
    texts = [part for part in block["elements"][0]["elements"] if part["type"] == "text"]
    assert texts == [{"type": "text", "text": "*x* :smile: @here see "}]


def test_a_long_list_is_cut_and_says_by_how_much() -> None:
    rows = tuple(Row(f"INV-{number}", "A$1.00") for number in range(1, 501))
    blocks = card_blocks(Card("Invoices", "Invoices: 500", rows=rows))
    assert blocks[-1]["elements"][0]["text"] == "… and 460 more"
    assert not list(problems(blocks))


def test_a_list_of_long_names_is_cut_where_slack_would_take_no_more() -> None:
    rows = tuple(Row(f"INV-{number} · {'a long name ' * 12}", "A$1.00", detail="d" * 80) for number in range(1, 61))
    message = reply_message(a_reply("60 invoices.", Card("Invoices", "Invoices: 60", rows=rows, note="A$60.00 in all")))
    assert message_refusal(sent(message)) is None
    shown = json.dumps(message.blocks).count("INV-")
    assert shown > 15
    assert f"… and {60 - shown} more" in json.dumps(message.blocks, ensure_ascii=False)


def test_a_card_of_long_values_keeps_its_buttons() -> None:
    long = replace(PROPOSAL, text="t" * 9000, fields=tuple(Field(f"Part {n}", "v" * 3000) for n in range(20)))
    message = reply_message(a_reply("line\n" * 4000, long))
    assert message_refusal(sent(message)) is None
    assert "evie_confirm" in json.dumps(message.blocks)


def test_more_cards_than_a_message_holds_are_counted_and_the_one_that_waits_for_a_yes_stays() -> None:
    cards = [replace(INVOICE, title=f"Invoice INV-{number}") for number in range(40)]
    message = reply_message(a_reply("Here they are.", *cards, PROPOSAL))
    assert len(message.blocks) <= 50
    assert "evie_confirm" in json.dumps(message.blocks)
    assert message.blocks[-1]["elements"][0]["text"] == "… and 29 more"


def test_a_long_answer_is_split_where_its_lines_end_and_cut_at_last() -> None:
    line = "a line of an answer that goes on and on, as some do & others <do not>"
    message = reply_message(a_reply("\n".join([line] * 400)))
    assert len(message.blocks) == 3
    assert message.blocks[0]["text"]["text"].endswith("&lt;do not&gt;")
    assert message.blocks[-1]["text"]["text"].endswith("…")
    assert message_refusal(sent(message)) is None


def test_a_button_whose_meaning_would_be_cut_is_left_out() -> None:
    too_long = (Button("Say", say="x" * 2001), Button("Open", url="https://evie.example/" + "x" * 3000))
    assert [block["type"] for block in card_blocks(replace(INVOICE, buttons=too_long))][-1] == "context"


def test_many_buttons_stand_in_rows_of_five_up_to_twenty_five() -> None:
    many = replace(INVOICE, buttons=tuple(Button(f"Do {number}", say=f"do {number}") for number in range(30)))
    rows = [block["elements"] for block in card_blocks(many) if block["type"] == "actions"]
    assert [len(row) for row in rows] == [5] * 5


LISTED = Card(
    title="Invoices",
    summary="Invoices: 40",
    rows=tuple(Row(f"INV-{number}", "A$5.00") for number in range(40)),
    buttons=(Button("Open as a page", say="open the page"),),
    listed=Listed("list_invoices", {"status": ["overdue"]}),
)


def pages(card: Card) -> list[list[str]]:
    """Return what each page of a list shows, clicking on until there is nothing more."""
    found = []
    while True:
        blocks = card_blocks(card)
        found.append([text for text in strings(blocks) if text.startswith("INV-")])
        rows = [block["elements"] for block in blocks if block["type"] == "actions"]
        more = [e["value"] for row in rows for e in row if e["text"]["text"] == "Show more"]
        if not more:
            return found
        card = replace(card, listed=Listed(**json.loads(more[0])))


def test_a_list_pages_fifteen_lines_at_a_time_and_each_line_is_seen_once() -> None:
    assert [len(page) for page in pages(LISTED)] == [15, 15, 10]
    assert [line for page in pages(LISTED) for line in page] == [f"INV-{number}" for number in range(40)]
    assert "1–15 of 40" in strings(card_blocks(LISTED))


def test_long_lines_make_shorter_pages_and_none_is_skipped() -> None:
    wide = replace(LISTED, rows=tuple(replace(row, detail="&" * 300) for row in LISTED.rows))
    read = pages(wide)
    assert len(read) > 3
    assert [line.split("\n")[0] for page in read for line in page] == [f"INV-{number}" for number in range(40)]


def test_a_list_that_is_shown_whole_does_not_say_which_part_it_is() -> None:
    whole = replace(LISTED, rows=LISTED.rows[:15])
    assert not any(" of " in text for text in strings(card_blocks(whole)))


def test_a_page_that_would_be_too_much_beside_what_is_there_takes_no_place() -> None:
    above = {"type": "section", "text": {"type": "plain_text", "text": "x" * 2900}}
    message = {"text": "Here.", "blocks": [above, above, above, *card_blocks(LISTED)]}
    wide = replace(LISTED, rows=tuple(replace(row, detail="&" * 300) for row in LISTED.rows))
    assert turned_message(message, wide) is None
    assert turned_message(message, LISTED) is not None


def test_a_card_that_is_no_list_has_no_pages() -> None:
    assert page_from(INVOICE, 15) == INVOICE


def test_a_list_whose_question_is_too_long_for_a_button_says_how_much_is_left() -> None:
    long = replace(LISTED, listed=Listed("find_contacts", {"query": "x" * 2000}))
    assert [len(page) for page in pages(long)] == [15]


words = st.text(max_size=400)
tones = st.sampled_from(Tone)
buttons = st.builds(Button, words, say=words, tone=tones)
listed = st.none() | st.builds(Listed, words, st.dictionaries(words, words, max_size=4), st.integers(0, 70))
cards = st.builds(
    Card,
    title=words,
    summary=words,
    tone=tones,
    badge=words,
    text=st.text(max_size=4000),
    fields=st.lists(st.builds(Field, words, words), max_size=30).map(tuple),
    rows=st.lists(st.builds(Row, words, words, words, tones), max_size=60).map(tuple),
    note=words,
    buttons=st.lists(buttons, max_size=30).map(tuple),
    listed=listed,
)


@given(text=st.text(max_size=15_000), shown=st.lists(cards, max_size=8), decided=words)
def test_whatever_is_to_be_shown_slack_takes_it(text: str, shown: list[Card], decided: str) -> None:
    message = sent(reply_message(a_reply(text, *shown), decided))
    assert list(problems(message["blocks"])) == []
    assert message_refusal(message) is None
    assert message["blocks"]
    edited = sent(decided_message(message, decided))
    assert message_refusal(edited) is None


@pytest.mark.parametrize("card", [INVOICE, PROPOSAL])
def test_slacks_own_package_finds_the_blocks_valid(card: Card) -> None:
    for block in card_blocks(card):
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()


def test_a_line_of_a_list_leads_to_where_more_of_it_is_seen() -> None:
    card = Card("Payments", "", rows=(Row("Paid", "A$500.00", url="https://dashboard.stripe.com/test/payments/pi_1"),))
    (_, value) = card_blocks(card)[1]["fields"]
    assert value == {"type": "mrkdwn", "text": "<https://dashboard.stripe.com/test/payments/pi_1|A$500.00>"}


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("A$5|*x*", "https://desk.example/pi_1"),
        ("<!channel>", "https://desk.example/pi_1|<!channel>"),
        ("A$5.00", "javascript:alert(1)"),
        ("A$5.00", "https://desk.example/" + "x" * 3000),
    ],
)
def test_a_line_whose_address_or_words_could_be_markup_leads_nowhere(value: str, url: str) -> None:
    card = Card("Payments", "", rows=(Row("Paid", value, url=url),))
    (_, cell) = card_blocks(card)[1]["fields"]
    assert cell["type"] == "plain_text"
