"""Typing errors in a message: words are mended towards the words of the trade, and names are left alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.choosing import RHYTHMS
from bot.assistant.parser.dates import MONTHS, UNITS, WEEKDAYS
from bot.assistant.parser.everyday import EVERYDAY
from bot.assistant.parser.guarding import GUARDED
from bot.assistant.parser.numbers import SCALES, TENS
from bot.assistant.parser.numbers import UNITS as NUMBERS
from bot.assistant.parser.ordinals import ORDINALS
from skills.moods import past_courtesy
from skills.spelling import Spelling
from skills.vocabulary import FILLERS, FUNCTION, MODIFIERS
from skills.words import Token, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.understanding import Surroundings
    from skills.grammar import Grammar

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
    "ya": "you",
    "yer": "your",
    "em": "them",
    "pleez": "please",
    "plz": "please",
    "sub": "subscription",
    "subs": "subscriptions",
    "ppl": "people",
    "bc": "because",
    "cos": "because",
    "coz": "because",
    "tmr": "tomorrow",
    "tom'w": "tomorrow",
    "ystd": "yesterday",
    "yest": "yesterday",
    "recd": "received",
    "rcvd": "received",
    "no.": "number",
    "ur": "your",
    "thx": "thanks",
    "tks": "thanks",
    "ty": "thanks",
    "tmrw": "tomorrow",
    "n": "and",
    "w": "with",
    "abt": "about",
    "wk": "week",
    "wks": "weeks",
    "yr": "year",
    "yrs": "years",
    "mth": "month",
    "mths": "months",
    "qtr": "quarter",
    "hwo": "how",
    "waht": "what",
    "whta": "what",
    "yuo": "you",
    "thsi": "this",
    "taht": "that",
    "soz": "sorry",
    "msg": "message",
    "pymt": "payment",
    "pymts": "payments",
    "dep": "deposit",
    "desc": "description",
    "acct": "account",
    "accts": "accounts",
    "cust": "customer",
    "abit": "bit",
    "payed": "paid",
    "mtg": "meeting",
    "pd": "paid",
    "chq": "cheque",
    "cheq": "cheque",
    "bil": "bill",
    "inovice": "invoice",
    "shuld": "should",
    "tha": "the",
    "ot": "to",
    "ofr": "for",
    "si": "is",
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
_AFTER_NAMES: Final = frozenset("from at of over 's needs need wants has is".split())
_MAY_FOLLOW: Final = frozenset("and then to you please not or also just".split())


class Speller:
    """Mends the words of messages against one grammar."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar

    @cached_property
    def _known(self) -> Spelling:
        plurals = {f"{noun}s" for noun in self._grammar.choice_singles if not noun.endswith("s")}
        return Spelling({*self._grammar.words, *plurals, *FUNCTION, *FILLERS, *_OTHERS} - {"used"})

    def mended(self, text: str, tokens: Sequence[Token], around: Surroundings) -> list[Token]:
        """Return the tokens with what is surely a typing error replaced; places in the text stay."""
        people = {member.casefold() for member in around.members}
        result: list[Token] = []
        for place, token in enumerate(tokens):
            word = token.word
            if token.kind == "word" and word in _SHORT and not around.catalog.known(word):
                result.append(replace(token, word=_SHORT[word]))
                continue
            if self._is_owner(tokens, place, around):
                cut = token.end - 1
                result += [replace(token, word=word[:-1], end=cut), Token("'s", "word", cut, token.end)]
                continue
            if token.kind == "word" and word not in people and not self._is_word(word, around):
                if text[token.start].isupper() and not _opens(result):
                    result.append(token)  # a capital inside of a sentence begins a name
                    continue
                word = self._meant(text, tokens, place, result) or word
            result.append(token if word == token.word else replace(token, word=word))
        return result

    def _is_owner(self, tokens: Sequence[Token], place: int, around: Surroundings) -> bool:
        """Say whether a name has lost the apostrophe of its `'s`: `toms email`."""
        token, word = tokens[place], tokens[place].word
        following = tokens[place + 1].word if place + 1 < len(tokens) else ""
        if not self._grammar.knows(following) or following in FUNCTION or tokens[place - 1].word == "the":
            return False
        if token.kind != "word" or not word.endswith("s") or self._grammar.knows(word) or word in FUNCTION:
            return False
        known = around.catalog.known(word)
        return word not in known and word[:-1] in known and word not in EVERYDAY

    def _is_word(self, word: str, around: Surroundings) -> bool:
        return (
            word in FUNCTION
            or word in FILLERS
            or word in EVERYDAY
            or word in MODIFIERS
            or word in _OTHERS
            or word in GUARDED
            or self._grammar.knows(word)
            or bool(around.catalog.known(word))
        )

    def _meant(self, text: str, tokens: Sequence[Token], place: int, before: Sequence[Token]) -> str | None:
        word = tokens[place].word
        close = self._known.near(word)
        if not _opens(before):
            # Only where a request begins may a word be mended into a verb: “shaw” in the middle is a name.
            close = [
                known for known in close if stem(known) not in self._grammar.verbs or stem(known) in self._grammar.nouns
            ]
        elif text[tokens[place].start].isupper() and _word(tokens, place + 1) in _AFTER_NAMES:
            close = [known for known in close if known not in _OTHERS]  # “Sven from Fjord” is no seven
        close = [known for known in close if known not in FUNCTION or _is_slip(word, known)]
        return min(close, default=None, key=lambda known: (_is_other(word, known), self._grammar.weight(known), known))


def _word(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].word if place < len(tokens) else ""


def _is_other(word: str, known: str) -> bool:
    """Say whether a letter is another one, rather than left out, doubled or swapped with the one beside it."""
    return len(word) == len(known) and sorted(word) != sorted(known)


def _is_slip(word: str, known: str) -> bool:
    """Say whether a grammar word was mistyped: in a short word, only swapped letters are a sure sign."""
    return sorted(word) == sorted(known) or len(word) > _SHORTEST_GRAMMAR


def _opens(before: Sequence[Token]) -> bool:
    words = [token.word for token in before]
    if past_courtesy(words) == len(words):
        return True
    return before[-1].is_mark or words[-1] in _MAY_FOLLOW or words[-1] in FILLERS
