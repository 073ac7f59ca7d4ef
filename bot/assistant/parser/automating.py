"""Sentences that make automations: `when a deposit over 5k is paid, move the deal to won and tell #ops`.

They are two sentences in one, what happens and what is to be done, so they are read here as a whole. What is not
understood to the last word makes nothing: a wrong automation would go on being wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from billing.conversations import SkillCall
from bot.assistant.parser.doing import ABOUT, FILLERS, actions_in, starts
from bot.assistant.parser.occasions import Occasion, conditions_in, span_at, trigger_in, triggers_in
from bot.assistant.parser.timetables import schedule_in
from bot.assistant.parser.voice import commanding
from bot.assistant.understanding import Question, Understanding
from skills.moods import past_courtesy
from skills.runner import question as asking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.scene import Scene
    from skills.words import Token

SKILL: Final = "create_automation"
_SURE: Final = 0.9
_MARKERS: Final = (
    ("every", "time"),
    ("each", "time"),
    ("any", "time"),
    ("as", "soon", "as"),
    ("the", "moment"),
    ("on", "every"),
    ("on", "each"),
    ("on", "any"),
    ("on", "a"),
    ("on", "an"),
    ("for", "every"),
    ("for", "each"),
    ("whenever",),
    ("anytime",),
    ("when",),
    ("upon",),
    ("once",),
    ("if",),
    ("after",),
    ("before",),
    ("past",),
)
_BEFORE_NOUNS: Final = frozenset("a an the any every each this that his her their".split())
_LATE: Final = frozenset("overdue late past".split())
_ALWAYS: Final = tuple(("time", *rest) for rest in ((), ("it", "happens"), ("that", "happens"), ("one", "succeeds")))
_AUXILIARY: Final = frozenset("is are was were did does do will can should would has have".split())
_DENYING: Final = frozenset("never unless without stop don't".split())
_MAKING: Final = frozenset("create make set add build have".split())
_RULES: Final = frozenset("automation rule workflow automations rules auto".split())
_HAVING_RUN: Final = frozenset("run ran fire fired trigger triggered work worked anything something".split())
_SETTING_UP: Final = frozenset("set create make add build setup automate want need new".split())
_TO_SAY: Final = frozenset("up a an new the that which to so and please for me us".split())
_ASKING: Final = frozenset("what who how why where which is are do does did show list".split())


@dataclass(frozen=True, slots=True)
class _Parts:
    """The message cut in two. Both may be empty; `opened` says that it began with `set up an automation`."""

    occasion: tuple[Token, ...]
    deed: tuple[Token, ...]
    opened: bool = False


def automated(text: str, tokens: Sequence[Token], scene: Scene) -> Understanding | None:
    """Return the automation that a message asks for, or the question that it lacks something for; else None."""
    if SKILL not in scene.grammar.books:
        return None
    question = scene.memory.question
    known = question if question is not None and question.skill == SKILL else None
    tokens = _without_always(tokens)
    own = [token for token in tokens if token.word not in FILLERS or token.kind == "quote"]
    if _is_no_request(own, [token.word for token in tokens]):
        return None
    parts = _cut(own, answering=known is not None)
    if parts is None:
        return None
    occasion, left = _occasion(parts, scene)
    if occasion is None:
        return None
    actions = actions_in(text, commanding(text, left, scene.grammar), scene.around) if left else []
    for action in actions or ():
        if ABOUT in action:
            occasion.where["contact"] = action.pop(ABOUT)
    if actions is None or not (parts.opened or known or (occasion.trigger and actions)):
        return None
    return _understood(occasion, actions, known, scene)


def _without_always(tokens: Sequence[Token]) -> Sequence[Token]:
    """Leave out the `every time` that a message ends with: whatever is automatic happens each time."""
    words = [token.word for token in tokens if not token.is_mark]
    last = next((len(row) for row in _ALWAYS if tuple(words[-len(row) :]) == row), 0)
    if not last or len(words) < last + 2 or words[-last - 1] not in {"every", "each"}:
        return tokens
    kept = list(tokens)
    while kept[-1].is_mark:
        kept.pop()
    kept = kept[: -last - 1]
    return kept[:-1] if kept[-1].word == "," else kept


def without_whom(tokens: Sequence[Token]) -> list[Token]:
    """Leave out for whom an automation ran or did not: what it did and did not do is shown with the clients' names."""
    words = [token.word for token in tokens]
    asks = words[:1] in (["why"], ["did"], ["has"]) and any(word in _RULES or word[:4] == "aut-" for word in words)
    at = words.index("for") if asks and "for" in words else len(words)
    return list(tokens[:at]) if words[0:1] == ["why"] or {*words[at - 1 : at]} & _HAVING_RUN else list(tokens)


