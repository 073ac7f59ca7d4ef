"""Invoices: their kinds, and statuses that only go forward."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from billing.errors import InvoiceClosed
from billing.lines import TaxBehavior
from billing.money import zero

if TYPE_CHECKING:
    from datetime import date, datetime

    from billing.letterheads import Letterhead
    from billing.lines import Line
    from billing.money import Money


class InvoiceKind(StrEnum):
    """What part of the deal an invoice asks for."""

    DEPOSIT = "deposit"
    PROGRESS = "progress"
    FINAL = "final"
    STANDARD = "standard"

    @property
    def part(self) -> str:
        """What a client calls that part, such as `Progress payment`; "" for an invoice that is no part."""
        words = {"deposit": "Deposit", "progress": "Progress payment", "final": "Final payment"}
        return words.get(self.value, "")


class InvoiceStatus(StrEnum):
    """What is stored. `overdue` is not among them: it is computed from the due date."""

    DRAFT = "draft"
    OPEN = "open"
    SENT = "sent"
    PAID = "paid"
    VOID = "void"
    REFUNDED = "refunded"


OVERDUE: Final = "overdue"
UNPAID: Final = frozenset({InvoiceStatus.OPEN, InvoiceStatus.SENT})

_FORWARD: Final[dict[InvoiceStatus, frozenset[InvoiceStatus]]] = {
    InvoiceStatus.DRAFT: frozenset(
        {InvoiceStatus.OPEN, InvoiceStatus.SENT, InvoiceStatus.PAID, InvoiceStatus.VOID},
    ),
    InvoiceStatus.OPEN: frozenset({InvoiceStatus.SENT, InvoiceStatus.PAID, InvoiceStatus.VOID}),
    InvoiceStatus.SENT: frozenset({InvoiceStatus.PAID, InvoiceStatus.VOID}),
    InvoiceStatus.PAID: frozenset({InvoiceStatus.REFUNDED}),
    # Money can arrive on a void invoice (a link opened before it was void): the record must say so.
    InvoiceStatus.VOID: frozenset({InvoiceStatus.PAID}),
    InvoiceStatus.REFUNDED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Deduction:
    """What an invoice takes off, with its tax: `amount` is gross and positive.

    It is an earlier invoice of the deal, by the `number` that the client knows; or, where it is a `credit`, a credit
    note by which the invoice itself was brought down.
    """

    number: str
    kind: InvoiceKind
    issued_on: date
    amount: Money
    tax: Money
    credit: bool = False


@dataclass(frozen=True, slots=True)
class Invoice:
    """A request for money. `token` is the unguessable part of its pay address.

    `paid` is what came in for it and stayed, `refunded` what was given back or lost, and `disputed` says that a
    payer contests some of it just now.

    Without `lines` it has the one that its total and description make. `letterhead` and, on a final invoice,
    `deductions` are None until it is opened (or, with lines of its own, made) and fixed from then on.
    `document_number` is its number in the series of the business, where that has one. `replaces` and `replaced_by`
    are numbers of invoices like its own. `least_part` is the least that may be paid of it at a time; None leaves that
    to the workspace. While `reminders_paused`, nobody but a person reminds the client of it, and no late fee is
    charged.
    """

    workspace_id: str
    number: str
    opportunity: str
    contact: str | None
    kind: InvoiceKind
    total: Money
    paid: Money
    status: InvoiceStatus
    issued_on: date
    due_on: date
    token: str
    created_at: datetime
    description: str = ""
    sent_at: datetime | None = None
    paid_at: datetime | None = None
    request_key: str | None = None
    refunded: Money | None = None
    disputed: bool = False
    lines: tuple[Line, ...] = ()
    tax_behavior: TaxBehavior = TaxBehavior.INCLUSIVE
    note: str = ""
    document_number: str | None = None
    letterhead: Letterhead | None = None
    deductions: tuple[Deduction, ...] | None = None
    replaces: str | None = None
    replaced_by: str | None = None
    least_part: Money | None = None
    reminders_paused: bool = False

    @property
    def client_number(self) -> str:
        """What the client knows it by: its number in the series, else its own."""
        return self.document_number or self.number

    @property
    def balance(self) -> Money:
        """What is still owed: nothing once it was paid, whatever was given back of it."""
        if self.status in {InvoiceStatus.PAID, InvoiceStatus.REFUNDED}:
            return zero(self.total.currency)
        return self.total - self.paid

    @property
    def payable(self) -> bool:
        """Whether a client may be asked to pay it."""
        return self.status not in {InvoiceStatus.PAID, InvoiceStatus.VOID, InvoiceStatus.REFUNDED}

    def status_on(self, today: date) -> str:
        """Return the status people speak of: `overdue` where it is unpaid and was due before `today`."""
        if self.status in UNPAID and self.due_on < today:
            return OVERDUE
        return self.status.value

    def move(self, status: InvoiceStatus) -> Invoice:
        """Return the invoice one transition further; the same status is no transition and is let through.

        Raises InvoiceClosed where the step would go backwards.
        """
        if status == self.status:
            return self
        if status not in _FORWARD[self.status]:
            message = f"{self.number} is {self.status}, so it cannot become {status}."
            raise InvoiceClosed(message)
        return replace(self, status=status)

    def require_payable(self) -> None:
        """Raise InvoiceClosed, with what to do, where nothing more can be asked for on it."""
        if self.payable:
            return
        follow_up = {
            InvoiceStatus.PAID: "There is nothing left to pay.",
            InvoiceStatus.VOID: "Create a new invoice instead.",
            InvoiceStatus.REFUNDED: "Create a new invoice if it should be paid again.",
        }[self.status]
        message = f"{self.number} is {self.status}. {follow_up}"
        raise InvoiceClosed(message)
