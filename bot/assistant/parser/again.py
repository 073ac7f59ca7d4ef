"""The last request once more, for another record: `same again for Delta`, `and one for Fjord too`, `ditto for 1007`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.conversations import SkillCall
from bot.assistant.parser.asking import asked
from bot.assistant.parser.clauses import Clause
from bot.assistant.parser.correcting import merged
from bot.assistant.parser.explaining import share_explained
from bot.assistant.parser.filling import fill
from bot.assistant.parser.seeing import Seen
from bot.assistant.understanding import Understanding
from skills.idioms import Idioms
from skills.spec import Effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.scene import Scene
    from bot.assistant.understanding import DoneCall
    from skills.words import Token

_EXPLAINS: Final = 0.7
_CONFIDENCE: Final = 0.9
_SAME: Final = Idioms.longest_first(
    """
    exactly the same thing
    exactly the same
    the very same
    just the same
    do the same thing
    do the same again
    do the same
    do that again
    do that
    do this
    do this again
    do it again
    the same thing again
    the same thing
    the same again
    the same question
    the same
    same thing again
    same thing
    same again
    same question
    same story
    same deal
    same
    likewise
    ditto
    repeat that
    repeat this
    repeat it
    repeat
    another one like that
    another one like it
    another one just like it
    another like that
    another like it
    another just like it
    one like that
    one just like it
    one just like that
    that again
    """.strip().splitlines()
)
_ONE_MORE: Final = Idioms.longest_first(("another one", "another", "one more", "one"))
_TAILS: Final = (("the", "same", "question"), ("same", "question"), ("same", "thing"), ("the", "same"), ("ditto",))
_POLITE: Final = frozenset("please pls too also thanks".split())
_OPENING: Final = frozenset("and now then ok okay right so yes yeah great next plus".split())
_TO_WHOM: Final = frozenset("for with to on about of at".split())
_MARKS: Final = frozenset((",", ".", "-", "!", "?", ":"))


def repeated(clause: Clause, scene: Scene) -> Understanding | None:
    """Return the calls of the last turn for the record that is named now; None where a message asks for none such."""
    done = scene.memory.last_calls
    book = scene.grammar.books.get(done[0].skill) if done else None
    thing = _for_what(clause, writes=book.skill.effect is not Effect.READ) if book else ()
    if book is None or not thing or len({call.skill for call in done}) < len(done):
        return None  # which of several of a sort is meant would be a guess
    draft = fill(book, Seen(Clause(clause.text, tuple(thing)), scene), scene, recalling=False)
    records = {argument.name for argument in book.skill.arguments if argument.type.record}
    new = records & (draft.arguments.keys() | {*draft.asks}) - _unsaid(draft, records)
    told = bool(new & {*draft.asks}) or share_explained(draft, scene.grammar, lenient=True) >= _EXPLAINS
    if not new or draft.each is not None or not told:
        return None
    kept = {name: value for name, value in _kept(done[0], scene).items() if name not in new}
    for name, value in merged(kept, draft.arguments).items():
        draft.put(name, value)
    first = SkillCall(book.name, draft.arguments)
    rest = tuple(_behind(call, place, done, scene) for place, call in enumerate(done[1:], 1))
    if draft.asks:
        return Understanding(question=asked(draft, scene, then=rest), confidence=_CONFIDENCE)
    return Understanding(calls=(first, *rest), confidence=_CONFIDENCE)


def _unsaid(draft: Draft, records: set[str]) -> set[str]:
    """Return the records that are asked for and were not spoken of."""
    spoken = draft.mentions.named or draft.mentions.numbered or draft.mentions.unknown
    return set() if spoken else records & {*draft.asks}


def _kept(call: DoneCall, scene: Scene) -> dict[str, Any]:
    """Return what is the same for anybody: an address and words for one client are not."""
    arguments = scene.grammar.books[call.skill].skill.arguments
    own = {argument.name for argument in arguments if argument.type.name == "email" or argument.name == "message"}
    return {name: value for name, value in call.arguments.items() if name not in own}


def _behind(call: DoneCall, place: int, done: Sequence[DoneCall], scene: Scene) -> SkillCall:
    """Return a later call of the turn for what the earlier ones make now."""
    made = {str(before.result.get("number")): f"${at}" for at, before in enumerate(done[:place], 1) if before.result}
    kept = _kept(call, scene)
    return SkillCall(call.skill, {n: made.get(v, v) if isinstance(v, str) else v for n, v in kept.items()})


def _for_what(clause: Clause, *, writes: bool) -> Sequence[Token]:
    """Return what the same is asked for; nothing where a message asks for something of its own.

    `one for Ember` is one more of what was made or sent, and of nothing that was looked up.
    """
    tokens = [token for token in clause.tokens[clause.opening :] if token.word not in _POLITE]
    while tokens and tokens[-1].word in _MARKS:
        tokens.pop()
    start = 0
    while start < len(tokens) and tokens[start].word in _OPENING | _MARKS:
        start += 1
    size = _said(tokens, start, _SAME) or (_said(tokens, start, _ONE_MORE) if writes else 0)
    tail = _tail(tokens[start + size :])
    rest = tokens[start + size : len(tokens) - tail]
    while rest and rest[-1].word in _MARKS:
        rest.pop()
    if size and rest and rest[0].word in _TO_WHOM:
        return rest[1:]
    return rest if tail and not size else ()


def _tail(tokens: Sequence[Token]) -> int:
    """Return how many words at the end say that it is the same once more: `and Cedar, same question`."""
    words = tuple(token.word for token in tokens)
    return next((len(tail) for tail in _TAILS if words[-len(tail) :] == tail and len(words) > len(tail)), 0)


def _said(tokens: Sequence[Token], place: int, idioms: Idioms) -> int:
    return len(idioms.among(tokens, place) or ())