def _speaks_of_one(words: Sequence[str]) -> bool:
    """Say whether an automation that is there already is spoken of: `switch on the automation that …`."""
    at = next((place for place, word in enumerate(words) if word in _RULES), 0)
    before = words[:at]
    return "the" in before[-4:] and not _MAKING & {*before}


def _is_no_request(tokens: Sequence[Token], words: Sequence[str]) -> bool:
    """Say whether it only asks, supposes or forbids, or is about one invoice."""
    said = [token.word for token in tokens]
    polite = past_courtesy(words) > 0 or {"can", "could", "would", "will"} & set(said)
    if (
        not said
        or said[0] in _ASKING
        or _speaks_of_one(said)
        or any(token.kind == "record" and token.word[:3] == "inv" for token in tokens)
    ):
        return True
    if "?" in said and not polite:
        return True
    if said[0] in {"when", "if", "once"} and said[1:2] and (said[1] in _AUXILIARY or said[1] in {"i", "you"}):
        return True
    # “doesn't go through” is a failed payment; every other denial is not ours to read.
    return bool(_DENYING & set(said)) or ("not" in said and not {"through", "clear", "work"} & set(said))


def _cut(tokens: Sequence[Token], *, answering: bool) -> _Parts | None:
    words = tuple(token.word for token in tokens)
    start = past_courtesy(words)
    if words[start - 1 : start] == ("thank",):
        start -= 1  # “thank the client when …” does not thank
    opened, start = _opened(words, start)
    tokens, words = tokens[start:], words[start:]
    at = _marker(tokens)
    if at is None:
        whole = opened or answering or schedule_in(tokens) is not None
        return _Parts((), tuple(tokens), opened) if whole else None
    first = next((place for place, token in enumerate(tokens) if not token.is_mark), 0)
    if at > first and not _is_span_only(tokens, first, at):
        return _Parts(tuple(tokens[at:]), tuple(tokens[:at]), opened)
    for place in range(at + 1, len(tokens)):
        if starts(tokens, place) and words[place - 1] not in _BEFORE_NOUNS and trigger_in(words[at:place]):
            return _Parts(tuple(tokens[:place]), tuple(tokens[place:]), opened)
    return _Parts(tuple(tokens), (), opened)


def _is_span_only(tokens: Sequence[Token], first: int, at: int) -> bool:
    span = span_at(tokens, first)
    return span is not None and span[1] == at


def _opened(words: Sequence[str], start: int) -> tuple[bool, int]:
    """Return whether it begins with `set up an automation`, and the place after that."""
    if words[start + 1 : start + 2] == (":",) and words[start] in _RULES:
        return True, start + 2  # “automation: if …”
    place = start
    while place < len(words) and words[place] in _SETTING_UP | _TO_SAY:
        place += 1
    if place == start or place >= len(words) or words[place] not in _RULES or not _SETTING_UP & set(words[:place]):
        return False, start + (words[start : start + 1] == ("automatically",))
    place += 1
    while place < len(words) and words[place] in _TO_SAY | {"which", ",", ":", "-", "rule", "automatically"}:
        place += 1
    return True, place


def _marker(tokens: Sequence[Token]) -> int | None:
    """Return where the occasion begins: at its marker, or at the length of time before one."""
    words = tuple(token.word for token in tokens)
    for place in range(len(words)):
        span = span_at(tokens, place)
        if span is not None and span[1] < len(words) and words[span[1]] in {"after", "before", "past"}:
            return place
        for marker in _MARKERS:
            fits = words[place : place + len(marker)] == marker
            # “after three days” is a delay, “after every payment” an occasion.
            if fits and not (marker[0] in {"after", "before"} and span_at(tokens, place + 1)):
                return place
    return None


