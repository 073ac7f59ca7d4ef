"""A clause: tokens that belong to one request, with the values found in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.assistant.parser import contacting, money
from bot.assistant.parser.dates import dates
from bot.assistant.parser.periods import periods
from skills.moods import PARTICIPLES, Mood, mood_of, past_courtesy
from skills.vocabulary import related, with_one_owner
from skills.words import stem

if TYPE_CHECKING:
    from bot.assistant.parser.values import Value
    from bot.assistant.understanding import Surroundings
    from skills.words import Token


_GOING_ON: Final = (("and",), ("plus",))


@dataclass(frozen=True)
class Clause:
    """Tokens of `text` that ask for one thing."""

    text: str
    tokens: tuple[Token, ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The folded words; what stands in quotes is no word."""
        return tuple("" if token.kind == "quote" else token.word for token in self.tokens)

    @cached_property
    def word_set(self) -> frozenset[str]:
        """The words, for looking them up."""
        return frozenset(self.words)

    @cached_property
    def kin(self) -> frozenset[str]:
        """The stems of what is said and of what means about the same."""
        return frozenset(like for word in self.words for like in related(stem(word)))

    @cached_property
    def plain_owners(self) -> tuple[str, ...]:
        """The words with one possessive for all."""
        return with_one_owner(self.words)

    @cached_property
    def mood(self) -> Mood:
        """Whether it asks, tells or wants."""
        set_off = self.words[-2:-1] == (",",) and self.words[-1] in PARTICIPLES  # “…, 2k, won” is no verb
        spoken = self.tokens[:-1] if set_off else self.tokens
        said = [token.word for token in spoken if not token.is_mark and token.kind != "quote"]
        return mood_of(said[int(tuple(said[:1]) in _GOING_ON) :])

    @cached_property
    def opening(self) -> int:
        """The place of the first word after fillers and courtesies, and after an `and` that only goes on."""
        start = int(self.words[:1] in _GOING_ON)
        return start + past_courtesy(self.words[start:])

    def said(self, start: int, end: int) -> str:
        """Return the original wording of some tokens."""
        if start >= end:
            return ""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]


def values_in(clause: Clause, around: Surroundings) -> list[Value]:
    """Return the values that look the same whatever is asked, by their places; they may overlap."""
    tokens, text = clause.tokens, clause.text
    ahead = "due" in clause.words
    found = [
        *contacting.emails(tokens, text),
        *contacting.phones(tokens, text, around.country),
        *contacting.spoken_phones(tokens, around.country),
        *contacting.channels(tokens, around.channels),
        *contacting.members(tokens, around.members, around.member),
        *contacting.urls(tokens, text),
        *money.percents(tokens),
        *money.amounts(tokens),
        *dates(tokens, around.today),
        *periods(tokens, around.today, around.country, ahead=ahead),
    ]
    # A client's number may look like one to dial; where it is known to be an invoice's, it is nothing else.
    found = [value for value in found if not any(tokens[place].kind == "record" for place in value.places)]
    found.sort(key=lambda value: (value.start, -value.end))
    return [value for value in found if not any(_within(value, other) for other in found)]


def _within(value: Value, other: Value) -> bool:
    """Say whether a longer value takes the words: the `4` of `4 May` is no amount."""
    return other.start <= value.start and value.end <= other.end and value.places != other.places
