"""The windows themselves: a form's fields with what it has to remember until it is sent off."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bot.slack.address import SlackAddress
from bot.slack.elements import plain, section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.slack.elements import Block
    from bot.slack.modals.form import Form

CALLBACK: Final = "evie_form_"

_TITLE_LIMIT: Final = 24


@dataclass(frozen=True, slots=True)
class Kept:
    """What a window remembers: where the answer goes, the record, and digests of what its fields held."""

    address: SlackAddress
    about: str = ""
    was: Mapping[str, str] = field(default_factory=dict)

    def written(self) -> str:
        """Return it for a view's private metadata (3000 characters at most)."""
        return json.dumps({"address": self.address.stored(), "about": self.about, "was": dict(self.was)})

    @staticmethod
    def read(text: str) -> Kept:
        """Read what `written` returned."""
        kept = json.loads(text)
        return Kept(SlackAddress.restored(kept["address"]), kept["about"], kept["was"])


def form_view(form: Form, blocks: list[Block], kept: Kept) -> dict[str, Any]:
    """Return a form as a view to open."""
    return {
        "type": "modal",
        "callback_id": f"{CALLBACK}{form.name}",
        "title": plain(form.title, _TITLE_LIMIT),
        "submit": plain(form.submit, _TITLE_LIMIT),
        "close": plain("Cancel", _TITLE_LIMIT),
        "private_metadata": kept.written(),
        "blocks": blocks,
    }


def notice_view(title: str, sentence: str) -> dict[str, Any]:
    """Return a view that only says something."""
    return {
        "type": "modal",
        "title": plain(title, _TITLE_LIMIT),
        "close": plain("Close", _TITLE_LIMIT),
        "blocks": [section(sentence)],
    }
