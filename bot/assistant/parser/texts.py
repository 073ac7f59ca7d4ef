"""Free text in a clause: what stands where the skill's examples have a name or a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.values import Value
from skills.names import ARTICLES, NOUNS
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION, MODIFIERS, TITLES
from skills.words import Token

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bot.assistant.parser.clauses import Clause
    from skills.cues import Cue
    from skills.grammar import Grammar
    from skills.names import Catalog
    from skills.phrasebook import Phrasebook
    from skills.spec import Argument

_STOPS: Final = frozenset((",", ";", ".", "...", "…", ":", "?", "!", "(", ")"))
_POINTING: Final = frozenset("it them him me us".split())
_PEOPLE: Final = frozenset("her him his their them it".split())
_HEARERS: Final = _PEOPLE | frozenset("client customer that reads".split())
_TELLING: Final = frozenset("tell say saying mention note message".split())
_SPEAKING: Final = frozenset("says said wrote writes told asked asks replied reads answered".split())
_NOTED: Final = frozenset("note message text memo comment add".split())
_DESCRIBED: Final = frozenset("wording description described describe labelled labeled marked".split())
_BEFORE_MESSAGE: Final = ((":",), ("-",), ("with",))
_NO_MESSAGE: Final = frozenset((",", "for", "to", ".", "?"))
_OWNERS: Final = frozenset("his her their".split())
_WHOLE: Final = frozenset("full whole total entire remaining rest".split())  # “for the full 650” says how much
_NOUNS: Final = frozenset(noun for nouns in NOUNS.values() for noun in nouns)
_FREE: Final = frozenset(("name", "text"))
_GOING_ON: Final = frozenset("keep keeps kept is are was were be been started stopped".split())
_TRAILING: Final = FILLERS | frozenset("for with at the and a an of in on to".split())


def free_texts(book: Phrasebook) -> list[Argument]:
    """Return the skill's arguments that are free text."""
    return [argument for argument in book.skill.arguments if argument.type.name in _FREE]


def quoted(clause: Clause, book: Phrasebook) -> Iterator[tuple[str, Value]]:
    """Assign each quotation to the free text whose cue comes before it. One without a cue belongs nowhere."""
    names = [argument.name for argument in free_texts(book)]
    quotes = [place for place, token in enumerate(clause.tokens) if token.kind == "quote" and token.word]
    for place in quotes:
        name = next((name for name in names if _cued(clause, place, book, name)), None)
        if name is None and len(quotes) == 1:
            name = _only_use(clause, place, book)
        if name is not None:
            yield name, Value("text", clause.tokens[place].word, place, place + 1)


def _only_use(clause: Clause, place: int, book: Phrasebook) -> str | None:
    """Return the one free text that a quotation can be for: what a new record is called, else a note."""
    before = [word for word in clause.words[:place] if word not in ARTICLES]
    if book.skill.effect is Effect.READ or set(before[-2:]) & _SPEAKING:
        return None
    required = [argument.name for argument in free_texts(book) if argument.required]
    if required and book.makes is not None:
        return None if set(before) & (_NOTED | _SPEAKING) else required[0]
    plain = [argument.name for argument in book.takes("text")]
    noted = set(before[-2:]) & (_NOTED if book.skill.effect is Effect.OUTWARD else _DESCRIBED)
    return plain[0] if len(plain) == 1 and not required and noted else None


def _cued(clause: Clause, place: int, book: Phrasebook, name: str) -> bool:
    plain = [word for word in clause.words[:place] if word not in _STOPS]
    before = [word for word in plain if word not in ARTICLES]
    said = clause.kin
    teller = next((word for word in reversed(before) if word not in _HEARERS), "")
    if clause.words[place - 1 : place] in _BEFORE_MESSAGE and book.skill.effect is Effect.OUTWARD:
        return True  # “ping her about 1004: "Due tomorrow!"”
    if teller == "tell" and plain[-1:] and plain[-1] in _PEOPLE and book.skill.effect is Effect.OUTWARD:
        return True  # “remind Cedar, and tell her "…"”
    if teller in _TELLING and any(teller in cue.before for cue in book.cues.get(name, ())):
        return True
    return any(
        cue.before and (before[-1:] == [cue.before[-1]] or (plain[-1:] == [cue.before[-1]] and cue.needs & said))
        for cue in book.cues.get(name, ())
    )


