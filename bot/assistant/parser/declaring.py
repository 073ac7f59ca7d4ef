"""Automations that are told as how things shall be: `payments over 5k get announced in #sales`.

What is read elsewhere are commands, so the sentence is turned into one. Each word keeps its place in the text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from skills.names import ARTICLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from skills.words import Token

_CLIENTS: Final = frozenset("client clients customer customers they payer buyer people everyone everybody".split())
_SHALL: Final = frozenset("should must shall will to automatically always then also".split())
_GETTING: Final = frozenset("get gets receive receives".split())
_BEING: Final = frozenset("get gets is are be being".split())
_KINDLY: Final = frozenset("friendly gentle quick short nice polite automatic payment".split())
_NOTES: Final = frozenset("reminder nudge thank-you email mail thanks".split())
_DONE_TO: Final = {
    "reminded": "remind",
    "chased": "chase",
    "nudged": "nudge",
    "thanked": "thank",
    "emailed": "email",
    "mailed": "mail",
}
_TOLD: Final = {
    "announced": "announce",
    "posted": "post",
    "reported": "post",
    "flagged": "flag",
    "celebrated": "celebrate",
    "mentioned": "post",
    "shared": "post",
    "shouted": "shout",
}
_HEARING: Final = frozenset("hear know hears".split())
_MARKERS: Final = frozenset("when whenever once if every each after before as on upon anytime".split())
_STARTERS: Final = frozenset("automation rule workflow : , that where so".split())
# After these, what “has happened” is what is still to happen each time.
_EACH_TIME: Final = frozenset("once whenever after anytime".split())
_FAR: Final = 5
_ASKED: Final = frozenset("due sent created made".split())
_WISHING: Final = frozenset("i we would like want need".split())


def declared(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens as a command, where they tell how things shall be; otherwise as they are."""
    found = _awaited(list(tokens))
    for rule in (_me, _hearer, _announced, _given, _treated):
        new = rule(found)
        if new is not None:
            return new
    return found


def all_treated(tokens: Sequence[Token]) -> Sequence[Token]:
    """Say `remind every client with an unpaid invoice` for `every client with an unpaid invoice should get a reminder`.

    It is asked for once, and no automation.
    """
    first = _past(tokens, 0, frozenset(("please",)))
    if _word(tokens, first) not in {"every", "all", "each", "everyone", "everybody"}:
        return tokens
    for place in range(first + 2, len(tokens)):
        at = _past(tokens, place, _SHALL - {"to", "automatically", "always"})
        note = _past(tokens, at + 1, ARTICLES | _KINDLY | {"another"})
        given = at > place and _word(tokens, at) in _GETTING and _word(tokens, note) in {"reminder", "nudge"}
        if given and not _MARKERS & {token.word for token in (*tokens[first + 1 : place], *tokens[note:])}:
            remind = replace(tokens[first], word="remind", end=tokens[first].start)
            return [*tokens[:first], remind, *tokens[first:place], *tokens[note + 1 :]]
    return tokens


def _word(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].word if 0 <= place < len(tokens) else ""


def _past(tokens: Sequence[Token], place: int, words: frozenset[str]) -> int:
    while _word(tokens, place) in words:
        place += 1
    return place


def _awaited(tokens: list[Token]) -> list[Token]:
    """Say `once Bluebird is paid` for `once Bluebird has paid`."""
    for place, token in enumerate(tokens):
        before = {one.word for one in tokens[max(0, place - _FAR) : place]}
        pays = _word(tokens, place + 1) in {"paid", "settled"}
        if token.word in {"has", "have"} and pays and before & _EACH_TIME:
            return [*tokens[:place], replace(token, word="is"), *tokens[place + 1 :]]
    return tokens


def _client_at(tokens: Sequence[Token], place: int) -> int | None:
    """Return where a subject that ends at a place begins, None where it is no client."""
    if _word(tokens, place - 1) not in _CLIENTS:
        return None
    start = place - 1
    while _word(tokens, start - 1) in ARTICLES or _word(tokens, start - 1) in {"each", "our", "every"}:
        start -= 1
    return start


