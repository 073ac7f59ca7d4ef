"""What tells that something has changed, without keeping it: a window remembers three thousand characters at most."""

from __future__ import annotations

import hashlib


def digest(value: object) -> str:
    """Return a short fingerprint of a value by how it is written."""
    return hashlib.sha256(str(value).encode()).hexdigest()[:12]
