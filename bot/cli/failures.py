"""What a person reads when a command fails: one plain sentence, and for the unexpected a reference to the log."""

from __future__ import annotations

from billing.errors import BillingError
from bot.logs import unexpected
from bot.settings import SettingsError


class CommandFailed(Exception):
    """A command cannot do its work for a reason of its own; the message is the sentence to read."""


class BadInput(CommandFailed):
    """What the command was given to read has not the form that it has to have: bad usage."""


def exit_code(error: Exception) -> int:
    """Return 2 for bad usage, else 1."""
    return 2 if isinstance(error, BadInput) else 1


def sentence(error: Exception) -> str:
    """Return what to say of an error."""
    if isinstance(error, BillingError):
        return error.user_message
    if isinstance(error, CommandFailed | SettingsError):
        return str(error)
    return f"{unexpected(error)} The details are in evie.log."
