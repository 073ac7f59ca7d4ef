"""The form of a new invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.conversations import SkillCall
from billing.invoices import InvoiceKind
from bot.slack.elements import small_print
from bot.slack.modals.choosing import chosen
from bot.slack.modals.fields import choice_field, date_field, option, search_field, text_field
from bot.slack.modals.form import Drawn, Form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.slack.elements import Block
    from bot.slack.modals.form import Desk, Filled

KINDS: Final = [option(kind.value.capitalize(), kind.value) for kind in InvoiceKind]
TEXT_LIMIT: Final = 2000
_NO_SUM: Final = "Say an amount or a percentage, or write lines below."
_TWO_SUMS: Final = "The lines say what it comes to: leave the amount above empty, or the lines."


def _draw(desk: Desk, values: Mapping[str, Any]) -> Drawn:
    workspace = desk.context.workspace
    with desk.context.transaction() as tx:
        opportunity = chosen(tx, "opportunity", str(values.get("opportunity", "")))
    # Not as the description: that is for the client to read.
    message = str(values.get("message", ""))
    blocks = [
        *([small_print(f"From the message: “{message}”")] if message else []),
        search_field(
            "opportunity",
            "Opportunity",
            "opportunity",
            chosen=opportunity,
            placeholder="Type a deal or a client",
            hint="One that is not there yet is made in words: “create an opportunity called Menu photos for Acme”.",
        ),
        choice_field("kind", "Kind", KINDS, value=str(values.get("kind", InvoiceKind.STANDARD))),
        _sum_field(values, workspace.currency),
        date_field(
            "due",
            "Due",
            value=str(values.get("due", "")),
            hint=f"Left empty: {workspace.payment_terms_days} days from today.",
        ),
        text_field("description", "Description", value=str(values.get("description", "")), most=TEXT_LIMIT),
        _lines_field(values),
    ]
    return Drawn(blocks)


def _sum_field(values: Mapping[str, Any], currency: str) -> Block:
    hint = (
        f"In the deal's currency ({currency} as a rule) unless you name another, such as USD 500. A percentage is of "
        "the deal's value. A final invoice without either is for what is left."
    )
    return text_field("amount", "Amount or percent", value=_sum(values), placeholder="500 or 30%", hint=hint, most=100)


def _lines_field(values: Mapping[str, Any]) -> Block:
    hint = "In place of an amount, one a line."
    return text_field(
        "lines", "Lines", value=_rows(values), placeholder="3 days @ 900\nTravel 120", hint=hint, rows=True
    )


def _sum(values: Mapping[str, Any]) -> str:
    if "percent" in values:
        return f"{values['percent']}%"
    return " ".join(str(values[name]) for name in ("currency", "amount") if name in values)


def _rows(values: Mapping[str, Any]) -> str:
    return "\n".join(_row(line) for line in values.get("lines", ()))


def _row(line: Mapping[str, str]) -> str:
    quantity, unit = line.get("quantity", "1"), line.get("unit", "")
    if quantity == "1" and not unit:
        return f"{line['text']} {line['unit_price']}"
    text, price = line["text"], line["unit_price"]
    if not unit or text.casefold().startswith(unit):
        return f"{quantity} {text.lower() if unit else text} @ {price}"
    return f"{text}: {quantity} {unit} @ {price}"


def _read(desk: Desk, filled: Filled) -> tuple[SkillCall, ...]:
    deal = filled.text("opportunity")
    asked = filled.read("amount", lambda text: desk.forms.sum_in(desk.actor, text, deal, share=True))
    lines = filled.read("lines", lambda text: desk.forms.lines_in(desk.actor, text, deal))
    if asked and lines:
        filled.errors["lines"] = _TWO_SUMS
    if not {"amount", "lines"} & filled.said.keys() and filled.text("kind") != InvoiceKind.FINAL:
        filled.errors["amount"] = _NO_SUM
    plain = filled.plain("opportunity", "kind", "due", "description")
    return (SkillCall("create_invoice", {**plain, **(asked or {}), **({"lines": lines} if lines else {})}),)


NEW_INVOICE: Final = Form(
    name="create_invoice",
    needs="create_invoice",
    title="New invoice",
    submit="Make invoice",
    draw=_draw,
    read=_read,
    places={"percent": "amount", "currency": "amount"},
)
