"""Which skill a clause means: how well each explains its words, and how much of an example was said.

Weights come from the examples alone. What no skill explains counts against all of them, so a request that is not
in the catalogue ends with a low score instead of with the nearest skill.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.bounding import Bounds
from bot.assistant.parser.candidates import candidates
from bot.assistant.parser.doubting import doubt, is_limited
from bot.assistant.parser.evidence import is_spoken_for, is_whole
from bot.assistant.parser.explaining import explained, known, trade_in_texts
from bot.assistant.parser.filling import fill
from bot.assistant.parser.likeness import likely, likeness, likest
from bot.assistant.parser.newness import (
    bills_a_new_one,
    give_back_name,
    is_never_called_so,
    is_of_another_kind,
    makes_one_there_is,
    makes_something_else,
    raises_a_new_one,
    tells_nothing_new,
    wants_a_new_one,
)
from bot.assistant.parser.relative import is_difference, takes_difference
from bot.assistant.parser.reporting import is_done_already
from bot.assistant.parser.seeing import Seen
from bot.assistant.parser.syntax import has_object
from skills.grammar import FAINT
from skills.moods import Mood, is_going_on
from skills.names import NOUNS
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION, LIGHT_VERBS, MODIFIERS, PARTICLES, alike
from skills.words import stem

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.scene import Scene
    from skills.phrasebook import Pattern, Phrasebook

_BESIDE_EXAMPLE: Final = 0.08
_OTHER_MOOD_WRITE: Final = 0.8
_ANCHORED: Final = 0.85  # so like one of its examples, a skill is meant whatever stands aside
_NO_EVIDENCE: Final = 0.6
_LIMITED_READ: Final = 0.6
_OTHER_VERB: Final = 0.5
_NOT_YET: Final = 0.4
_OTHER_NUMBER: Final = 0.8  # “show the drafts” lists them rather than showing one after the other
_TRADE_IN_TEXT: Final = 0.1
_ONE: Final = frozenset(("invoice", "bill", "inv"))
_TELLING: Final = 2.0  # so much does a word say that only few skills have
_POINTING: Final = frozenset(("the", "that", "this"))
_AWAY: Final = frozenset("over across through along".split())
_LOOKING: Final = frozenset("look see view".split())
_ROUNDING: Final = 1e-9


_OTHER_KIND: Final = 0.9
_ALL: Final = frozenset("any every each which what all everything".split())
_WHATEVER: Final = frozenset("everything all anything any every whatever whoever".split())


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause as one skill: the call it would be, and between 0 and 1 how likely it is meant."""

    draft: Draft
    score: float
    pattern: Pattern

    @property
    def skill(self) -> str:
        """The skill's name."""
        return self.draft.book.name


def readings(
    clause: Clause, scene: Scene, *, within: float, least: float = 0.0, looking: bool = False
) -> list[Reading]:
    """Return what skills would make of a clause, the likeliest first: of all whose score is so close to the best.

    Others may be among them; of those below `least` one is enough. `looking` leaves out what would change anything.
    """
    seen = Seen(clause, scene)
    bounds = Bounds(seen, scene)
    found: list[Reading] = []
    wanted = 0.0
    for book, most in candidates(seen, scene.grammar, looking=looking):
        if most < wanted:
            break  # to read it against its whole grammar would be in vain, and so would those after it
        if found and most * bounds.share(book, anchored=seen.most(book) >= _ANCHORED) < wanted:
            continue
        reading = _reading(book, seen, scene, wanted)
        if reading is not None:
            found.append(reading)
            wanted = max(wanted, least - _ROUNDING, reading.score - within - _ROUNDING)
    return sorted(found, key=lambda reading: (-reading.score, -len(reading.pattern.words), reading.skill))


def reading_as(name: str, clause: Clause, scene: Scene) -> Reading | None:
    """Return what a skill would make of a clause, however likely it is; None where nothing of it is the skill's."""
    seen, book = Seen(clause, scene), scene.grammar.books[name]
    return _reading(book, seen, scene, 0.0) if seen.compared(book) else None


def _reading(book: Phrasebook, seen: Seen, scene: Scene, wanted: float) -> Reading | None:
    """Read a clause as a skill's; None as soon as its score is sure to be less than is wanted."""
    draft = fill(book, seen, scene)
    grammar = scene.grammar
    best = likeness(draft)
    if likely(best) < wanted:
        return None
    writes = draft.book.skill.effect is Effect.WRITE
    anchored = best >= _ANCHORED and not draft.loose and not (draft.asks and not (writes and draft.arguments))
    told, total = explained(draft, grammar, anchored=anchored)
    score = likely(best) * told / total if total else 0.0
    if score < wanted:
        return None
    pattern = likest(draft)
    score *= 1 - _BESIDE_EXAMPLE * _beside(draft, pattern)
    score *= _certainty(draft, pattern, best, scene, anchored=anchored)
    for name, value in pattern.implied.items():
        if name not in draft.arguments:
            draft.put(name, value)
    give_back_name(draft, pattern, scene)
    _ask_for_more(draft, pattern)
    return Reading(draft, score, pattern)


