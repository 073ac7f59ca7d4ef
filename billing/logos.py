"""Logos: what a picture is, is read from its bytes, and what could harm whoever prints or shows it is refused."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from billing.errors import BadArgument
from billing.parties import Logo

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST: Final = 1024 * 1024
# A few bytes can unpack to a picture of gigabytes.
_MOST_PIXELS: Final = 4000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
# Start of frame: every marker that holds the size, but for the tables among them (C4, C8, CC).
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_SVG: Final = "{http://www.w3.org/2000/svg}"
_ACTIVE: Final = frozenset({"script", "foreignobject", "iframe", "animate", "set", "handler"})
_OUTSIDE: Final = re.compile(r"url\(\s*['\"]?\s*(?!#)|@import|javascript:|expression\(", re.IGNORECASE)


def checked_logo(content: bytes) -> Logo:
    """Return the picture as a logo; raises BadArgument unless it is PNG, JPEG or SVG of a size that can be printed."""
    if len(content) > LARGEST:
        size = len(content) / LARGEST
        raise BadArgument(f"The logo has {size:.1f} MB, and at most 1 MB is taken. Save it smaller, or as SVG.")
    if content.startswith(_PNG):
        return _sized("image/png", content, _png_size(content))
    if content.startswith(_JPEG):
        return _sized("image/jpeg", content, _jpeg_size(content))
    _require_svg(content)
    return Logo("image/svg+xml", content)


def _sized(media_type: str, content: bytes, size: tuple[int, int]) -> Logo:
    if not all(0 < side <= _MOST_PIXELS for side in size):
        raise BadArgument(f"The logo has to be a whole picture of at most {_MOST_PIXELS} by {_MOST_PIXELS} pixels.")
    return Logo(media_type, content)


def _png_size(content: bytes) -> tuple[int, int]:
    head = content[len(_PNG) : len(_PNG) + 16]
    if len(head) < 16 or head[4:8] != b"IHDR":  # noqa: PLR2004 - length, name, width, height
        return 0, 0
    width, height = struct.unpack(">II", head[8:])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int]:
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:  # noqa: PLR2004 - what every marker begins with
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4])
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        place += 2 + length
    return 0, 0


def _require_svg(content: bytes) -> None:
    try:
        text = content.decode("utf-8-sig")
        # Declarations of types and entities can unpack to gigabytes, and nobody draws a logo with them.
        if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
            raise BadArgument("The logo is an SVG with a DOCTYPE. Save it as plain SVG.")
        root = ET.fromstring(text)  # noqa: S314 - without declarations there is nothing to unpack
    except (UnicodeDecodeError, ET.ParseError, ValueError):
        raise BadArgument("The logo is neither PNG nor JPEG nor SVG. Save it as one of them.") from None
    if root.tag != f"{_SVG}svg":
        raise BadArgument("The logo is neither PNG nor JPEG nor SVG. Save it as one of them.")
    if any(_reaches_out(element) for element in root.iter()):
        raise BadArgument("The logo is an SVG with scripts or links to other files. Save it as plain SVG.")


def _reaches_out(element: Element) -> bool:
    """Say whether an element would do something, or fetch something, when it is drawn."""
    if element.tag.rpartition("}")[2].casefold() in _ACTIVE or _OUTSIDE.search(element.text or ""):
        return True
    for name, value in element.attrib.items():
        plain = name.rpartition("}")[2].casefold()
        if plain.startswith("on") or _OUTSIDE.search(value):
            return True
        if plain == "href" and not value.startswith(("#", "data:image/png;", "data:image/jpeg;")):
            return True
    return False
