"""Which skill a clause means: how well each explains its words, and how much of an example was said.

Weights come from the examples alone. What no skill explains counts against all of them, so a request that is not
in the catalogue ends with a low score instead of with the nearest skill.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.filling import fill
from bot.assistant.parser.guarding import BINDING
from bot.assistant.parser.likeness import likest
from bot.assistant.parser.saying import FULL, LIKE, OTHER_FORM
from bot.assistant.parser.seeing import Seen
from bot.assistant.parser.syntax import has_object
from skills.grammar import FAINT
from skills.moods import Mood
from skills.names import NOUNS
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION, LIGHT_VERBS, PARTICLES, alike, related
from skills.words import stem, words_of

if TYPE_CHECKING:
    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.drafting import Draft
    from bot.assistant.parser.scene import Scene
    from skills.grammar import Grammar
    from skills.phrasebook import Pattern, Phrasebook

_VALUE: Final = 1.5  # what a value that finds its place says about the skill
_LOOSE: Final = 2.5  # what one that finds none says against it
_NOUN: Final = 0.9  # what the skill's records are called
_OTHER_MOOD_WRITE: Final = 0.8
_NO_EVIDENCE: Final = 0.6
_LABELS: Final = frozenset(noun for nouns in NOUNS.values() for noun in nouns)
_TURNING: Final = frozenset(("back", "off", "away", "down"))  # after a verb, they make another one of it
_UNEXPLAINED_WRITE: Final = 0.6
_LIMITED_WRITE: Final = 0.3
_LIMITED_READ: Final = 0.6
_OTHER_VERB: Final = 0.5
_OTHER_NUMBER: Final = 0.8  # “show the drafts” lists them rather than showing one after the other
_SPEAKER: Final = frozenset(("me", "myself", "us"))
_TRADE_IN_TEXT: Final = 0.1
_CONNECTING: Final = frozenset("make change instead actually sorry mean meant rather should show".split())


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


def readings(clause: Clause, scene: Scene) -> list[Reading]:
    """Return what each skill would make of a clause, the likeliest first."""
    seen = Seen(clause, scene)
    found = [_reading(book, seen, scene) for book in scene.grammar.books.values()]
    return sorted(found, key=lambda reading: (-reading.score, reading.skill))


def _reading(book: Phrasebook, seen: Seen, scene: Scene) -> Reading:
    draft = fill(book, seen, scene)
    grammar = scene.grammar
    explained, total = _explained(draft, grammar)
    best, pattern = likest(draft, grammar)
    precision = explained / total if total else 0.0
    score = precision * (0.35 + 0.65 * best)
    if book.skill.effect is Effect.READ:
        score *= _LIMITED_READ if _is_limited(draft) else 1.0
    else:
        score *= _doubt(draft, grammar)
        score *= 1.0 if pattern.mood is draft.clause.mood else _OTHER_MOOD_WRITE
        score *= best if draft.clause.mood is Mood.STATEMENT else 1.0
        score *= 1.0 if _is_spoken_for(draft, grammar) else _NO_EVIDENCE
    score *= 1 - _TRADE_IN_TEXT * _trade_in_texts(draft, grammar)
    if _wants_a_new_one(draft) or _wants_those_there_are(draft):
        score *= _OTHER_VERB
    if (draft.plural or draft.narrowing.every) and book.skill.effect is Effect.READ:
        score *= _OTHER_NUMBER
    if _points_nowhere(draft, scene) or _does_something_else(draft, scene):
        score *= _OTHER_VERB
    for name, value in pattern.implied.items():
        if name not in draft.arguments:
            draft.put(name, value)
    return Reading(draft, score, pattern)


def share_explained(draft: Draft, grammar: Grammar, *, lenient: bool = False) -> float:
    """Return how much of a clause a call explains, between 0 and 1; `lenient` lets words of the trade pass."""
    explained, total = _explained(draft, grammar)
    if lenient:
        explained += sum(
            grammar.weight(token.word)
            for place, token in enumerate(draft.clause.tokens)
            if place not in draft.places and token.word in _CONNECTING
        )
    return min(1.0, explained / total) if total else 0.0


def _trade_in_texts(draft: Draft, grammar: Grammar) -> float:
    """Return the share of words of the trade in what is taken for free text: `who is overdue` looks nobody up."""
    texts = [value for value in draft.arguments.values() if isinstance(value, str) and value in draft.texts]
    words = [word for text in texts for word in words_of(text)]
    return sum(grammar.knows(word) or not word.isalpha() for word in words) / len(words) if words else 0.0


def _explained(draft: Draft, grammar: Grammar) -> tuple[float, float]:
    """Return the weight of what the skill explains of the clause, and of the whole clause."""
    explained = total = 0.0
    for place, token in enumerate(draft.clause.tokens):
        if token.is_mark or token.kind == "quote" or place in draft.places or place < draft.clause.opening:
            continue
        weight = grammar.weight(token.word)
        total += weight
        explained += weight * _known_at(place, draft)
    values = _VALUE * len(draft.arguments)
    loose = _LOOSE * draft.loose
    return explained + values, total + values + loose


def _known_at(place: int, draft: Draft) -> float:
    """Return how far the skill knows a word where it stands: a verb of its openings elsewhere is another word."""
    word = draft.clause.words[place]
    if draft.clause.words[place + 1 : place + 2] == (":",) and word in _LABELS | {a.name for a in draft.fillable}:
        return FULL  # a form's label: “Client: …”
    if word in draft.book.mere_openers and draft.clause.mood is Mood.REQUEST and draft.seen.said.opening != stem(word):
        return 0.0
    return _known(word, draft.book)


def _known(word: str, book: Phrasebook) -> float:
    key = stem(word)
    if word in book.words:
        return FULL
    if key in book.stems:
        return OTHER_FORM
    if key in book.nouns:
        return _NOUN
    if word in FUNCTION or word in FILLERS:
        return 0.5
    return LIKE if related(key) & book.stems else 0.0


def _is_spoken_for(draft: Draft, grammar: Grammar) -> bool:
    """Say whether anything but its values speaks for a write: a word of weight, or a choice that it takes."""
    said = draft.seen.said
    if any(
        grammar.weight(word) > FAINT and (stem(word) in draft.book.stems or related(stem(word)) & draft.book.stems)
        for word in said.words
    ):
        return True
    telling = [a for a in draft.book.skill.arguments if "enum" in a.type.schema or a.type.name == "lines"]
    return any(argument.name in draft.arguments for argument in telling)


def _doubt(draft: Draft, grammar: Grammar) -> float:
    """Return how much a write loses by a word that it does not know, and by one that limits or denies it."""
    left = _left(draft)
    words = draft.clause.words
    if _is_limited(draft) or _is_for_others(draft, left):
        return _LIMITED_WRITE
    strange = any(_known_at(place, draft) == 0 and grammar.weight(words[place]) > 0 for place in left)
    strange = strange or any(_turns(place, draft) for place in left)
    return _UNEXPLAINED_WRITE if strange else 1.0


def _does_something_else(draft: Draft, scene: Scene) -> bool:
    """Say whether a request begins with a word that the skill does not know: what is to be done is something else."""
    place = _verb_place(draft)
    if place is None:
        return False
    word = draft.clause.words[place]
    if _is_other_verb(place, draft, scene):
        return True
    if has_object(draft.clause, place, scene) or place + 1 in _objects(draft):
        return not draft.book.opens_with(word)
    return _known(word, draft.book) == 0 and scene.grammar.weight(word) > 0


def _verb_place(draft: Draft) -> int | None:
    """Return where a request's verb would stand, unless a name, a value or a grammar word stands there."""
    place = next((p for p in range(draft.clause.opening, len(draft.clause.words)) if _counts(draft, p)), None)
    if place is None or place in draft.places or draft.clause.mood is not Mood.REQUEST:
        return None
    word = draft.clause.words[place]
    named = any(place in run.places for run in draft.mentions.named)
    return None if named or (word in FUNCTION - LIGHT_VERBS) else place


