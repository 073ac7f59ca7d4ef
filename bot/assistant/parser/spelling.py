"""Typing errors in a message: words are mended towards the words of the trade, and names are left alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.choosing import RHYTHMS
from bot.assistant.parser.dates import MONTHS, ORDINALS, UNITS, WEEKDAYS
from bot.assistant.parser.everyday import EVERYDAY
from bot.assistant.parser.numbers import SCALES, TENS
from bot.assistant.parser.numbers import UNITS as NUMBERS
from skills.moods import past_courtesy
from skills.spelling import Spelling
from skills.vocabulary import FILLERS, FUNCTION
from skills.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.understanding import Surroundings
    from skills.grammar import Grammar
    from skills.words import Token

# Too short to be looked up by distance, and typed often enough.
_SHORT: Final = {
    "teh": "the",
    "hte": "the",
    "adn": "and",
    "nad": "and",
    "fro": "for",
    "wen": "when",
    "wat": "what",
    "wot": "what",
    "cna": "can",
    "snd": "send",
    "shw": "show",
    "lnk": "link",
    "pmt": "payment",
    "pmts": "payments",
    "amt": "amount",
    "u": "you",
    "ur": "your",
    "thx": "thanks",
    "tks": "thanks",
    "ty": "thanks",
    "tmrw": "tomorrow",
}
_SHORTEST_GRAMMAR: Final = 4
_OTHERS: Final = frozenset(
    (
        *MONTHS,
        *WEEKDAYS,
        *UNITS,
        *SCALES,
        *TENS,
        *NUMBERS,
        *ORDINALS,
        *RHYTHMS,
        "percent",
        "dollars",
        "tomorrow",
        "yesterday",
    )
)
_MAY_FOLLOW: Final = frozenset("and then to you please not or also just".split())


_ASIDES: Final = tuple(
    tuple(line.split())
    for line in """
    by the way
    if you can
    if you could
    if possible
    if that is ok
    if that is okay
    if you do not mind
    if you would
    when you can
    when you get a chance
    when you have a moment
    when you get a minute
    as soon as possible
    asap
    straight away
    for me
    i think
    i guess
    i reckon
    you know
    as well
    will you
    would you
    can you
    at the moment
    right now
    no worries
    """.strip().splitlines()
)


def without_asides(tokens: Sequence[Token], grammar: Grammar) -> list[Token]:
    """Leave out what only fills a sentence: `by the way`, `if possible`, and a `will you` at its end.

    What some skill takes for a choice (`straight away`) stays.
    """
    asides = [aside for aside in _ASIDES if aside not in grammar.choice_phrases]
    kept: list[Token] = []
    place = 0
    while place < len(tokens):
        aside = next((a for a in asides if tuple(t.word for t in tokens[place : place + len(a)]) == a), None)
        ends = aside is not None and all(token.is_mark for token in tokens[place + len(aside) :])
        if aside is None or (aside[-1] == "you" and not (ends and kept)) or len(aside) == len(tokens):
            kept.append(tokens[place])
            place += 1
        else:
            place += len(aside)
    return kept


class Speller:
    """Mends the words of messages against one grammar."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar

    @cached_property
    def _known(self) -> Spelling:
        return Spelling({*self._grammar.words, *FUNCTION, *FILLERS, *_OTHERS} - {"used"})

    def mended(self, text: str, tokens: Sequence[Token], around: Surroundings) -> list[Token]:
        """Return the tokens with what is surely a typing error replaced; places in the text stay."""
        people = {member.casefold() for member in around.members}
        result: list[Token] = []
        for place, token in enumerate(tokens):
            word = token.word
            if token.kind == "word" and word not in people and not self._is_word(word, around):
                if text[token.start].isupper() and not _opens(result):
                    result.append(token)  # a capital inside of a sentence begins a name
                    continue
                word = self._meant(tokens, place, result) or word
            result.append(token if word == token.word else replace(token, word=word))
        return result

    def _is_word(self, word: str, around: Surroundings) -> bool:
        return (
            word in FUNCTION
            or word in FILLERS
            or word in EVERYDAY
            or word in _OTHERS
            or self._grammar.knows(word)
            or bool(around.catalog.known(word))
        )

    def _meant(self, tokens: Sequence[Token], place: int, before: Sequence[Token]) -> str | None:
        word = tokens[place].word
        if word in _SHORT:
            return _SHORT[word]
        close = self._known.near(word)
        if not _opens(before):
            # Only where a request begins may a word be mended into a verb: “shaw” in the middle is a name.
            close = [
                known for known in close if stem(known) not in self._grammar.verbs or stem(known) in self._grammar.nouns
            ]
        close = [known for known in close if known not in FUNCTION or _is_slip(word, known)]
        return min(close, default=None, key=lambda known: (self._grammar.weight(known), known))


def _is_slip(word: str, known: str) -> bool:
    """Say whether a grammar word was mistyped: in a short word, only swapped letters are a sure sign."""
    return sorted(word) == sorted(known) or len(word) > _SHORTEST_GRAMMAR


def _opens(before: Sequence[Token]) -> bool:
    words = [token.word for token in before]
    if past_courtesy(words) == len(words):
        return True
    return before[-1].is_mark or words[-1] in _MAY_FOLLOW or words[-1] in FILLERS
