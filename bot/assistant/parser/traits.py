"""What shows which skill a message means, whatever it names: its words and pairs of words, and kinds of values."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.seeing import Seen
from skills.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.parser.clauses import Clause
    from bot.assistant.parser.scene import Scene
    from skills.moods import Mood

SILENT: Final = frozenset((",", ".", "!", "please", "the", "a", "an", ""))
_EDGE: Final = "|"


def traits(clause: Clause, scene: Scene) -> frozenset[str]:
    """Return the traits of a clause: what is learnt from one sentence holds of others with other names and sums."""
    return traits_of(_kinds_for_values(clause, scene), clause.mood)


def traits_of(words: Sequence[str], mood: Mood) -> frozenset[str]:
    """Return the traits of stems, with kinds such as `<amount>` among them for what has a value."""
    found = {*words, f"{_EDGE} {mood.name}"}
    found |= {f"{one} {two}" for one, two in pairwise((_EDGE, *words, _EDGE))}
    return frozenset(found | {f"{one} * {two}" for one, two in zip(words, words[2:], strict=False)})


def _kinds_for_values(clause: Clause, scene: Scene) -> list[str]:
    """Return the stems of the words, and what kind of value or record stands where one does."""
    kinds = _kinds(clause, scene)
    found: list[str] = []
    for place, token in enumerate(clause.tokens):
        start, kind = kinds.get(place, (place, ""))
        if kind and start == place:
            found.append(kind)
        elif not kind and token.word not in SILENT:
            found.append("<quote>" if token.kind == "quote" else stem(token.word))
    return found


def _kinds(clause: Clause, scene: Scene) -> dict[int, tuple[int, str]]:
    """Return where a value or a name stands: from which place on, and of what kind."""
    seen = Seen(clause, scene)
    found = {place: (value.start, f"<{value.type}>") for value in seen.values for place in value.places}
    # A number alone may be a record's: which one is known by the records that there are.
    sure = {place for value in seen.values if not value.bare for place in value.places}
    mentions = seen.mentions(frozenset(sure))
    for entry in mentions.numbered:
        kind = f"<{entry.numbers[0].partition('-')[0].lower()}>"
        found |= {place: (min(entry.places), kind) for place in entry.places}
    for run in mentions.named:
        found |= {place: (min(run.places), "<name>") for place in run.places}
    return found
