"""Paying an invoice in parts: whether that may be, how little a part may be, and what is wrong with one."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from billing.money import Money

if TYPE_CHECKING:
    from billing.invoices import Invoice
    from billing.workspaces import Workspace

_WHOLE = 100


class PartProblem(StrEnum):
    """Why an amount cannot be paid as a part."""

    TOO_LITTLE = "too_little"
    TOO_MUCH = "too_much"
    LEAVES_TOO_LITTLE = "leaves_too_little"


def least_part(invoice: Invoice, workspace: Workspace) -> Money | None:
    """Return the least that may be paid of the invoice at a time; None where it is to be paid in one.

    The invoice's own word counts before the workspace's, which is a percentage of the total, rounded up. The last
    part may be smaller, and where nothing but it is left there is no choice any more.
    """
    least = invoice.least_part or _share(invoice, workspace.least_part_percent)
    if least is None or not invoice.payable or invoice.balance <= least:
        return None
    return least


def _share(invoice: Invoice, percent: int | None) -> Money | None:
    if percent is None:
        return None
    return Money(-(-invoice.total.amount * percent // _WHOLE), invoice.total.currency)


def problem_of(invoice: Invoice, part: Money, least: Money, least_charge: Money | None) -> PartProblem | None:
    """Return what is wrong with paying that part now; None where nothing is.

    What would be left must be nothing, or enough to be charged online once more.
    """
    if part < least:
        return PartProblem.TOO_LITTLE
    if invoice.balance < part:
        return PartProblem.TOO_MUCH
    left = invoice.balance - part
    if left.amount and least_charge is not None and left < least_charge:
        return PartProblem.LEAVES_TOO_LITTLE
    return None
