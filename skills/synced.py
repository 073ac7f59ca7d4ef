"""What Stripe's answer changed of invoices, and of which it changed nothing, in words and as lines of a list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing.invoices import InvoiceStatus
from skills.presenting import invoice_row, view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing.ports import Transaction
    from billing.syncing import Synced
    from skills.cards import Row
    from skills.context import Context


def synced_row(context: Context, tx: Transaction, synced: Synced) -> Row:
    """Return an invoice as a line that says what has become of it, or that nothing has."""
    row = invoice_row(view(tx, synced.after.number), context.formats, context.today)
    return replace(row, detail=f"{_change(context, synced) if synced.news else 'nothing new'} · {row.detail}")


def _change(context: Context, synced: Synced) -> str:
    """Return what Stripe's answer changed: `was sent, is paid`."""
    before, after = synced.before, synced.after
    if before.status != after.status:
        return f"was {before.status_on(context.today)}, is {after.status_on(context.today)}"
    if before.paid != after.paid:
        return f"{context.formats.money(after.paid)} paid, was {context.formats.money(before.paid)}"
    return "news of its payments or its link"


def what_changed(context: Context, synced: Sequence[Synced], *, one_only: bool) -> str:
    """Return the sentence that answers whoever asked, of one invoice or of all that are open."""
    changed = [one for one in synced if one.news]
    if not changed:
        return _nothing_new(synced, one_only=one_only)
    news = "; ".join(f"{one.after.number} ({_change(context, one)})" for one in changed)
    same = len(synced) - len(changed)
    rest = f" Nothing new for {_counted(same, 'other')}." if same else ""
    return f"Stripe has news of {news}.{rest}"


def _nothing_new(synced: Sequence[Synced], *, one_only: bool) -> str:
    if not one_only:
        return f"Nothing new at Stripe: {_counted(len(synced), 'open invoice')} checked."
    (asked,) = synced
    number = asked.after.number
    if asked.after.status is InvoiceStatus.PAID:
        return f"{number} is paid; there is nothing new at Stripe."
    return f"Nothing new at Stripe for {number}."


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
