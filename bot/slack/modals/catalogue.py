"""The forms there are."""

from __future__ import annotations

from typing import Final

from bot.slack.modals.new_invoice import NEW_INVOICE

FORMS: Final = {form.name: form for form in (NEW_INVOICE,)}
