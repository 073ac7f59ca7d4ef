"""Replies and cards as Slack messages: pure functions from what is to be shown to Block Kit."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from bot.assistant.wording import question_of
from bot.slack.charts import chart_block
from bot.slack.elements import (
    BUTTON_VALUE_LIMIT,
    CARD_SIZE,
    CONFIRM,
    DROP,
    FIELD_LIMIT,
    SECTION_LIMIT,
    button_rows,
    columns,
    escape,
    feedback,
    fitted,
    header,
    label,
    linked,
    plain,
    section,
    size,
    small_print,
    within,
)
from skills.cards import Button, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.assistant.reply import Reply
    from bot.slack.elements import Block, Element
    from skills.cards import Card, Field, Row

BLOCKS_IN_A_MESSAGE: Final = 50
# Slack refuses more with `msg_blocks_too_long` and names no figure; people have measured about 13,200, and what is
# decided later is added.
SIZE_OF_A_MESSAGE: Final = 11_500

# Below Slack's limits: what a person still reads. The rest is counted, and a narrower question shows it.
_ROWS_IN_A_CARD = 40
_ROWS_ON_A_PAGE: Final = 15
_FIELDS_IN_A_CARD = 20
_PARAGRAPHS = 3
_WORDS_IN_A_CARD = 1500
_FALLBACK_LIMIT = 3000

_NUMBERED = re.compile(r"\d{1,2}\. ")
_MARKS = {Tone.GOOD: "✅ ", Tone.WARNING: "⚠️ ", Tone.BAD: "🔴 ", Tone.NEUTRAL: ""}


@dataclass(frozen=True, slots=True)
class Message:
    """A Slack message: `text` is what notifications and screen readers read, `blocks` is what is seen."""

    text: str
    blocks: list[Block]


def reply_message(reply: Reply, decided: str = "") -> Message:
    """Return a reply with its cards; `decided` says who pressed the button that this answers."""
    return _message(reply.reply, reply.cards, decided, below=_opinion(reply))


def cards_alone(reply: Reply) -> list[Block]:
    """Return what stands under a reply whose words are there already: its cards, and whether they helped."""
    opinion = _opinion(reply)
    return [
        *_that_fit(reply.cards, BLOCKS_IN_A_MESSAGE - len(opinion) - 1, SIZE_OF_A_MESSAGE - size(opinion)),
        *opinion,
    ]


def _opinion(reply: Reply) -> list[Block]:
    """Return the buttons that ask whether a model's answer helped; the others' are always meant as they are."""
    return [feedback()] if reply.route == "model" else []


def notice_message(text: str, cards: Sequence[Card] = ()) -> Message:
    """Return a piece of news: a sentence, with cards."""
    return _message(text, cards, "")


def decided_message(message: Mapping[str, Any], decided: str) -> Message:
    """Return a message of ours as Slack handed it back, with `decided` in the place of the buttons that decide.

    Other cards of the same message keep their buttons.
    """
    said = small_print(decided)
    blocks = [said if _decides(block) else block for block in message.get("blocks", [])]
    before = str(message.get("text", ""))
    # The text comes back escaped as it was sent; only what is added is new.
    text = f"{before[:_FALLBACK_LIMIT]} – {fitted(decided, FIELD_LIMIT)}" if before else fitted(decided, FIELD_LIMIT)
    return Message(text, blocks if said in blocks else [*blocks[: BLOCKS_IN_A_MESSAGE - 1], said])


def _decides(block: Block) -> bool:
    return any(element.get("action_id") in {CONFIRM, DROP} for element in block.get("elements", []))


def card_blocks(card: Card) -> list[Block]:
    """Return one card."""
    title = f"{_MARKS[card.tone]}{card.title}" + (f" · {card.badge}" if card.badge else "")
    above = [header(title), *([section(_short(card.text))] if card.text.strip() else [])]
    note = [small_print(card.note)] if card.note.strip() else []
    # What a button hands over need not stand there as well, where nobody could click on it.
    copied = {button.copy for button in card.buttons}
    listed = card.rows[card.listed.start if card.listed else 0 :]
    buttons = button_rows([*_more(card, _ROWS_ON_A_PAGE), *card.buttons])
    room = CARD_SIZE - size([*above, *note, *buttons])
    charts = within([chart_block(chart) for chart in card.charts], room)
    room -= size(charts)
    told = [field for field in card.fields if field.value not in copied]
    fields = within([_field(field) for field in told[:_FIELDS_IN_A_CARD]], room)
    most = _ROWS_ON_A_PAGE if card.listed else _ROWS_IN_A_CARD
    rows = within([_row(row) for row in listed[:most]], room - size(fields))
    hidden = len(told) - len(fields) + (0 if card.listed else len(listed) - len(rows))
    # As many as there was room for, so that the next page begins where this one ends.
    buttons = button_rows([*_more(card, len(rows)), *card.buttons])
    return [
        *above,
        *columns([*chain.from_iterable(fields)]),
        *_list(listed[: len(rows)]),
        *([small_print(f"… and {hidden} more")] if hidden else []),
        *([small_print(part)] if (part := _which(card, len(rows))) else []),
        *charts,
        *note,
        *buttons,
    ]


def page_from(card: Card, start: int) -> Card:
    """Return a list's card from that row on; from its last page on where the list has become shorter than that."""
    if card.listed is None:
        return card
    last = max(len(card.rows) - 1, 0) // _ROWS_ON_A_PAGE * _ROWS_ON_A_PAGE
    return replace(card, listed=replace(card.listed, start=start if start < len(card.rows) else last))


