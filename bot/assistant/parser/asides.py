"""Asides: what only fills a sentence, `by the way` and `if it is no trouble`, is left out before it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.assistant.parser.dates import UNITS
from skills.idioms import Idioms
from skills.vocabulary import COMMANDS, FILLERS, FUNCTION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skills.grammar import Grammar
    from skills.names import Catalog
    from skills.words import Token

_SAID: Final = """
by the way
do the needful
if you can
if you could
or what
not later
or not
or no
all told
hold up
as on date
as of date
as on today
of these
of those
out of these
out of those
among those
please help
the sooner the better
there is no rush
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
whatever you do
this time
once more
one more time
in its place
in their place
in its stead
if it is not too much trouble
if it is no trouble
if that is alright
if that is all right
if you please
if you like
when you are able
when you are free
when you have time
when you have a second
when you have a sec
when you get a second
when you get a sec
whenever you get a chance
there is a good chap
there is a dear
that is a good girl
like a good chap
and nothing else
nothing else
just those
just that
just this
that is all
that is it
would not you
could you
will not you
if you will
quick smart
on the double
chop chop
at once please
with thanks
with many thanks
with kind regards
in due course
so to speak
as it were
as stated
as requested
as mentioned
as per usual
as always
for good measure
as soon as you can
as soon as you are able
at long last
once and for all
while you are at it
while i think of it
before i forget
for the record
just so you know
fyi
please and thank you
thanks heaps
thanks a lot
thanks a million
thanks so much
thank you so much
thank you very much
many thanks
much appreciated
much obliged
no matter what
let us say
do you think
my apologies
apologies
my mistake
my bad
wrong one
i do beg your pardon
i beg your pardon
pardon me
excuse me
sorry about that
sorry to bother you
one sec
bless her
bless him
bless them
poor thing
silly me
as discussed
as agreed
as usual
as promised
if that makes sense
when you are ready
whenever you are ready
at your earliest convenience
at your convenience
in the meantime
from today
from today on
as of today
as of now
starting today
starting now
going forward
moving forward
until further notice
to be honest
at the end of the day
for the time being
needless to say
of course
thanks in advance
i suppose
to start with
for starters
quick one
quick question
question for you
oh and
on second thoughts
on second thought
on reflection
you know what
change of plan
changed my mind
i changed my mind
i have changed my mind
hang on
hold on
"""
# `When you've got a sec`, `if you have a spare minute`.
_AT_LEISURE: Final = tuple(
    f"{when} {got} {much} {time}"
    for when in ("when", "whenever", "once", "if", "as soon as")
    for got in ("you have", "you have got", "you get", "you find", "you can spare", "there is", "you can find")
    for much in ("a", "some", "a free", "a spare", "five", "two", "the")
    for time in ("sec", "second", "moment", "minute", "minutes", "min", "mo", "chance", "time", "tick")
)
_ASIDES: Final = Idioms.longest_first([*_SAID.strip().splitlines(), *_AT_LEISURE])
_LONGEST: Final = 5  # so many words at most say what something is for
_HEDGES: Final = frozenset((who, verb) for who in ("i",) for verb in ("think", "guess", "reckon", "suppose"))


def _is_verb(tokens: Sequence[Token], place: int) -> bool:
    return any(token.word in COMMANDS for token in tokens[place : place + 1])


def _purpose(tokens: Sequence[Token], grammar: Grammar, catalog: Catalog) -> int:
    """Return how many tokens only say what it is for, before a comma: `for my reconciliation, …`."""
    comma = next((place for place, token in enumerate(tokens[: _LONGEST + 1]) if token.word in {",", ":"}), 0)
    words = [token.word for token in tokens[:comma]]
    if words[:2] not in [[lead, who] for lead in ("for", "in") for who in ("my", "our", "the")]:
        return 0
    plain = all(token.kind == "word" for token in tokens[2:comma])
    known = any(grammar.knows(word) or catalog.known(word) for word in words[2:])
    return comma + 1 if plain and words[2:] and not known else 0


def without_asides(tokens: Sequence[Token], grammar: Grammar, catalog: Catalog) -> list[Token]:
    """Leave out what only fills a sentence: `by the way`, `if possible`, and a `will you` at its end.

    What some skill takes for a choice (`straight away`) stays.
    """
    kept: list[Token] = []
    place = _purpose(tokens, grammar, catalog)
    while place < len(tokens):
        aside = _ASIDES.among(tokens, place)
        if aside in grammar.choice_phrases:
            aside = None
        if aside in _HEDGES and not kept and not _is_verb(tokens, place + len(aside)):
            aside = None  # “I think Cedar paid” is not sure that they have
        if aside is not None and aside[0] == "from" and kept and kept[-1].word in UNITS:
            aside = None  # “a fortnight from today”
        ends = aside is not None and all(token.is_mark for token in tokens[place + len(aside) :])
        if aside is None or (aside[-1] == "you" and not (ends and kept)) or len(aside) == len(tokens):
            kept.append(tokens[place])
            place += 1
        else:
            place += len(aside)
    return kept if any(_has_content(token) for token in kept) else list(tokens)


def _has_content(token: Token) -> bool:
    return not token.is_mark and token.word not in FUNCTION and token.word not in FILLERS
