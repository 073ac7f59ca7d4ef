"""Everyday turns of phrase, said again in the plain words that the grammar knows: `the quarter just gone`.

Each holds for every skill. What is rewritten keeps its place in the text, so that wording can still be quoted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.dates import WEEKDAYS
from bot.assistant.parser.summing import plain_sum, rows, said_at, word_at
from skills.vocabulary import OBJECTS
from skills.words import Token

if TYPE_CHECKING:
    from collections.abc import Sequence


_GONE: Final = rows("""
just gone
just gone by
just ended
just finished
just past
just passed
that just ended
that just finished
that just went
that has just ended
that has just finished
we just had
we just finished
we have just had
""")
_LEAST_BEFORE: Final = 3
_PAYERS: Final = frozenset("he she they it which this that client customer".split())
_UNITS: Final = frozenset("week month quarter year".split())
_EVERY: Final = frozenset("all every everyone everybody each both unpaid overdue late drafts rest outstanding".split())
_SKIPPING: Final = rows("""
leave out
leaving out
skip
skipping
skip over
without
ignore
ignoring
forget
not including
minus
""")
# Who must pay by when is when it is due.
_OWING: Final = frozenset("must should shall needs need has have is are ought".split())
_PAYABLE: Final = rows("""
pay
pay it
pay us
be paid
be settled
be paid in full
settle
settle up
""")
_BY_THEN: Final = rows("""
by
until
till
before
within
no later than
not later than
on or before
""")
_PLAIN: Final[dict[tuple[str, ...], tuple[str, ...]]] = {
    said: tuple(meant.split())
    for said, meant in {
        ("payable", "no", "later", "than"): "due",
        ("due", "no", "later", "than"): "due",
        ("no", "later", "than"): "by",
        ("falling", "due"): "due",
        ("ahead", "of"): "before",
        ("in", "advance", "of"): "before",
        ("falls", "due"): "due",
        ("payable", "within"): "due in",
        ("payment", "within"): "due in",
        ("due", "until"): "due",
        ("with", "terms"): "due in",
        ("on", "terms", "of"): "due in",
        ("with", "payment", "due"): "due",
        ("for", "payment", "by"): "due",
        ("with", "no", "due", "date"): "",
        ("no", "due", "date"): "",
        ("without", "a", "due", "date"): "",
        ("in", "the", "amount", "of"): "for",
        ("in", "the", "sum", "of"): "for",
        ("with", "respect", "to"): "for",
        ("in", "respect", "of"): "for",
        ("in", "relation", "to"): "for",
        ("in", "the", "matter", "of"): "for",
        ("on", "behalf", "of"): "for",
        ("on", "account", "of"): "for",
        ("make", "remember", "to"): "remind",
        ("make", "remember"): "remind",
        ("with", "the", "words"): "saying",
        ("using", "the", "words"): "saying",
        ("in", "the", "words"): "saying",
        ("with", "the", "line"): "saying",
        ("with", "a", "line"): "saying",
        ("with", "the", "wording"): "saying",
        ("and", "the", "line"): "saying",
        ("worded",): "saying",
        ("that", "reads"): "saying",
        ("out", "it", "goes"): "send it",
        ("off", "it", "goes"): "send it",
        ("away", "it", "goes"): "send it",
        ("though", "not", "before"): "on",
        ("but", "not", "before"): "on",
        ("double", "check"): "check",
        ("double-check",): "check",
        ("triple", "check"): "check",
        ("cross", "check"): "check",
        ("cross-check",): "check",
        ("help", "me", "with"): "help with",
        ("help", "me", "out", "with"): "help with",
        ("i", "need", "help", "with"): "help with",
        ("some", "help", "with"): "help with",
        ("a", "hand", "with"): "help with",
    }.items()
}
_LOOKING: Final = rows("""
let me see
let me look at
let me have a look at
let me take a look at
let me pull up
can i see
could i see
may i see
can i have a look at
can i take a look at
could i have a look at
could i take a look at
i would like to see
i would like to look at
pull up
bring up
""")
_MUSING: Final = frozenset((",", ".", "-", "!", "?", "...", "if", "whether", "now", "then", "to", "from", "on", ""))
_UNBILLED: Final = rows("""
whatever has not been billed
whatever has not been invoiced
whatever we have not billed
whatever we have not invoiced
whatever is left to bill
whatever is left to invoice
whatever is still to be billed
what has not been billed
what is still to be billed
what is still unbilled
whatever is unbilled
""")
_PLAIN.update(dict.fromkeys(_UNBILLED, ("the", "balance")))
_PLAIN.update({("come", day): ("on", day) for day in WEEKDAYS})
_PLAIN.update({("remind", "me", word): (word,) for word in "what who how which when where whether".split()})
_PLAIN_FIRST: Final = frozenset(said[0] for said in _PLAIN)
_LONGEST_NAME: Final = 4
_PRONOUNS: Final = frozenset("it that this them me us".split())
_WISHES: Final = frozenset(("need", "want"))
_BEFORE_WISHES: Final = frozenset(("", ",", ".", ";", "-", "!"))


def reworded(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens in plainer words."""
    found = list(tokens)
    place = 0
    while place < len(found):
        for rule in (_look, _plainly, _past_unit, plain_sum, _owed_by, _left_out, _left_alone, _wish):
            new = rule(found, place)
            if new is not None:
                found = new
                break
        place += 1
    return found


