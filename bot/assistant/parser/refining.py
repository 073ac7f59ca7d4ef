"""What was looked up once more, of less or of something else: `any past due?`, `since 1 February`, `disputes as well`.

Only what says nothing but values of what was asked before goes on with it: `the Ember payments` asks for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.conversations import SkillCall
from bot.assistant.parser.asking import asked
from bot.assistant.parser.clauses import Clause
from bot.assistant.parser.correcting import merged
from bot.assistant.parser.filling import fill
from bot.assistant.parser.seeing import Seen
from bot.assistant.understanding import Understanding
from skills.idioms import Idioms
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION

if TYPE_CHECKING:
    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.scene import Scene
    from bot.assistant.understanding import DoneCall

_CONFIDENCE: Final = 0.9
_LEADS: Final = Idioms.longest_first(
    [
        *(f"{that} same {unit}" for that in ("that", "the") for unit in "week month quarter year period time".split()),
        *"and what about|how about|and how about|what about|and|also|plus|or|but|just|only|any|,".split("|"),
    ]
)
_BESIDE: Final = frozenset("alone only too also well instead else".split())
_POINTING: Final = frozenset("one it this that them these those him her other".split())


def refined(clause: Clause, scene: Scene) -> Understanding | None:
    """Return what was looked up last with what a message says of it; None where it says more than that, or nothing."""
    done = _looked_up(scene)
    fragment = _fragment(clause)
    if done is None or fragment is None:
        return None
    draft = fill(scene.grammar.books[done.skill], Seen(fragment, scene), scene, recalling=False)
    required = {argument.name for argument in draft.book.skill.arguments if argument.required}
    new = {name: value for name, value in draft.arguments.items() if done.arguments.get(name) != value}
    if required or not (new or draft.options) or not _is_whole(draft):
        return None
    if not draft.asks:
        return Understanding(calls=(SkillCall(done.skill, merged(done.arguments, new)),), confidence=_CONFIDENCE)
    return _which(draft, done.arguments, scene) if draft.options else None


def _looked_up(scene: Scene) -> DoneCall | None:
    """Return the one thing that was looked up last."""
    memory, books = scene.memory, scene.grammar.books
    if memory.proposal or memory.question is not None or len(memory.last_calls) != 1:
        return None
    [done] = memory.last_calls
    book = books.get(done.skill)
    return done if book is not None and book.skill.effect is Effect.READ else None


def _fragment(clause: Clause) -> Clause | None:
    """Return a message without what only says that it goes on; None where it points at something that was shown."""
    tokens = clause.tokens
    while lead := len(_LEADS.among(tokens, 0) or ()):
        tokens = tokens[lead:]
    pointing = any(token.word in _POINTING for token in tokens)
    return Clause(clause.text, tokens) if tokens and not pointing else None


def _is_whole(draft: Draft) -> bool:
    """Say whether a message has nothing but values and grammar words, and each value has found its place."""
    words = enumerate(draft.clause.tokens)
    rest = {token.word for place, token in words if place not in draft.places and not token.is_mark}
    worded = draft.texts & {value for value in draft.arguments.values() if isinstance(value, str)}
    return not (draft.loose or worded) and rest <= FUNCTION | FILLERS | _BESIDE


def _which(draft: Draft, before: Any, scene: Scene) -> Understanding:  # noqa: ANN401 - JSON
    """Ask which of several is meant, of what was asked before."""
    for name, value in merged(before, draft.arguments).items():
        if name not in draft.asks:
            draft.put(name, value)
    return Understanding(question=asked(draft, scene), confidence=_CONFIDENCE)