def sealed(text: str, tokens: Sequence[Token], grammar: Grammar) -> list[Token]:
    """Make one quotation of a message that follows `with the note:` or `saying`, to its end.

    What stands in it is for the client; nothing of it may be read as a request.
    """
    for place, token in enumerate(tokens[:-1]):
        if token.word not in grammar.text_openers or place == 0 or _has_subject(tokens, place, grammar):
            continue
        start = place + 1
        while start < len(tokens) - 1 and tokens[start].word in {":", "-", "that"}:
            start += 1
        if tokens[start].kind == "quote" or tokens[start].word in grammar.text_openers | _NO_MESSAGE:
            continue
        return [*tokens[: place + 1], as_quote(text, tokens, start)]
    return list(tokens)


def as_quote(text: str, tokens: Sequence[Token], start: int) -> Token:
    """Return what is said from a place to the end as one quotation."""
    begin, end = tokens[start].start, tokens[-1].end
    return Token(text[begin:end].strip(), "quote", begin, end)


def _has_subject(tokens: Sequence[Token], place: int, grammar: Grammar) -> bool:
    """Say whether somebody does what the word says: `Delta say they paid` gives no text."""
    before, word = tokens[place - 1], tokens[place].word
    if before.word in _GOING_ON or before.word == "'s" or before.word in _OWNERS:
        return True  # “the customer's note says …” is somebody else's
    if before.kind != "word" or word.endswith("ing"):
        return False
    return before.word not in FUNCTION | FILLERS | MODIFIERS and not grammar.knows(before.word)


def first_start(clause: Clause, argument: Argument, book: Phrasebook) -> int:
    """Return the first place where a text may begin that is an argument's, that of the end where none may."""
    cues = (cue for cue in book.cues.get(argument.name, ()) if may_mark(cue, clause))
    return min((start for cue in cues for start in places_after(cue, clause)), default=len(clause.tokens))


def may_mark(cue: Cue, clause: Clause) -> bool:
    """Say whether all was said that a cue needs."""
    if cue.before and cue.plain_owners[-1] not in clause.plain_owners:
        return False
    return cue.needs <= clause.kin and (not cue.after or clause.word_set.issuperset(cue.after))


def places_after(cue: Cue, clause: Clause) -> Iterator[int]:
    """Find the places right after the cue's words; one without any stands where the clause begins."""
    words, size, before = clause.plain_owners, len(cue.before), cue.plain_owners
    if not size:
        yield from (clause.opening,) if cue.after or cue.first else ()
        return
    for place in range(len(words) - size + 1):
        if words[place : place + size] == before:
            yield place + size