def _occasion(parts: _Parts, scene: Scene) -> tuple[Occasion | None, tuple[Token, ...]]:
    """Read when it is; return it with what is left of the deed once its times are taken out."""
    scheduled = schedule_in([*parts.occasion, *parts.deed]) if not trigger_in(_words(parts.occasion)) else None
    if scheduled is not None:
        rule, places = scheduled
        rest = [token for place, token in enumerate((*parts.occasion, *parts.deed)) if place not in places]
        while rest and rest[0].word in {"on", "the", "at", ","}:
            rest.pop(0)
        return Occasion("scheduled", schedule=rule), tuple(rest)
    delay, deed = _delay(parts.deed)
    if not parts.occasion:
        return Occasion(after=delay), deed
    lead, told = _lead(parts.occasion)
    trigger = trigger_in(_words(told))
    where = conditions_in(told, scene.around)
    again = any(span_at(told, place) for place in range(len(told)))  # “3 days before and a week after” are two times
    if not trigger or where is None or (lead and delay) or again:
        return None, ()
    if lead and lead.startswith("-") and trigger != "invoice_due":
        return None, ()
    return Occasion(trigger, where, lead or delay, triggers=triggers_in(_words(told))), deed


def _words(tokens: Sequence[Token]) -> list[str]:
    return [token.word for token in tokens]


def _lead(tokens: Sequence[Token]) -> tuple[str | None, tuple[Token, ...]]:
    """Take `two days after` off an occasion; `before` makes it negative."""
    for place in range(len(tokens)):
        span = span_at(tokens, place)
        following = tokens[span[1]].word if span is not None and span[1] < len(tokens) else ""
        if span is not None and following in {"after", "before"}:
            sign = "-" if following == "before" else ""
            return f"{sign}{span[0]}", (*tokens[:place], *tokens[span[1] + 1 :])
        if span is not None and following in _LATE:
            return span[0], (*tokens[:place], *tokens[span[1] :])
        if (
            span is not None
            and place > 1
            and tokens[place - 1].word in {"for", "by"}
            and _LATE & {*_words(tokens[:place])}
        ):
            return span[0], (*tokens[: place - 1], *tokens[span[1] :])
    return None, tuple(tokens)


def _delay(tokens: Sequence[Token]) -> tuple[str | None, tuple[Token, ...]]:
    """Take `after three days` or `an hour later` off what is to be done."""
    for place in range(len(tokens)):
        led = tokens[place].word in {"after", "wait", "in"}
        span = span_at(tokens, place + 1) if led else span_at(tokens, place)
        if span is None:
            continue
        later = span[1] < len(tokens) and tokens[span[1]].word in {"later", "afterwards"}
        begins_or_ends = place == 0 or span[1] + later >= len(tokens)
        if (led or later) and begins_or_ends:
            rest = (*tokens[:place], *tokens[span[1] + later :])
            return span[0], tuple(rest)
    return None, tuple(tokens)


def _understood(
    occasion: Occasion, actions: list[dict[str, Any]], known: Question | None, scene: Scene
) -> Understanding | None:
    said = _arguments(occasion)
    if known is not None:
        said = {**known.arguments, **said}
        if not occasion.trigger and not actions and said == known.arguments:
            return None
    held = said.pop("action", None)
    actions = actions or ([held] if held else [])
    missing = tuple(name for name, there in (("trigger", "trigger" in said), ("action", bool(actions))) if not there)
    if missing:
        kept = {**said, **({"action": actions[0]} if actions else {})}
        text = asking(scene.grammar.books[SKILL].skill, missing)
        question = Question(skill=SKILL, arguments=kept, missing=missing, text=text)
        return Understanding(question=question, confidence=_SURE)
    calls = tuple(
        SkillCall(SKILL, {**said, "trigger": trigger, "action": action})
        for trigger in occasion.triggers or (said["trigger"],)
        for action in actions
    )
    if known is not None:
        calls = (*known.before, *calls, *known.then)
    return Understanding(calls=calls, confidence=_SURE)


def _arguments(occasion: Occasion) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if occasion.trigger:
        found["trigger"] = occasion.trigger
    if occasion.where:
        found["where"] = occasion.where
    if occasion.after:
        found["after"] = occasion.after
    if occasion.schedule:
        found["schedule"] = occasion.schedule
    return found
