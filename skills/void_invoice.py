"""Making an invoice void."""

from __future__ import annotations

from billing.amending import require_voidable
from billing.amending import void_invoice as void
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
        "void {invoice}",
        "void it",
        "make {invoice} void",
        "mark {invoice} as void",
        "cancel {invoice}",
        "cancel the {invoice} invoice",
        "delete {invoice}",
        "scrap {invoice}",
        "scrap the {invoice} invoice",
        "bin {invoice}",
        "kill {invoice}",
        "kill off {invoice}",
        "get rid of {invoice}",
        "tear up {invoice}",
        "write off {invoice}",
        "withdraw {invoice}",
        "annul {invoice}",
        "take {invoice} back",
        "they do not have to pay {invoice} any more",
        "forget about the {invoice} invoice and void it",
        "nullify {invoice}",
        "rescind {invoice}",
        "cancel out {invoice}",
        "throw out {invoice}",
        "ditch {invoice}",
        "axe {invoice}",
        "{invoice} should be cancelled",
        "{invoice} needs to be voided",
        "{invoice} should be voided",
        "void the {invoice} invoice",
        "cancel {invoice} please",
        "invalidate {invoice}",
        "strike {invoice}",
        "{invoice} is to be voided",
        "wipe {invoice}",
        "{invoice} void it",
    ),
)
def void_invoice(context: Context, *, invoice: Invoice) -> Outcome:
    """Make an unpaid invoice void: it is no longer owed, and its payment link stops working.

    Args:
        invoice: The invoice that is not to be paid any more.
    """
    with context.transaction() as tx:
        void(tx, invoice, now=context.now)
        shown = view(tx, invoice)
    amount = context.formats.money(shown.invoice.total)
    text = f"{invoice} for {shown.client} ({amount}) is void. It can no longer be paid."
    card = invoice_card(shown, context.formats, context.today)
    return Outcome(text, {"invoice": invoice}, card, (invoice, shown.opportunity.number))


def _preview(context: Context, *, invoice: Invoice) -> Card:
    with context.transaction() as tx:
        shown = view(tx, invoice)
    require_voidable(shown.invoice)
    amount = context.formats.money(shown.invoice.total)
    fields = [
        Field("Client", shown.client),
        Field("Invoice", f"{kind_name(shown.invoice.kind)} {invoice}"),
        Field("For", shown.opportunity.name),
        Field("Amount", amount),
        Field("Payment link", "stops working" if shown.link else "none"),
    ]
    return Card(
        title=f"Make {invoice} void?",
        summary=f"Make {invoice} ({amount}, {shown.client}) void?",
        tone=Tone.WARNING,
        text="It is no longer owed, and its payment link stops working. This cannot be undone.",
        fields=tuple(fields),
        note="" if shown.invoice.sent_at is None else "The client has it by e-mail and is not told by Evie.",
    )


void_invoice = void_invoice.previewed_by(_preview)
