"""A form that is sent off: read, checked and stored while Slack waits; the worker carries it out.

Errors are shown at the field that they are about, and nothing is stored then. The row's key is the window's id, so that
two clicks have one effect.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from billing.errors import BadAmount, BadArgument, BadCurrency, BillingError, MissingArgument, NotAllowed
from bot.slack.elements import section
from bot.slack.incoming import FORM, team_of
from bot.slack.modals.catalogue import FORMS
from bot.slack.modals.digesting import digest
from bot.slack.modals.fields import said_in
from bot.slack.modals.form import Desk, Filled
from bot.slack.modals.views import CALLBACK, Kept, form_view, notice_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.conversations import Actor, SkillCall
    from bot.assistant.forms import Forms
    from bot.slack.address import SlackAddress
    from bot.slack.inbox import Inbox
    from bot.slack.modals.form import Form
    from bot.slack.modals.people import People

Body = dict[str, Any]
Answer = dict[str, Any]

_NOT_OURS: Final = "I do not work in this workspace any more. Nothing was done."
_CHANGED: Final = "This has changed since you opened it. Please look at it again before you send it off."
_SAID_TOO_MUCH: Final = 250
_ABOUT: Final = {BadAmount.code: "amount", BadCurrency.code: "amount"}


@dataclass(frozen=True, slots=True)
class Submits:
    """Takes what is sent off."""

    people: People
    forms: Forms
    inbox: Inbox

    def take(self, body: Body) -> Answer:
        """Store what was filled in and return {}, which closes the window, or return what Slack is to show instead.

        Raises where it could not be stored, so that it is not acknowledged.
        """
        view = body["view"]
        form = FORMS[str(view["callback_id"]).removeprefix(CALLBACK)]
        kept = Kept.read(view["private_metadata"])
        # Where it goes was ours to say, who sends it off is Slack's.
        address = replace(kept.address, team=team_of(body), user=body["user"]["id"])
        workspace = self.people.workspace(address)
        if workspace is None:
            return _instead(form, _NOT_OURS)
        try:
            actor = self.people.actor(workspace, address)
            self.forms.require(actor, form.needs)
        except NotAllowed as error:
            return _instead(form, error.user_message)
        desk, filled = Desk(self.forms, actor, kept.about), Filled(said_in(view), kept.was)
        try:
            anew = _drawn_anew(form, desk, filled, kept)
        except BillingError as error:
            return _instead(form, error.user_message)
        if anew is not None:
            return {"response_action": "update", "view": anew}
        calls = self._read(form, desk, filled)
        if filled.errors:
            hidden = filled.errors.keys() - _fields_of(view)
            unfolds = any(block.get("dispatch_action") for block in view["blocks"])
            return _unfolded(form, desk, filled, kept) if hidden and unfolds else _errors(filled.errors, view)
        self._store(form, address, calls, filled.channels, view["id"])
        return {}

    def _read(self, form: Form, desk: Desk, filled: Filled) -> tuple[SkillCall, ...]:
        calls = form.read(desk, filled)
        if filled.errors:
            return ()
        return self._rehearsed(form, desk.actor, calls, filled)

    def _rehearsed(
        self, form: Form, actor: Actor, calls: tuple[SkillCall, ...], filled: Filled
    ) -> tuple[SkillCall, ...]:
        try:
            return self.forms.rehearsed(actor, *calls)
        except MissingArgument as error:
            name, said = error.arguments[0] if error.arguments else "", error.user_message
        except BadArgument as error:
            name, said = error.argument, error.user_message.removeprefix(f"{error.argument}: ")
        except BillingError as error:
            name, said = _ABOUT.get(error.code, ""), error.user_message
        filled.errors[form.places.get(name, name)] = said[:1].upper() + said[1:]
        return ()

    def _store(
        self,
        form: Form,
        address: SlackAddress,
        calls: tuple[SkillCall, ...],
        channels: Mapping[str, str],
        view_id: str,
    ) -> None:
        body = {
            "form": form.name,
            "address": address.stored(),
            "calls": [{"skill": call.skill, "arguments": dict(call.arguments)} for call in calls],
            "confirmed": form.confirms,
            "channels": dict(channels),
        }
        self.inbox.put(FORM, f"form:{address.team}:{view_id}", address.conversation, body)


def _drawn_anew(form: Form, desk: Desk, filled: Filled, kept: Kept) -> dict[str, Any] | None:
    """Return the form with what it shows by now, where that is no longer what the person has seen and agrees to."""
    if not form.confirms:
        return None
    drawn = form.draw(desk, filled.said)
    was = {name: digest(value) for name, value in drawn.values.items()}
    if was == kept.was:
        return None
    return form_view(form, [section(_CHANGED), *drawn.blocks], replace(kept, was=was))


def _unfolded(form: Form, desk: Desk, filled: Filled, kept: Kept) -> Answer:
    """Return the form with all fields that belong to what was chosen, where one that is missing is not shown yet."""
    wrong = [section(f"⚠️ {said}") for said in dict.fromkeys(filled.errors.values())]
    return {
        "response_action": "update",
        "view": form_view(form, [*wrong, *form.draw(desk, filled.said).blocks], kept),
    }


def _fields_of(view: Body) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def _errors(errors: Mapping[str, str], view: Body) -> Answer:
    """Return the errors at their fields; one that belongs to none is shown at the first."""
    fields = _fields_of(view)
    placed = {(name if name in fields else fields[0]): said[:_SAID_TOO_MUCH] for name, said in errors.items()}
    return {"response_action": "errors", "errors": placed}


def _instead(form: Form, sentence: str) -> Answer:
    return {"response_action": "update", "view": notice_view(form.title, sentence)}
