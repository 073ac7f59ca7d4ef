"""Switching a payment link off."""

from __future__ import annotations

from billing.linking import require_live, switch_off
from billing.roles import Role
from skills.arguments import Invoice
from skills.cards import Card, Field, Tone
from skills.context import Context, Outcome
from skills.presenting import invoice_card, kind_name, view
from skills.spec import Effect, skill


@skill(
    effect=Effect.OUTWARD,
    role=Role.EDITOR,
    examples=(
        "deactivate the payment link of {invoice}",
        "take the link of {invoice} off",
        "take the payment link of {invoice} off",
        "deactivate the link for {invoice}",
        "disable the payment link on {invoice}",
        "switch off the payment link for {invoice}",
        "switch the payment link of {invoice} off",
        "turn off the payment link for {invoice}",
        "turn off {invoice}'s pay link",
        "kill the payment link on {invoice}",
        "kill its payment link",
        "close the payment link of {invoice}",
        "remove the payment link from {invoice}",
        "delete the payment link for {invoice}",
        "cancel the payment link for {invoice}",
        "stop the link on {invoice}",
        "take the payment link for {invoice} offline",
        "expire the payment link of {invoice}",
        "revoke the link for {invoice}",
        "shut down the pay link for {invoice}",
        "make sure nobody can pay {invoice} online",
        "deactivate it",
        "take the link off {invoice}",
        "take the payment link off {invoice}",
        "take down the payment link for {invoice}",
        "pull the payment link for {invoice}",
        "kill the link {invoice}",
        "the payment link of {invoice} must not work any more",
        "the link for {invoice} should stop working",
        "block the payment link for {invoice}",
        "turn the link off on {invoice}",
        "switch {invoice}'s link off",
        "close {invoice}'s link",
        "disable {invoice}'s payment link",
        "stop people paying {invoice} online",
        "nobody should be able to pay {invoice} online",
        "shut the link for {invoice}",
        "shut off the payment link on {invoice}",
        "cut off the payment link for {invoice}",
        "deactivate the hyperlink of {invoice}",
        "withdraw the payment link for {invoice}",
        "invalidate the payment link of {invoice}",
        "pull the plug on the pay link for {invoice}",
        "pull the plug on the payment link of {invoice}",
        "{invoice}'s payment link can be retired",
        "retire the payment link of {invoice}",
        "the payment link of {invoice} can go",
        "the payment link on {invoice} has to go",
        "the pay link for {invoice} has to come down",
        "get rid of the payment link on {invoice}",
        "scrap the payment link on {invoice}",
        "ditch the payment link on {invoice}",
        "wipe the payment link off {invoice}",
        "switch that payment link off {invoice}",
    ),
)
def deactivate_payment_link(context: Context, *, invoice: Invoice) -> Outcome:
    """Switch off an invoice's payment link; the invoice stays owed, and can be paid another way.

    Args:
        invoice: The invoice whose link is switched off.
    """
    with context.transaction() as tx:
        switch_off(tx, invoice, now=context.now)
        shown = view(tx, invoice)
    text = (
        f"The payment link of {invoice} is switched off; the invoice itself stays as it is. "
        "Making a link or sending the invoice opens a new one."
    )
    card = invoice_card(shown, context.formats, context.today)
    return Outcome(text, {"invoice": invoice}, card, (invoice, shown.opportunity.number))


def _preview(context: Context, *, invoice: Invoice) -> Card:
    with context.transaction() as tx:
        shown = view(tx, invoice)
        link = require_live(tx, invoice)
    charges = context.formats.interval(link.interval, link.interval_count)
    return Card(
        title=f"Switch off the payment link of {invoice}?",
        summary=f"Switch off the payment link of {invoice} ({shown.client})?",
        tone=Tone.WARNING,
        text="Whoever opens it, or Pay now in an e-mail, then reads that it is switched off.",
        fields=(
            Field("Client", shown.client),
            Field("Invoice", f"{kind_name(shown.invoice.kind)} {invoice}"),
            Field("Amount", context.formats.money(link.money)),
            Field("Charges", charges),
        ),
        note="A subscription that was started through it goes on." if link.recurring else "",
    )


deactivate_payment_link = deactivate_payment_link.previewed_by(_preview)