@dataclass(frozen=True, slots=True)
class TextFinder:
    """Finds the free text of one argument in a clause, outside of the places that are `taken`."""

    clause: Clause
    argument: Argument
    book: Phrasebook
    taken: Collection[int]
    grammar: Grammar
    catalog: Catalog | None = None

    def find(self) -> Value | None:
        """Return the text that stands after the words which mark this argument in the examples, or None."""
        for cue in self.book.cues.get(self.argument.name, ()):
            for start in self._starts(cue) if may_mark(cue, self.clause) else ():
                end = self._end(start, cue)
                value = self.trimmed(start, end) if end is not None else None
                if value is not None and self._is_text(value):
                    return value
        return None

    def after(self, start: int) -> Value | None:
        """Return the text that starts at a place with a capital, as names do."""
        if start >= len(self.clause.tokens) or not self.clause.text[self.clause.tokens[start].start].isupper():
            return None
        end = start
        while end < len(self.clause.tokens) and not self._stops(end):
            end += 1
        return self.trimmed(start, end)

    def _starts(self, cue: Cue) -> Iterator[int]:
        """Find the places right after the cue's words; a cue that opens the example opens the clause too."""
        words, size = self.clause.words, len(cue.before)
        for start in places_after(cue, self.clause):
            if not size:
                yield start
            elif cue.first == (start - size <= self.clause.opening):
                yield start + (words[start : start + 1] in {(":",), ("-",), (",",)})

    def _end(self, start: int, cue: Cue) -> int | None:
        """Return where the text ends: at a stop, at what marks something else, or at the words that close it."""
        place = start
        while place < len(self.clause.tokens) and not self._stops(place):
            if self._said(place, cue.after) and cue.after:
                return place
            if place > start and any(self._said(place, closing) for closing in self.book.closings):
                break
            place += 1
        return None if cue.after and not self._closes_later(place, cue.after) else place

    def _said(self, place: int, words: tuple[str, ...]) -> bool:
        return self.clause.words[place : place + len(words)] == words

    def _stops(self, place: int) -> bool:
        if self.argument.type.name == "name" and self.clause.words[place] in _OWNERS:
            return True
        if self.clause.words[place] in _STOPS or place in self.taken or self.clause.tokens[place].kind == "quote":
            return True
        return self.clause.words[place] in self.book.other_marks[self.argument.name] and self._leads_on(place)

    def _closes_later(self, place: int, after: tuple[str, ...]) -> bool:
        """Say whether the closing words come after what else was said: `add Mia from Lotus as a client`."""
        return len(after) > 1 and any(self._said(at, after) for at in range(place, len(self.clause.words)))

    def _leads_on(self, place: int) -> bool:
        """Say whether the word after a mark (past articles) is a value, a pronoun, or has a capital as names have."""
        at = place + 1
        while at < len(self.clause.words) and self.clause.words[at] in ARTICLES - _PEOPLE:
            at += 1
        if at >= len(self.clause.tokens):
            return False
        token = self.clause.tokens[at]
        if at in self.taken or token.word in _PEOPLE or self.clause.text[token.start].isupper():
            return True
        if self.argument.type.name == "name" and self.catalog is not None and token.word not in FUNCTION:
            known = bool(self.catalog.known(token.word)) and not self.grammar.knows(token.word)
            if known or token.word in self.grammar.choice_singles:
                return True
        # Where nothing has a capital (dictated, typed in haste), names have none either.
        return self.argument.type.name == "name" and self.clause.text.islower() and token.word not in FUNCTION

    def trimmed(self, start: int, end: int) -> Value | None:
        """Return the text between two places, without what only leads to it or trails it."""
        words = self.clause.words
        while start < end and (words[start] in ARTICLES or words[start] in FILLERS - TITLES):
            start += 1
        while end > start and words[end - 1] in _TRAILING:
            end -= 1
        return Value("text", self._written(start, end), start, end) if end > start else None

    def _written(self, start: int, end: int) -> str:
        """Return the wording; the names of people and companies get their capitals where nothing was given any."""
        said = self.clause.said(start, end)
        is_name = self.argument.type.name == "name" and "contact" in {self.book.makes, self._changes()}
        return said.title() if is_name and self.clause.text.islower() else said

    def _changes(self) -> str | None:
        """Return the kind of record that the skill needs first."""
        return next((a.type.record for a in self.book.skill.arguments if a.required and a.type.record), None)

    def _is_text(self, value: Value) -> bool:
        """Refuse what is only grammar, and a name that begins with a number or a word of the trade."""
        words = self.clause.words[value.start : value.end]
        if self.argument.name == "topic" and words[0] not in _POINTING and not all(word in FUNCTION for word in words):
            return True  # “help with invoices”
        if words[0] in _POINTING or all(
            word in FUNCTION or word in self.book.words or word in _NOUNS or word in _WHOLE for word in words
        ):
            return False
        if self.argument.type.name != "name":
            return True
        if _POINTING & {*words}:
            return False  # “put the class pass on it” names nobody
        first = self.clause.tokens[value.start]
        capital = self.clause.text[first.start].isupper()
        return first.kind in {"word", "quote"} and (capital or not self.grammar.knows(words[0]))
