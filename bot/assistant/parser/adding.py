"""Answers that carry more than was asked for: `the website one, and give them until Friday`, `Ember's, she asked`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from billing.conversations import SkillCall
from bot.assistant.parser.asking import answered
from bot.assistant.parser.clauses import Clause
from bot.assistant.parser.correcting import INSTEAD
from bot.assistant.parser.filling import fill
from bot.assistant.parser.guarding import BINDING, begins_negation
from bot.assistant.parser.replacing import undressed
from bot.assistant.parser.scene import Made
from bot.assistant.parser.seeing import Seen
from bot.assistant.parser.splitting import starts_clause
from skills.moods import Mood
from skills.vocabulary import COMMANDS, FILLERS, FUNCTION, MODIFIERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.scene import Scene
    from bot.assistant.understanding import Question, Understanding
    from skills.words import Token

    # Reads what is left of a message as requests of their own, after what was made before them.
    Reads = Callable[[tuple[Token, ...], Scene], Understanding]

_MARKS: Final = frozenset((",", "-", ";", ":", "...", "."))
_JOINING: Final = frozenset(("and", "but", "plus"))
_CONCLUDING: Final = ("so",)
_SUBORDINATE: Final = frozenset("while because since as".split())
_TELLING: Final = frozenset("tell write ask word worth call say mention".split())
_CONFIDENCE: Final = 0.9


def best_answer(clause: Clause, question: Question, scene: Scene, reads: Reads, *, asks: bool) -> Understanding | None:
    """Return what a message means as the answer to an open question; None where it is none.

    `asks` says that the message is a request of its own, and `reads` reads what is left of it as one.
    """
    plain = answered(clause, question, scene, asks=asks)
    bare = undressed(clause)
    if plain is None and bare is not clause:
        plain = answered(bare, question, scene, asks=asks)
    return _fuller(plain, _in_parts(clause, question, scene, reads) or _in_parts(bare, question, scene, reads))


def _fuller(answer: Understanding | None, in_parts: Understanding | None) -> Understanding | None:
    """Return what says more of the two ways in which an answer may be read."""
    if answer is None or in_parts is None:
        return answer or in_parts
    said, more = (each.calls or (each.question,) for each in (answer, in_parts))
    less = all(
        one.arguments.items() < other.arguments.items() for one, other in zip(said, more, strict=False) if one and other
    )
    return in_parts if less and len(said) == len(more) else answer


def _in_parts(clause: Clause, question: Question, scene: Scene, reads: Reads) -> Understanding | None:
    """Return what a message means of which some part answers an open question; None where none does."""
    if starts_clause(clause, clause.opening, scene):
        return None
    for end, start in _cuts(clause):
        head, tail = (Clause(clause.text, tokens) for tokens in (clause.tokens[:end], clause.tokens[start:]))
        found = _in_two(head, tail, question, scene, reads)
        if found is not None:
            return found
    return None


def _cuts(clause: Clause) -> Iterator[tuple[int, int]]:
    """Yield where an answer may end, and where what is said beside it begins."""
    words = clause.words
    for place in range(1, len(words) - 1):
        if words[place] in _MARKS or words[place] in _JOINING:
            start = place + 1
            while start < len(words) - 1 and (words[start] in _MARKS or words[start] in _JOINING):
                start += 1
            yield place, start
        elif words[place] == "with":
            yield place, place


def _in_two(head: Clause, tail: Clause, question: Question, scene: Scene, reads: Reads) -> Understanding | None:
    answer = answered(head, question, scene)
    if answer is None:
        concludes = tail.words[:1] == _CONCLUDING or _points(head)
        return answered(_past(tail), question, scene) if concludes else None
    said = _said(answer, question)
    if said is None:
        return None
    more = _more(tail, question.skill, said, scene)
    if more is None and _tells(tail, scene):
        more = _reason(tail, question.skill, said, scene)
    if more is not None:
        return _with(answer, question, more)
    return _then(tail, answer, question, scene, reads)


def _past(tail: Clause) -> Clause:
    return Clause(tail.text, tail.tokens[tail.words[:1] == _CONCLUDING :])


def _points(head: Clause) -> bool:
    """Say whether a part only points at something that is named after it: `the Norwegian one, Fjord's`."""
    return head.words[:1] == ("the",) and head.words[-1:] == ("one",)


def _said(answer: Understanding, question: Question) -> Mapping[str, Any] | None:
    """Return the arguments that an answer completes, or adds to; None where it is of several records."""
    if answer.question is not None:
        return answer.question.arguments
    calls = answer.calls[len(question.before) : len(answer.calls) - len(question.then)]
    return calls[0].arguments if len(calls) == 1 else None


def _more(tail: Clause, skill: str, said: Mapping[str, Any], scene: Scene) -> dict[str, Any] | None:
    """Return what else of a call is said beside the answer; None where there is nothing, or more than that."""
    if begins_negation(tail.words):
        return None
    book = scene.grammar.books[skill]
    taken = said.keys() | {INSTEAD[name] for name in said if name in INSTEAD}
    only = frozenset(a.name for a in book.skill.arguments if a.name not in taken and a.type.record is None)
    draft = fill(book, Seen(tail, scene), scene, only=only, recalling=False)
    worded = draft.texts & {str(value) for value in draft.arguments.values()}
    if not draft.arguments or draft.loose or worded or not _is_plain(draft):
        return None
    return draft.arguments


def _is_plain(draft: Draft) -> bool:
    """Say whether nothing is said beside the values but how they are to be taken: `bump it to 720 as well`."""
    words = draft.clause.words
    rest = {words[at] for at, token in enumerate(draft.clause.tokens) if at not in draft.places and not token.is_mark}
    return all(word in FUNCTION | FILLERS | MODIFIERS | COMMANDS | _TELLING | draft.book.words for word in rest - {""})


def _tells(tail: Clause, scene: Scene) -> bool:
    """Say whether what is beside an answer only tells why, and names nothing: `they went with somebody else`."""
    why = tail.mood is Mood.STATEMENT or tail.words[0] in _SUBORDINATE
    named = Seen(tail, scene).mentions(frozenset())
    return why and not (scene.values(tail) or named.named or named.numbered or BINDING & tail.word_set)


def _reason(tail: Clause, skill: str, said: Mapping[str, Any], scene: Scene) -> dict[str, Any]:
    """Return the choices that a story names, as `she asked for it` names why money goes back."""
    seen, book = Seen(tail, scene), scene.grammar.books[skill]
    found = {a.name: seen.choices(a) for a in book.takes("reason") if a.name not in said}
    return {name: values[0].value for name, values in found.items() if values}


def _with(answer: Understanding, question: Question, more: dict[str, Any]) -> Understanding:
    """Return an answer with more arguments for the call that was asked about."""
    if answer.question is not None:
        asked = answer.question
        return replace(answer, question=replace(asked, arguments={**asked.arguments, **more}))
    at = len(question.before)
    call = SkillCall(answer.calls[at].skill, {**answer.calls[at].arguments, **more})
    return replace(answer, calls=(*answer.calls[:at], call, *answer.calls[at + 1 :]))


def _then(tail: Clause, answer: Understanding, question: Question, scene: Scene, reads: Reads) -> Understanding | None:
    """Return an answer with a request of its own after it: `the garden photos, with a payment link`."""
    makes = scene.grammar.books[question.skill].makes
    if makes is None or not answer.calls or question.then or tail.words[:1] != ("with",):
        return None
    made = Made(makes, f"${len(answer.calls)}")
    request = reads(tail.tokens[1:], replace(scene, memory=replace(scene.memory, question=None), made=(made,)))
    if not request.calls or any(made.reference not in call.arguments.values() for call in request.calls):
        return None
    return replace(answer, calls=(*answer.calls, *request.calls), confidence=_CONFIDENCE)
