"""Messages about automations that are read as a whole, before they are cut into clauses like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.conversations import SkillCall
from bot.assistant.parser import phrasing
from bot.assistant.parser.amending import amended, pointed_at, spoken_of
from bot.assistant.parser.automating import automated
from bot.assistant.parser.declaring import declared
from bot.assistant.parser.occasions import trigger_in
from bot.assistant.parser.timetables import schedule_in
from bot.assistant.understanding import Question, Understanding
from skills.names import NOUNS
from skills.vocabulary import FILLERS, FUNCTION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.scene import Scene
    from skills.words import Token

_SURE: Final = 0.9
_MOST_OFFERED: Final = 10
_STOPPING: Final = frozenset("stop quit cease".split())
_NO_LONGER: Final = (("any", "more"), ("anymore",), ("any", "longer"))
# What people call what an automation does, and a word that such an automation is found by.
_GOING_ON: Final = {
    "thanking": "thank",
    "thank": "thank",
    "reminding": "reminder",
    "remind": "reminder",
    "chasing": "reminder",
    "chase": "reminder",
    "dunning": "dunning",
    "celebrating": "celebrate",
    "celebrate": "celebrate",
}
_WHOM: Final = frozenset(
    """people clients client customers customer them everyone everybody the our us automatically when whenever they it
    pay pays paid for payments payment big all every time after an invoice invoices is are overdue late please now any
    more anymore longer to in of about with that""".split(),
)
_OFF: Final = (
    ("pause",),
    ("stop",),
    ("disable",),
    ("suspend",),
    ("deactivate",),
    ("turn", "off"),
    ("switch", "off"),
)
_ALL: Final = (
    ("all", "automations"),
    ("all", "the", "automations"),
    ("all", "our", "automations"),
    ("all", "of", "the", "automations"),
    ("all", "rules"),
    ("every", "automation"),
    ("every", "rule"),
    ("everything", "automatic"),
    ("everything", "automated"),
    ("everything", "automation"),
    ("everything", "that", "is", "automatic"),
    ("all", "automation"),
)
_ON: Final = frozenset("enable activate reactivate resume".split())
_TURNING: Final = frozenset("turn switch".split())
_LOOSE: Final = frozenset("back again now please".split())
_WHOLE: Final = (
    ("everything",),
    ("all",),
    ("it", "all"),
    ("the", "lot"),
    ("them", "all"),
    ("all", "of", "them"),
    *_ALL,
)
_ASKING_WHAT: Final = (("does", "anything", "happen"), ("will", "anything", "happen"), ("what", "will", "happen"))
_DESCRIBING: Final = (
    ("what", "does", "it", "do"),
    ("what", "is", "it"),
    ("show", "it"),
    ("show", "me", "it"),
    ("explain", "it"),
    ("describe", "it"),
    ("tell", "me", "about", "it"),
)
_ARTICLES: Final = frozenset("a an the all our us".split())
_LISTS: Final = frozenset("digest list lists report reports summary overview totals".split())
_STATES: Final = frozenset("overdue unpaid outstanding open late paid".split())
_ASKED: Final = frozenset("which what who whose how whether".split())
_YES: Final = (("yes",), ("approve", "it"), ("yes", "do", "it"), ("do", "it"), ("go", "ahead"), ("approve", "that"))
_WHO: Final = ("contact", "opportunity")
_NOTHING: Final = frozenset("nothing anything".split())
_NOBODY: Final = frozenset("nobody anybody anyone noone".split())
_HAPPENING: Final = frozenset("happen happens happened happening run ran fire fired trigger triggered start".split())
_HEARING: Final = frozenset("told tell notified thanked reminded emailed informed pinged hear heard get got".split())
_THANKS: Final = frozenset("thank-you thanks thanked thank".split())


def ruled(text: str, tokens: Sequence[Token], scene: Scene) -> Understanding | None:
    """Return what a message wants of automations; None where it is not about them."""
    if "create_automation" not in scene.grammar.books:
        return None
    words = [token.word for token in tokens if not token.is_mark]
    words = words[1:] if words[:1] == ["please"] else words
    found = _asked_why(words, scene) or _asked_what(words) or _all_off(words, scene) or _stopped(words, scene)
    found = (
        found
        or _all_switched(words, scene)
        or _approved(words, scene)
        or _told_who(text, tokens, scene)
        or _would(text, tokens, scene)
        or amended(text, tokens, scene)
    )
    return (
        found
        or _reported(text, tokens, scene)
        or automated(text, declared(tokens), scene)
        or _of_a_stranger(text, tokens, scene)
    )


def _one(skill: str, arguments: dict[str, Any]) -> Understanding:
    return Understanding(calls=(SkillCall(skill, arguments),), confidence=_SURE)


def _asked_why(words: list[str], scene: Scene) -> Understanding | None:
    """Read `why did nothing happen when INV-1001 was paid?`: the answer puts first what the question names."""
    said = {*words}
    if words[:1] != ["why"] or said & NOUNS["automation"]:
        return None
    if (said & _NOTHING and said & _HAPPENING) or (said & _NOBODY and said & _HEARING):
        return _one("automation_runs", {})
    thanking = scene.around.catalog.search("automation", "thank") if said & _THANKS and "not" in said else ()
    return _one("automation_runs", {"automation": thanking[0].number}) if len(thanking) == 1 else None


def _asked_what(words: list[str]) -> Understanding | None:
    """Read `what happens automatically when an invoice is paid?`."""
    asks = words[:2] == ["what", "happens"] or (
        words[:1] in (["does"], ["will"]) and words[1:3] == ["anything", "happen"]
    )
    when = next((place for place, word in enumerate(words) if word in {"when", "whenever", "once"}), 0)
    return _one("list_automations", {}) if asks and when and trigger_in(words[when:]) else None


def _all_off(words: list[str], scene: Scene) -> Understanding | None:
    """Read `turn off all automations`: one call for each that is on."""
    off = next((row for row in _OFF if tuple(words[: len(row)]) == row), ())
    if not off or tuple(words[len(off) :]) not in _ALL:
        return None
    on = [entry.number for entry in scene.around.catalog.of("automation") if entry.status == "active"]
    calls = tuple(SkillCall("set_automation", {"automation": number, "active": False}) for number in on)
    return Understanding(calls=calls, confidence=_SURE) if calls else Understanding(say=phrasing.NONE_IS_ON)


def _all_switched(words: list[str], scene: Scene) -> Understanding | None:
    """Ask which of them where `turn everything on` is said: it is not the one that was spoken of last."""
    rest = [word for word in words if word not in _LOOSE]
    way = next((word for word in rest[1:] if word in {"on", "off"}), "on" if rest[:1] and rest[0] in _ON else "")
    turned = tuple(word for word in rest[1:] if word != way)
    if not way or rest[0] not in _TURNING | _ON or turned not in _WHOLE:
        return None
    if {*turned} & {"them"} and any(number.startswith("AUT-") for number in scene.memory.listed):
        return None
    active = way == "on"
    entries = [one.number for one in scene.around.catalog.of("automation") if (one.status == "active") is not active]
    asked = Question("set_automation", {"active": active}, ("automation",), options=tuple(entries[:_MOST_OFFERED]))
    return Understanding(question=asked, confidence=_SURE)


def _stopped(words: list[str], scene: Scene) -> Understanding | None:
    """Read `stop thanking people`: the automation that does it is switched off."""
    longer = next((len(row) for row in _NO_LONGER if tuple(words[-len(row) :]) == row), 0)
    if words[:1] and words[0] in _STOPPING:
        rest = words[1:]
    elif words[:2] == ["do", "not"] and longer:
        rest = words[2:-longer]
    else:
        return None
    doing = _GOING_ON.get(rest[0]) if rest else None
    if doing is None or any(word not in _WHOM for word in rest[1:]):
        return None
    found = scene.around.catalog.search("automation", doing)
    found = [entry for entry in found if entry.status == "active"] or found
    if not found:
        return Understanding(say=phrasing.NONE_DOES_THAT)
    # Which of several is asked about at the one door.
    return _one("set_automation", {"automation": found[0].number if len(found) == 1 else doing, "active": False})


def _would(text: str, tokens: Sequence[Token], scene: Scene) -> Understanding | None:
    """Read `what does AUT-1 do?` and `what would the deposit automation do with INV-1002?`."""
    automation, rest = pointed_at(text, tokens, scene)
    words = [token.word for token in rest if not token.is_mark]
    invoice = next((token.word.upper() for token in rest if token.word.startswith("inv-")), None)
    if (automation or (spoken_of(scene) and words == ["what", "does", "it", "do"])) and tuple(words) in _DESCRIBING:
        return _one("list_automations", {})  # the answer puts first what the question names
    if automation is None or invoice is None or words[:4] != ["what", "would", "it", "do"]:
        return None
    return _one("try_automation", {"automation": automation, "invoice": invoice})


def _reported(text: str, tokens: Sequence[Token], scene: Scene) -> Understanding | None:
    """Decline `every Friday tell #ops which invoices are unpaid`: what is posted by the calendar is a text."""
    channel = next((place for place, token in enumerate(tokens) if token.kind == "channel"), None)
    if channel is None or schedule_in(tokens) is None or any(token.kind == "quote" for token in tokens):
        return None
    made = automated(text, declared(tokens), scene)
    deeds = [call.arguments.get("action", {}) for call in made.calls] if made is not None else []
    if [deed.get("do") for deed in deeds] != ["post_message"]:
        return None
    said = str(deeds[0].get("text", "")).casefold().split() or [token.word for token in tokens[channel + 1 :]]
    named = said[1:] if said[:1] and said[0] in _ARTICLES else said
    listed = {*named[:2]} & _LISTS if named != said else {*named[:1]} & _LISTS
    late = named[1:2] and named[0] in _STATES and named[1] in NOUNS["invoice"]
    asked = {*named[:1]} & _ASKED
    return Understanding(declined=True, say=phrasing.NO_REPORT, confidence=_SURE) if listed or late or asked else None


def _of_a_stranger(text: str, tokens: Sequence[Token], scene: Scene) -> Understanding | None:
    """Read `when Cedar pays, tell #ops` where nobody is called Cedar: who is meant is asked about at the one door."""
    start = next((at for at in range(1, len(tokens)) if _is_strange(text, tokens[at], scene)), 0)
    end = start
    while start and end < len(tokens) and _is_strange(text, tokens[end], scene):
        end += 1
    if not start:
        return None
    found = automated(text, declared([*tokens[:start], *tokens[end:]]), scene)
    if found is None or not found.calls or any({*_WHO} & {*_where(call)} for call in found.calls):
        return None
    name = text[tokens[start].start : tokens[end - 1].end]
    first, *then = found.calls
    asked = Question(
        first.skill, dict(first.arguments), ("where",), then=tuple(then), text=phrasing.WHO_IS.format(name)
    )
    return Understanding(question=asked, confidence=_SURE)


def _approved(words: list[str], scene: Scene) -> Understanding | None:
    """Read the yes to the one thing that waits for one and was shown just before."""
    memory = scene.memory
    if tuple(words) not in _YES or memory.proposal or memory.question is not None or not memory.last_calls:
        return None
    shown = memory.last_calls[-1]
    asked = shown.result.get("asked") if shown.skill == "list_approvals" else None
    return _one(asked["skill"], asked["arguments"]) if asked else None


def _told_who(text: str, tokens: Sequence[Token], scene: Scene) -> Understanding | None:
    """Take the answer to who it is that nobody was found for."""
    question = scene.memory.question
    if question is None or question.skill != "create_automation" or question.missing != ("where",) or not tokens:
        return None
    said = text[tokens[0].start : tokens[-1].end].strip(" .!?")
    about = next((one for one in _WHO if len(scene.around.catalog.search(one, said)) == 1), None)
    if about is None:
        return None
    who = {about: scene.around.catalog.search(about, said)[0].number}
    asked = SkillCall(question.skill, question.arguments)
    calls = [*question.before, asked, *question.then]
    return Understanding(calls=tuple(_with_whom(call, who, _where(asked)) for call in calls), confidence=_SURE)


def _with_whom(call: SkillCall, who: dict[str, Any], asked: dict[str, Any]) -> SkillCall:
    """Put who is meant into each call that was of the one who was not found."""
    where = _where(call)
    if where != asked:
        return call
    rest = {name: value for name, value in where.items() if name not in _WHO}
    return SkillCall(call.skill, {**call.arguments, "where": {**rest, **who}})


def _is_strange(text: str, token: Token, scene: Scene) -> bool:
    """Say whether a word is written as a name is, and is nobody's."""
    named = token.kind == "word" and text[token.start : token.end][:1].isupper() and len(token.word) > 1
    known = scene.around.catalog.known(token.word) or token.word in {one.casefold() for one in scene.around.members}
    return named and not known and token.word not in FUNCTION | FILLERS


def _where(call: SkillCall) -> dict[str, Any]:
    return dict(call.arguments.get("where") or {})
