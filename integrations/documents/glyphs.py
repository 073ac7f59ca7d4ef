"""Which signs the bundled fonts can show.

PDF/A allows no sign without a glyph, so typst refuses a page that has one. A name in a script that no bundled font
has must not cost anybody their invoice: such signs are printed as □, and the invoice's data keeps them as they are.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNKNOWN: Final = "□"
# Joiners, direction marks and variation selectors have no glyph of their own and need none.
_INVISIBLE: Final = "\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f"
_LAYOUT: Final = " \n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
# Fonts whose other signs are not used (`templates/common.typ` says the same).
_ONLY: Final = {"NanumSquareR.ttf": re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")}
# Signs that draw over or reorder what stands beside them are marks of a trick, not of a language.
_OVERRIDES: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Glyphs:
    """The signs of all fonts in a folder."""

    def __init__(self, folder: Path) -> None:
        fonts = sorted(path for path in folder.iterdir() if path.suffix in {".ttf", ".otf"})
        self._known = frozenset(_INVISIBLE + _LAYOUT).union(*(_signs(path) for path in fonts))

    def printable(self, value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
        """Return the value with every text in it as it can be printed."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {key: self.printable(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.printable(each) for each in value]
        return value

    def _text(self, text: str) -> str:
        if text.isascii() and text.isprintable():
            return text
        plain = _OVERRIDES.sub("", unicodedata.normalize("NFC", text).replace("\r\n", "\n"))
        return "".join(self._sign(sign) for sign in plain)

    def _sign(self, sign: str) -> str:
        if sign in self._known:
            return sign
        # Control signs and line separators are how texts are laid out elsewhere.
        return " " if unicodedata.category(sign) in {"Cc", "Zl", "Zp", "Zs"} else UNKNOWN


@cache
def _signs(path: Path) -> frozenset[str]:
    """Return what a font maps to a glyph: its `cmap` tables of the formats 4 and 12 (OpenType specification)."""
    data = path.read_bytes()
    table = _table(data, b"cmap")
    count = struct.unpack_from(">H", data, table + 2)[0]
    offsets = {struct.unpack_from(">I", data, table + 8 + 8 * number)[0] for number in range(count)}
    codes = {code for offset in offsets for code in _codes(data, table + offset)}
    signs = {chr(code) for code in codes if unicodedata.category(chr(code)) not in {"Cc", "Co", "Cs", "Cn"}}
    only = _ONLY.get(path.name)
    return frozenset(sign for sign in signs if only is None or only.fullmatch(sign))


def _table(data: bytes, tag: bytes) -> int:
    count = struct.unpack_from(">H", data, 4)[0]
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * number) for number in range(count))
    return int(next(offset for name, _, offset, _ in records if name == tag))


def _codes(data: bytes, at: int) -> Iterator[int]:
    table_format = struct.unpack_from(">H", data, at)[0]
    if table_format == 4:  # noqa: PLR2004 - the number of the format
        yield from _segments(data, at)
    elif table_format == 12:  # noqa: PLR2004 - as above
        for number in range(struct.unpack_from(">I", data, at + 12)[0]):
            first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * number)
            yield from range(first, last + 1)


def _segments(data: bytes, at: int) -> Iterator[int]:
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends, starts, deltas, ranges = (at + 14 + part * 2 * count + (2 if part else 0) for part in range(4))
    for number in range(count):
        first, last, delta, offset = (
            struct.unpack_from(">H", data, part + 2 * number)[0] for part in (starts, ends, deltas, ranges)
        )
        for code in range(first, min(last, 0xFFFE) + 1):
            place = ranges + 2 * number + offset + 2 * (code - first)
            glyph = struct.unpack_from(">H", data, place)[0] if offset else (code + delta) & 0xFFFF
            if glyph:
                yield code
