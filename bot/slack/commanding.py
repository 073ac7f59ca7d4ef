"""Slack's slash commands and shortcuts: `/evie` takes any sentence, the other commands are the beginning of one.

What a command answers is for the person who typed it, unless its words end in “and share”: then it is for the channel.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command as Slack shows it; what is typed after it completes `opening`. Alone, one with a form opens that."""

    name: str
    description: str
    usage_hint: str
    opening: str = ""
    form: bool = False


EVIE: Final = SlashCommand(
    "/evie",
    "Ask Evie about invoices and payments",
    "show unpaid invoices · send INV-1002 · help · … and share",
)
INVOICE: Final = SlashCommand(
    "/invoice", "Make an invoice", "Bluebird 500 due Friday · 30% deposit for Bluebird", "invoice", form=True
)
PAYMENTS: Final = SlashCommand("/payments", "See who has paid", "this month · from Bluebird", "list payments")
COMMANDS: Final = {command.name: command for command in (EVIE, INVOICE, PAYMENTS)}


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut as Slack shows it: `global` in its search, `message` in the menu of a message.

    A name has 24 characters at most: Slack's schema of manifests does not say so, its settings page does.
    """

    name: str
    type: Literal["global", "message"]
    callback_id: str
    description: str


NEW_INVOICE: Final = Shortcut("New invoice", "global", "evie_new_invoice", "Fill in a form and have it made")
INVOICE_FROM_MESSAGE: Final = Shortcut(
    "Make an invoice", "message", "evie_invoice_from_message", "Make an invoice from this message: a form, filled in"
)
SHORTCUTS: Final = (NEW_INVOICE, INVOICE_FROM_MESSAGE)

# A client may be called Ride Share: the word alone at the end is part of a name.
_SHARED: Final = re.compile(
    r"(?:(?:^|[,;]|\s(?:and|please))(?:\s*(?:and|please))*\s*share(?:\s+(?:it|this|that|here))*"
    r"|\sshare(?:\s+(?:it|this|that|here))+)[\s.!]*$",
    re.IGNORECASE,
)


def sentence(command: str, words: str) -> str:
    """Return what the person said: the words, or those that the command begins and the words complete."""
    return " ".join(part for part in (COMMANDS[command].opening, _SHARED.sub("", words).strip()) if part)


def opens_form(command: str, words: str) -> bool:
    """Say whether the command stands alone, and has a form to fill in."""
    return COMMANDS[command].form and not _SHARED.sub("", words).strip()


def is_shared(words: str) -> bool:
    """Say whether the answer is meant for everybody in the channel."""
    return _SHARED.search(words) is not None
