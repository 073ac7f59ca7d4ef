"""Sentences that change an automation: `rename it to …`, `make it 10k instead`, `also thank the client`.

“It” is the automation that is named, or the one that was spoken of last. What is not understood to the last
word changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from billing.conversations import SkillCall
from bot.assistant.parser.changing import changes_in
from bot.assistant.parser.doing import ABOUT, actions_in, starts
from bot.assistant.understanding import Understanding
from skills.names import NOUNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.scene import Scene
    from skills.words import Token

SKILL: Final = "update_automation"
_SURE: Final = 0.9
# What “call it …” means where nobody is given a name.
_NO_NAMES: Final = frozenset(("off", "a day", "quits", "back", "again", "now"))
_LONGEST_NAME: Final = 8
_BEFORE_NAMES: Final = frozenset("the our my that this".split())
_FARTHEST: Final = 7
_IDLE: Final = frozenset("you note notes mail mails email emails message messages client clients".split())
_MAKING: Final = frozenset("create_automation update_automation set_automation use_automation try_automation".split())
_EDITING: Final = frozenset((("edit", "it"), ("change", "it"), ("update", "it"), ("adjust", "it"), ("amend", "it")))
_ADDING: Final = (
    ("and", "also"),
    ("and", "then", "also"),
    ("then", "also"),
    ("have", "it", "also"),
    ("make", "it", "also"),
    ("let", "it", "also"),
    ("it", "should", "also"),
    ("it", "shall", "also"),
    ("add", "a", "step", "to"),
    ("add", "a", "step", "that"),
    ("add", "a", "step", ":"),
    ("add", "another", "step", ":"),
    ("add", "another", "step", "to"),
    ("add", "another", "step", "that"),
    ("also",),
)
_AS_WELL: Final = (("as", "well"), ("too",), ("also",), ("on", "top"), ("afterwards",))
_POLITE: Final = frozenset("please can could would you kindly ok okay and so then".split())
_NAMING: Final = (
    ("rename", "it", "to"),
    ("rename", "it", "as"),
    ("rename", "it", "into"),
    ("rename", "it"),
    ("relabel", "it", "as"),
    ("retitle", "it", "to"),
    ("call", "it"),
    ("name", "it"),
    ("title", "it"),
    ("give", "it", "the", "name"),
    ("change", "its", "name", "to"),
    ("change", "the", "name", "to"),
    ("change", "the", "name", "of", "it", "to"),
    ("set", "the", "name", "of", "it", "to"),
    ("set", "its", "name", "to"),
    ("it", "should", "be", "called"),
    ("it", "shall", "be", "called"),
    ("it", "is", "called"),
)


def amended(text: str, tokens: Sequence[Token], scene: Scene) -> Understanding | None:
    """Return the change of an automation that a message asks for; None where it asks for none."""
    if SKILL not in scene.grammar.books or scene.memory.question is not None or scene.memory.proposal:
        return None
    named, said = pointed_at(text, _trimmed(tokens), scene)
    number = named or spoken_of(scene)
    if number is None:
        return None
    name = _name(text, said)
    if name:
        return _call(number, {"name": name})
    words = tuple(token.word for token in said)
    if named is not None and words in _EDITING:
        return _call(number, {})
    added = _added(text, said, number, scene)
    changes = None if added else changes_in(text, said, scene)
    return _call(number, changes) if changes else added


def spoken_of(scene: Scene) -> str | None:
    """Return the automation that was made, changed, switched or tried just before; None where it was something else."""
    focus = scene.memory.focus[:1]
    recent = any(call.skill in _MAKING and call.status == "done" for call in scene.memory.last_calls)
    return focus[0] if recent and focus and focus[0].startswith("AUT-") else None


def pointed_at(text: str, tokens: Sequence[Token], scene: Scene) -> tuple[str | None, list[Token]]:
    """Return the automation that is named, None for none, and the tokens with `it` in the place of its name.

    What fits several is returned as it was said: the one door asks which of them is meant.
    """
    for place, token in enumerate(tokens):
        if token.kind == "record" and token.word.startswith("aut-"):
            return token.word.upper(), _with_it(tokens, place, place + 1)
        if token.word in NOUNS["automation"] | {"one"} and not token.word.endswith("s"):
            start = max((at for at in range(place) if tokens[at].word in _BEFORE_NAMES), default=place)
            found = _found(text, tokens[start + 1 : place], scene) if place - start < _FARTHEST else None
            if found is not None and (token.word != "one" or found.startswith("AUT-")):
                return found, _with_it(tokens, start, place + 1)
    return None, list(tokens)


def _with_it(tokens: Sequence[Token], start: int, end: int) -> list[Token]:
    it = replace(tokens[start], word="it", kind="word", end=tokens[end - 1].end)
    return [*tokens[:start], it, *tokens[end:]]


def _found(text: str, tokens: Sequence[Token], scene: Scene) -> str | None:
    """Return the one automation that words mean, the words where they fit several, None where they fit none."""
    if not tokens:
        return None
    phrase = text[tokens[0].start : tokens[-1].end].strip()
    plain = " ".join(word for word in re.split(r"[\s-]+", phrase.casefold()) if word not in _IDLE)
    search = scene.around.catalog.search
    fitting = search("automation", phrase) or (search("automation", plain) if plain else [])
    if not fitting:
        return None
    return fitting[0].number if len(fitting) == 1 else plain


def _trimmed(tokens: Sequence[Token]) -> list[Token]:
    start, end = 0, len(tokens)
    while start < end and (tokens[start].word in _POLITE or tokens[start].word in {",", "-"}):
        start += 1
    while end > start and (tokens[end - 1].word == "please" or tokens[end - 1].word in set(".!?,")):
        end -= 1
    return list(tokens[start:end])


def _call(number: str, arguments: dict[str, Any]) -> Understanding:
    return Understanding(calls=(SkillCall(SKILL, {"automation": number, **arguments}),), confidence=_SURE)


def _name(text: str, tokens: Sequence[Token]) -> str:
    """Return what it is to be called, as it was written; "" where nothing of that is said."""
    words = tuple(token.word for token in tokens)
    lead = max((len(row) for row in _NAMING if words[: len(row)] == row), default=0)
    named = tokens[lead:]
    if not lead or not named or len(named) > _LONGEST_NAME or named[0].word in {"only", "when", "if", "for"}:
        return ""
    name = re.sub(r"^[\"“«'‘]|[\"”»'’]$", "", text[named[0].start : named[-1].end].strip()).strip()
    return "" if name.casefold() in _NO_NAMES or not any(sign.isalpha() for sign in name) else name


def _added(text: str, tokens: Sequence[Token], number: str, scene: Scene) -> Understanding | None:
    """Read `also thank the client`."""
    deed = _deed(tokens)
    if not deed or not starts(deed, 0) or any(token.kind == "record" for token in deed):
        return None
    actions = actions_in(text, deed, scene.around) or []
    if not actions or any(ABOUT in action or action["do"] == "create_invoice" for action in actions):
        return None
    calls = tuple(SkillCall(SKILL, {"automation": number, "also": action}) for action in actions)
    return Understanding(calls=calls, confidence=_SURE)


def _deed(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return what is to be done as well; nothing where a message does not say that it is more of the same."""
    words = tuple(token.word for token in tokens)
    lead = next((len(row) for row in _ADDING if words[: len(row)] == row), 0)
    tail = next((len(row) for row in _AS_WELL if words[-len(row) :] == row), 0)
    return tokens[lead : len(tokens) - tail] if lead or tail else ()
