"""What somebody is to be written with what is sent: `send 1002 and let them know …`, `reminder for 1004: thank them`.

It is for the client, to the end of the message, and is made one quotation before anything else is read: nothing of it
may be taken for a request, and what is sent is never sent without it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.clauses import Clause, values_in
from bot.assistant.parser.texts import as_quote
from skills.moods import FINITE
from skills.spec import Effect
from skills.vocabulary import FILLERS, FUNCTION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.assistant.understanding import Surroundings
    from skills.grammar import Grammar
    from skills.words import Token

_HEARERS: Final = frozenset("him her them everyone everybody".split())
_TOLD: Final = frozenset("client clients customer customers".split())
_JOINTS: Final = frozenset((",", "and", "-", "–", ";", "."))
_CONDITIONS: Final = frozenset("when whenever if once every each after before".split())
_TELLING: Final = {**dict.fromkeys(("tell", "telling", "inform", "informing"), ""), "let": "know", "letting": "know"}
_MENTIONING: Final = frozenset("mention mentioning write writing".split())
_ONLY_THAT: Final = frozenset(
    "add adding note noting put explain explaining".split()
)  # “add a link”, but “add that we …”
_LEADING: Final = frozenset(("that", ":", ",", "-", "–"))
_NO_TEXT: Final = frozenset(("to", "about", "if", "what", "how", "why", "who", "which", "where"))
_TIMES: Final = frozenset("morning afternoon evening noon midday night".split())
_DETERMINERS: Final = frozenset("the a an this that his her their our my".split())
_NOTES: Final = frozenset("reminder reminders nudge poke".split())
_PAYING: Final = frozenset(("pay", "settle", "transfer"))
_LEAST: Final = 2


def with_wording(text: str, tokens: Sequence[Token], grammar: Grammar, around: Surroundings) -> list[Token]:
    """Say `saying “…”` for what is told with something that is sent; the tokens as they are where nothing is."""
    for place in _after_sending(tokens, grammar, around):
        start = _told(tokens, place)
        start = _after_colon(text, tokens, place, grammar, around) if start is None else start
        if start is None or start >= len(tokens) or any(token.kind == "quote" for token in tokens[start:]):
            continue
        before = list(tokens[: place - (tokens[place - 1].word in _JOINTS)])
        return [*before, replace(tokens[place], word="saying", kind="word"), as_quote(text, tokens, start)]
    return list(tokens)


def _after_sending(tokens: Sequence[Token], grammar: Grammar, around: Surroundings) -> range:
    """Return the places where something may be told: behind what sends, and before any condition."""
    sends = _senders(grammar)
    verbs = (at for at, token in enumerate(tokens) if token.word in sends and _is_verb(tokens, at, around))
    binds = (at for at, token in enumerate(tokens) if token.word in _CONDITIONS)
    end = len(tokens) - 1
    return range(max(next(verbs, end) + 1, _LEAST), min(next(binds, end), end))


def _is_verb(tokens: Sequence[Token], place: int, around: Surroundings) -> bool:
    """Say whether a word sends something where it stands: the `shoot` of `the Whitfield shoot` is none."""
    before = tokens[place - 1].word if place else ""
    named = before not in FUNCTION and bool(around.catalog.known(before))
    return tokens[place].word in _NOTES or not (named or before in _DETERMINERS)


@lru_cache(maxsize=8)
def _senders(grammar: Grammar) -> frozenset[str]:
    """Return the words that open rather the examples of what sends a client something than those of anything else."""
    sending, other = Counter[str](), Counter[str]()
    for book in grammar.books.values():
        sends = book.skill.effect is Effect.OUTWARD and any(
            argument.name == "message" for argument in book.takes("text")
        )
        (sending if sends else other).update(pattern.words[0] for pattern in book.patterns if pattern.words)
    return frozenset(word for word, times in sending.items() if times > other[word] and word not in FUNCTION)


def _told(tokens: Sequence[Token], place: int) -> int | None:
    """Return where the text begins after `, tell him`, `and let them know that`, `and mention`; None without one."""
    if tokens[place - 1].word not in _JOINTS:
        return None
    word, following = tokens[place].word, _word(tokens, place + 1)
    if word in _TELLING:
        at = _past_hearer(tokens, place + 1)
        if at is None or (_TELLING[word] and _word(tokens, at) != _TELLING[word]):
            return None
        return _text_at(tokens, at + bool(_TELLING[word]))
    if word in _MENTIONING or (word in _ONLY_THAT and following in {"that", ":"}):
        return _text_at(tokens, place + 1)
    return None


def _past_hearer(tokens: Sequence[Token], place: int) -> int | None:
    if _word(tokens, place) in _HEARERS:
        return place + 1
    return place + 2 if _word(tokens, place) in {"the", "our"} and _word(tokens, place + 1) in _TOLD else None


def _text_at(tokens: Sequence[Token], place: int) -> int | None:
    start = place + (_word(tokens, place) in _LEADING)
    only_record = [token.kind for token in tokens[start:]] == ["record"]
    return None if _word(tokens, place) in _NO_TEXT or start >= len(tokens) or only_record else start


def _after_colon(text: str, tokens: Sequence[Token], place: int, grammar: Grammar, around: Surroundings) -> int | None:
    """Return where a text begins after the colon behind what is sent: `chase Cedar: the deposit is late, please pay`.

    A record, a value, a name or another request there is none.
    """
    start = place + 1
    if (
        tokens[place].word != ":"
        or tokens[start].start == tokens[place].end
        or not _names_record(tokens[:place], around)
    ):
        return None
    clause = Clause(text, tuple(tokens[start + (tokens[start].word == "and") :]))
    return start if len(clause.tokens) > _LEAST and _is_for_reading(clause, grammar, around) else None


def _is_for_reading(clause: Clause, grammar: Grammar, around: Surroundings) -> bool:
    """Say whether words tell something, rather than name a record, a value or what else is to be done."""
    first = next((token.word for token in clause.tokens if token.word not in FILLERS), "")
    if first in _PAYING:
        return True  # nobody pays by telling us to
    numbered = any(token.kind == "record" for token in clause.tokens) or around.catalog.by_number(f"INV-{first}")
    if numbered or first in grammar.plain_verbs:
        return False
    taken = {at for value in values_in(clause, around) if not value.bare for at in value.places}
    free = (token for at, token in enumerate(clause.tokens) if at not in taken and token.kind == "word")
    said = [token.word for token in free if token.word not in FUNCTION | FILLERS | _TIMES]
    own = any(not around.catalog.known(word) and word not in grammar.choice_words for word in said)
    return own or bool(FINITE & clause.word_set)


def _names_record(tokens: Sequence[Token], around: Surroundings) -> bool:
    """Say whether it was said what is sent, or to whom: by a number, by a name, or to all of some sort."""
    return any(
        token.kind in {"record", "number"} or token.word in _HEARERS or bool(around.catalog.known(token.word))
        for token in tokens
    )


def _word(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].word if place < len(tokens) else ""
