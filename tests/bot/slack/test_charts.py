"""Charts in Slack: a picture with its words beside it, or bars of letters where Slack cannot fetch one."""

from __future__ import annotations

from bot.slack.blocks import card_blocks
from bot.slack.charts import bars_in_letters, chart_block, without_pictures
from skills.cards import Bar, Card, Chart
from tests.support.slack_rules import problems

BARS = (Bar("September", "A$1,000.00", 1000), Bar("October", "A$40.00", 40), Bar("May", "–", 0))
URL = "https://evie.example/charts/gAAAAA.png"


def test_a_picture_has_words_beside_it() -> None:
    assert chart_block(Chart("Collected, AUD", BARS, URL)) == {
        "type": "image",
        "image_url": URL,
        "alt_text": "Collected, AUD. September: A$1,000.00; October: A$40.00; May: –.",
    }


def test_where_there_is_no_public_address_the_bars_are_letters() -> None:
    chart = Chart("Collected, AUD", BARS)
    assert bars_in_letters(chart) == (
        "Collected, AUD\n"
        "September  ██████████  A$1,000.00\n"
        "October    █              A$40.00\n"
        "May                             –"
    )
    block = chart_block(chart)
    assert block["elements"][0]["elements"][0]["text"] == bars_in_letters(chart)
    assert chart_block(Chart("Collected, AUD", BARS, URL + "x" * 3000)) == block


def test_a_picture_that_slack_could_not_fetch_becomes_its_words() -> None:
    image = chart_block(Chart("Collected, AUD", BARS, URL))
    text = without_pictures(image)["elements"][0]["elements"][0]["text"]
    assert text == "Collected, AUD. September: A$1,000.00\nOctober: A$40.00\nMay: –."
    assert without_pictures({"type": "divider"}) == {"type": "divider"}


def test_a_card_with_charts_keeps_slacks_rules() -> None:
    name = "<!channel> & co"
    charts = (Chart(f"Collected, {name}", BARS), Chart("Overdue, AUD", BARS, URL))
    blocks = card_blocks(Card("Report", "Report", charts=charts))
    assert list(problems(blocks)) == []
    # In rich text nothing is markup.
    assert [block["type"] for block in blocks if name in str(block)] == ["rich_text"]
