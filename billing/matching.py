"""Whether an automation's conditions hold for an event, and which one does not: so that it can be told later."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from billing.automations import PaymentTurn, Trigger
from billing.runs import Reason, Unmet

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from billing.automations import Conditions
    from billing.events import DomainEvent
    from billing.invoices import Invoice
    from billing.money import Money
    from billing.opportunities import Opportunity
    from billing.payments import Payment
    from billing.ports import Transaction

# What these are about is an amount that moved, which may be another than the invoice's.
_OF_A_PAYMENT: Final = frozenset(
    {Trigger.PAYMENT_FAILED, Trigger.REFUND_CREATED, Trigger.DISPUTE_OPENED, Trigger.SUBSCRIPTION_RENEWED},
)


@dataclass(frozen=True)
class Facts:
    """What an event is about, read when a condition asks for it, each thing once."""

    tx: Transaction
    event: DomainEvent
    today: date

    @cached_property
    def invoice(self) -> Invoice | None:
        """The invoice, None where the event is about none."""
        if self.event.record is not None:
            return self.event.record
        return self.tx.invoices.find(self.event.invoice) if self.event.invoice else None

    @cached_property
    def opportunity(self) -> Opportunity | None:
        """The invoice's deal."""
        return self.tx.opportunities.find(self.invoice.opportunity) if self.invoice else None

    @cached_property
    def payment(self) -> Payment | None:
        """The line of the payment log, where the event is about one."""
        if self.event.payment is None:
            return None
        lines = self.tx.payments.of_invoice(self.event.invoice)
        return next((line for line in lines if line.id == self.event.payment), None)

    @property
    def money(self) -> Money | None:
        """The amount that it is about: what moved, else what the invoice asks for."""
        if self.event.trigger in _OF_A_PAYMENT and self.payment is not None:
            return self.payment.money
        return self.invoice.total if self.invoice else None

    @property
    def turn(self) -> PaymentTurn | None:
        """Which payment of the invoice it is, or was to be; None where it is about none."""
        if self.event.trigger is Trigger.PAYMENT_FAILED and self.invoice is not None:
            return PaymentTurn.FIRST if self.invoice.payable else PaymentTurn.RENEWAL
        turns = {
            Trigger.PAYMENT_SUCCEEDED: PaymentTurn.FIRST,
            Trigger.SUBSCRIPTION_RENEWED: PaymentTurn.RENEWAL,
        }
        return turns.get(self.event.trigger)

    @property
    def days_overdue(self) -> int | None:
        """How many days ago it was due; negative before that."""
        return (self.today - self.invoice.due_on).days if self.invoice else None


def unmet(where: Conditions, facts: Facts) -> Unmet | None:
    """Return the first condition that does not hold, None where all do. One that is not known never holds."""
    if where.unknown:
        return Unmet(Reason.UNKNOWN_CONDITION, wanted=where.unknown[0])
    for name, fits in _CONDITIONS.items():
        wanted = getattr(where, name)
        if wanted is None:
            continue
        found = _FOUND[name](facts)
        if found is None or not fits(wanted, found):
            return Unmet(name, wanted, found)
    return None


def _equal(wanted: object, found: object) -> bool:
    return wanted == found


def _at_least(wanted: Money, found: Money) -> bool:
    return wanted.currency == found.currency and wanted <= found


def _at_most(wanted: Money, found: Money) -> bool:
    return wanted.currency == found.currency and found <= wanted


def _days(wanted: int, found: int) -> bool:
    return wanted <= found


# In the order in which they are told: what costs a query comes last.
_CONDITIONS: Final[dict[str, Callable[..., bool]]] = {
    "kind": _equal,
    "contact": _equal,
    "opportunity": _equal,
    "currency": _equal,
    "payment": _equal,
    "days_overdue": _days,
    "min_amount": _at_least,
    "max_amount": _at_most,
    "stage": _equal,
}
_FOUND: Final[dict[str, Callable[[Facts], object]]] = {
    "kind": lambda facts: facts.invoice and facts.invoice.kind.value,
    "contact": lambda facts: facts.invoice and facts.invoice.contact,
    "opportunity": lambda facts: facts.invoice and facts.invoice.opportunity,
    "currency": lambda facts: facts.money and facts.money.currency,
    "payment": lambda facts: facts.turn,
    "days_overdue": lambda facts: facts.days_overdue,
    "min_amount": lambda facts: facts.money,
    "max_amount": lambda facts: facts.money,
    "stage": lambda facts: facts.opportunity and facts.opportunity.stage.value,
}
