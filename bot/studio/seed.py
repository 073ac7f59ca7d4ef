"""The demo's workspace, brought up to date: its invoices are due next week whenever it is opened."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any, Final

# The day on which studio.json is set.
_WRITTEN_ON: Final = date(2026, 3, 11)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T.+")


def studio(today: date) -> dict[str, Any]:
    """Return the studio in the exchange format, with every date moved as if it had been written today."""
    text = (files("bot.studio") / "studio.json").read_text(encoding="utf-8")
    later = today - _WRITTEN_ON

    def moved(fields: dict[str, Any]) -> dict[str, Any]:
        return {name: _moved(value, later) for name, value in fields.items()}

    data: dict[str, Any] = json.loads(text, object_hook=moved)
    logo = (files("bot.studio") / "logo.svg").read_bytes()
    data["business"]["logo"] = base64.b64encode(logo).decode()
    return data


def _moved(value: Any, later: timedelta) -> Any:  # noqa: ANN401 - any JSON
    if not isinstance(value, str):
        return value
    if _DAY.fullmatch(value):
        return (date.fromisoformat(value) + later).isoformat()
    if _INSTANT.fullmatch(value):
        return (datetime.fromisoformat(value) + later).astimezone(UTC).isoformat()
    return value
