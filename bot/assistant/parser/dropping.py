"""What follows a no: only why it is one (`no, don't, too pushy`), or what is wanted instead (`no, send it later`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.courtesies import Courtesy, courtesy_of
from bot.assistant.parser.seeing import Seen
from skills.moods import Mood
from skills.spec import Effect
from skills.vocabulary import COMMANDS

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.scene import Scene
    from bot.assistant.understanding import Understanding
    from skills.words import Token

_POINTING: Final = frozenset("that it this they he she those these".split())
_BEING: Final = frozenset((word,) for word in "is was were are has had".split())
_OTHERS: Final = frozenset("other one ones instead rather both".split())


def set_off(courtesy: Courtesy, taken: int, tokens: tuple[Token, ...]) -> tuple[Courtesy | None, tuple[Token, ...]]:
    """Return a courtesy with what a mark sets off from it; None with all tokens where it is one with what follows.

    Of `wait, stop, that was hers`, no more than `wait, stop` is one, although `stop that` would be.
    """
    spoken = [place for place, token in enumerate(tokens) if not token.is_mark]
    for size in range(taken, 0, -1):
        words = [tokens[place].word for place in spoken[:size]]
        if tokens[spoken[size] - 1].is_mark and courtesy_of(words) == (courtesy, size):
            return courtesy, tokens[spoken[size] :]
    return None, tokens


def only_says_why(rest: Clause, meant: Understanding, scene: Scene) -> bool:
    """Say whether nothing is wanted by what follows a no, which would mean `meant`."""
    if meant.calls:
        return _tells_of_it(rest, meant, scene)
    if _tells(rest) or not (meant.question or meant.declined):
        return True
    return bool(scene.memory.proposal) and _is_idle(rest, scene)


def _tells_of_it(rest: Clause, meant: Understanding, scene: Scene) -> bool:
    """Say whether a story about what waits would only be taken for a look: `no, that was somebody else's money`."""
    books = scene.grammar.books
    looks = all(books[call.skill].skill.effect is Effect.READ for call in meant.calls)
    points = _tells(rest) and rest.words[rest.opening] in _POINTING
    return looks and points and bool(scene.memory.proposal)


def _tells(rest: Clause) -> bool:
    """Say whether something is told: `that was hers` as well."""
    words = rest.words[rest.opening :]
    told = words[:1] and words[0] in _POINTING and words[1:2] in _BEING
    return rest.mood is Mood.STATEMENT or bool(told)


def _is_idle(rest: Clause, scene: Scene) -> bool:
    """Say whether words name nothing, set nothing and ask for nothing: `too pushy`."""
    mentions = Seen(rest, scene).mentions(frozenset())
    named = mentions.named or mentions.numbered or mentions.pronouns or scene.values(rest)
    opens = rest.words[rest.opening : rest.opening + 1]
    return not named and not {*opens} & COMMANDS and not _OTHERS & rest.word_set and "?" not in rest.words
