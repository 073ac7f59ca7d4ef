"""The smallest pieces of Block Kit, each within Slack's limits and with all text as text.

`plain_text` with `emoji` off is the one form in which Slack takes nothing for markup: no mention, no `*bold*`, no
`:smile:`. Slack still decodes `&amp;`, `&lt;` and `&gt;` in it, so these three are escaped as everywhere.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, TypeVar

from skills.cards import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skills.cards import Button

Element = dict[str, Any]
Block = dict[str, Any]
T = TypeVar("T")

CONFIRM: Final = "evie_confirm"
DROP: Final = "evie_drop"
TAKE: Final = "evie_take"
MORE: Final = "evie_more"
COPY: Final = "evie_copy"
FEEDBACK: Final = "evie_feedback"
HELPED: Final = "helped"
HELPED_NOT: Final = "helped_not"

HEADER_LIMIT: Final = 150
SECTION_LIMIT: Final = 3000
FIELD_LIMIT: Final = 2000
SMALL_PRINT_LIMIT: Final = 500
FIELDS_IN_A_SECTION: Final = 10
BUTTONS_IN_A_ROW: Final = 5
BUTTONS_IN_A_CARD: Final = 25
BUTTON_TEXT_LIMIT: Final = 75
BUTTON_URL_LIMIT: Final = 3000
BUTTON_VALUE_LIMIT: Final = 2000

# A card's share of what a message may hold in all (see `size`), and its buttons' share of that.
CARD_SIZE: Final = 8200
BUTTONS_SIZE: Final = 3000

_ELLIPSIS = "…"
_NOTHING = "–"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MARKERS = re.compile(r"[*_~`\n]")
_LINK = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)\]”’\"']")
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9./:#_?=%-]+")
# A code that Slack shows as a picture, `:smile:`; the colons of a time, 10:30:00, are none.
_EMOJI: Final = r":(?=[^\s:]*[^\s:\d][^\s:]*:)|(?<!\d):(?=\d+:)"
# What begins a list, a quote, a line, a heading or a piece of code where a line begins with it.
_LINE_START: Final = r"(?m:^)(?=[ \t]*(?:[-+>=]|\d{1,9}[.)](?:\s|$))|\t|[ ]{4})"
# What Slack reads as Markdown in a streamed text. An address is taken whole, for it would not lead anywhere else.
_MARKDOWN = re.compile(
    r"(?P<address>https?://[^\s<>\[\]`\\|\"]*[\w/=&#%+-]|[A-Za-z0-9][\w.+-]{0,63}@[\w-]+(?:\.[\w-]+)+)"
    rf"|(?P<start>{_LINE_START})|(?P<emoji>{_EMOJI})|[\\`*_~\[\]#|]"
)
_EMOJI_CODE = re.compile(_EMOJI)
# Has no width. Slack names no escape for the codes and the line starts: with this between, they are words.
_JOINER: Final = "\u2060"
_STYLES = {Tone.GOOD: "primary", Tone.BAD: "danger"}


def escape(text: str) -> str:
    """Return text in which Slack finds no mention, link or command."""
    return _CONTROL.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_markdown(text: str) -> str:
    """Return text in which Slack finds no Markdown either; the addresses in it, whole ones, stay as they are."""
    return escape(_MARKDOWN.sub(_as_text, text))


def _as_text(found: re.Match[str]) -> str:
    if found["address"] is not None:
        return found[0]
    return f"{found[0]}{_JOINER}" if found["start"] is not None or found["emoji"] is not None else f"\\{found[0]}"


def fitted(text: str, limit: int) -> str:
    """Return the text escaped, cut at the end where it would be longer than `limit` characters."""
    safe = escape(text)
    if len(safe) <= limit:
        return safe
    kept, length = [], len(_ELLIPSIS)
    for piece in map(escape, text):
        length += len(piece)
        if length > limit:
            break
        kept.append(piece)
    return "".join(kept).rstrip() + _ELLIPSIS


def plain(text: str, limit: int) -> Element:
    """Return a text object; an empty text, which Slack would refuse, is a dash."""
    return {"type": "plain_text", "text": fitted(text.strip(), limit) or _NOTHING, "emoji": False}


def label(text: str) -> Element:
    """Return a short bold text. Bold needs markup, so what could be markup in the text itself goes."""
    words = _EMOJI_CODE.sub(f":{_JOINER}", _MARKERS.sub(" ", text).strip())
    return {"type": "mrkdwn", "text": f"*{fitted(words, FIELD_LIMIT - 2) or _NOTHING}*"}


def linked(text: str, url: str) -> Element:
    """Return a short text that leads to an address; as plain text where one of the two could be read as markup."""
    words = escape(text.strip())
    marked = "|" in words or _MARKERS.search(words) or _EMOJI_CODE.search(words)
    if not _PLAIN_ADDRESS.fullmatch(url) or len(url) > FIELD_LIMIT // 2 or marked:
        return plain(text, FIELD_LIMIT)
    return {"type": "mrkdwn", "text": f"<{url}|{words or _NOTHING}>"}


def header(text: str) -> Block:
    """Return a block's title."""
    return {"type": "header", "text": plain(_one_line(text), HEADER_LIMIT)}


