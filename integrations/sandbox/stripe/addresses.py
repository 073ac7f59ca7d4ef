"""Web addresses that a request names: plain enough to be put into a header as they are."""

from __future__ import annotations

import re
from typing import Final

_WEB: Final = re.compile(
    r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?(?:[/?][!-~]*)?",
    re.ASCII,
)


def is_web_address(text: str) -> bool:
    """Say whether the text is an http or https address of printable ASCII, with a host."""
    return _WEB.fullmatch(text) is not None
