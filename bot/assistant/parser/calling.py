"""Phone numbers as the whole world dials them (E.164), by the country that they are written in."""

from __future__ import annotations

import re
from typing import Final

# By country: its calling code, the digit that is dialled before a number at home, and how long numbers are without it.
_CODES: Final = {
    "AU": ("61", "0", 9, 9),
    "NZ": ("64", "0", 8, 10),
    "GB": ("44", "0", 9, 10),
    "IE": ("353", "0", 7, 9),
    "US": ("1", "1", 10, 10),
    "CA": ("1", "1", 10, 10),
    "DE": ("49", "0", 7, 11),
    "AT": ("43", "0", 7, 13),
    "CH": ("41", "0", 9, 9),
    "FR": ("33", "0", 9, 9),
    "BE": ("32", "0", 8, 9),
    "NL": ("31", "0", 9, 9),
    "SE": ("46", "0", 7, 9),
    "FI": ("358", "0", 7, 10),
    "NO": ("47", "", 8, 8),
    "DK": ("45", "", 8, 8),
    "ES": ("34", "", 9, 9),
    "PT": ("351", "", 9, 9),
    "IT": ("39", "", 8, 11),
    "JP": ("81", "0", 9, 10),
    "SG": ("65", "", 8, 8),
    "HK": ("852", "", 8, 8),
}


def dialled(written: str, country: str) -> str:
    """Return a number as `+61412345678`; as it was written where the country's way of dialling does not give one."""
    digits = re.sub(r"\D", "", written.replace("(0)", ""))
    if written.lstrip("( ").startswith("+"):
        return f"+{digits}"
    code, trunk, fewest, most = _CODES.get(country, ("", "", 0, 0))
    national = digits.removeprefix(trunk)
    return f"+{code}{national}" if fewest <= len(national) <= most else written
