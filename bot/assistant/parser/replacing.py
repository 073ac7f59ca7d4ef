"""Another record in the place of one that waits for a yes, or fewer of several: `no, the Acme one`, `not Delta`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.conversations import SkillCall
from bot.assistant.parser.asking import asked
from bot.assistant.parser.clauses import Clause
from bot.assistant.parser.contrasting import without_contrast
from bot.assistant.parser.filling import fill
from bot.assistant.parser.seeing import Seen
from bot.assistant.understanding import Understanding
from skills.idioms import Idioms
from skills.names import NOUNS
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.assistant.parser.mentions import Mentions
    from bot.assistant.parser.scene import Scene
    from skills.spec import Argument
    from skills.words import Token

_OUT: Final = frozenset(
    """leave leaving skip drop without except excluding exclude omit minus remove take forget not but lose spare
    ignore scratch hold keep park""".split()
)
_ONLY: Final = frozenset(("only", "just"))
_BESIDE: Final = frozenset("one ones out off away back everyone everybody all rest actually".split()) | NOUNS["invoice"]
_THINGS: Final = "one client customer invoice record deal job person".split()
_WRONG: Final = Idioms.longest_first(
    [
        *(
            f"{lead}wrong {what}"
            for lead in ("", "the ", "that 's the ", "that is the ", "it 's the ")
            for what in _THINGS
        ),
        *"""
        not that one
        not that
        not this one
        not this
        not him
        not her
        not them
        not those
        wrong number
        typo
        too soon
        too early
        too late
        too much
        too little
        too high
        too low
        my bad
        my mistake
        my fault
        brain fade
        brain fart
        slip of the tongue
        fat fingers
        i misspoke
        i mistyped
        i got that wrong
        i was thinking of
        i was thinking about
        i was talking about
        i had in mind
        i should have said
        i wanted to say
        i wanted
        i meant
        i mean
        what i meant was
        scrap that
        scratch that
        strike that
        it should have been
        it should be
        that should be
        that should have been
        for
        sorry
        no
        hmm
        oh
        oops
        whoops
        argh
        ugh
        ah
        er
        hm
        damn
        gosh
        wait
        actually
        rather
        instead
        """.strip().splitlines(),
    ]
)
# What follows what was meant, and says that it was: `Delta's, I should have said`.
_MEANT: Final = Idioms.longest_first(
    """
    i mean
    i meant
    i meant to say
    i should have said
    i should say
    is what i meant
    is the one
    is the right one
    is the one i meant
    """.strip().splitlines()
)
_DRESSING: Final = Idioms.longest_first(
    """
    of course
    obviously
    after all
    even
    flat
    exactly
    sorry
    please
    then
    now
    these days
    with us
    """.strip().splitlines()
)
_CALLED: Final = Idioms.longest_first(
    """
    they trade as
    they are called
    they go by
    they are down as
    they are known as
    it is called
    """.strip().splitlines()
)
_PAUSES: Final = frozenset(",.-!?;:…")


def without_wrong(clause: Clause, scene: Scene) -> Clause:
    """Return what is left of a message after what only says that something else was meant, and what is denied."""
    tokens = without_contrast(clause.text, clause.tokens, scene)
    sizes = list(_leads(tokens))
    rest = tokens[sum(sizes) :] or tokens
    return Clause(clause.text, rest[: _without_tail(rest, _MEANT)] or rest)


def undressed(clause: Clause) -> Clause:
    """Return an answer without what only leads to it, or lends it weight: `kroner of course`, `two hundred even`."""
    tokens = clause.tokens
    tokens = tokens[sum(_leads(tokens)) :]
    tokens = tokens[len(_CALLED.among(tokens, 0) or ()) :]
    tokens = tokens[: _without_tail(tokens, _MEANT, _DRESSING)]
    return clause if not tokens or len(tokens) == len(clause.tokens) else Clause(clause.text, tokens)


def _without_tail(tokens: Sequence[Token], *phrases: Idioms) -> int:
    """Return the place where phrases and marks at the end begin."""
    end = len(tokens)
    while end:
        at = [p for p in range(end) for idioms in phrases if p + len(idioms.among(tokens[:end], p) or ()) == end]
        start = min(at, default=end) if not _pauses(tokens[end - 1]) else end - 1
        if start == end:
            break
        end = start
    return end


def _pauses(token: Token) -> bool:
    return token.is_mark and {*token.word} <= _PAUSES


def says_wrong(clause: Clause) -> bool:
    """Say whether a message begins by saying that something else was meant: `that's the wrong client, …`."""
    spoken = clause.tokens[: _without_tail(clause.tokens)]
    return any(size > 1 for size in _leads(spoken)) or 0 < _without_tail(spoken, _MEANT) < len(spoken)


def _leads(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield the sizes of the phrases and marks at the beginning that only say that something else was meant."""
    place = 0
    while place < len(tokens):
        size = len(_WRONG.among(tokens, place) or ()) or int(_pauses(tokens[place]))
        if not size:
            return
        yield size
        place += size


