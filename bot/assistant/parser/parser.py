"""The sentence parser: one message in, its meaning out. No network, no model, no clock, no database."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import cached_property, partial
from textwrap import shorten
from typing import TYPE_CHECKING, Final

from bot.assistant.parser import phrasing
from bot.assistant.parser.adding import best_answer
from bot.assistant.parser.asides import without_asides
from bot.assistant.parser.asking import asked
from bot.assistant.parser.automating import without_whom
from bot.assistant.parser.clauses import Clause
from bot.assistant.parser.context import is_courtesy, is_story
from bot.assistant.parser.courtesies import Courtesy, courtesy_of, gives_up
from bot.assistant.parser.declaring import all_treated
from bot.assistant.parser.dropping import only_says_why, set_off
from bot.assistant.parser.following import followed
from bot.assistant.parser.guarding import is_foreign, is_negated, is_supposed, own_part
from bot.assistant.parser.handles import with_handles
from bot.assistant.parser.joining import joined
from bot.assistant.parser.lines import LineFinder
from bot.assistant.parser.placing import with_places
from bot.assistant.parser.repairing import repaired
from bot.assistant.parser.repeating import without_repeats
from bot.assistant.parser.replacing import is_contrast
from bot.assistant.parser.reporting import reports
from bot.assistant.parser.requesting import CERTAIN, SURE, Step, is_sure, steps
from bot.assistant.parser.retracting import is_dropped, wanted_still, with_topics, without_topics
from bot.assistant.parser.rewording import reworded
from bot.assistant.parser.ruling import ruled
from bot.assistant.parser.scene import Made, Scene
from bot.assistant.parser.spelling import Speller
from bot.assistant.parser.splitting import clauses, starts_clause
from bot.assistant.parser.texts import sealed
from bot.assistant.parser.told import spoken_of
from bot.assistant.parser.traits import traits
from bot.assistant.parser.undoing import undone
from bot.assistant.parser.whole import as_one, is_unlikely, leanings
from bot.assistant.parser.wording import with_wording
from bot.assistant.understanding import Memory, Understanding
from skills.grammar import Grammar
from skills.help_topics import examples_of
from skills.moods import Mood
from skills.names import PREFIXES
from skills.vocabulary import OBJECTS
from skills.words import tokenise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.assistant.parser.repairing import Repaired
    from bot.assistant.understanding import Surroundings
    from skills.spec import Skill
    from skills.words import Token

_RECORDS: Final = {prefix: record for record, prefix in PREFIXES.items()}
_UNSURE: Final = 0.3
_NEAR, _NEARER = 0.3, 0.4  # a guess is worth telling sooner where a record of ours was named
_QUOTED: Final = 80
_IFS: Final = (("if",), ("when",), ("unless",), ("once",))


class Parser:
    """Reads messages as calls of the given skills. It keeps nothing between messages.

    Its grammar is derived when the first message comes, unless it was told to `prepare`: that takes a while.
    """

    def __init__(self, skills: Mapping[str, Skill]) -> None:
        self._skills = skills
        self._deriving = threading.Lock()

    @cached_property
    def _grammar(self) -> Grammar:
        return Grammar(self._skills)

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self._grammar)

    def prepare(self) -> None:
        """Derive the grammar, unless that is done; who comes meanwhile waits for it."""
        with self._deriving:
            _ = self._speller, self._grammar.examples

    def parse(self, text: str, memory: Memory, surroundings: Surroundings) -> Understanding:
        """Return what a message means, with a confidence between 0 and 1. Never raises."""
        self.prepare()
        if is_foreign(text):
            return Understanding(declined=True, say=phrasing.NOT_MINE)
        own = own_part(text)
        if text.strip() and not own.strip():
            return Understanding(declined=True, say=phrasing.NOT_MINE)
        mended, tokens = self._mended(own, memory, surroundings)
        if not any(not token.is_mark for token in tokens):
            return Understanding(say=phrasing.NOTHING_SAID)
        scene = Scene(self._grammar, memory, surroundings)
        # Before a text is sealed off that begins in the middle of such a sentence: `… comes in message #ops`.
        return ruled(own, mended, scene) or _read(own, tokens, scene)

    def _mended(
        self, own: str, memory: Memory, surroundings: Surroundings
    ) -> tuple[Sequence[Token], tuple[Token, ...]]:
        """Return the words as they are meant, and the same with free texts sealed off."""
        heard = with_handles(own, surroundings.catalog)
        plainly = reworded(self._speller.mended(own, heard, surroundings))
        mended = with_wording(own, plainly, self._grammar, surroundings)
        plain = without_asides(all_treated(mended), self._grammar, surroundings.catalog)
        placed = with_places(without_whom(plain), memory)
        return placed, tuple(sealed(own, placed, self._grammar))

    def traits(self, text: str, surroundings: Surroundings) -> frozenset[str]:
        """Return what is learnt from a message: see `traits`."""
        self.prepare()
        _, tokens = self._mended(text, Memory(), surroundings)
        return traits(Clause(text, tokens), Scene(self._grammar, Memory(), surroundings))

    def line(self, text: str, surroundings: Surroundings) -> tuple[dict[str, str], str | None] | None:
        """Return what a row of a list bills, as the catalogue writes it, and the currency that its price names."""
        self.prepare()
        clause = Clause(text, tuple(tokenise(text)))
        return LineFinder(clause, Scene(self._grammar, Memory(), surroundings), listed=True).whole()


def _read(text: str, tokens: tuple[Token, ...], scene: Scene) -> Understanding:
    spoken = [token for token in tokens if not token.is_mark]
    courtesy, taken = courtesy_of([token.word for token in spoken])
    if courtesy is not None and taken == len(spoken):
        return _courtesy(courtesy, scene)
    # “don't send it” denies; “no, send it” does not.
    courtesy, asks = set_off(courtesy, taken, tokens) if courtesy is not None else (None, tokens)
    if courtesy in {Courtesy.NO, Courtesy.UNDO} and scene.memory.question is not None:
        return _request(text, asks, replace(scene, memory=replace(scene.memory, question=None)))
    meant = _in_dialogue(text, tokens, asks, scene)
    if courtesy in {Courtesy.NO, Courtesy.UNDO} and only_says_why(Clause(text, asks), meant, scene):
        back = courtesy is Courtesy.UNDO and not scene.memory.proposal
        taken_back = undone(scene) if back else None
        return taken_back or Understanding(drop=True, say=phrasing.ALL_RIGHT)  # “never mind, I'll ring her”
    return meant


def _courtesy(courtesy: Courtesy, scene: Scene) -> Understanding:
    memory = scene.memory
    match courtesy:
        case Courtesy.YES if memory.proposal:
            return Understanding(confirm=True)
        case Courtesy.YES:
            return Understanding(say=phrasing.NOTHING_SAID)
        case Courtesy.UNDO if not memory.proposal and memory.question is None:
            return undone(scene) or Understanding(drop=True, say=phrasing.ALL_RIGHT)
        case Courtesy.NO | Courtesy.UNDO:
            return Understanding(drop=True, say=phrasing.ALL_RIGHT)
        case Courtesy.GREETING:
            return Understanding(say=phrasing.GREETING)
        case _:
            return Understanding(say=phrasing.WELCOME)


def _in_dialogue(text: str, tokens: tuple[Token, ...], asks: tuple[Token, ...], scene: Scene) -> Understanding:
    """Read a message as an answer, a correction or a request, whichever the conversation makes likeliest.

    `asks` is what is left of it after a yes or a no that it begins with.
    """
    clause = Clause(text, tokens)
    question = scene.memory.question
    request = _request(text, asks, _with_focus(scene))
    sure = _wants(request) and request.confidence >= CERTAIN
    contrast = is_contrast(clause, request, scene)
    if (
        sure
        and request.calls
        and question is None
        and not contrast
        and any(map(is_negated, clauses(text, asks, scene)))
    ):
        return request  # “don't send it, void it instead”
    if question is not None:
        answer = best_answer(clause, question, scene, partial(_request, text), asks=_is_request(request, clause))
        if answer is not None and not (sure and request.calls and _is_another(request, clause, scene)):
            return answer
        if not _wants(request) and gives_up([token.word for token in tokens if not token.is_mark]):
            return Understanding(drop=True, say=phrasing.ALL_RIGHT)
    return followed(clause, request, scene, asks=_wants(request) and request.confidence >= SURE) or request


def _is_request(request: Understanding, clause: Clause) -> bool:
    """Say whether a message wants something of its own; two words with capitals may as well be a name: `Bill Grant`."""
    called = len(clause.tokens) > 1 and all(clause.text[token.start].isupper() for token in clause.tokens)
    return request.confidence >= SURE and (bool(request.calls) or (request.question is not None and not called))


def _wants(request: Understanding) -> bool:
    return bool(request.calls or request.question)


def _is_another(request: Understanding, clause: Clause, scene: Scene) -> bool:
    """Say whether a message that asks for something begins as no answer does: with a verb, its skill's or another."""
    first = clause.words[clause.opening] if clause.opening < len(clause.words) - 1 else ""
    meant = scene.grammar.books[request.calls[0].skill]
    return starts_clause(clause, clause.opening, scene) or (first not in OBJECTS | {""} and meant.opens_with(first))


