"""The form that sends an invoice with a message. It shows the mail, so that sending it off is the confirmation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from billing.conversations import SkillCall
from bot.slack.blocks import card_blocks
from bot.slack.modals.fields import text_field
from bot.slack.modals.form import Drawn, Form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.slack.modals.form import Desk, Filled

_LONGEST_ADDRESS: Final = 254
_LONGEST_MESSAGE: Final = 2000


def _draw(desk: Desk, values: Mapping[str, Any]) -> Drawn:
    card = desk.forms.preview(desk.actor, SkillCall("send_invoice", {"invoice": desk.about}))
    blocks = [
        *card_blocks(replace(card, buttons=())),
        text_field(
            "message",
            "Message",
            value=str(values.get("message", "")),
            hint="It stands at the beginning of the mail.",
            rows=True,
            most=_LONGEST_MESSAGE,
        ),
        text_field(
            "to",
            "To another address",
            value=str(values.get("to", "")),
            placeholder="accounts@client.example",
            hint="Left empty, it goes to the address above.",
            most=_LONGEST_ADDRESS,
        ),
    ]
    return Drawn(blocks, {"preview": card})


def _read(desk: Desk, filled: Filled) -> tuple[SkillCall, ...]:
    return (SkillCall("send_invoice", {"invoice": desk.about, **filled.plain("to", "message")}),)


SEND_INVOICE: Final = Form(
    name="send_invoice",
    needs="send_invoice",
    title="Send the invoice",
    submit="Send",
    draw=_draw,
    read=_read,
    confirms=True,
)