def is_contrast(clause: Clause, request: Understanding, scene: Scene) -> bool:
    """Say whether one record is put against another, and nothing is to be done with them but what was before."""
    books = scene.grammar.books
    looks = all(books[call.skill].skill.effect is Effect.READ for call in request.calls)
    if not looks or not (scene.memory.proposal or scene.memory.last_calls):
        return False
    return len(without_contrast(clause.text, clause.tokens, scene)) < len(clause.tokens)


def some_of(clause: Clause, scene: Scene) -> Understanding | None:
    """Return what waits without some of it, or only some of it: `leave out the Delta one`, `just Cedar`."""
    waiting = scene.memory.proposal
    argument = _told_apart(waiting, scene)
    mentions = Seen(clause, scene).mentions(frozenset())
    said = _beside(clause, mentions)
    excluded = [run.excluded for run in mentions.named] + [entry.excluded for entry in mentions.numbered]
    out = any(excluded) or bool(said & _OUT)
    if argument is None or not (out or said & _ONLY) or not said <= FUNCTION | FILLERS | _OUT | _ONLY | _BESIDE:
        return None
    here = [str(call.arguments[argument.name]) for call in waiting]
    meant = [{*found} & {*here} for found in _meant(mentions, argument, scene)]
    if not meant or not all(meant):
        return None
    named = frozenset[str]().union(*meant)
    kept = tuple(call for call, number in zip(waiting, here, strict=True) if (number in named) is not out)
    return Understanding(calls=kept) if 0 < len(kept) < len(waiting) else None


def _told_apart(waiting: tuple[SkillCall, ...], scene: Scene) -> Argument | None:
    """Return the record by which several calls of one skill differ."""
    book = scene.grammar.books.get(waiting[0].skill) if len(waiting) > 1 else None
    if book is None or any(call.skill != book.name for call in waiting):
        return None
    return next((argument for argument in book.skill.arguments if argument.required and argument.type.record), None)


def _beside(clause: Clause, mentions: Mentions) -> set[str]:
    taken = {place for run in mentions.named for place in run.places}
    taken |= {place for entry in mentions.numbered for place in entry.places}
    return {token.word for place, token in enumerate(clause.tokens) if place not in taken and not token.is_mark}


def _meant(mentions: Mentions, argument: Argument, scene: Scene) -> Iterator[list[str]]:
    yield from (list(entry.numbers) for entry in mentions.numbered)
    for run in mentions.named:
        yield [entry.number for entry in scene.around.catalog.narrowed(argument.type.record or "", run.words)]


def which_instead(clause: Clause, scene: Scene) -> Understanding | None:
    """Ask which of several records is meant in the place of the one that waits; the other one of two is no question."""
    waiting = scene.memory.proposal
    book = scene.grammar.books.get(waiting[0].skill) if len(waiting) == 1 else None
    if book is None:
        return None
    draft = fill(book, Seen(clause, scene), scene, recalling=False)
    argument = next((a for a in draft.fillable if a.required and a.type.record and a.name in draft.asks), None)
    if (
        argument is None
        or not draft.options
        or draft.arguments
        or _beside(clause, draft.mentions) - FUNCTION - FILLERS - _BESIDE
    ):
        return None
    others = tuple(number for number in draft.options if number != waiting[0].arguments.get(argument.name))
    draft.arguments = {**waiting[0].arguments}
    if len(others) == 1:
        draft.put(argument.name, others[0])
        return Understanding(calls=(SkillCall(book.name, draft.arguments),))
    draft.options = others
    return Understanding(question=asked(draft, scene))
