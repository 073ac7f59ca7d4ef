"""What a person reads when a command fails: one plain sentence, and for the unexpected a reference to the log."""

from __future__ import annotations

from billing.errors import BillingError
from bot.logs import unexpected
from bot.settings import SettingsError


class CommandFailed(Exception):
    """A command cannot do its work for a reason of its own; the message is the sentence to read."""


def sentence(error: Exception) -> str:
    """Return what to say of an error."""
    if isinstance(error, BillingError):
        return error.user_message
    if isinstance(error, CommandFailed | SettingsError):
        return str(error)
    return f"{unexpected(error)} The details are in evie.log."