def turned_message(message: Mapping[str, Any], card: Card) -> Message | None:
    """Return a message of ours as Slack handed it back, with another page in the place of the list that it shows.

    None where it shows other cards as well, or has no room for the page.
    """
    blocks = message.get("blocks", [])
    titles = [place for place, block in enumerate(blocks) if block.get("type") == "header"]
    if len(titles) != 1:
        return None
    around = [*blocks[: titles[0]], *(block for block in blocks if block.get("type") == "context_actions")]
    page = card_blocks(card)
    if len(around) + len(page) > BLOCKS_IN_A_MESSAGE or size(around) + size(page) > SIZE_OF_A_MESSAGE:
        return None
    opinion = around[titles[0] :]
    return Message(str(message.get("text", ""))[:_FALLBACK_LIMIT], [*around[: titles[0]], *page, *opinion])


def _which(card: Card, shown: int) -> str:
    """Return which lines of a list are shown, "" where all of them are."""
    if card.listed is None or not shown or shown == len(card.rows):
        return ""
    return f"{card.listed.start + 1}–{card.listed.start + shown} of {len(card.rows)}"


def _more(card: Card, shown: int) -> Iterable[Button]:
    """Yield the buttons that turn to the pages before and after, where these are and can be asked for."""
    if card.listed is None or not shown:
        return
    start = card.listed.start
    back = ("Back", max(start - _ROWS_ON_A_PAGE, 0), start > 0)
    for called, to, there in (back, ("Show more", start + shown, start + shown < len(card.rows))):
        cursor = json.dumps(asdict(replace(card.listed, start=to)), separators=(",", ":"))
        if there and len(cursor) <= BUTTON_VALUE_LIMIT:
            yield Button(called, more=cursor)


def _message(text: str, cards: Sequence[Card], decided: str, below: Sequence[Block] = ()) -> Message:
    words = text.strip() or " ".join(card.summary for card in cards) or "Done."
    said_by_a_card = words in {line for card in cards for line in (card.title, card.summary, question_of(card))}
    most = 1 if cards else _PARAGRAPHS
    paragraphs = [] if said_by_a_card else [section(part) for part in _paragraphs(text, most)]
    opening = [*paragraphs, *([small_print(decided)] if decided else [])]
    around = [*opening, *below]
    fitting = _that_fit(cards, BLOCKS_IN_A_MESSAGE - len(around) - 1, SIZE_OF_A_MESSAGE - size(around))
    blocks = [*opening, *fitting] or [section(words)]
    return Message(fitted(words, _FALLBACK_LIMIT), [*blocks, *below])


def _that_fit(cards: Sequence[Card], room: int, characters: int) -> Iterable[Block]:
    """Return the cards for which there is room, in order; a card that waits for a yes is never the one left out."""
    drawn = [card_blocks(card) for card in cards]
    urgent_first = sorted(range(len(cards)), key=lambda index: not any(b.confirm for b in cards[index].buttons))
    shown: set[int] = set()
    for index in urgent_first:
        if len(drawn[index]) <= room and size(drawn[index]) <= characters:
            shown.add(index)
            room -= len(drawn[index])
            characters -= size(drawn[index])
    hidden = len(cards) - len(shown)
    more = [small_print(f"… and {hidden} more")] if hidden else []
    return [*chain.from_iterable(drawn[index] for index in sorted(shown)), *more]


def _field(field: Field) -> list[Element]:
    return [label(field.label), plain(field.value, FIELD_LIMIT)]


def _row(row: Row) -> list[Element]:
    return [plain(_line(row), FIELD_LIMIT), linked(row.value, row.url) if row.url else plain(row.value, FIELD_LIMIT)]


def _list(rows: Sequence[Row]) -> list[Block]:
    """Return a list: in two columns where it has values, as plain lines where it has none."""
    if any(row.value for row in rows):
        return columns([cell for row in rows for cell in _row(row)])
    return [section(part) for part in _packed([_item(row) for row in rows])]


def _item(row: Row) -> str:
    line = _short(_line(row))
    return line if _NUMBERED.match(line) else f"• {line}"


def _short(text: str) -> str:
    return text if len(text) <= _WORDS_IN_A_CARD else f"{text[:_WORDS_IN_A_CARD]}…"


def _line(row: Row) -> str:
    return f"{_MARKS[row.tone]}{row.title}" + (f"\n{row.detail}" if row.detail else "")


def _paragraphs(text: str, most: int) -> list[str]:
    """Return a long text in parts that a section holds; the last is cut by the section itself."""
    parts = _packed(text.strip().split("\n"))
    return parts if len(parts) <= most else [*parts[: most - 1], "\n".join(parts[most - 1 :])]


def _packed(lines: Iterable[str]) -> list[str]:
    """Return the lines joined into as few texts as fit a section each."""
    parts: list[str] = []
    for line in lines:
        longer = f"{parts[-1]}\n{line}" if parts else line
        if parts and len(escape(longer)) <= SECTION_LIMIT:
            parts[-1] = longer
        elif line.strip():
            parts.append(line)
    return parts
