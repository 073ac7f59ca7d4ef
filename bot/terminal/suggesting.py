"""What the Tab key offers: how sentences begin, and what records are called; the skills and the records say it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from billing.ports import Transaction
    from skills.names import Catalog
    from skills.spec import Skill

_SLOT: Final = re.compile(r"\{(\w+)[^}]*\}")
_WORD_STARTS: Final = re.compile(r"(?:^|(?<=\s))\S")
# A title is recognised by its first letters from up to so many words back.
_WORDS_BACK: Final = 4
_MOST: Final = 100  # nobody reads on
_RECORDS: Final = ("invoice", "opportunity", "contact", "automation")


@dataclass(frozen=True, slots=True)
class Word:
    """Something that a sentence may name: what is typed, what kind of thing it is, and a remark beside it."""

    text: str
    record: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text that replaces the last `length` characters before the cursor."""

    text: str
    length: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How sentences begin, each with the kind of record that comes next (or None), and the names there are."""

    openings: Mapping[str, str | None]
    words: tuple[Word, ...]


def openings(skills: Mapping[str, Skill]) -> dict[str, str | None]:
    """Return the words before the first slot of every example of the skills, each with what follows most often."""
    found: dict[str, Counter[str | None]] = {}
    for skill in skills.values():
        for example in skill.examples:
            slot = _SLOT.search(example)
            words = example[: slot.start()].strip() if slot else example
            argument = skill.argument(slot[1]) if slot else None
            found.setdefault(words, Counter())[argument.type.name if argument else None] += 1
    found.pop("", None)
    return {words: kinds.most_common(1)[0][0] for words, kinds in found.items()}


def words(tx: Transaction, catalog: Catalog) -> tuple[Word, ...]:
    """Return the names of a workspace's records, which are in the catalog, and of its channels and members."""
    found = [
        word
        for record in _RECORDS
        for entry in catalog.of(record)
        for word in _called(record, entry.number, entry.label)
    ]
    channels = [Word(channel.name, "channel") for channel in tx.people.channels()]
    members = [
        Word(f"@{member.name}", "member", member.role.value) for member in tx.people.members() if not member.away
    ]
    return (*found, *channels, *members)


def _called(record: str, number: str, label: str) -> Iterator[Word]:
    """Yield a record by its number and, where it has one of its own, by its name."""
    title = label.removeprefix(number).strip(" ()")
    yield Word(number, record, title)
    if title == label:
        yield Word(label, record, number)


def suggest(before: str, vocabulary: Vocabulary) -> list[Suggestion]:
    """Return what may come next after the text before the cursor, the best first, nothing twice, and not thousands."""
    typed = before.lstrip()
    found: dict[str, Suggestion] = {}
    for suggestion in chain(_expected(typed, vocabulary), _named(typed, vocabulary), _begun(typed, vocabulary)):
        found.setdefault(suggestion.text, suggestion)
        if len(found) == _MOST:
            break
    return list(found.values())


def _begun(typed: str, vocabulary: Vocabulary) -> Iterator[Suggestion]:
    """Yield the sentences that begin like this."""
    for opening in sorted(vocabulary.openings):
        if opening.startswith(typed.casefold()) and opening != typed.casefold():
            yield Suggestion(opening, len(typed))


def _expected(typed: str, vocabulary: Vocabulary) -> Iterator[Suggestion]:
    """Yield the records that an opening asks for, right after it."""
    if not typed.endswith(" "):
        return
    record = vocabulary.openings.get(typed.strip().casefold())
    if record is not None:
        yield from (Suggestion(word.text, 0, word.remark) for word in vocabulary.words if word.record == record)


def _named(typed: str, vocabulary: Vocabulary) -> Iterator[Suggestion]:
    """Yield the names of which the last words are the beginning."""
    starts = [match.start() for match in _WORD_STARTS.finditer(typed)]
    for start in starts[-_WORDS_BACK:]:
        fragment = typed[start:]
        for word in vocabulary.words:
            if word.text.casefold().startswith(fragment.casefold()):
                yield Suggestion(word.text, len(fragment), word.remark)