def section(text: str) -> Block:
    """Return a paragraph. Addresses in it can be clicked, unless the text holds what could look like markup."""
    if len(text) <= SECTION_LIMIT and _LINK.search(text) and not set("<>") & set(text):
        return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": _linked(text)}]}
    return {"type": "section", "text": plain(text, SECTION_LIMIT)}


def columns(cells: Sequence[Element]) -> list[Block]:
    """Return sections of two columns, filled row by row."""
    return [
        {"type": "section", "fields": list(cells[start : start + FIELDS_IN_A_SECTION])}
        for start in range(0, len(cells), FIELDS_IN_A_SECTION)
    ]


def small_print(text: str) -> Block:
    """Return a line of small print."""
    return {"type": "context", "elements": [plain(text, SMALL_PRINT_LIMIT)]}


def feedback() -> Block:
    """Return the two buttons with which people say whether an answer helped."""
    buttons = {
        f"{kind}_button": {"text": plain(text, BUTTON_TEXT_LIMIT), "accessibility_label": said, "value": value}
        for kind, text, said, value in (
            ("positive", "Helpful", "This answer helped me", HELPED),
            ("negative", "Not helpful", "This answer did not help me", HELPED_NOT),
        )
    }
    element = {"type": "feedback_buttons", "action_id": FEEDBACK, **buttons}
    return {"type": "context_actions", "elements": [element]}


def button_rows(buttons: Sequence[Button]) -> list[Block]:
    """Return the buttons that Slack can hold, five in a row."""
    drawn = within([_button(button, index) for index, button in enumerate(buttons) if _fits(button)], BUTTONS_SIZE)
    return [
        {"type": "actions", "elements": drawn[start : start + BUTTONS_IN_A_ROW]}
        for start in range(0, min(len(drawn), BUTTONS_IN_A_CARD), BUTTONS_IN_A_ROW)
    ]


def size(piece: object) -> int:
    """Return about how many characters Slack counts for blocks or a part of them: texts, and what holds them."""
    if isinstance(piece, dict):
        return 2 + sum(len(name) + 4 + size(part) for name, part in piece.items())
    if isinstance(piece, list):
        return 2 + sum(map(size, piece))
    return len(str(piece)) + 2


def within(pieces: Sequence[T], room: int) -> list[T]:
    """Return the first pieces, as many as have room together."""
    sizes = accumulate(map(size, pieces))
    return [piece for piece, so_far in zip(pieces, sizes, strict=True) if so_far <= room]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _fits(button: Button) -> bool:
    # Neither a sentence nor an address may be cut: it would mean something else.
    return len(button.say or button.copy or "") <= BUTTON_VALUE_LIMIT and len(button.url or "") <= BUTTON_URL_LIMIT


def _button(button: Button, index: int) -> Element:
    drawn: Element = {"type": "button", "text": plain(_one_line(button.label), BUTTON_TEXT_LIMIT)}
    if button.url is not None:
        drawn |= {"action_id": f"evie_open_{index}", "url": button.url}
    elif button.form:
        drawn |= {"action_id": f"evie_form_{index}", "value": button.form}
    elif button.say is not None:
        drawn |= {"action_id": f"evie_say_{index}", "value": button.say}
    elif button.confirm is not None:
        drawn |= {"action_id": CONFIRM, "value": button.confirm}
    elif button.more is not None:
        drawn |= {"action_id": f"{MORE}_{index}", "value": button.more}
    elif button.copy is not None:
        drawn |= {"action_id": f"{COPY}_{index}", "value": button.copy}
    elif button.take is not None:
        drawn |= {"action_id": TAKE, "value": button.take}
    else:
        drawn |= {"action_id": DROP, "value": button.drop}
    return drawn | ({"style": _STYLES[button.tone]} if button.tone in _STYLES else {})


def _linked(text: str) -> list[Element]:
    """Return the text in pieces; in rich text nothing is markup, so nothing is escaped."""
    pieces: list[Element] = []
    end = 0
    for match in _LINK.finditer(text):
        pieces += [words(text[end : match.start()]), {"type": "link", "url": match[0]}]
        end = match.end()
    return [piece for piece in [*pieces, words(text[end:])] if piece.get("text") != ""]


def words(text: str) -> Element:
    """Return a piece of rich text, in which nothing is markup."""
    return {"type": "text", "text": _CONTROL.sub("", text)}