def _beside(draft: Draft, pattern: Pattern) -> float:
    """Return the share of the weighty words that the nearest example does not have, whichever other has them."""
    weights, places = draft.seen.weights, draft.places
    weighed = [
        (stem(token.word), weights[place])
        for place, token in enumerate(draft.clause.tokens)
        if weights[place] > FAINT and place not in places and token.kind == "word"
    ]
    whole = sum(weight for _, weight in weighed)
    other = sum(weight for key, weight in weighed if key not in pattern.kin | draft.book.nouns)
    return other / whole if whole else 0.0


def _certainty(draft: Draft, pattern: Pattern, best: float, scene: Scene, *, anchored: bool) -> float:
    """Return what is left of a score by all that speaks against a reading, between 0 and 1."""
    grammar, score = scene.grammar, 1.0
    if draft.book.skill.effect is Effect.READ:
        score *= _LIMITED_READ if is_limited(draft, pattern) or _only_tells(draft, pattern) else 1.0
        score *= best if draft.clause.mood is Mood.STATEMENT else 1.0
        score *= _OTHER_NUMBER if _is_about_one(draft) or draft.recalled else 1.0
    else:
        score *= doubt(draft, pattern, grammar, anchored=anchored)
        score *= 1.0 if pattern.mood is draft.clause.mood else _OTHER_MOOD_WRITE
        score *= best if draft.clause.mood is Mood.STATEMENT else 1.0
        score *= _NOT_YET if is_going_on(draft.clause.words, draft.clause.mood) else 1.0
        score *= 1.0 if is_spoken_for(draft, grammar) and is_whole(draft, pattern) else _NO_EVIDENCE
    score *= 1 - _TRADE_IN_TEXT * trade_in_texts(draft, grammar)
    if wants_a_new_one(draft) or _wants_those_there_are(draft):
        score *= _OTHER_VERB
    if (draft.plural or draft.narrowing.every) and draft.book.skill.effect is Effect.READ:
        score *= _OTHER_NUMBER
    if is_of_another_kind(draft) or draft.far:
        score *= _OTHER_KIND
    if is_difference(draft) and not takes_difference(draft):
        score *= _OTHER_VERB
    if _points_nowhere(draft, scene) or _does_something_else(draft, scene) or is_done_already(draft, grammar):
        score *= _OTHER_VERB
    if makes_one_there_is(draft) or makes_something_else(draft) or is_never_called_so(draft):
        score *= _OTHER_VERB
    if raises_a_new_one(draft) or bills_a_new_one(draft, grammar.kinds) or tells_nothing_new(draft):
        score *= _OTHER_VERB
    return score


def _ask_for_more(draft: Draft, pattern: Pattern) -> None:
    """Ask for what the skill needs beside its required arguments, and for the value that a change is said to have."""
    skill = draft.book.skill
    for name in skill.lacks(draft.arguments) if skill.lacks is not None and "percent" not in draft.asks else ():
        draft.ask(name)
    records = {argument.name for argument in skill.arguments if argument.type.record}
    if skill.effect is Effect.WRITE and not draft.asks and records >= draft.arguments.keys():
        wanted = [name for name in pattern.slots if name not in draft.arguments]
        for name in wanted if draft.arguments and skill.name.startswith("update_") else ():
            draft.ask(name)


def _does_something_else(draft: Draft, scene: Scene) -> bool:
    """Say whether a request begins with a word that the skill does not know: what is to be done is something else."""
    if draft.book.name.startswith("create_") and _LOOKING & {*draft.clause.words} - draft.book.words:
        return True
    place = _verb_place(draft)
    if place is None:
        return False
    word = draft.clause.words[place]
    if _is_other_verb(place, draft, scene):
        return True
    if has_object(draft.clause, place, scene) or place + 1 in _objects(draft):
        return not draft.book.opens_with(word)
    return known(word, draft.book) == 0 and scene.grammar.weight(word) > 0


