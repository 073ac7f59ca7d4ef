"""Corrections and follow-ups across messages: `no, make it 600`, `just Delta's`, `and the month before?`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.conversations import SkillCall
from bot.assistant.parser import phrasing
from bot.assistant.parser.explaining import share_explained
from bot.assistant.parser.filling import fill
from bot.assistant.parser.moving import moved_time
from bot.assistant.parser.replacing import says_wrong, undressed, which_instead, without_wrong
from bot.assistant.parser.scaling import in_scale, is_cut_short
from bot.assistant.parser.seeing import Seen
from bot.assistant.understanding import Question, Understanding
from skills.runner import question as asking
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.scene import Scene
    from bot.assistant.understanding import DoneCall
    from skills.phrasebook import Phrasebook

_EXPLAINS: Final = 0.7
_CLEAR: Final = 0.8  # from here on a message that goes on is rather a request of its own
_MARKS: Final = frozenset(
    "same ditto likewise no nope actually sorry wait instead rather oops whoops correction only just better".split()
)
_MARK_PHRASES: Final = (
    ("make", "it"),
    ("make", "that"),
    ("change", "it"),
    ("change", "that"),
    ("i", "mean"),
    ("i", "meant"),
    ("what", "about"),
    ("how", "about"),
    ("and", "for"),
    ("and", "the"),
    ("and", "in"),
    ("it", "was"),
    ("it", "is"),
    ("it", "should"),
    ("that", "should"),
    ("should", "be"),
    ("should", "have"),
    ("is", "enough"),
    ("is", "fine"),
    ("will", "do"),
    ("better", "make"),
    ("better", "on"),
    ("back", "to"),
)
_TITLING: Final = frozenset(
    (verb, what)
    for verb in ("call", "name", "title", "label", "rename", "describe", "word")
    for what in ("it", "that", "this", "them")
)
_ADDING: Final = frozenset((word,) for word in "add include attach with put use say mention only".split())
_OPENING: Final = frozenset((word,) for word in "and also plus with due net".split())
_OTHER: Final = frozenset("other different another".split())
_ADDRESSES: Final = frozenset("address email mail inbox".split())
_REPEATING: Final = frozenset(("same", "ditto", "likewise"))  # “the same for Cedar” is one more
INSTEAD: Final = {"percent": "amount", "amount": "percent"}


def is_marked(clause: Clause) -> bool:
    """Say whether a message says by itself that it corrects or continues what was before."""
    words = [word for word in clause.words if word.isalpha()]
    if set(words[:3]) & _MARKS or says_wrong(clause):
        return True
    return any(tuple(words[at : at + 2]) in _MARK_PHRASES for at in range(min(3, len(words))))


def goes_on(clause: Clause, request: Understanding, scene: Scene) -> bool:
    """Say whether a message that could be a request of its own rather adds to what was asked before it."""
    if any(_same_record(call, waiting) for call in request.calls for waiting in scene.memory.proposal):
        return True
    before = scene.memory.proposal or scene.memory.last_calls
    if not before or any(moved_time(clause, call.arguments) for call in before):
        return bool(before)
    if scene.memory.proposal and _adds(clause, request):
        return True
    opens = clause.words[:1] in _OPENING or clause.words[-1:] == ("?",)
    return opens and _is_fragment(clause, scene)


def _adds(clause: Clause, request: Understanding) -> bool:
    """Say whether what waits is to have something more, or other: `add the line “…”`, `use his other address`."""
    words = clause.words[clause.opening :]
    if words[:1] == ("and",):
        return request.confidence < _CLEAR or words[1:2] in _ADDING
    return words[:1] in _ADDING


def _same_record(call: SkillCall, waiting: SkillCall) -> bool:
    """Say whether a call is one that waits already, for the same records."""
    same = [name for name, value in call.arguments.items() if waiting.arguments.get(name) == value]
    return call.skill == waiting.skill and bool(same) and call.arguments.keys() != waiting.arguments.keys()


def _is_fragment(clause: Clause, scene: Scene) -> bool:
    """Say whether a message is only values, with nothing that says what to do with them: `and due on Friday`."""
    seen = Seen(clause, scene)
    taken = {place for value in seen.values for place in value.places}
    named = seen.mentions(frozenset(taken)).named
    if named and (clause.words[:1] != ("and",) or scene.memory.proposal or not _only_looked(scene)):
        return False
    taken = taken.union(*(run.places for run in named))
    rest = [token.word for place, token in enumerate(clause.tokens) if place not in taken and not token.is_mark]
    return bool(taken) and all(word in FUNCTION or word in FILLERS or word == "due" for word in rest)


def _only_looked(scene: Scene) -> bool:
    """Say whether the last message only asked for something to be shown: `and Cedar?` then asks the same of Cedar."""
    books = scene.grammar.books
    return all(books[call.skill].skill.effect is Effect.READ for call in scene.memory.last_calls if call.skill in books)


def corrected(clause: Clause, scene: Scene) -> Understanding | None:
    """Return what a message makes of the proposal that waits, else of the last call; None where it changes none."""
    memory = scene.memory
    said, clause = clause, without_wrong(clause, scene)
    if memory.proposal:
        return _proposal(clause, scene, said)
    for done in reversed(memory.last_calls):
        changes = _changed(clause, done, said, scene)
        if changes:
            return _sure(_again(done, changes, clause, scene), changes, done, scene)
    return None


def _sure(meant: Understanding, changes: dict[str, Any], before: DoneCall | SkillCall, scene: Scene) -> Understanding:
    """Return what a correction means, or the question how much it is where the thousands may be left out."""
    if len(meant.calls) != 1 or not is_cut_short(changes, before.arguments):
        return meant
    [call] = meant.calls
    rest = {name: value for name, value in call.arguments.items() if name != "amount"}
    text = asking(scene.grammar.books[call.skill].skill, ("amount",))
    return Understanding(question=Question(call.skill, rest, ("amount",), text=text))


def _changed(clause: Clause, call: DoneCall | SkillCall, said: Clause, scene: Scene) -> dict[str, Any]:
    """Return what a message changes of a call; `said` is the whole of it, with what it takes back."""
    changes = _changes(clause, call.skill, call.arguments, scene)
    bare = undressed(clause)
    if not changes and bare is not clause:
        changes = _changes(bare, call.skill, call.arguments, scene)
    return in_scale(changes, call.arguments, said)


def _proposal(clause: Clause, scene: Scene, said: Clause) -> Understanding | None:
    """Apply the changes to each proposed call that they fit."""
    elsewhere = _to_another_address(clause, scene)
    if elsewhere is not None:
        return elsewhere
    calls, changed, changes = [], False, dict[str, Any]()
    for call in scene.memory.proposal:
        changes = _changed(clause, call, said, scene)
        changed = changed or bool(changes)
        now = SkillCall(call.skill, merged(call.arguments, changes))
        calls += [now] if now not in calls else []
    if not changed:
        return which_instead(clause, scene)
    return _sure(Understanding(calls=tuple(calls)), changes, scene.memory.proposal[0], scene)


def _to_another_address(clause: Clause, scene: Scene) -> Understanding | None:
    """Ask for the address where only `use her other address` is said of what waits."""
    [first, *more], words = scene.memory.proposal, {*clause.words}
    book = scene.grammar.books.get(first.skill)
    where = next(iter(book.takes("email")), None) if book is not None else None
    told = any(token.kind == "email" for token in clause.tokens)
    if book is None or where is None or more or told or not (words & _OTHER and words & _ADDRESSES):
        return None
    text = asking(book.skill, (where.name,))
    return Understanding(question=Question(first.skill, dict(first.arguments), (where.name,), text=text))


def _changes(clause: Clause, skill: str, arguments: Any, scene: Scene) -> dict[str, Any]:  # noqa: ANN401 - JSON
    book = scene.grammar.books.get(skill)
    if book is None:
        return {}
    moved = moved_time(clause, arguments) or _retitled(clause, book)
    if moved:
        return moved
    draft = fill(book, Seen(clause, scene), scene, recalling=False)
    changes = {name: value for name, value in draft.arguments.items() if arguments.get(name) != value}
    open_questions = [name for name in draft.asks if name not in arguments]
    worded = all(isinstance(value, str) and value in draft.texts for value in changes.values())
    if worded and _REPEATING & clause.word_set:
        return {}  # “the same for nobody in particular” describes nothing
    if not changes or open_questions or share_explained(draft, scene.grammar, lenient=True) < _EXPLAINS:
        return {}
    return changes


def _retitled(clause: Clause, book: Phrasebook) -> dict[str, Any]:
    """Read `call it "Dispatcher training" instead` of what a call names or describes."""
    argument = book.skill.argument("name") or book.skill.argument("description")
    quotes = [place for place, token in enumerate(clause.tokens) if token.kind == "quote" and token.word]
    lead = [word for word in clause.words[: quotes[0]] if word not in FILLERS] if len(quotes) == 1 else []
    if argument is None or book.skill.effect is Effect.READ or tuple(lead) not in _TITLING:
        return {}
    rest = {word for word in clause.words[quotes[0] + 1 :] if word.isalpha()}
    return {argument.name: clause.tokens[quotes[0]].word} if rest <= FILLERS | FUNCTION else {}


def merged(arguments: Any, changes: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return the arguments of a call with some of them changed: a percentage takes the place of an amount."""
    replaced = {INSTEAD[name] for name in changes if name in INSTEAD}
    return {**{name: value for name, value in arguments.items() if name not in replaced}, **changes}


