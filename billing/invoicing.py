"""Making invoices on an opportunity, which knows what the whole deal is worth and what was asked for already."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from billing.automations import Trigger
from billing.documenting import on_account
from billing.errors import BadAmount, BadArgument, MissingArgument, NothingToInvoice
from billing.events import DomainEvent
from billing.invoices import Invoice, InvoiceKind, InvoiceStatus
from billing.itemising import read_lines
from billing.lines import TaxBehavior
from billing.money import Money, parse_amount, parse_percent, require_askable, zero
from billing.reacting import publish
from billing.totals import totals
from billing.wording import Wording, worded

if TYPE_CHECKING:
    from datetime import date, datetime

    from billing.invoices import Deduction
    from billing.itemising import WantedLine
    from billing.lines import Line
    from billing.opportunities import Opportunity
    from billing.ports import Transaction

_LONGEST_TERM_DAYS = 730


@dataclass(frozen=True, slots=True)
class WantedInvoice:
    """What somebody asks for. `amount` and `percent` are decimal strings; at most one of them is given.

    With `lines` neither need be: what they come to, tax and all, is what is asked for; a final invoice takes off what
    was issued on account before.
    """

    opportunity: str
    kind: InvoiceKind
    amount: str | None = None
    percent: str | None = None
    currency: str | None = None
    due_on: date | None = None
    description: str = ""
    request_key: str | None = None
    lines: tuple[WantedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """What an invoice comes to, and what that is made of; without lines, the total alone."""

    total: Money
    lines: tuple[Line, ...] = ()
    tax_behavior: TaxBehavior = TaxBehavior.INCLUSIVE
    deductions: tuple[Deduction, ...] | None = None


@dataclass(frozen=True, slots=True)
class NewInvoice:
    """The invoice that was made, and what its maker should know: each warning is a sentence."""

    invoice: Invoice
    opportunity: Opportunity
    warnings: tuple[Wording, ...] = ()


def invoiced(tx: Transaction, opportunity: Opportunity, *, besides: str | None = None) -> Money:
    """Return what the invoices that are not void ask for (`besides` one of them).

    It is in the opportunity's currency; invoices in others are not counted.
    """
    total = zero(opportunity.currency)
    for invoice in _standing(tx, opportunity, besides):
        if invoice.total.currency == total.currency:
            total += invoice.total
    return total


def _standing(tx: Transaction, opportunity: Opportunity, besides: str | None) -> list[Invoice]:
    found = tx.invoices.list(opportunity=opportunity.number)
    return [one for one in found if one.status is not InvoiceStatus.VOID and one.number != besides]


def create_invoice(tx: Transaction, wanted: WantedInvoice, *, now: datetime, today: date) -> NewInvoice:
    """Create a draft; tried again with the same request key, return the one that was made.

    Raises MissingArgument (`amount`), BadAmount, BadCurrency, BadArgument (`due` in the past), NothingToInvoice.
    """
    # The lock serialises two invoices on one deal, so that both cannot take “what is left”.
    opportunity = tx.opportunities.get(wanted.opportunity, lock=True)
    earlier = tx.invoices.by_request(wanted.request_key) if wanted.request_key else None
    if earlier is not None:
        return NewInvoice(earlier, opportunity)
    ask = _itemised(tx, wanted, opportunity) if wanted.lines else Ask(_total(tx, wanted, opportunity))
    warnings = concerns(tx, opportunity, wanted.kind, ask.total)
    invoice = tx.invoices.add(_draft(tx, wanted, opportunity, ask, now=now, today=today))
    made = f"invoice_created:{invoice.number}"
    publish(tx, DomainEvent(tx.workspace_id, Trigger.INVOICE_CREATED, made, now, invoice.number, record=invoice))
    return NewInvoice(invoice, opportunity, warnings)


def _draft(  # noqa: PLR0913 - what it is made of
    tx: Transaction,
    wanted: WantedInvoice,
    opportunity: Opportunity,
    ask: Ask,
    *,
    now: datetime,
    today: date,
) -> Invoice:
    terms = timedelta(days=tx.people.workspace().payment_terms_days)
    return Invoice(
        workspace_id=tx.workspace_id,
        number=tx.invoices.next_number(),
        opportunity=opportunity.number,
        contact=opportunity.contact,
        kind=wanted.kind,
        total=ask.total,
        paid=zero(ask.total.currency),
        status=InvoiceStatus.DRAFT,
        issued_on=today,
        due_on=checked_due(wanted.due_on, today) or today + terms,
        description=wanted.description,
        token=secrets.token_urlsafe(24),
        created_at=now,
        request_key=wanted.request_key,
        lines=ask.lines,
        tax_behavior=ask.tax_behavior,
        deductions=ask.deductions,
    )


def checked_due(due_on: date | None, today: date) -> date | None:
    """Return the due date as it is; raises BadArgument where it is past or absurdly far."""
    if due_on is None:
        return None
    if due_on < today:
        raise BadArgument(f"{due_on:%-d %B %Y} has passed already. Say a due date from today on.", argument="due")
    if due_on > today + timedelta(days=_LONGEST_TERM_DAYS):
        message = f"{due_on:%-d %B %Y} is more than two years away. Check the year of the due date."
        raise BadArgument(message, argument="due")
    return due_on


def _total(tx: Transaction, wanted: WantedInvoice, opportunity: Opportunity) -> Money:
    currency = wanted.currency or opportunity.currency
    if wanted.amount is not None and wanted.percent is not None:
        raise BadAmount("Say either an amount or a percentage, not both.")
    if wanted.amount is not None:
        return parse_amount(wanted.amount, currency)
    if wanted.percent is not None:
        return _share(opportunity, wanted.percent, currency)
    if wanted.kind is InvoiceKind.FINAL:
        return _rest(tx, opportunity, currency)
    raise MissingArgument("How much should it be? Say an amount or a percentage of the deal.", ("amount",))


def _itemised(tx: Transaction, wanted: WantedInvoice, opportunity: Opportunity) -> Ask:
    """Return what the said lines come to; raises BadAmount where an amount was said that is another one."""
    currency = wanted.currency or opportunity.currency
    if wanted.percent is not None:
        raise BadAmount("Say either lines or a percentage, not both.")
    business = tx.business.get()
    lines = read_lines(wanted.lines, currency, business.tax_rate)
    taken_off = on_account(tx, opportunity.number, currency) if wanted.kind is InvoiceKind.FINAL else ()
    gross = totals(lines, business.tax_behavior, business.tax_rounding).gross
    total = gross - sum((each.amount for each in taken_off), start=zero(currency))
    require_askable(total)
    said = None if wanted.amount is None else parse_amount(wanted.amount, currency)
    if said is not None and said not in {gross, total}:
        raise BadAmount("The lines come to ", total, " and not ", said, ". Leave the amount out, or mend the lines.")
    return Ask(total, lines, business.tax_behavior, taken_off)


def _value(opportunity: Opportunity, currency: str) -> Money:
    if opportunity.value is None:
        message = f"{opportunity.name} has no value yet, so I cannot work the amount out. How much should it be?"
        raise MissingArgument(message, ("amount",))
    if opportunity.value.currency != currency:
        message = f"{opportunity.name} is valued in {opportunity.value.currency}. Say the amount in {currency}."
        raise MissingArgument(message, ("amount",))
    return opportunity.value


def _share(opportunity: Opportunity, percent: str, currency: str) -> Money:
    percentage = parse_percent(percent)
    if percentage > 100:  # noqa: PLR2004 - the whole deal
        raise BadAmount(f"{percent}% is more than the whole deal. Say a percentage up to 100, or an amount.")
    share = _value(opportunity, currency).percent(percentage)
    if share.amount == 0:
        raise BadAmount(f"{percent}% of {opportunity.name} comes to nothing. Say an amount instead.")
    return share


def _rest(tx: Transaction, opportunity: Opportunity, currency: str) -> Money:
    rest = _value(opportunity, currency) - invoiced(tx, opportunity)
    if rest.amount <= 0:
        message = (
            f"Nothing is left to invoice on {opportunity.name}: its whole value is on invoices already. "
            "Say an amount if you want to bill more."
        )
        raise NothingToInvoice(message)
    return rest


def concerns(
    tx: Transaction, opportunity: Opportunity, kind: InvoiceKind, total: Money, *, besides: str | None = None
) -> tuple[Wording, ...]:
    """Return what is odd about an invoice of this kind and total on the deal, a sentence each.

    `besides` is its own number where it is on the deal already.
    """
    found = []
    others = _standing(tx, opportunity, besides)
    if kind is InvoiceKind.DEPOSIT and any(other.kind is InvoiceKind.DEPOSIT for other in others):
        found.append(worded(f"{opportunity.name} has a deposit invoice already; this is another one."))
    asked = invoiced(tx, opportunity, besides=besides)
    if total.currency != opportunity.currency:
        deal, invoice = opportunity.currency, total.currency
        found.append(worded(f"The deal is in {deal}; an invoice in {invoice} is not counted against its value."))
    elif opportunity.value is not None and opportunity.value < asked + total:
        over = asked + total - opportunity.value
        found.append(worded("That is ", over, " more than the deal is worth (", opportunity.value, ")."))
    return tuple(found)