def _only_tells(draft: Draft, pattern: Pattern) -> bool:
    """Say whether a clause states something, and no statement asks for what the skill shows."""
    words = draft.clause.words
    if draft.clause.mood is not Mood.STATEMENT or "?" in words or words[draft.clause.opening] in _WHATEVER:
        return False
    return pattern.mood is not Mood.STATEMENT or bool(draft.mentions.named or draft.mentions.numbered)


def _is_about_one(draft: Draft) -> bool:
    """Say whether `the … deposit` of somebody is one record, where the skill would list several."""
    words = draft.clause.words
    if draft.takes("invoice") or not draft.takes("kind"):
        return False
    if not draft.mentions.named:
        opening = words[draft.clause.opening : draft.clause.opening + 2]
        one = len(opening) > 1 and (opening[1] in _ONE or (words[-1] in _ONE and bool(_POINTING & {*words})))
        return draft.arguments.keys() == {"kind"} and one and "?" not in words
    if any(word in NOUNS["invoice"] and word.endswith("s") for word in words) or _ALL & {*words}:
        return False
    kinds = [value for argument in draft.takes("kind") for value in draft.seen.choices(argument)]
    plural = any(words[value.end - 1].endswith("s") for value in kinds)
    one = bool(kinds) or bool({"invoice", "bill"} & {*words[draft.clause.opening + 1 :]})
    return one and not plural and bool({"the", "'s", "their", "his", "her"} & {*words})


def _verb_place(draft: Draft) -> int | None:
    """Return where a request's verb would stand, unless a name, a value or a grammar word stands there."""
    place = next((p for p in range(draft.clause.opening, len(draft.clause.words)) if _counts(draft, p)), None)
    if place is None or place in draft.places or draft.clause.mood is not Mood.REQUEST:
        return None
    word = draft.clause.words[place]
    named = any(place in run.places for run in draft.mentions.named)
    return None if named or (word in FUNCTION and word not in LIGHT_VERBS) else place


def _is_other_verb(place: int, draft: Draft, scene: Scene) -> bool:
    """Say whether a particle makes another verb of it: `write off` is not `write`, `fire` not `fire off`."""
    words = draft.clause.words
    if draft.book.particles.get(words[place]) and not (PARTICLES | _AWAY) & set(words):
        return True
    following = words[place + 1] if place + 2 < len(words) else ""
    other = following in PARTICLES and following not in draft.book.words
    return other and has_object(draft.clause, place, scene)


def _objects(draft: Draft) -> set[int]:
    """Return the places where a name, a record's number or an amount begins."""
    values = {value.start for value in draft.seen.values if value.type in {"amount", "percent"}}
    mentioned = [run.places for run in draft.mentions.named] + [entry.places for entry in draft.mentions.numbered]
    return values | {min(places) for places in mentioned}


def _counts(draft: Draft, place: int) -> bool:
    token = draft.clause.tokens[place]
    return not token.is_mark and token.word not in FILLERS


def _wants_those_there_are(draft: Draft) -> bool:
    """Say whether several records are spoken of where the skill would make one: `deals for Harper`."""
    makes, words = draft.book.makes, draft.clause.words
    place = _verb_place(draft)
    if makes is None or place is None or draft.book.opens_with(words[place]):
        return False
    return any(word.endswith("s") and word in NOUNS[makes] and word.removesuffix("s") in NOUNS[makes] for word in words)


def _points_nowhere(draft: Draft, scene: Scene) -> bool:
    """Say whether the verb's object is a pronoun that this skill cannot mean: `make it due on Friday`.

    A skill without records may take up what the last call was about: `connect it` after a question about Stripe.
    """
    clause = draft.clause
    place = clause.opening + 1
    if place >= len(clause.words) or clause.words[place] not in {"it", "that", "them", "this"}:
        return False
    if draft.book.makes is not None and clause.words[clause.opening] in alike("create"):
        return True  # what is being made cannot be there already
    if draft.book.name.startswith("create_") and clause.words[clause.opening] == "create":
        return True  # “create it” makes no link for what is there
    following = clause.words[place + 1 : place + 2]
    determines = clause.words[place] in {"that", "this"} and any(
        word.isalpha() and word not in FUNCTION and word not in FILLERS and word not in MODIFIERS for word in following
    )
    if clause.words[place] in draft.book.words or place in draft.places or determines:
        return False  # “that invoice” is no pronoun
    if any(argument.type.record for argument in draft.book.skill.arguments):
        return draft.mentions.pronouns >= {place}
    said = [scene.grammar.books[call.skill] for call in scene.memory.last_calls if call.skill in scene.grammar.books]
    own = {key for key in draft.book.stems - draft.seen.said.stems if scene.grammar.weight_of(key) > _TELLING}
    return not any(own & book.stems for book in said)
