"""Questions back, and what an answer to one makes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from billing.conversations import SkillCall
from bot.assistant.parser import phrasing
from bot.assistant.parser.courtesies import Courtesy, courtesy_of, is_no_value
from bot.assistant.parser.currencies import meant_by, own_of
from bot.assistant.parser.explaining import left, share_explained
from bot.assistant.parser.filling import fill
from bot.assistant.parser.guarding import is_negated, is_supposed
from bot.assistant.parser.money import currencies
from bot.assistant.parser.referring import Found, all_offered, find, offered
from bot.assistant.parser.seeing import Seen
from bot.assistant.understanding import Question, Understanding
from skills.normalising import which
from skills.runner import question as asking
from skills.vocabulary import OBJECTS
from skills.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.scene import Scene
    from skills.names import Catalog, Names
    from skills.phrasebook import Phrasebook

_ANSWERS: Final = 0.7  # how much of a message an answer has to explain
_SPEAKERS: Final = frozenset("i we you it he she they".split())
_ASKING: Final = frozenset("what which who whose how why where when is are do does did can could will would".split())
_MARKS: Final = frozenset("sorry meant oops actually instead".split())
_POINTING: Final = frozenset("one ones same it that this him her them".split())
_OF_ALL: Final = frozenset("all both every each one of them these those the lot whole everything please yes".split())
_PLACES: Final = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "last": -1}


def asked(draft: Draft, scene: Scene, before: Sequence[SkillCall] = (), then: Sequence[SkillCall] = ()) -> Question:
    """Return the question that a call lacks something for."""
    about = tuple(entry.number for entry in _spoken_of(draft, scene.around.catalog))
    arguments = {name: value for name, value in draft.arguments.items() if name not in draft.asks}
    return Question(
        skill=draft.book.name,
        arguments=arguments,
        missing=tuple(draft.asks),
        options=draft.options,
        then=tuple(then),
        text=_wording(draft, scene),
        before=tuple(before),
        about=about,
    )


def _spoken_of(draft: Draft, catalog: Catalog) -> Sequence[Names]:
    """Return the deal or client that was named where no record of the needed kind fits: `the Whitfield job`."""
    if draft.options or not draft.mentions.named:
        return []
    words = [word for run in draft.mentions.named for word in run.words]
    for record in ("opportunity", "contact"):
        fitting = catalog.narrowed(record, words)
        if len(fitting) == 1:
            return fitting
    return []


def _wording(draft: Draft, scene: Scene) -> str:
    argument = draft.book.skill.argument(draft.asks[0])
    record = argument.type.record if argument else None
    said = _said(draft)
    if record is not None and (draft.options or said):
        options = [entry for number in draft.options if (entry := scene.around.catalog.by_number(number))]
        asks = which(record, said, options)
        return phrasing.STRANGER.format(draft.stranger, asks) if draft.stranger else asks
    return asking(draft.book.skill, tuple(draft.asks))


def _said(draft: Draft) -> str:
    """Return the words for a record that is not known, as they were said."""
    places = [*sorted(draft.mentions.unknown), *(place for run in draft.mentions.named for place in run.places)]
    places += [place for entry in draft.mentions.numbered for place in entry.places]
    return draft.clause.said(min(places), max(places) + 1) if places else ""


def answered(clause: Clause, question: Question, scene: Scene, *, asks: bool = False) -> Understanding | None:
    """Return what a message means as the answer to an open question; None where it is none.

    `asks` says that the message is a request of its own: free text is not taken from it then.
    """
    book = scene.grammar.books.get(question.skill)
    if book is None:
        return None
    wanted = frozenset(question.missing) | _instead(book, question) | _beside(book, question)
    draft = fill(book, Seen(clause, scene), scene, only=wanted)
    _choose(draft, question, scene)
    _take_currency(draft, question, scene)
    if not asks and not _is_no_answer(clause, scene):
        _take_whole(draft, question)
    elif any(value in draft.texts for value in draft.arguments.values() if isinstance(value, str)):
        return None
    if not draft.arguments and not draft.options:
        return None
    whole = bool(draft.options) and not (left(draft) or draft.loose)  # a name that fits several has no weight yet
    if not whole and share_explained(draft, scene.grammar) < _ANSWERS:
        return None
    return _completed(draft, question, scene)


def _is_no_answer(clause: Clause, scene: Scene) -> bool:
    """Say whether a message cannot be a name or a text: a no, a question, a greeting, a wish or a request."""
    words = tuple(token.word for token in clause.tokens if not token.is_mark)
    if is_no_value(words) or is_negated(clause) or is_supposed(clause) or "?" in clause.words:
        return True
    if words[0] in _MARKS or words[-1] in _POINTING:
        return True
    second = words[1:2]
    if words[0] in _SPEAKERS or (words[0] in _ASKING and (set(second) & OBJECTS or set(second) & _SPEAKERS)):
        return True
    first = clause.words[clause.opening : clause.opening + 1]
    following = clause.words[clause.opening + 1 : clause.opening + 2]
    return stem(first[0] if first else "") in scene.grammar.verbs and bool(set(following) & OBJECTS)


def _instead(book: Phrasebook, question: Question) -> frozenset[str]:
    """Return what may be said in place of an amount: a percentage, and with it a currency."""
    if "amount" not in question.missing:
        return frozenset()
    return frozenset(name for name in ("percent", "currency") if book.skill.argument(name))


def _beside(book: Phrasebook, question: Question) -> frozenset[str]:
    """Return what somebody may give with a name that was asked for: how they are reached, and where they work."""
    if "name" not in question.missing or book.makes != "contact":
        return frozenset()
    told = (argument for argument in book.skill.arguments if argument.name not in question.arguments)
    return frozenset(argument.name for argument in told)


def _choose(draft: Draft, question: Question, scene: Scene) -> None:
    """Read the answer against the candidates that were offered."""
    for name in question.missing:
        argument = draft.book.skill.argument(name)
        if argument is None or argument.type.record is None or not question.options:
            continue
        if _takes_all(draft, question):
            draft.put_each(name, Found(question.options, draft.mentions.every | draft.mentions.pronouns))
            continue
        place = next((p for p, word in enumerate(draft.clause.words) if word in _PLACES), None)
        if (
            place is not None
            and not draft.mentions.named
            and _PLACES[draft.clause.words[place]] < len(question.options)
        ):
            draft.put(name, question.options[_PLACES[draft.clause.words[place]]], {place})
            continue
        found = find(argument.type.record, draft.mentions, draft.narrowing, scene)
        among = [number for number in (found.whole if found else ()) if number in question.options]
        if found is not None and len(among) == 1:
            draft.put(name, among[0], found.places)
        elif found is not None and among:
            draft.arguments.pop(name, None)
            draft.options = offered(tuple(among))
            draft.places |= found.places


def _takes_all(draft: Draft, question: Question) -> bool:
    """Say whether all that was offered is meant, and nothing else is said: `all of them`, or `both` of two."""
    if not ({token.word for token in draft.clause.tokens if not token.is_mark} <= _OF_ALL):
        return False
    if not all_offered(question.options):
        return False
    return bool(draft.mentions.every) or (draft.mentions.both and len(question.options) == 2)  # noqa: PLR2004 - both


def _take_currency(draft: Draft, question: Question, scene: Scene) -> None:
    """Read a currency that is named alone: `Aussie dollars`, `in EUR`, `kroner` of a record in one of these."""
    if "currency" in question.missing:
        own = own_of(question.arguments, scene)
        for value in currencies(draft.clause.tokens, of_any_country=True):
            meant = meant_by(str(value.value), own, scene.around.currency)
            if meant is not None:
                draft.put("currency", meant, value.places)


def _take_whole(draft: Draft, question: Question) -> None:
    """Take the whole message where free text is asked for."""
    if len(question.missing) != 1 or draft.arguments:
        return
    argument = draft.book.skill.argument(question.missing[0])
    if argument is not None and argument.type.name in {"name", "text"}:
        quotes = [token.word for token in draft.clause.tokens if token.kind == "quote" and token.word]
        said = draft.clause.said(_past_yes(draft.clause), len(draft.clause.tokens)).strip(' .!"“”')
        draft.put(argument.name, quotes[0] if len(quotes) == 1 else said, range(len(draft.clause.tokens)))
        draft.loose -= len(quotes)  # which have found their place


def _past_yes(clause: Clause) -> int:
    """Return the place after a yes that a mark sets off from the answer: `sure, Mia Chen`."""
    mark = next((place for place, token in enumerate(clause.tokens) if token.word in {",", "-", ":"}), 0)
    courtesy, taken = courtesy_of(clause.words[:mark])
    return mark + 1 if courtesy is Courtesy.YES and taken == mark else 0


def _completed(draft: Draft, question: Question, scene: Scene) -> Understanding:
    arguments = {**question.arguments, **draft.arguments}
    filled = set(draft.arguments) | ({"amount"} if "percent" in draft.arguments else set())
    missing = tuple(name for name in question.missing if name not in filled)
    if missing:
        draft.asks = list(missing)
        again = replace(question, arguments=arguments, missing=missing, options=draft.options or question.options)
        return Understanding(question=replace(again, text=_wording(draft, scene)))
    if draft.each is not None:
        calls = tuple(SkillCall(question.skill, {**arguments, draft.each: number}) for number in draft.records)
    else:
        calls = (SkillCall(question.skill, arguments),)
    return Understanding(calls=(*question.before, *calls, *question.then))