def _look(tokens: list[Token], place: int) -> list[Token] | None:
    """Say `show me` for `pull up` and `let me have a look at`, of what is named after it: `let me see, …` muses."""
    taken = said_at(tokens, place, _LOOKING)
    if not taken or word_at(tokens, place + taken) in _MUSING:
        return None
    show = replace(tokens[place], word="show")
    me = replace(tokens[place + 1], word="me", end=tokens[place + taken - 1].end)
    return [*tokens[:place], show, me, *tokens[place + taken :]]


def _plainly(tokens: list[Token], place: int) -> list[Token] | None:
    """Say a turn of phrase of the table in its plain words."""
    if tokens[place].word not in _PLAIN_FIRST:
        return None
    for said, meant in _PLAIN.items():
        if tuple(token.word for token in tokens[place : place + len(said)]) == said:
            start, end = tokens[place].start, tokens[place + len(said) - 1].end
            return [*tokens[:place], *(Token(w, "word", start, end) for w in meant), *tokens[place + len(said) :]]
    return None


def _owed_by(tokens: list[Token], place: int) -> list[Token] | None:
    """Say `due` for `and he must pay until`, after what is asked for."""
    if tokens[place].word not in _OWING | {"pays"} or place < _LEAST_BEFORE:
        return None
    at = place + 1 + (word_at(tokens, place + 1) == "to") if tokens[place].word != "pays" else place
    pays = said_at(tokens, at, _PAYABLE) if at > place else 1
    then = said_at(tokens, at + pays, _BY_THEN) if pays else 0
    start = place - (word_at(tokens, place - 1) in _PAYERS)
    while start and tokens[start - 1].word in {"and", ",", "."}:
        start -= 1
    if not then or start == place:
        return None
    within = word_at(tokens, at + pays) == "within"
    due = [replace(tokens[place], word=word) for word in (("due", "in") if within else ("due",))]
    return [*tokens[:start], *due, *tokens[at + pays + then :]]


def _past_unit(tokens: list[Token], place: int) -> list[Token] | None:
    """Say `last quarter` for `the quarter just gone`."""
    if tokens[place].word != "the" or word_at(tokens, place + 1) not in _UNITS:
        return None
    taken = said_at(tokens, place + 2, _GONE)
    last = replace(tokens[place], word="last")
    unit = replace(tokens[place + 1], end=tokens[place + 1 + taken].end) if taken else None
    return [*tokens[:place], last, unit, *tokens[place + 2 + taken :]] if unit else None


def _left_out(tokens: list[Token], place: int) -> list[Token] | None:
    """Say `except Cedar` for `but leave Cedar out of it`."""
    if tokens[place].word not in {"leave", "leaving", "keep", "keeping"}:
        return None
    out = next((at for at in range(place + 2, place + _LONGEST_NAME + 2) if word_at(tokens, at) == "out"), None)
    if out is None or word_at(tokens, place + 1) in _PRONOUNS or any(t.is_mark for t in tokens[place:out]):
        return None
    if not _EVERY & {token.word for token in tokens[:place]}:
        return None
    rest = out + 1
    if (word_at(tokens, rest), word_at(tokens, rest + 1)) in {("of", "it"), ("of", "this"), ("of", "that")}:
        rest += 2
    return [*_before(tokens, place), replace(tokens[place], word="except"), *tokens[place + 1 : out], *tokens[rest:]]


def _left_alone(tokens: list[Token], place: int) -> list[Token] | None:
    """Say `except Cedar` for `everyone, skip Cedar` and `all of them without Cedar`."""
    taken = said_at(tokens, place, _SKIPPING)
    if not taken or word_at(tokens, place + taken) in {*_PRONOUNS, ""}:
        return None
    if not _EVERY & {token.word for token in tokens[:place]}:
        return None
    return [*_before(tokens, place), replace(tokens[place], word="except"), *tokens[place + taken :]]


def _before(tokens: list[Token], place: int) -> list[Token]:
    """Return what stands before a place, without the marks and joining words that lead to it."""
    while place and (tokens[place - 1].is_mark or tokens[place - 1].word in {"but", "and", "just", "please"}):
        place -= 1
    return tokens[:place]


def _wish(tokens: list[Token], place: int) -> list[Token] | None:
    """Say `i need a …` for a sentence that begins with `need a …`."""
    if tokens[place].word not in _WISHES or word_at(tokens, place - 1) not in _BEFORE_WISHES:
        return None
    if word_at(tokens, place + 1) not in OBJECTS | {"another", "some"} | {"to"}:
        return None
    return [*tokens[:place], replace(tokens[place], word="i", end=tokens[place].start), *tokens[place:]]
