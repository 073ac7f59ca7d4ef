"""Everyday words that look like typing errors of words of the trade and are none."""

from typing import Final

EVERYDAY: Final = frozenset(
    """tomorrow weather meeting personal credit card cards number""".split(),
)
