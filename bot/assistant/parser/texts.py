"""Free text in a clause: what stands where the skill's examples have a name or a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.values import Value
from skills.names import ARTICLES
from skills.vocabulary import FILLERS, FUNCTION
from skills.words import Token, stem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bot.assistant.parser.clauses import Clause
    from skills.grammar import Grammar
    from skills.phrasebook import Cue, Phrasebook
    from skills.spec import Argument

_STOPS: Final = frozenset((",", ";", ".", "...", "…", ":", "?", "!", "(", ")"))
_POINTING: Final = frozenset("it them him me us".split())
_FREE: Final = frozenset(("name", "text"))
_TRAILING: Final = FILLERS | frozenset("for with at the and a an of in on to".split())


def free_texts(book: Phrasebook) -> list[Argument]:
    """Return the skill's arguments that are free text."""
    return [argument for argument in book.skill.arguments if argument.type.name in _FREE]


def quoted(clause: Clause, book: Phrasebook) -> Iterator[tuple[str, Value]]:
    """Assign each quotation to the free text whose cue comes before it. One without a cue belongs nowhere."""
    names = [argument.name for argument in free_texts(book)]
    for place, token in enumerate(clause.tokens):
        if token.kind == "quote" and token.word:
            name = next((name for name in names if _cued(clause, place, book, name)), None)
            if name is not None:
                yield name, Value("text", token.word, place, place + 1)


def _cued(clause: Clause, place: int, book: Phrasebook, name: str) -> bool:
    before = [word for word in clause.words[:place] if word not in _STOPS and word not in ARTICLES]
    return any(cue.before and before[-1:] == [cue.before[-1]] for cue in book.cues.get(name, ()))


def sealed(text: str, tokens: Sequence[Token], grammar: Grammar) -> list[Token]:
    """Make one quotation of a message that follows `with the note:` or `saying`, to its end.

    What stands in it is for the client; nothing of it may be read as a request.
    """
    for place, token in enumerate(tokens[:-1]):
        if token.word not in grammar.text_openers or place == 0:
            continue
        start = place + 1
        while start < len(tokens) - 1 and tokens[start].word in {":", "-", "that"}:
            start += 1
        if tokens[start].kind == "quote" or tokens[start].word in {",", "for", "to", ".", "?"}:
            continue
        end = tokens[-1].end
        return [*tokens[: place + 1], Token(text[tokens[start].start : end].strip(), "quote", tokens[start].start, end)]
    return list(tokens)


def captured(
    clause: Clause, argument: Argument, book: Phrasebook, taken: Collection[int], grammar: Grammar
) -> Value | None:
    """Return the text that stands after the words which mark this argument in the examples, or None."""
    stems = {stem(word) for word in clause.words}
    for cue in book.cues.get(argument.name, ()):
        if not cue.needs <= stems:
            continue
        for start in _starts(clause, cue):
            end = _end(clause, start, cue, argument, book, taken)
            if end is None:
                continue
            value = _trimmed(clause, start, end)
            if value is not None and _worth_it(clause, value, argument, book, grammar):
                return value
    return None


def _starts(clause: Clause, cue: Cue) -> Iterator[int]:
    """Find the places right after the cue's words; a cue that opens the example opens the clause too."""
    size = len(cue.before)
    if not size:
        if cue.after or cue.first:
            yield clause.opening
        return
    for place in range(len(clause.words) - size + 1):
        if clause.words[place : place + size] != cue.before:
            continue
        if cue.first != (place <= clause.opening):
            continue
        yield place + size + (clause.words[place + size : place + size + 1] in {(":",), ("-",), (",",)})


def _end(
    clause: Clause, start: int, cue: Cue, argument: Argument, book: Phrasebook, taken: Collection[int]
) -> int | None:
    """Return where the text ends: at a stop, a value of another argument or its cue; with the cue's own end."""
    ends = {c.after for cues in book.cues.values() for c in cues if c.after}
    others = {c.before[-1] for name, cues in book.cues.items() if name != argument.name for c in cues if c.before}
    place = start
    while place < len(clause.tokens):
        word = clause.words[place]
        if word in _STOPS or place in taken or clause.tokens[place].kind == "quote":
            break
        if cue.after and clause.words[place : place + len(cue.after)] == cue.after:
            return place
        if word in others and _leads_on(clause, place, taken):
            break
        if place > start and any(clause.words[place : place + len(end)] == end for end in ends):
            break
        place += 1
    return None if cue.after and not _later(clause, place, cue.after) else place


def _later(clause: Clause, place: int, after: tuple[str, ...]) -> bool:
    """Say whether the words that close a slot come after what else was said of it: `add Mia from Lotus as a client`."""
    return len(after) > 1 and any(clause.words[at : at + len(after)] == after for at in range(place, len(clause.words)))


def _leads_on(clause: Clause, place: int, taken: Collection[int]) -> bool:
    """Say whether the word after a cue (past articles) is a value, or a name with a capital or a pronoun."""
    at = place + 1
    while at < len(clause.words) and clause.words[at] in ARTICLES - {"her", "his", "him", "their"}:
        at += 1
    if at >= len(clause.tokens):
        return False
    token = clause.tokens[at]
    return at in taken or token.word in {"her", "him", "them", "it"} or clause.text[token.start].isupper()


def _trimmed(clause: Clause, start: int, end: int) -> Value | None:
    while start < end and (clause.words[start] in ARTICLES or clause.words[start] in FILLERS):
        start += 1
    while end > start and clause.words[end - 1] in _TRAILING:
        end -= 1
    return Value("text", clause.said(start, end), start, end) if end > start else None


def _worth_it(clause: Clause, value: Value, argument: Argument, book: Phrasebook, grammar: Grammar) -> bool:
    """Refuse a text that is only grammar, or that is a name and begins with a number or a word of the trade."""
    words = clause.words[value.start : value.end]
    if words[0] in _POINTING or all(word in FUNCTION or word in book.words for word in words):
        return False
    if argument.type.name == "name" and clause.tokens[value.start].kind not in {"word", "quote"}:
        return False
    return (
        argument.type.name != "name"
        or not grammar.knows(words[0])
        or clause.text[clause.tokens[value.start].start].isupper()
    )
