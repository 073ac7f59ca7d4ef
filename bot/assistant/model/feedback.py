"""What the model is told of a call: facts as data under `data`, and what it may do next in our own words."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from bot.assistant.model.answer import Ran
    from bot.assistant.understanding import Question
    from skills.cards import Card
    from skills.names import Catalog

_LONGEST_RESULT: Final = 8_000
_LINK: Final = re.compile(r"https?://[^\s<>\"“”]+")
_NEXT: Final = {
    "done": "The person sees the card under your words: say what matters in a sentence, do not read it out.",
    "needs_confirmation": "Nothing has happened yet. The person sees a card that says what will happen; only they can "
    "confirm it. Do not call this again. Do what else was asked, then say that it waits for their yes.",
    "failed": "It was not done. Mend the call if the mistake was yours, or else tell the person what the message says.",
    "refused": "It is not allowed. Make no further call for this message: say what was done and what was not.",
}
_SAY: Final = "Say what came of it in a sentence: the person is shown nothing else of it."
_ASK: Final = (
    "Nothing has happened. Ask the person this one question, in your words, naming the options if there are any."
)
_MEND: Final = "Nothing was called. Mend it, or ask the person if you do not know."
_LATER: Final = "Not called: one call at a time. Make it again if it is still needed after the result of the first."
_WAITING: Final = "This very call waits for the person's yes already. It was not made again."


def of_call(ran: Ran) -> str:
    """Return the tool result of a call that went through the runner."""
    report = ran.report
    data = {"result": report.result, "text": ran.text, "card": _shown(ran.card)}
    unseen = report.status == "done" and ran.card is None
    advice = _SAY if unseen else _NEXT[report.status]
    return _compact({"status": report.status, "data": data, "error": report.error, "next": advice})


def of_past_call(call: dict[str, Any], at: str) -> str:
    """Return the tool result of a call of an earlier message, from the stored reply object."""
    return _compact({"status": call.get("status"), "at": at, "data": call.get("result"), "error": call.get("error")})


def of_question(question: Question, catalog: Catalog) -> str:
    """Return the tool result of a call that lacks something."""
    data = {"missing": question.missing, "options": labels(question.options, catalog), "text": question.text}
    return _compact({"status": "question", "data": data, "next": _ASK})


def of_mistake(message: str) -> str:
    """Return the tool result of a call that could not be read."""
    return _compact({"status": "failed", "error": {"code": "bad_call", "message": message}, "next": _MEND})


def of_second_call() -> str:
    """Return the tool result of a call beside another one."""
    return _compact({"status": "not_called", "next": _LATER})


def of_repetition() -> str:
    """Return the tool result of a proposed call that is made again."""
    return _compact({"status": "needs_confirmation", "next": _WAITING})


def labels(numbers: tuple[str, ...], catalog: Catalog) -> list[dict[str, str]]:
    """Return records by number, each with what people call it."""
    found = [(number, catalog.by_number(number)) for number in numbers]
    return [{"number": number, "name": entry.label} if entry else {"number": number} for number, entry in found]


def without_links(text: str) -> str:
    """Return the text without its addresses: some open Stripe or a portal to whoever holds them."""
    return _LINK.sub("(a link that the person sees)", text)


def _shown(card: Card | None) -> dict[str, Any] | None:
    if card is None:
        return None
    return {
        "title": card.title,
        "text": card.text,
        "fields": {field.label: field.value for field in card.fields},
        "rows": [" · ".join(filter(None, (row.title, row.value, row.detail))) for row in card.rows],
        "note": card.note,
    }


def _compact(value: dict[str, Any]) -> str:
    text = _as_json(_telling(value))
    if len(text) <= _LONGEST_RESULT:
        return text
    # The model's own part stays whole; a list of thousands is of no use to it anyway.
    rest = _as_json(_telling(value.get("data")))[:_LONGEST_RESULT]
    return _as_json({**_telling({**value, "data": None}), "data_cut_short": rest})


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _telling(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Leave out what is empty, and the addresses."""
    if isinstance(value, str):
        return without_links(value)
    if isinstance(value, dict):
        parts = {key: _telling(part) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part is not None and part not in ("", [], {}, ())}
    if isinstance(value, list | tuple):
        return [_telling(part) for part in value]
    return value