def _given(tokens: list[Token]) -> list[Token] | None:
    """Say `send the client a reminder` for `the client should automatically get a reminder`."""
    for place in range(1, len(tokens)):
        start = _client_at(tokens, place)
        at = _past(tokens, place, _SHALL)
        if start is None or _word(tokens, at) not in _GETTING:
            continue
        note = _past(tokens, at + 1, ARTICLES | _KINDLY | {"another"})
        if _word(tokens, note) in _NOTES or (_word(tokens, note), _word(tokens, note + 1)) == ("thank", "you"):
            client = [token for token in tokens[start:place] if token.word != "every"]
            send = replace(tokens[start], word="send", end=tokens[start].start)
            before = [] if {one.word for one in tokens[:start]} <= _WISHING else tokens[:start]
            return [*before, send, *client, *tokens[at + 1 :]]
    return None


def _treated(tokens: list[Token]) -> list[Token] | None:
    """Say `remind the client` for `the client should be reminded`."""
    for place in range(1, len(tokens)):
        start = _client_at(tokens, place)
        at = _past(tokens, _past(tokens, place, _SHALL), _BEING | {"automatically"})
        verb = _DONE_TO.get(_word(tokens, at))
        if start is not None and verb and _word(tokens, at - 1) in _BEING | {"automatically"}:
            return [*tokens[:start], replace(tokens[at], word=verb), *tokens[start:place], *tokens[at + 1 :]]
    return None


def _me(tokens: list[Token]) -> list[Token] | None:
    """Say `notify me` for `let me know`, of what is to come: “when is it due” may as well be asked."""
    words = [token.word for token in tokens]
    to_come = words[3:4] in (["whenever"], ["each"], ["every"]) or (words[3:4] == ["when"] and not _ASKED & {*words})
    if words[:3] != ["let", "me", "know"] or not to_come:
        return None
    return [replace(tokens[0], word="notify"), tokens[1], *tokens[3:]]


def _hearer(tokens: list[Token]) -> list[Token] | None:
    """Say `tell #billing` for `#billing should hear about it`, and `when` for the `of` or `about` after it."""
    place = next((at for at, token in enumerate(tokens) if token.kind == "channel"), None)
    if place is None:
        return None
    at = _past(tokens, _past(tokens, place + 1, _SHALL), _BEING)
    hears = _word(tokens, at) in _HEARING and _word(tokens, at - 1) in _SHALL | {_word(tokens, place)}
    told = _word(tokens, at) in {"told", "notified"} and _word(tokens, at - 1) in _BEING
    if not (hears or told):
        return None
    tell = replace(tokens[place], word="tell", kind="word", end=tokens[place].start)
    rest = tokens[at + 1 :]
    if _word(rest, 0) in {"about", "of"} and _word(rest, 1) not in {"it", "that", "this"}:
        rest = [replace(rest[0], word="whenever"), *rest[1:]]
    return [*tokens[:place], tell, tokens[place], *rest]


def _announced(tokens: list[Token]) -> list[Token] | None:
    """Say `whenever payments over 5k, announce in #sales` for `payments over 5k get announced in #sales`."""
    for place in range(2, len(tokens) - 1):
        verb = _TOLD.get(tokens[place].word)
        start = _shall_before(tokens, place)
        if verb is None or start is None or not any(token.kind == "channel" for token in tokens[place:]):
            continue
        begin = _beginning(tokens, start)
        if begin >= start:
            continue
        marked = _word(tokens, begin) in _MARKERS
        when = [] if marked else [replace(tokens[begin], word="whenever", kind="word", end=tokens[begin].start)]
        comma = replace(tokens[place], word=",", kind="mark", end=tokens[place].start)
        told = replace(tokens[place], word=verb)
        return [*tokens[:begin], *when, *tokens[begin:start], comma, told, *tokens[place + 1 :]]
    return None


def _shall_before(tokens: Sequence[Token], place: int) -> int | None:
    """Return where the `should get`, `get` or `are to be` before a participle begins."""
    start = place
    while _word(tokens, start - 1) in _BEING | _SHALL | {"to"}:
        start -= 1
    return start if start < place and {_word(tokens, at) for at in range(start, place)} & _BEING else None


def _beginning(tokens: Sequence[Token], end: int) -> int:
    """Return where what happens begins: after `set up an automation:`, where that is said."""
    rules = [at for at in range(end) if tokens[at].word in {"automation", "rule", "workflow", ":"}]
    start = rules[-1] + 1 if rules else 0
    return _past(tokens, start, _STARTERS)
