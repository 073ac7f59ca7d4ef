"""Charts in Slack: a picture where Slack can fetch one from us, else the same bars in letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.slack.elements import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.slack.elements import Block
    from skills.cards import Chart

_ALT_LIMIT: Final = 2000
_URL_LIMIT: Final = 3000
_BARS_LIMIT: Final = 2000
# Narrow enough that a telephone does not break the lines.
_LONGEST_BAR: Final = 10
_WHOLE: Final = 1000


def chart_block(chart: Chart) -> Block:
    """Return the chart: a picture with its words beside it for who cannot see it, or bars of letters."""
    if chart.url and len(chart.url) <= _URL_LIMIT:
        return {"type": "image", "image_url": chart.url, "alt_text": chart.alt[:_ALT_LIMIT]}
    return _in_letters(bars_in_letters(chart))


def without_pictures(block: Mapping[str, Any]) -> Block:
    """Return a block as it is, and a picture, which Slack could not fetch, as the words that it has beside it."""
    if block["type"] != "image":
        return dict(block)
    return _in_letters(str(block["alt_text"]).replace("; ", "\n"))


def bars_in_letters(chart: Chart) -> str:
    """Return the chart as lines of equal width: what each bar is, the bar, how much it is."""
    widest = max(len(bar.label) for bar in chart.bars)
    most = max(len(bar.value) for bar in chart.bars)
    lines = [
        f"{bar.label:<{widest}}  {'█' * -(-bar.share * _LONGEST_BAR // _WHOLE):<{_LONGEST_BAR}}  {bar.value:>{most}}"
        for bar in chart.bars
    ]
    return "\n".join((chart.title, *lines))


def _in_letters(text: str) -> Block:
    shown = {"type": "rich_text_preformatted", "elements": [words(text[:_BARS_LIMIT])]}
    return {"type": "rich_text", "elements": [shown]}
