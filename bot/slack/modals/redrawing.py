"""A form whose fields depend on what is chosen in it is drawn again while it is open, and keeps what is filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from billing.errors import BillingError
from bot.slack.address import SlackAddress
from bot.slack.errors import slack_errors
from bot.slack.incoming import team_of
from bot.slack.modals.catalogue import FORMS
from bot.slack.modals.fields import said_in
from bot.slack.modals.form import Desk
from bot.slack.modals.views import CALLBACK, Kept, form_view

if TYPE_CHECKING:
    from bot.assistant.forms import Forms
    from bot.slack.modals.people import People
    from bot.slack.tokens import Clients

Body = dict[str, Any]
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Redraws:
    """Draws forms again."""

    people: People
    clients: Clients
    forms: Forms

    def draw(self, body: Body) -> None:
        """Draw the form again for what was just chosen in it. Never raises: what is sent off is looked at anyway."""
        try:
            self._draw(body)
        except BillingError as error:
            _log.info("slack_form_not_drawn_again", reason=str(error))
        except Exception:  # noqa: BLE001 - it runs after the acknowledgement, where nobody else would say anything
            _log.exception("slack_form_not_drawn_again")

    def _draw(self, body: Body) -> None:
        view = body["view"]
        form, kept = FORMS[str(view["callback_id"]).removeprefix(CALLBACK)], Kept.read(view["private_metadata"])
        address = SlackAddress(team_of(body), "", body["user"]["id"])
        workspace = self.people.workspace(address)
        if workspace is None:
            return
        actor = self.people.actor(workspace, address)
        self.forms.require(actor, form.needs)
        drawn = form.draw(Desk(self.forms, actor, kept.about), said_in(view))
        with slack_errors():
            # Another choice may have been made since: then its drawing is the newer one.
            fresh = form_view(form, drawn.blocks, kept)
            self.clients(workspace).views_update(view_id=view["id"], hash=view["hash"], view=fresh)
