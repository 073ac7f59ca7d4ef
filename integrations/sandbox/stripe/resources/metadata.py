"""Metadata: merged key by key, an empty value taking its key away."""

from __future__ import annotations

from typing import Final

from integrations.sandbox.stripe.faults import ApiFault

_MOST_KEYS: Final = 50
_LONGEST_KEY: Final = 40
_LONGEST_VALUE: Final = 500


def merged(before: dict[str, str], wanted: dict[str, str] | str, path: str) -> dict[str, str]:
    """Return the metadata with what is wanted; all of it goes for "". Raises ApiFault beyond Stripe's limits."""
    if not isinstance(wanted, dict):
        return {}
    for key, value in wanted.items():
        if len(key) > _LONGEST_KEY or len(value) > _LONGEST_VALUE:
            raise ApiFault(
                f"Metadata keys can have up to {_LONGEST_KEY} characters, and values up to {_LONGEST_VALUE}.",
                param=f"{path}[{key}]",
            )
    after = {key: value for key, value in (before | wanted).items() if value}
    if len(after) > _MOST_KEYS:
        raise ApiFault(f"Metadata can have up to {_MOST_KEYS} keys.", param=path)
    return after
