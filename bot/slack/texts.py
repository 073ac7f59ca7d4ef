"""What people type in Slack, without Slack's markup: `<@U1>` becomes `@Sam`, `<#C1|ops>` becomes `#ops`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARKUP = re.compile(r"<(?P<sigil>[@#!]?)(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
# Slack writes an emoji as its name, `:+1:` or `:wave::skin-tone-2:`; a time such as 10:30:00 is none.
_EMOJI = re.compile(r"(?<![\w:]):(?=[^:\s]*[a-z+-])[a-z0-9_+'-]+:(?::skin-tone-[2-6]:)?(?!\w)")
_YES_EMOJI = frozenset({":+1:", ":thumbsup:", ":white_check_mark:", ":heavy_check_mark:", ":ok_hand:", ":ok:"})
_NO_EMOJI = frozenset({":-1:", ":thumbsdown:", ":x:", ":no_entry:", ":no_good:"})
_QUOTE = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
_SPACES = re.compile(r"[ \t\u00a0]+")
_TITLE_WORDS = 7
_TITLE_LIMIT = 60
_INVOICE_NUMBER = re.compile(r"\b(?:INV-\d+|\d{4,})\b", re.IGNORECASE)


class Names(Protocol):
    """How people and channels are called; None for whom nobody knows."""

    def person(self, slack_user_id: str) -> str | None:
        """Return the person's name."""

    def channel(self, slack_channel_id: str) -> str | None:
        """Return the channel's name without its hash."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The words, and the channels they name: `{"#billing": "C123"}`."""

    text: str
    channels: Mapping[str, str] = field(default_factory=dict)


def read(raw: str, names: Names, bot_user: str | None = None) -> Heard:
    """Return what was said, as plain text; the mention of `bot_user` is left out."""
    channels: dict[str, str] = {}
    parts: list[str] = []
    end = 0
    for match in _MARKUP.finditer(raw):
        parts.append(_unescape(raw[end : match.start()]))
        parts.append(_word(match, names, bot_user, channels))
        end = match.end()
    parts.append(_unescape(raw[end:]))
    text = _SPACES.sub(" ", _in_words(_QUOTE.sub("", "".join(parts))))
    return Heard(text.strip().lstrip(",:;").strip(), channels)


def title_of(text: str) -> str:
    """Return a request in few words, as the name of the thread that it begins."""
    words = text.split()
    few = " ".join(words[:_TITLE_WORDS])
    short = few[:_TITLE_LIMIT].rstrip(" .,;:!?–-")
    return short[:1].upper() + short[1:] + ("…" if len(short) < len(" ".join(words).rstrip(" .,;:!?–-")) else "")


def names_an_invoice(text: str) -> bool:
    """Say whether an invoice is named by its number: `INV-1002`, or just `1002`."""
    return _INVOICE_NUMBER.search(text) is not None


def _in_words(text: str) -> str:
    """Return the text without emoji; where it is nothing else, a thumb up or down is a yes or a no."""
    shown = {name.partition("::")[0].rstrip(":") + ":" for name in _EMOJI.findall(text)}
    words = _EMOJI.sub("", text)
    if words.strip() or not shown:
        return words
    if shown <= _YES_EMOJI:
        return "yes"
    return "no" if shown <= _NO_EMOJI else text


def _word(match: re.Match[str], names: Names, bot_user: str | None, channels: dict[str, str]) -> str:
    target, label = match["target"], _unescape(match["label"] or "")
    if match["sigil"] == "@":
        return "" if target == bot_user else f"@{names.person(target) or label or target}"
    if match["sigil"] == "#":
        name = f"#{label or names.channel(target) or target}"
        channels[name] = target
        return name
    if match["sigil"] == "!":
        return label or f"@{target.partition('^')[0]}"
    return label or _unescape(target)


def _unescape(text: str) -> str:
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text
