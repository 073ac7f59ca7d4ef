"""How much of a clause a skill explains: what no skill explains counts against all, unless it only stands aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.saying import FULL, LIKE, OTHER_FORM
from bot.assistant.parser.standing import stands_aside
from skills.moods import Mood
from skills.names import NOUNS
from skills.vocabulary import FILLERS, FUNCTION, MODIFIERS, related
from skills.words import stem, words_of

if TYPE_CHECKING:
    from bot.assistant.parser.drafting import Draft
    from skills.grammar import Grammar
    from skills.phrasebook import Phrasebook

VALUE: Final = 1.5  # what a value that finds its place says about the skill
LOOSE: Final = 2.5  # what one that finds none says against it
_NOUN: Final = 0.9  # what the skill's records are called
ASIDE: Final = 0.3  # what an unknown word says that only tells how, where or why
_LABELS: Final = frozenset(noun for nouns in NOUNS.values() for noun in nouns)
_FRONTED: Final = frozenset("for on from".split())  # “for Cedar, do a deposit”
_CONNECTING: Final = frozenset(
    """make change instead actually sorry mean meant rather should show enough better plenty whoops wrong one add
    include put reason message line note words address email use client back""".split()
)


def explained(draft: Draft, grammar: Grammar, *, anchored: bool = False) -> tuple[float, float]:
    """Return the weight of what the skill explains of the clause, and of the whole clause.

    Where it is `anchored`, words that nobody knows weigh little in more places.
    """
    told = total = 0.0
    for place, token in enumerate(draft.clause.tokens):
        if token.is_mark or token.kind == "quote" or place in draft.places or place < draft.clause.opening:
            continue
        weight = ASIDE if stands_aside(place, draft, grammar, anchored=anchored) else draft.seen.weights[place]
        total += weight
        told += weight * known_at(place, draft)
    values = VALUE * len(draft.arguments)
    loose = LOOSE * draft.loose
    return told + values, total + values + loose


def share_explained(draft: Draft, grammar: Grammar, *, lenient: bool = False) -> float:
    """Return how much of a clause a call explains, between 0 and 1; `lenient` lets words of the trade pass."""
    told, total = explained(draft, grammar)
    if lenient:
        told += sum(
            draft.seen.weights[place]
            for place, token in enumerate(draft.clause.tokens)
            if place not in draft.places and token.word in _CONNECTING
        )
    return min(1.0, told / total) if total else 0.0


def trade_in_texts(draft: Draft, grammar: Grammar) -> float:
    """Return the share of words of the trade in what is taken for free text: `who is overdue` looks nobody up."""
    texts = [value for value in draft.arguments.values() if isinstance(value, str) and value in draft.texts]
    words = [word for text in texts for word in words_of(text)]
    return sum(grammar.knows(word) or not word.isalpha() for word in words) / len(words) if words else 0.0


def known_at(place: int, draft: Draft) -> float:
    """Return how far the skill knows a word where it stands: a verb of its openings elsewhere is another word."""
    word = draft.clause.words[place]
    if draft.clause.words[place + 1 : place + 2] == (":",) and word in _LABELS | {a.name for a in draft.fillable}:
        return FULL  # a form's label: “Client: …”
    elsewhere = draft.clause.mood is Mood.REQUEST and draft.seen.said.opening not in {stem(word), *_FRONTED}
    if word in draft.book.mere_openers and elsewhere and stem(word) not in draft.book.nouns:
        return 0.0
    return known(word, draft.book)


def known(word: str, book: Phrasebook) -> float:
    """Return between 0 and 1 how far a word is one of a skill's."""
    key = stem(word)
    if word in book.words:
        return FULL
    if key in book.stems:
        return OTHER_FORM
    if key in book.nouns:
        return _NOUN
    if word in FUNCTION or word in FILLERS or word in MODIFIERS:
        return 0.5
    return LIKE if related(key) & book.stems else 0.0


def left(draft: Draft) -> list[int]:
    """Return the places of the words that no value has taken."""
    return [
        place
        for place, token in enumerate(draft.clause.tokens)
        if not token.is_mark and token.kind != "quote" and place not in draft.places and place >= draft.clause.opening
    ]
