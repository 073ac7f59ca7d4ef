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
_NOBODY: Final = frozenset("nobody noone".split())
_LEAST: Final = 2
_LEAVING: Final = frozenset("go sent leave".split())
_BY_ITSELF: Final = frozenset("out off by itself its own on automatically".split())
_WISHING: Final = frozenset("i we would like want need".split())


def declared(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens as a command, where they tell how things shall be; otherwise as they are."""
    found = _awaited(list(tokens))
    for rule in (_led_to, _so, _for_each, _goes_by_itself):
        found = rule(found) or found
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
        wished = start is not None and start > 0 and {one.word for one in tokens[:start]} <= _WISHING
        if start is not None and verb and (wished or _word(tokens, at - 1) in _BEING | {"automatically"}):
            client, start = tokens[start:place], 0 if wished else start
            return [*tokens[:start], replace(tokens[at], word=verb), *client, *tokens[at + 1 :]]
    return None


def _led_to(tokens: list[Token]) -> list[Token] | None:
    """Say `auto : when a dispute is opened , post …` for `auto: dispute opened -> post …`."""
    words = [token.word for token in tokens]
    at = next((at for at in range(1, len(words) - 2) if words[at : at + 2] in (["-", ">"], ["=", ">"])), 0)
    if not at:
        return None
    start = words.index(":") + 1 if ":" in words[:at] else 0
    when = [] if _word(tokens, start) in _MARKERS else [replace(tokens[start], word="when", end=tokens[start].start)]
    return [*tokens[:start], *when, *tokens[start:at], replace(tokens[at], word=","), *tokens[at + 2 :]]


def _so(tokens: list[Token]) -> list[Token] | None:
    """Leave out who has not noticed: `nobody notices when an invoice is late, so tell #ops`."""
    if _word(tokens, 0) not in _NOBODY or [",", "so"] not in [
        [_word(tokens, at), _word(tokens, at + 1)] for at in range(len(tokens))
    ]:
        return None
    at = next((at for at in range(_FAR) if _word(tokens, at) in _MARKERS), 0)
    return [token for token in tokens[at:] if token.word != "so"] if at else None


def _for_each(tokens: list[Token]) -> list[Token] | None:
    """Say `whenever payments of 5k …, tell #sales` for `for payments of 5k, tell #sales`."""
    comma = next((at for at, token in enumerate(tokens) if token.word == ","), 0)
    if _word(tokens, 0) != "for" or comma < _LEAST or not any(token.kind == "channel" for token in tokens[comma:]):
        return None
    return [replace(tokens[0], word="whenever"), *tokens[1:]]


def _goes_by_itself(tokens: list[Token]) -> list[Token] | None:
    """Say `send a reminder` for `a reminder should go by itself`."""
    at = next((at for at, token in enumerate(tokens) if token.word in _NOTES), 0)
    start, go = at - 1, _past(tokens, at + 1, _SHALL | {"be", "needs", "has"})
    if _word(tokens, start) not in ARTICLES or go == at + 1 or _word(tokens, go) not in _LEAVING:
        return None
    end = _past(tokens, go + 1, _BY_ITSELF)
    send = replace(tokens[start], word="send", end=tokens[start].start)
    return [*tokens[:start], send, *tokens[start : at + 1], *tokens[end:]]


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
    if "only" in {token.word for token in tokens[:_LEAST]}:
        return None  # it says what is announced at all
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