def _with_focus(scene: Scene) -> Scene:
    question = scene.memory.question
    if question is None or not question.about:
        return scene
    return replace(scene, made=tuple(Made(_RECORDS[n.partition("-")[0]], n) for n in question.about))


def _request(text: str, tokens: tuple[Token, ...], scene: Scene) -> Understanding:
    fixed = repaired(text, tokens, scene)
    meant = _by_clauses(text, fixed, scene)
    if scene.memory.question is not None or scene.memory.last_calls or not fixed.tokens:
        return meant  # what goes on with something says little of what that is
    clause = Clause(text, fixed.tokens)
    likely = leanings(clause, scene)
    one = as_one(clause, meant, likely, scene)
    if one is not None:
        return _understood([one], scene)
    return _unlikely(clause) if is_unlikely(meant, likely, scene) else meant


def _unlikely(clause: Clause) -> Understanding:
    """Return what to say to a message of which we would have done what its words, all of them, hardly mean."""
    told = clause.mood is Mood.STATEMENT
    return Understanding(declined=not told, say=phrasing.NOTED if told else phrasing.OUT_OF_SCOPE, confidence=_UNSURE)


def _by_clauses(text: str, fixed: Repaired, scene: Scene) -> Understanding:
    if fixed.taken_back:
        scene = replace(scene, made=(*spoken_of(Clause(text, fixed.taken_back), scene), *scene.made))
    parts = clauses(text, fixed.tokens, scene)
    if is_dropped(parts, fixed.taken_back):
        return Understanding(drop=True, say=phrasing.ALL_RIGHT)
    asking = [part for part in with_topics(wanted_still(parts), scene) if not is_courtesy(part, scene)]
    if not asking:
        return Understanding(say=phrasing.PLEASED)
    found = without_topics(steps(asking, scene), scene)
    wanted = [step for step in found if step.reading is not None]
    sure = [step for step in wanted if is_sure(step)]
    rest = [step for step in wanted if step not in sure and not is_story(step.clause, scene)]
    if not sure and (not wanted or (not rest and len(wanted) < len(found))):
        return Understanding(say=phrasing.ALL_RIGHT)
    if not sure:
        return _unwanted(wanted, scene)
    return _not_whole(rest) if rest else _understood(sure, scene)