def _needed(done: DoneCall, changes: dict[str, Any], book: Phrasebook) -> dict[str, Any]:
    """Return what a change is said with once more: of an update that ran, only of which record it was one.

    Where another record is meant, it is that one which is to be changed so.
    """
    needed = {argument.name for argument in book.skill.arguments if argument.required}
    if not book.name.startswith("update_") or needed & changes.keys():
        return done.arguments
    return {name: value for name, value in done.arguments.items() if name in needed}


def _again(done: DoneCall, changes: dict[str, Any], clause: Clause, scene: Scene) -> Understanding:
    """Return the call that a change to a finished one means: the same again, or an update of what it made."""
    book = scene.grammar.books[done.skill]
    number = done.result.get("number")
    again = bool(_REPEATING & {*clause.words})
    if again or book.skill.effect is Effect.READ or number not in scene.memory.created:
        arguments = done.arguments if again else _needed(done, changes, book)
        return Understanding(calls=(SkillCall(done.skill, merged(arguments, changes)),), confidence=0.9)
    update = scene.grammar.books.get(f"update_{book.makes}")
    if update is None:
        return Understanding(declined=True, say=phrasing.CANNOT_CORRECT, confidence=0.9)
    fitting = _for_update(update, changes, clause, scene)
    elsewhere = {argument.name for argument in book.skill.arguments if argument.required} & changes.keys()
    if elsewhere - fitting.keys():
        return Understanding(calls=(SkillCall(done.skill, merged(done.arguments, changes)),), confidence=0.9)
    if not fitting:
        return Understanding(declined=True, say=phrasing.CANNOT_CORRECT, confidence=0.9)
    return Understanding(calls=(SkillCall(update.name, {**fitting, str(book.makes): number}),), confidence=0.9)


def _for_update(update: Phrasebook, changes: dict[str, Any], clause: Clause, scene: Scene) -> dict[str, Any]:
    """Return what an update of a new record says of the changes to the call that made it."""
    draft: Draft = fill(update, Seen(clause, scene), scene, recalling=False)
    named = {name: value for name, value in changes.items() if update.skill.argument(name)}
    needed = {argument.name for argument in update.skill.arguments if argument.required}
    return {name: value for name, value in {**draft.arguments, **named}.items() if name not in needed}