def _is_other_verb(place: int, draft: Draft, scene: Scene) -> bool:
    """Say whether a particle makes another verb of it: `write off` is not `write`, `fire` not `fire off`."""
    words = draft.clause.words
    if draft.book.particles.get(words[place]) and not PARTICLES & set(words):
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


def _left(draft: Draft) -> list[int]:
    """Return the places of the words that no value has taken."""
    return [
        place
        for place, token in enumerate(draft.clause.tokens)
        if not token.is_mark and token.kind != "quote" and place not in draft.places and place >= draft.clause.opening
    ]


def _is_limited(draft: Draft) -> bool:
    """Say whether a word that limits or denies is left, and the skill's own sentences do not have it."""
    words = (draft.clause.words[place] for place in _left(draft))
    return any(word in BINDING and word not in draft.book.words for word in words)


def _is_for_others(draft: Draft, left: list[int]) -> bool:
    """Say whether `to me` or `everything` is left, which a write would have to know to do what was said."""
    words = draft.clause.words
    if any(words[place] in _SPEAKER and words[place - 1 : place] == ("to",) for place in left):
        return not draft.book.words & _SPEAKER
    return "everything" in {words[place] for place in left} - draft.book.words and not draft.asks


def _turns(place: int, draft: Draft) -> bool:
    """Say whether a particle makes another verb of the one before: `give her the money back`."""
    word, following = draft.clause.words[place], draft.clause.words[place + 1 : place + 2]
    return word in _TURNING and word not in draft.book.words and following != ("to",)


def _wants_a_new_one(draft: Draft) -> bool:
    """Say whether `a … invoice` is asked for where the skill needs one that is there already."""
    words = draft.clause.words
    for argument in draft.book.skill.arguments:
        record = argument.type.record
        if not argument.required or record is None or draft.mentions.numbered:
            continue
        for place, word in enumerate(words):
            if word in {"a", "an", "another", "new"} and words[place + 1 : place + 2] != ("link",):
                ahead = takewhile(lambda word: word not in FUNCTION, words[place + 1 : place + 6])
                noun = next((w for w in ahead if w in NOUNS.get(record, ())), None)
                if noun is not None and _is_new(noun, draft):
                    return True
    return False


def _is_new(noun: str, draft: Draft) -> bool:
    """Say whether `a … invoice` is one to be made: with a client's name beside it, where it has its amount as well."""
    if draft.mentions.named:
        return not {"amount", "percent"}.isdisjoint(draft.arguments) and not {"the", "'s"} & {*draft.clause.words}
    return noun not in draft.book.words


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
    if clause.words[place] in draft.book.words or place in draft.places:
        return False
    if any(argument.type.record for argument in draft.book.skill.arguments):
        return draft.mentions.pronouns >= {place}
    said = [scene.grammar.books[call.skill] for call in scene.memory.last_calls if call.skill in scene.grammar.books]
    return not any(draft.book.stems & book.stems - {stem(word) for word in FUNCTION} for book in said)