def _unwanted(wanted: Sequence[Step], scene: Scene) -> Understanding:
    """Return what to say to a message that asks for nothing we are sure of."""
    if any(_quotes(step.clause) for step in wanted):
        return Understanding(declined=True, say=phrasing.NOT_MINE, confidence=_UNSURE)
    if all(is_supposed(step.clause) for step in wanted):
        return Understanding(say=phrasing.NOTHING_CHANGED, confidence=_UNSURE)
    if all(_tells(step) or reports(step.clause, scene.grammar) for step in wanted):
        return Understanding(say=phrasing.NOTED, confidence=_UNSURE)
    nearest = max((step.reading for step in wanted if step.reading is not None), key=lambda reading: reading.score)
    if nearest.score < (_NEAR if nearest.draft.mentions.numbered else _NEARER):
        return Understanding(declined=True, say=phrasing.OUT_OF_SCOPE, confidence=_UNSURE)
    example = examples_of(nearest.draft.book.skill)[0]
    return Understanding(declined=True, say=phrasing.NEARLY.format(example), confidence=_UNSURE)


def _not_whole(rest: Sequence[Step]) -> Understanding:
    """Return what to say to a message of which some was understood, and some was not: nothing of it is done."""
    said = shorten(" ".join(rest[0].clause.said(0, len(rest[0].clause.tokens)).split()), _QUOTED, placeholder="…")
    return Understanding(declined=True, say=phrasing.IN_PART.format(said), confidence=_UNSURE)


def _tells(step: Step) -> bool:
    """Say whether a clause only tells something, or what the speaker would do if."""
    words = step.clause.words
    return step.clause.mood is Mood.STATEMENT or (
        words[step.clause.opening :][:1] in _IFS and bool({"i", "we"} & {*words})
    )


def _quotes(clause: Clause) -> bool:
    """Say whether somebody else's sentence is quoted."""
    return any(token.kind == "quote" and " " in token.word for token in clause.tokens)


def _understood(sure: Sequence[Step], scene: Scene) -> Understanding:
    confidence = min(1.0, *(step.reading.score for step in sure if step.reading is not None), 1.0)
    sure = without_repeats(sure)
    calls = tuple(call for step in sure for call in step.calls)
    for place, step in enumerate(sure):
        if step.reading is not None and step.reading.draft.asks:
            before = [call for earlier in sure[:place] for call in earlier.calls]
            then = [call for later in sure[place + 1 :] for call in later.calls]
            return Understanding(question=asked(step.reading.draft, scene, before, then), confidence=confidence)
    return Understanding(calls=joined(calls, scene), confidence=confidence)
