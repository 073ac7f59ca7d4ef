"""The form that changes an unpaid invoice. Only what was changed in it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.conversations import SkillCall
from bot.slack.elements import section
from bot.slack.modals.fields import choice_field, date_field, text_field
from bot.slack.modals.form import Drawn, Form
from bot.slack.modals.new_invoice import KINDS, TEXT_LIMIT
from skills.presenting import invoice_card, view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.slack.modals.form import Desk, Filled

_NOTHING: Final = "Nothing is changed yet: change something, or cancel."


def _draw(desk: Desk, _values: Mapping[str, Any]) -> Drawn:
    context = desk.context
    with context.transaction() as tx:
        shown = view(tx, desk.about)
    invoice = shown.invoice
    invoice.require_payable()
    values = {
        "amount": str(invoice.total),
        "due": invoice.due_on.isoformat(),
        "description": invoice.description,
        "kind": invoice.kind.value,
    }
    blocks = [
        section(invoice_card(shown, context.formats, context.today).summary),
        text_field("amount", "Amount", value=values["amount"], hint=f"In {invoice.total.currency}.", most=100),
        date_field("due", "Due", value=values["due"]),
        text_field("description", "Description", value=values["description"], most=TEXT_LIMIT),
        choice_field("kind", "Kind", KINDS, value=values["kind"]),
    ]
    return Drawn(blocks, values)


def _read(desk: Desk, filled: Filled) -> tuple[SkillCall, ...]:
    changed = filled.changed("amount", "due", "description", "kind")
    if not changed:
        filled.errors["amount"] = _NOTHING
    if "amount" in changed:
        changed |= filled.read("amount", lambda text: desk.forms.sum_in(desk.actor, text, desk.about)) or {}
    return (SkillCall("update_invoice", {"invoice": desk.about, **changed}),)


EDIT_INVOICE: Final = Form(
    name="update_invoice",
    needs="update_invoice",
    title="Change the invoice",
    submit="Save changes",
    draw=_draw,
    read=_read,
    places={"currency": "amount"},
)
