"""What is to be different about an automation, as people say it: `make it 10k instead`, `only for Bluebird`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from bot.assistant.parser.clocks import read_clock
from bot.assistant.parser.contacting import channels
from bot.assistant.parser.money import DOLLAR, amounts, percents
from bot.assistant.parser.occasions import bound_of, conditions_in, span_at
from bot.assistant.parser.timetables import schedule_in, weekdays_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.scene import Scene
    from skills.words import Token

# How a message begins that changes what was said, rather than asking for something new.
_LEADS: Final = (
    ("make", "it"),
    ("make", "that"),
    ("make", "this"),
    ("change", "it"),
    ("change", "that"),
    ("set", "it"),
    ("move", "it"),
    ("shift", "it"),
    ("switch", "it"),
    ("it", "should", "be"),
    ("it", "should", "run"),
    ("it", "should", "wait"),
    ("have", "it", "wait"),
    ("make", "it", "wait"),
    ("have", "it", "run"),
    ("make", "it", "run"),
    ("run", "it"),
    ("change", "the", "schedule", "of", "it"),
    ("change", "its", "schedule"),
    ("i", "meant"),
    ("i", "mean"),
)
_MARKS: Final = frozenset("no nope actually sorry wait rather oops hm hmm but and instead".split())
_SAYING: Final = (
    ("make", "it", "say"),
    ("let", "it", "say"),
    ("have", "it", "say"),
    ("it", "should", "say"),
    ("it", "should", "read"),
    ("change", "it", "to", "say"),
    ("change", "it", "to", "read"),
    ("change", "the", "text", "of", "it", "to"),
    ("change", "the", "message", "of", "it", "to"),
    ("change", "the", "wording", "of", "it", "to"),
    ("change", "its", "text", "to"),
    ("change", "the", "text", "to"),
    ("change", "the", "message", "to"),
    ("change", "the", "wording", "to"),
)
_TELLING: Final = frozenset("tell post notify message use send ping in to".split())
_ONLY_FOR: Final = frozenset("for when if over above from on at with".split())
_PLAIN: Final = frozenset(
    """to for at on in be instead than over more least from or a an the of and up later after before rather please
    wait run it them that now delay days ahead less most under below amount channel time""".split(),
)
_STAGES: Final = frozenset("lead proposal won lost".split())


def changes_in(text: str, tokens: Sequence[Token], scene: Scene) -> dict[str, Any] | None:
    """Return the arguments that a message changes, None where it changes none or says more than that."""
    saying = _saying(text, tokens)
    if saying:
        return {"text": saying}
    only = _only(tokens, scene)
    if only is not None:
        return {"where": only}
    marked, rest = _led(tokens)
    return _values(rest, scene) if marked and rest else None


def _words(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(token.word for token in tokens)


def _unmarked(tokens: Sequence[Token]) -> Sequence[Token]:
    start = 0
    while start < len(tokens) and (tokens[start].word in _MARKS or tokens[start].is_mark):
        start += 1
    return tokens[start:]


def _saying(text: str, tokens: Sequence[Token]) -> str:
    tokens = _unmarked(tokens)
    lead = next((len(row) for row in _SAYING if _words(tokens)[: len(row)] == row), 0)
    if not lead or lead >= len(tokens):
        return ""
    first = tokens[lead + (tokens[lead].word == ":" and lead + 1 < len(tokens))]
    return re.sub(r"^[\"“«]|[\"”»]$", "", text[first.start : tokens[-1].end].strip()).strip()


def _only(tokens: Sequence[Token], scene: Scene) -> dict[str, Any] | None:
    """Read `but only for deposits over 500`; None where it does not say so, or who is meant is not known."""
    tokens = [token for token in _unmarked(tokens) if token.word != ":"]
    words = _words(tokens)
    if words[:3] == ("make", "it", "for") and words[-1:] == ("instead",):
        return conditions_in(tokens[3:-1], scene.around) or None
    at = words.index("only") if "only" in words[:4] else None
    before = {*words[:at]} if at is not None else set()
    if at is None or not before <= {"make", "it", "run", "do", "that", "should", "have", "for"}:
        return None
    following = words[at + 1 : at + 2]
    if not following or (following[0] not in _ONLY_FOR and "for" not in before):
        return None
    return conditions_in(tokens[at + 1 :], scene.around) or None


def _led(tokens: Sequence[Token]) -> tuple[bool, Sequence[Token]]:
    """Return whether a message says by itself that it changes something, and what is left of it."""
    rest = _unmarked(tokens)
    marked = len(rest) < len(tokens) or "instead" in _words(rest)
    words = _words(rest)
    lead = max((len(row) for row in _LEADS if words[: len(row)] == row), default=0)
    return marked or lead > 0, rest[lead:]


def _values(tokens: Sequence[Token], scene: Scene) -> dict[str, Any] | None:
    """Return what values are said, None where there is none or a word beside them that is not understood."""
    found, taken = _times(tokens, scene)
    money = list(percents(tokens)) or list(amounts([t for at, t in enumerate(tokens) if at not in taken]))
    if money:
        left = [token for at, token in enumerate(tokens) if at not in taken]
        said = _share_or_sum(left, scene)
        if said is None or len(money) > 1:
            return None
        found |= said
        taken |= {at for at, token in enumerate(tokens) if token in {left[place] for place in money[0].places}}
    for value in channels(tokens, scene.around.channels):
        found["channel"] = value.value
        taken |= value.places
    rest = [token.word for at, token in enumerate(tokens) if at not in taken and not token.is_mark]
    stage = [word for word in rest if word in _STAGES]
    if len(stage) == 1:
        found["stage"] = stage[0]
    known = _PLAIN | {*stage} | (_TELLING if "channel" in found else frozenset())
    return found if found and all(word in known for word in rest) else None


def _times(tokens: Sequence[Token], scene: Scene) -> tuple[dict[str, Any], set[int]]:
    """Return how long after or how often it shall be, with the places of these words."""
    scheduled = schedule_in(tokens)
    if scheduled is not None:
        return {"schedule": scheduled[0]}, {*scheduled[1]}
    for place in range(len(tokens)):
        span = span_at(tokens, place)
        if span is not None:
            before = "before" in _words(tokens[span[1] : span[1] + 1])
            return {"after": f"-{span[0]}" if before else span[0]}, {*range(place, span[1])}
    return _moved(tokens, scene)


def _moved(tokens: Sequence[Token], scene: Scene) -> tuple[dict[str, Any], set[int]]:
    """Move the schedule that was said before to another weekday, another hour, or both."""
    rules = [str(call.arguments["schedule"]) for call in scene.memory.last_calls if call.arguments.get("schedule")]
    rule = rules[-1] if rules else ""
    taken: set[int] = set()
    for place in range(len(tokens) if rule else 0):
        days, end = weekdays_at(tokens, place)
        clock = read_clock(tokens, place)
        if days and not taken:
            hours = "".join(f";{part}" for part in rule.split(";") if part.startswith(("BYHOUR", "BYMINUTE")))
            rule = f"FREQ=WEEKLY;BYDAY={','.join(days)}{hours}"
            taken |= {*range(place, end)}
        elif clock is not None:
            rule = re.sub(r";BY(?:HOUR|MINUTE)=[\d,]+", "", rule) + f";BYHOUR={clock.hour}"
            rule += f";BYMINUTE={clock.minute}" if clock.minute else ""
            taken |= {*range(place, clock.end)}
    return ({"schedule": rule}, taken) if taken else ({}, taken)


def _share_or_sum(tokens: Sequence[Token], scene: Scene) -> dict[str, Any] | None:
    """Return a percentage or an amount, None for one that is unclear or in another currency."""
    percent = next(iter(percents(tokens)), None)
    if percent is not None:
        return {"percent": percent.value} if percent.value else None
    value = next(iter(amounts(tokens)))
    amount, currency = value.value or (None, None)
    if amount is None or currency not in {None, DOLLAR, scene.around.currency}:
        return None
    bound = bound_of(tokens, value.start, value.end)
    return {"where": {bound: amount}} if bound else {"amount": amount}
