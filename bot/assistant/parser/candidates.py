"""Which skills a clause may mean at all, and how likely each is at most: what need not be read is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.likeness import likely
from skills.grammar import FAINT
from skills.moods import Mood
from skills.spec import Effect
from skills.vocabulary import related
from skills.words import stem

if TYPE_CHECKING:
    from bot.assistant.parser.seeing import Seen
    from skills.grammar import Grammar
    from skills.phrasebook import Phrasebook

_ANYWHERE: Final = frozenset(("amount", "percent", "date", "period"))  # values that many skills take
_DESCRIBING: Final = frozenset(("kind", "status"))


def candidates(seen: Seen, grammar: Grammar, *, looking: bool) -> list[tuple[Phrasebook, float]]:
    """Return the skills that a clause may mean, each with how likely it is at most, the likeliest first.

    `looking` leaves out what would change anything.
    """
    books = [book for book in _spoken_of(seen, grammar) if not looking or book.skill.effect is Effect.READ]
    return sorted(((book, most_likely(book, seen)) for book in books), key=lambda entry: -entry[1])


def most_likely(book: Phrasebook, seen: Seen) -> float:
    """Return how likely a skill is at most, whatever its arguments are filled with; what else counts takes away."""
    most = seen.most(book)
    return likely(most) * (most if seen.clause.mood is Mood.STATEMENT else 1.0)


def _spoken_of(seen: Seen, grammar: Grammar) -> list[Phrasebook]:
    """Return the skills that a word of weight or a value speaks for; all of them where none does."""
    weighty = {stem(token.word) for at, token in enumerate(seen.clause.tokens) if seen.weights[at] > FAINT}
    kin = weighty.union(*(related(key) for key in weighty))
    types = {value.type for value in seen.values if not value.bare} - _ANYWHERE
    types |= {choice.type.name for choice in grammar.choosable if seen.choices(choice)}
    types |= {"invoice"} if types & _DESCRIBING else set()  # of whatever kind, it is an invoice
    spoken = grammar.spoken_by(kin)
    found = [
        book
        for book in grammar.books.values()
        if book.name in spoken or not types.isdisjoint(book.types) or _opens_faintly(book, seen)
    ]
    return found or list(grammar.books.values())


def _opens_faintly(book: Phrasebook, seen: Seen) -> bool:
    """Say whether a question begins as an example does that is all grammar but for its free text: `how do i …`."""
    words, start = seen.clause.words, seen.clause.opening
    return any(words[start : start + len(opening)] == opening for opening in book.faint_openings)
