"""What new records are called: after the words of an example, or as a part of a list that marks set off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser import texts
from skills.names import NOUNS
from skills.vocabulary import FILLERS, FUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.scene import Scene
    from bot.assistant.parser.values import Value
    from skills.spec import Argument

_MARKS: Final = frozenset((",", ":", ";", "-", ">", "|", "."))
_LONGEST: Final = 5
_NOUNS: Final = frozenset(noun for nouns in NOUNS.values() for noun in nouns)


def name_new(draft: Draft, scene: Scene) -> None:
    """Take names of new records first: their words may be names of others, or words of the trade."""
    if not draft.takes("name"):
        return
    taken = draft.places.union(*(value.places for value in draft.seen.values if not value.bare))
    for find in (_said, _set_off, _piece):
        for argument in draft.open("name"):
            value = find(draft, argument, scene, taken)
            if value is not None:
                draft.texts.add(value.value)
                draft.put(argument.name, value.value, value.places)
                taken |= value.places


def _said(draft: Draft, argument: Argument, scene: Scene, taken: set[int]) -> Value | None:
    return _finder(draft, argument, scene, taken).find()


def _finder(draft: Draft, argument: Argument, scene: Scene, taken: set[int]) -> texts.TextFinder:
    return texts.TextFinder(draft.clause, argument, draft.book, taken, scene.grammar, scene.around.catalog)


def _set_off(draft: Draft, argument: Argument, scene: Scene, taken: set[int]) -> Value | None:
    """Read the company in `Mia Chen, Lotus Cafe, mia@…`: a name that only a comma sets off from what is before it."""
    follows = any(not cue.before and not cue.first for cue in draft.book.cues.get(argument.name, ()))
    words, at = draft.clause.words, max(draft.places, default=-1) + 1
    if not follows or words[at : at + 1] != (",",):
        return None
    while at in taken or words[at : at + 1] == (",",):
        at += 1
    return _finder(draft, argument, scene, taken).after(at)


def _piece(draft: Draft, argument: Argument, scene: Scene, taken: set[int]) -> Value | None:
    """Read `driver app` in `a lead for Delta, driver app, 15 grand`, and whoever a list of addresses begins with."""
    if draft.book.makes is None or not (argument.required or draft.arguments):
        return None
    for start, end in _pieces(draft):
        value = _finder(draft, argument, scene, taken).trimmed(start, end)
        if value is not None and not value.places & taken and _names(value, draft, scene):
            return value
    return None


def _pieces(draft: Draft) -> Iterator[tuple[int, int]]:
    """Return where the parts begin and end that marks and line breaks set off; the first one says what is wanted."""
    clause, start, first = draft.clause, draft.clause.opening, draft.only is None
    for place in range(start, len(clause.tokens) + 1):
        ends = place == len(clause.tokens) or clause.words[place] in _MARKS
        breaks = start < place < len(clause.tokens) and _breaks(clause, place)
        if ends or breaks:
            if not first and place > start:
                yield start, place
            first, start = False, place + (not breaks)


def _breaks(clause: Clause, place: int) -> bool:
    return "\n" in clause.text[clause.tokens[place - 1].end : clause.tokens[place].start]


def set_off(clause: Clause) -> int:
    """Return the first place that a mark or a line break before it sets off; that of the end where none does."""
    places = range(1, len(clause.tokens))
    return next((at for at in places if clause.words[at - 1] in _MARKS or _breaks(clause, at)), len(clause.tokens))


def _names(value: Value, draft: Draft, scene: Scene) -> bool:
    """Say whether a part may be a name: of a person with capitals, of a deal whatever is none of the values."""
    clause, words = draft.clause, draft.clause.words[value.start : value.end]
    tokens = clause.tokens[value.start : value.end]
    choices = scene.grammar.choice_words | _NOUNS
    if len(words) > _LONGEST or any(token.kind not in {"word", "number"} for token in tokens):
        return False
    if all(word in FUNCTION or word in FILLERS or word in choices for word in words) or tokens[0].kind != "word":
        return False
    if draft.book.makes == "contact":
        capital = clause.text[tokens[0].start].isupper() or clause.text.islower()
        return capital and not any(word in FUNCTION - {"and", "of", "the"} or word in _NOUNS for word in words)
    return not all(scene.around.catalog.known(word) for word in words)
