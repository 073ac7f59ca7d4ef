"""Creating an invoice on a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.invoices import InvoiceKind
from billing.invoicing import NewInvoice, WantedInvoice
from billing.invoicing import create_invoice as create
from billing.roles import Role
from skills.arguments import Amount, Currency, Date, Kind, Lines, Opportunity, Percent, Text
from skills.context import Context, Outcome
from skills.itemised import summed_up, wanted_lines
from skills.presenting import invoice_card, kind_name, view
from skills.spec import Effect, skill

if TYPE_CHECKING:
    from collections.abc import Mapping
_SUMS: Final = frozenset(("amount", "percent", "lines"))


@skill(
    effect=Effect.WRITE,
    role=Role.EDITOR,
    undone_by="void_invoice",
    examples=(
        "create a {percent} {kind} invoice for {opportunity} due {due}",
        "create a {kind} invoice of {amount} for {opportunity}",
        "create an invoice for {opportunity} for {amount}",
        "create an invoice of {amount} for {opportunity} due {due}",
        "make a {kind} invoice for {opportunity} for {amount} due {due}",
        "make {opportunity} an invoice for {amount}",
        "give {opportunity} an invoice for {amount}",
        "give {opportunity} a {kind} invoice of {amount}",
        "invoice {opportunity} {amount} due {due}",
        "invoice {opportunity} {amount} for {description}",
        "invoice {opportunity} for {amount}",
        "invoice {opportunity} for {percent}",
        "invoice {opportunity} {amount} as a {kind} payment",
        "invoice a {percent} {kind} on {opportunity}",
        "invoice the {kind} for {opportunity}",
        "invoice the rest of {opportunity} {kind=final}",
        "bill {opportunity} {amount}",
        "bill {opportunity} {amount} for {description} due {due}",
        "bill {opportunity} {percent} up front",
        "bill the remaining amount on {opportunity} {kind=final}",
        "raise a {kind} invoice for {opportunity} {amount}",
        "raise an invoice to {opportunity} for {amount}",
        "raise a bill for {opportunity} {amount}",
        "draft a {amount} {kind} invoice for {opportunity}",
        "draft an invoice for {opportunity}",
        "prepare a {kind} invoice for {opportunity}",
        "write up an invoice for {opportunity} {amount}",
        "issue {opportunity} with a {kind} invoice",
        "{kind} invoice for {opportunity} {percent}",
        "{kind} invoice {opportunity} {amount}",
        "{percent} {kind} for {opportunity} due {due}",
        "{amount} {kind} invoice for {opportunity} payable {due}",
        "{kind} claim for {opportunity} {percent} due {due}",
        "{kind} bill {opportunity} {amount}",
        "charge {opportunity} a {percent} {kind}",
        "charge {opportunity} {amount} for {description}",
        "inv {opportunity} {amount} due {due}",
        "new invoice for {opportunity}",
        "new {kind} invoice {opportunity} {amount}",
        "invoice for {opportunity} {amount} with terms {due}",
        "hit {opportunity} with a {percent} {kind}",
        "bill what is left on {opportunity} {kind=final}",
        "bill whatever is left on {opportunity} {kind=final}",
        "{lines} for {opportunity}",
        "invoice {opportunity} {lines}",
        "invoice {opportunity} for {lines}",
        "bill {opportunity} {lines} due {due}",
        "charge {opportunity} for {lines}",
        "create an invoice for {opportunity} with {lines}",
        "create an invoice with {lines} for {opportunity}",
        "do a {kind} for {opportunity}",
        "do a {kind} of {amount} for {opportunity}",
        "do a {percent} {kind} for {opportunity}",
        "do the {kind} for {opportunity}",
        "do the {kind} invoice for {opportunity}",
        "{opportunity} {kind} {amount}",
        "{opportunity} {percent} {kind}",
        "new {amount} invoice for {opportunity}",
        "raise an invoice in respect of {opportunity} for {amount}",
        "raise an invoice of {amount} to {opportunity} in respect of {description}",
        "issue an invoice in the amount of {amount} to {opportunity} for {description}",
        "put a {amount} invoice on {opportunity} for {description}",
        "bill {opportunity} for {description} {amount}",
        "invoice {opportunity} for {description} {amount}",
        "charge {opportunity} {amount}",
        "request a {percent} {kind} from {opportunity}",
        "take a {kind} of {amount} from {opportunity}",
        "it is time for the {kind} invoice on {opportunity}",
        "put through a {kind} invoice for {opportunity} {amount}",
        "new bill for {opportunity} {amount}",
        "charge {opportunity} {amount} with the description {description} due {due}",
        "bill {opportunity} {percent}",
        "new {kind} for {opportunity}",
        "create a {kind} for {opportunity}",
        "create a {kind} of {amount} for {opportunity}",
        "raise a {kind} of {amount} for {opportunity}",
        "get a {kind} invoice out for {opportunity}",
        "rustle up a {kind} invoice for {opportunity}",
        "ring up {amount} for {opportunity}",
        "open an invoice for {opportunity} of {amount}",
        "bill {opportunity} for the {kind}",
        "bill {opportunity} the {kind}",
        "bill {opportunity} a {percent} {kind}",
        "bill the {kind} for {opportunity}",
        "bill {amount} to {opportunity}",
        "invoice {amount} to {opportunity}",
        "charge {amount} to {opportunity}",
        "{amount} to {opportunity} due {due}",
        "cut {opportunity} an invoice for {amount}",
        "cut an invoice for {opportunity} {amount}",
        "write up a bill to {opportunity} for {amount} and put {description} on it",
        "{amount} invoice for {opportunity}",
        "{amount} to {opportunity} new invoice",
        "for {opportunity} {percent} as a {kind}",
        "for {opportunity} {amount} as a {kind}",
        "{percent} as a {kind} for {opportunity}",
        "i want a {percent} {kind} from {opportunity}",
        "i want {percent} {kind} from {opportunity}",
        "raise the {percent} {kind} for {opportunity}",
        "raise the {kind} for {opportunity}",
        "{amount} invoice to {opportunity} due {due}",
        "{amount} bill for {opportunity}",
        "{opportunity} invoice {amount}",
        "{opportunity} {amount} due {due}",
        "an invoice for {opportunity} {amount}",
        "a {percent} {kind} for {opportunity}",
        "a {kind} for {opportunity} of {amount}",
        "i owe {opportunity} an invoice for {amount}",
        "{opportunity} owes us a {percent} {kind}",
        "invoice {opportunity} for the remaining balance {kind=final}",
        "create the {kind} invoice for {opportunity}",
        "make out an invoice to {opportunity} for {amount}",
        "make out a {kind} invoice to {opportunity}",
        "get {opportunity} invoiced for {amount}",
        "{kind} for {opportunity} {amount} for {description}",
        "make a bill for {opportunity} {amount}",
        "draw an invoice for {opportunity} in the sum of {amount} due {due}",
        "draw up an invoice for {opportunity} {amount}",
        "do {opportunity} a {percent} {kind}",
        "do {opportunity} a {kind} of {amount}",
        "issue the {kind} invoice for {opportunity}",
        "charge {opportunity} {amount} plain invoice",
        "charge the {opportunity} job {amount}",
        "invoice the {opportunity} job {amount}",
        "invoice the {opportunity} job {amount} due {due}",
        "invoice the {opportunity} project {amount}",
        "bill the {opportunity} job {amount}",
        "bill the {opportunity} project {amount} due {due}",
        "write {opportunity} an invoice for {amount}",
        "write {opportunity} an invoice for {amount} due {due}",
        "one more invoice client is {opportunity} amount {amount} description {description} due {due}",
        "one more invoice for {opportunity} {amount}",
        "another invoice for {opportunity}",
        "make another invoice for {opportunity}",
        "another invoice for {opportunity} {amount}",
        "time to bill {opportunity} {amount}",
        "time to bill {opportunity} the {kind}",
        "we need a {kind} invoice for {opportunity}",
        "we need a {kind} invoice for {opportunity} due {due}",
        "we need {percent} {kind} from {opportunity}",
        "we need {percent} up front from {opportunity} do the {kind} invoice",
        "we need {amount} from {opportunity}",
        "an invoice for {opportunity}",
        "an invoice for the {opportunity} job",
        "i need an invoice for {opportunity}",
        "knock out an invoice for {opportunity} {amount}",
        "knock up a {kind} for {opportunity} {percent}",
        "stick {opportunity} with an invoice for {amount}",
        "hit {opportunity} with an invoice for {amount}",
        "get {opportunity} billed for {amount}",
        "slap a {kind} of {amount} on {opportunity}",
        "take a {percent} {kind} from {opportunity}",
        "collect a {percent} {kind} from {opportunity}",
    ),
)
def create_invoice(
    context: Context,
    *,
    opportunity: Opportunity,
    kind: Kind = InvoiceKind.STANDARD,
    amount: Amount | None = None,
    percent: Percent | None = None,
    currency: Currency | None = None,
    due: Date | None = None,
    description: Text | None = None,
    lines: Lines | None = None,
) -> Outcome:
    """Create an invoice on an opportunity: a deposit, progress, final or standard one.

    Say an amount, a percentage of the deal's value, or lines; a final invoice without any asks for what is left.

    Args:
        opportunity: The deal that is billed.
        kind: Which part of the deal it asks for.
        amount: The total, in the currency of the deal unless another is named.
        percent: Instead of an amount, the percentage of the deal's value.
        currency: Only where the person named one.
        due: The day it is due; left out, the workspace's usual terms.
        description: What it is for, as it should read on the invoice.
        lines: Only where things are billed one by one, such as 3 days at 900 and travel 120; then no amount.
    """
    wanted = WantedInvoice(
        opportunity=opportunity,
        kind=kind,
        amount=amount,
        percent=percent,
        currency=currency,
        due_on=due,
        description=description or "",
        request_key=context.key,
        lines=wanted_lines(lines or []),
    )
    return _made(context, wanted)


def _made(context: Context, wanted: WantedInvoice) -> Outcome:
    with context.transaction() as tx:
        made = create(tx, wanted, now=context.now, today=context.today)
        shown = view(tx, made.invoice.number)
    card = invoice_card(shown, context.formats, context.today)
    mentions = (made.invoice.number, made.opportunity.number)
    return Outcome(_sentence(context, made, wanted), {"number": made.invoice.number}, card, mentions)


def _sentence(context: Context, made: NewInvoice, wanted: WantedInvoice) -> str:
    invoice = made.invoice
    amount = context.formats.money(invoice.total)
    is_rest = invoice.kind is InvoiceKind.FINAL and wanted.amount is None and wanted.percent is None
    rest = ", which is what is left of the deal" if is_rest else ""
    rest = summed_up(made.invoice, context.formats) if invoice.lines else rest
    due = context.formats.day(invoice.due_on)
    said = f"{kind_name(invoice.kind)} {invoice.number} for {made.opportunity.name}: {amount}{rest}, due {due}."
    return " ".join((said, *(f"Mind: {warning.in_words(context.formats.money)}" for warning in made.warnings)))


def _lacks(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Say that a sum is needed, unless it is the final invoice: that is what is left."""
    return () if said.get("kind") == InvoiceKind.FINAL or _SUMS & said.keys() else ("amount",)


create_invoice = create_invoice.needing(_lacks)
