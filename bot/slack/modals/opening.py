"""Opening a form. What is needed for it is in our own database, since Slack lets a window be opened for three seconds.

What goes wrong is said to the person who asked: a click that does nothing would be the worst answer. Where a model has
to read a message first, the window opens at once and is filled in by threads of its own, so that no other form waits.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from time import sleep
from typing import TYPE_CHECKING, Any, Final

import structlog

from billing.errors import BillingError, ProviderUnavailable
from bot.assistant.reply import Reply
from bot.slack.errors import SlackRefused, slack_errors
from bot.slack.modals.catalogue import FORMS
from bot.slack.modals.digesting import digest
from bot.slack.modals.form import Desk
from bot.slack.modals.views import Kept, form_view, notice_view
from bot.slack.naming import KnownNames
from bot.slack.texts import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from billing.conversations import Actor
    from billing.workspaces import Workspace
    from bot.assistant.forms import Forms
    from bot.slack.modals.asked import Asked
    from bot.slack.modals.form import Form
    from bot.slack.modals.people import People
    from bot.slack.replying import Replies
    from bot.slack.tokens import Clients

_TOO_LATE: Final = "That took too long, so Slack did not open the form. Please click again."
_FAILED: Final = "I could not open the form just now. Please try again, or ask me in words."
_READING: Final = "Reading the message…"
# The person closed the window while the message was read.
_CLOSED: Final = "not_found"
_READERS: Final = 16
_PAUSE_SECONDS: Final = 1.0
_LONGEST_PAUSE_SECONDS: Final = 30.0
_EXPIRED: Final = frozenset({"expired_trigger_id", "trigger_expired", "exchanged_trigger_id"})
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens forms."""

    people: People
    clients: Clients
    forms: Forms
    replies: Replies
    nudge: Callable[[], None]
    readers: ThreadPoolExecutor = field(default_factory=partial(ThreadPoolExecutor, _READERS, "evie-reading"))

    def open(self, asked: Asked) -> None:
        """Open the form, or tell the person why not. Never raises."""
        try:
            workspace = self.people.workspace(asked.address)
            if workspace is not None:
                self._opened(workspace, asked)
        except Exception:  # noqa: BLE001 - it runs after the acknowledgement, where nobody else would say anything
            _log.exception("slack_form_not_opened", form=asked.form)

    def _opened(self, workspace: Workspace, asked: Asked) -> None:
        try:
            actor = self.people.actor(workspace, asked.address)
            self.forms.require(actor, FORMS[asked.form].needs)
            if asked.text:
                self._fill_in(workspace, actor, asked)
            else:
                self._show(workspace, asked, self._view(actor, asked, {}))
        except SlackRefused as error:
            _log.warning("slack_form_refused", form=asked.form, reason=error.reason)
            self._tell(workspace, asked, _TOO_LATE if error.reason in _EXPIRED else _FAILED)
        except BillingError as error:
            self._tell(workspace, asked, error.user_message)
        except Exception:
            self._tell(workspace, asked, _FAILED)
            raise

    def _fill_in(self, workspace: Workspace, actor: Actor, asked: Asked) -> None:
        """Open the form with what a message says of its fields; where only a model can tell, it follows."""
        text = read(asked.text, KnownNames(workspace, self.people.store)).text
        # Somebody else's message need not say what is to be made of it.
        found, is_sure = self.forms.meant(actor, asked.form, text, f"invoice {text}")
        values = {**(found or self.forms.clues(actor, text)), "message": text}
        if is_sure or self.forms.model is None:
            self._show(workspace, asked, self._view(actor, asked, values))
            return
        title = FORMS[asked.form].title
        view_id = self._show(workspace, asked, notice_view(title, _READING))

        def read_by_model() -> dict[str, Any]:
            better = self.forms.meant_by_model(actor, asked.form, text)
            return self._view(actor, asked, {**better, "message": text} if better else values)

        # What is known without a model is the next best, and then a word that ends the waiting.
        endings = (
            read_by_model,
            partial(self._view, actor, asked, values),
            partial(notice_view, title, _FAILED),
        )
        self.readers.submit(self._end_reading, workspace, asked, view_id, endings)

    def _end_reading(
        self, workspace: Workspace, asked: Asked, view_id: str, endings: Sequence[Callable[[], dict[str, Any]]]
    ) -> None:
        """Draw the first of the views that can be drawn into the window. Never raises: nobody waits for it."""
        try:
            if not any(self._redrawn(workspace, asked, view_id, ending) for ending in endings):
                self._tell(workspace, asked, _FAILED)
        except Exception:  # noqa: BLE001 - as in `open`
            _log.exception("slack_form_not_filled_in", form=asked.form)

    def _redrawn(self, workspace: Workspace, asked: Asked, view_id: str, ending: Callable[[], dict[str, Any]]) -> bool:
        """Draw a view into a window; False where it could not be made, or Slack does not take it."""
        try:
            view = ending()
            with slack_errors():
                self.clients(workspace).views_update(view_id=view_id, view=view)
        except SlackRefused as error:
            _log.info("slack_form_not_filled_in", form=asked.form, reason=error.reason)
            return error.reason == _CLOSED
        except ProviderUnavailable as error:
            _log.info("slack_form_not_filled_in", form=asked.form, reason=str(error))
            sleep(min(error.retry_after or _PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS))
            return False
        except Exception:  # noqa: BLE001 - the next of the views may be drawn
            _log.exception("slack_form_not_filled_in", form=asked.form)
            return False
        return True

    def _view(self, actor: Actor, asked: Asked, values: Mapping[str, Any]) -> dict[str, Any]:
        return drawn(FORMS[asked.form], Desk(self.forms, actor, asked.about), asked, values)

    def _show(self, workspace: Workspace, asked: Asked, view: dict[str, Any]) -> str:
        """Open a view and return its id."""
        with slack_errors():
            answer = self.clients(workspace).views_open(trigger_id=asked.trigger, view=view)
        opened: dict[str, Any] = answer["view"]
        return str(opened["id"])

    def _tell(self, workspace: Workspace, asked: Asked, sentence: str) -> None:
        reply = Reply(asked.aside.conversation, sentence, error=True)
        self.replies.queue(workspace, f"unopened:{asked.trigger}", asked.aside, reply)
        self.nudge()


def drawn(form: Form, desk: Desk, asked: Asked, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form as it is opened."""
    shown = form.draw(desk, values)
    was = {name: digest(value) for name, value in shown.values.items()}
    return form_view(form, shown.blocks, Kept(asked.address, asked.about, was))
