"""Cards and replies as they look in a terminal: pure functions from plain data to rich's renderables.

Colours are the terminal's own sixteen, so that they are readable on dark and on light. Texts are never read as
markup, and lose their control characters: a client's name must not move the cursor.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.panel import Panel
from rich.style import Style
from rich.table import Table
from rich.text import Text

from skills.cards import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from skills.cards import Button, Card, Chart, Field, Row

WIDEST: Final = 84
TONES: Final = {Tone.NEUTRAL: "cyan", Tone.GOOD: "green", Tone.WARNING: "yellow", Tone.BAD: "red"}
_MARKS: Final = {Tone.NEUTRAL: "·", Tone.GOOD: "✓", Tone.WARNING: "!", Tone.BAD: "✗"}
_QUIET: Final = "dim"
_NARROW: Final = 50
_LONG_BAR: Final = 28
_SHORT_BAR: Final = 10
_WHOLE: Final = 1000
_ADDRESS: Final = re.compile(r"https?://[^\s<>“”\"]*[^\s<>“”\".,;:!?)]")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def plain(text: str) -> str:
    """Return the text without control, format and private characters; line ends and non-breaking spaces stay."""
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in _UNSEEN)


def draw(card: Card, *, width: int = WIDEST, above: str = "") -> Group:
    """Return the card as a panel, at most `width` columns wide; its colour is its tone.

    Its addresses stand below the panel, each whole on a line of its own, so that they can be copied where they
    cannot be clicked: print with `crop=False`. One that stands in the words `above` the card is there already.
    """
    panel = Panel(
        Group(*_spaced(_parts(card, narrow=width < _NARROW))),
        title=_title(card),
        title_align="left",
        border_style=TONES[card.tone],
        box=box.ROUNDED,
        padding=(0, 2),
        width=min(width, WIDEST),
    )
    links = [button for button in card.buttons if button.url and button.url not in _ADDRESS.findall(above)]
    return Group(panel, *(line for button in links for line in _link(button)))


def said(text: str) -> Text:
    """Return a text of which the addresses can be clicked."""
    words = Text(plain(text))
    for found in _ADDRESS.finditer(words.plain):
        words.stylize(Style(link=found[0], underline=True), *found.span())
    return words


def reply_parts(text: str, cards: Sequence[Card], *, width: int = WIDEST) -> Iterator[RenderableType]:
    """Yield a reply: its words, unless a card says the same, and its cards."""
    lines = [_without_addresses(line.strip(), cards) for line in text.strip().splitlines()]
    words = "\n".join(line for line in lines if not _shown(line, cards)).strip()
    if words:
        yield said(words)
    for card in cards:
        yield draw(card, width=width, above=words)


def _without_addresses(line: str, cards: Sequence[Card]) -> str:
    """Return the line without an address at its end that stands below a card as well."""
    for button in (button for card in cards for button in card.buttons if button.url):
        line = line.removesuffix(button.url or "").rstrip()
    return line


def _shown(line: str, cards: Sequence[Card]) -> bool:
    """Say whether a card shows what the line says: its title, or what it asks."""
    return any(line in {card.title, card.summary} or (_asks(card) and line.startswith(card.title)) for card in cards)


def _asks(card: Card) -> bool:
    return any(button.confirm for button in card.buttons)


def _title(card: Card) -> Text:
    title = Text(plain(card.title), "bold")
    if card.badge:
        title.append(" · ", _QUIET)
        title.append(plain(card.badge), Style(color=TONES[card.tone], bold=True))
    return title


def _parts(card: Card, *, narrow: bool) -> Iterator[RenderableType]:
    if card.text.strip():
        yield said(card.text)
    if card.fields:
        yield _fields(card.fields)
    if card.rows:
        yield _rows(card.rows, narrow=narrow)
    for chart in card.charts:
        yield _chart(chart, narrow=narrow)
    if card.note.strip():
        yield Text(plain(card.note), _QUIET)
    hint = _hint(card.buttons)
    if hint is not None:
        yield hint


def _spaced(parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    """Put an empty line between the parts of a card."""
    for position, part in enumerate(parts):
        yield Padding(part, (1 if position else 0, 0, 0, 0))


def _fields(fields: Sequence[Field]) -> Table:
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for field in fields:
        table.add_row(Text(plain(field.label), _QUIET), said(field.value))
    return table


def _rows(rows: Sequence[Row], *, narrow: bool) -> Table:
    """Return a list: what each line is, its value on the right (or under it where that is narrow), its detail below."""
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(width=1)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", overflow="fold")
    for row in rows:
        tone = TONES[row.tone]
        value = Text(plain(row.value), Style(color=tone, link=_address(row.url)))
        what = Text(plain(row.title), "bold")
        if narrow and row.value:
            what.append_text(Text("\n").append_text(value))
        if row.detail:
            what.append(f"\n{plain(row.detail)}", _QUIET)
        table.add_row(Text(_MARKS[row.tone], tone), what, Text() if narrow else value)
    return table


def _address(url: str) -> str | None:
    """Return where a click leads, None for nowhere: what is no address could end the terminal's sequence early."""
    return url if _ADDRESS.fullmatch(url) and plain(url) == url else None


def _chart(chart: Chart, *, narrow: bool) -> Table:
    """Return a title and bars, each of them as long as its share of the room that is there."""
    longest = _SHORT_BAR if narrow else _LONG_BAR
    table = Table.grid(padding=(0, 2, 0, 0))
    table.title, table.title_justify, table.title_style = Text(plain(chart.title), "bold"), "left", "none"
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for bar in chart.bars:
        length = -(-bar.share * longest // _WHOLE)
        drawn = Text.assemble(("█" * length, TONES[bar.tone]), ("░" * (longest - length), _QUIET))
        table.add_row(Text(plain(bar.label), _QUIET), drawn, Text(plain(bar.value)))
    return table


def _link(button: Button) -> Iterator[Text]:
    if button.url is None:
        return
    url = "".join(plain(button.url).split())
    yield Text.assemble(("→ ", _QUIET), (plain(button.label), "bold"))
    yield Text(url, Style(link=url, underline=True), no_wrap=True, overflow="ignore")


def _hint(buttons: Sequence[Button]) -> Text | None:
    """Return what to type in the place of a click, or nothing where there is nothing to type."""
    confirm = next((button for button in buttons if button.confirm), None)
    if confirm is not None:
        return _decision(confirm, next((button for button in buttons if button.drop), None))
    take = next((button.take for button in buttons if button.take), None)
    if take is not None:
        return Text.assemble(("to take it: ", _QUIET), (f"evie requests take {plain(take)}", "italic"))
    words = [plain(button.say) for button in buttons if button.say]
    if not words:
        return None
    hint = Text("say: ", _QUIET)
    hint.append(Text(" · ", _QUIET).join(Text(word, "italic") for word in words))
    return hint


def _decision(confirm: Button, drop: Button | None) -> Text:
    hint = Text.assemble(("yes", "bold green"), (" or Enter: ", _QUIET), plain(confirm.label))
    if drop is not None:
        hint.append_text(Text.assemble(("   no", "bold red"), (": ", _QUIET), plain(drop.label)))
    return hint
