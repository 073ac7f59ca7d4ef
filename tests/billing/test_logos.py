"""Logos: a picture is known by its bytes, and what could do harm on a page is none."""

from __future__ import annotations

import pytest

from billing.errors import BadArgument
from billing.logos import checked_logo
from billing.parties import Logo

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x40\x00\x00\x00\x20\x08\x06"


JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc4\x00\x02\xff\xc0\x00\x0b\x08\x00\x20\x00\x40\x03"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (SVG.format('<path d="M0 0"/><use href="#a"/>').encode(), "image/svg+xml"),
        (b"\xef\xbb\xbf" + SVG.format('<image href="data:image/png;base64,AA"/>').encode(), "image/svg+xml"),
        (SVG.format('<style>.a { fill: url(#b) }</style><g clip-path="url(#b)"/>').encode(), "image/svg+xml"),
    ],
)
def test_a_picture_is_known_by_its_bytes(content: bytes, media_type: str) -> None:
    assert checked_logo(content) == Logo(media_type, content)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"x" * 3 * 1024 * 1024, r"has 3.0 MB, and at most 1 MB is taken"),
        (b"GIF89a", "neither PNG nor JPEG nor SVG"),
        (b"", "neither PNG nor JPEG nor SVG"),
        (b"\xff\xfe\x00", "neither PNG nor JPEG nor SVG"),
        (b"<html/>", "neither PNG nor JPEG nor SVG"),
        (PNG[:20], "whole picture"),
        (PNG.replace(b"IHDR", b"JUNK"), "whole picture"),
        (PNG.replace(b"\x00\x00\x00\x40", b"\x00\x01\x00\x00"), "at most 4000 by 4000"),
        (JPEG[:9], "whole picture"),
        (JPEG[:4] + b"\x00\x02" + b"abc", "whole picture"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;").encode(), "with a DOCTYPE"),
        (SVG.format("<script>alert(1)</script>").encode(), "with scripts"),
        (SVG.format('<path onload="x()"/>').encode(), "with scripts"),
        (SVG.format('<image href="https://track.example/a.png"/>').encode(), "links to other files"),
        (SVG.format("<style>@import 'a.css'</style>").encode(), "links to other files"),
        (SVG.format('<path style="fill: url(https://track.example)"/>').encode(), "links to other files"),
    ],
)
def test_what_is_no_logo_is_refused_plainly(content: bytes, refusal: str) -> None:
    with pytest.raises(BadArgument, match=refusal):
        checked_logo(content)
