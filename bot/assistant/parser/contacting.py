"""How people and places are reached: e-mail addresses, also spoken ones, phone numbers, channels and members."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.assistant.parser.calling import dialled
from bot.assistant.parser.numbers import TIMES, UNITS
from bot.assistant.parser.values import Value
from skills.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from skills.words import Token

_PHONE: Final = re.compile(r"(?<![\w$€£/.-])\+?\(?\d[\d\s()./-]{6,18}\d(?![\w/])")
_FEWEST_DIGITS: Final = 8
_SIGNS: Final = {"dot": ".", "underscore": "_", "dash": "-", "hyphen": "-"}


def emails(tokens: Sequence[Token], text: str) -> Iterator[Value]:
    """Find e-mail addresses; a spoken one (`ben at walker dot example`) needs both its `at` and a `dot`."""
    for place, token in enumerate(tokens):
        if token.kind == "email":
            yield Value("email", text[token.start : token.end], place, place + 1)
        if token.word == "at":
            spoken = _spoken(tokens, place, text)
            if spoken is not None:
                yield spoken


def _spoken(tokens: Sequence[Token], at: int, text: str) -> Value | None:
    # As it was written: what looks like a typing error may well be somebody's name.
    words = [fold(text[token.start : token.end]) for token in tokens]
    start = at - 1
    if start < 0 or not _part(words[start]):
        return None
    while start >= 2 and words[start - 1] in _SIGNS and _part(words[start - 2]):  # noqa: PLR2004 - sign and word
        start -= 2
    local = "".join(_SIGNS.get(word, word) for word in words[start:at])
    place, host = at + 1, ""
    while place + 1 < len(tokens) and _part(words[place]) and words[place + 1] in _SIGNS:
        host += words[place] + _SIGNS[words[place + 1]]
        place += 2
    if not host.endswith(".") or place >= len(tokens) or not _part(words[place]):
        return None
    return Value("email", f"{local}@{host}{words[place]}", start, place + 1)


def _part(word: str) -> bool:
    return re.fullmatch(r"[a-z0-9][a-z0-9-]*", word) is not None and word not in _SIGNS


def phones(tokens: Sequence[Token], text: str, country: str) -> Iterator[Value]:
    """Find phone numbers, as the world dials them."""
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        plausible = digits.startswith("0") or "+" in match[0] or re.search(r"\d[\s()-]+\d", match[0])
        inside = [place for place, token in enumerate(tokens) if match.start() <= token.start < match.end()]
        if inside and len(digits) >= _FEWEST_DIGITS and plausible:
            yield Value("phone", dialled(match[0].strip(), country), inside[0], inside[-1] + 1)


def spoken_phones(tokens: Sequence[Token], country: str) -> Iterator[Value]:
    """Find phone numbers that are said digit by digit: `oh four nine one, double five …`."""
    place = 0
    while place < len(tokens):
        digits, end = "", place + (tokens[place].word == "plus")
        abroad = end > place
        while end < len(tokens) and (found := _digits(tokens, end)):
            digits, end = digits + found[0], found[1]
        if len(digits) >= _FEWEST_DIGITS and end - place >= _FEWEST_DIGITS // 2 and tokens[place].kind == "word":
            yield Value("phone", f"+{digits}" if abroad else dialled(digits, country), place, end)
        place = max(end, place + 1)


def _digits(tokens: Sequence[Token], place: int) -> tuple[str, int] | None:
    times = TIMES.get(tokens[place].word, 1)
    at = place + (times > 1)
    word = tokens[at].word if at < len(tokens) else ""
    digits = "0" if word in {"oh", "o", "nought"} else str(UNITS[word]) if UNITS.get(word, 10) < 10 else ""  # noqa: PLR2004 - one digit
    return (times * digits, at + 1) if digits else None


def channels(tokens: Sequence[Token], known: Sequence[str]) -> Iterator[Value]:
    """Find channels: `#billing`, or `the billing channel` where there is one of that name."""
    names = {name.removeprefix("#"): name for name in known}
    for place, token in enumerate(tokens):
        following = tokens[place + 1].word if place + 1 < len(tokens) else ""
        if token.kind == "channel":
            yield Value("channel", token.word, place, place + 1)
        elif token.word in names and following in {"channel", "room"}:
            yield Value("channel", names[token.word], place, place + 2)


def members(tokens: Sequence[Token], known: Sequence[str], speaker: str) -> Iterator[Value]:
    """Find members: `@Sam`, `Sam`, and `me` or `myself` for who speaks."""
    names = {name.casefold(): name for name in known}
    for place, token in enumerate(tokens):
        plain = token.word.removeprefix("@")
        if plain in names and token.kind in {"member", "word"}:
            yield Value("member", f"@{names[plain]}", place, place + 1)
        elif token.word in {"me", "myself"}:
            yield Value("member", f"@{speaker}", place, place + 1, bare=True)


def urls(tokens: Sequence[Token], text: str) -> Iterator[Value]:
    """Find web addresses, as they were written."""
    for place, token in enumerate(tokens):
        if token.kind == "url":
            yield Value("url", text[token.start : token.end], place, place + 1)
