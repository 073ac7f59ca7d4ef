"""The forms there are."""

from __future__ import annotations

from typing import Final

from bot.slack.modals.edit_invoice import EDIT_INVOICE
from bot.slack.modals.new_automation import NEW_AUTOMATION
from bot.slack.modals.new_invoice import NEW_INVOICE
from bot.slack.modals.send_invoice import SEND_INVOICE
from bot.slack.modals.settings import SETTINGS

FORMS: Final = {form.name: form for form in (NEW_INVOICE, EDIT_INVOICE, SEND_INVOICE, NEW_AUTOMATION, SETTINGS)}
