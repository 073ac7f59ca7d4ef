"""What a client's portal shows, line by line: invoices, payments and subscriptions as the client reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.invoices import OVERDUE, UNPAID, InvoiceKind, InvoiceStatus
from billing.money import Money, zero
from billing.payments import PaymentType
from billing.rhythms import how_often
from billing.standing import came_in, gone_back, is_under_way
from billing.subscriptions import SubscriptionStatus
from skills.cards import Tone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from billing.invoices import Invoice
    from billing.payments import Payment
    from billing.ports import Formats, Links
    from billing.subscriptions import Subscription
    from billing.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Books:
    """Everything that the page is made of, read in one transaction, and all of it the client's own.

    `titles` are the opportunities' names, `switched_off` the invoices that may not be paid online.
    """

    workspace: Workspace
    invoices: Sequence[Invoice]
    payments: Sequence[Payment]
    subscriptions: Sequence[Subscription]
    titles: dict[str, str]
    online: bool
    switched_off: frozenset[str]


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice as the client reads it.

    `balance` is "" where nothing or everything is paid, `pay_url` where there is no way to pay online.
    """

    number: str
    title: str
    detail: str
    total: str
    balance: str
    when: str
    status: str
    tone: Tone
    pay_url: str
    pdf_url: str


@dataclass(frozen=True, slots=True)
class Owed:
    """What is left to pay in one currency, how much of it is late, and what is on its way; each "" where nothing is."""

    total: str
    overdue: str
    coming: str


@dataclass(frozen=True, slots=True)
class Movement:
    """One payment or refund; `url` leads to its receipt, "" where there is none."""

    what: str
    number: str
    when: str
    amount: str
    url: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One subscription: what it is for, how much how often, and until when it runs."""

    title: str
    price: str
    status: str
    when: str
    tone: Tone


class Sheet:
    """Writes the books of one client for that client; `receipt` returns the address of a payment's receipt."""

    def __init__(
        self, books: Books, links: Links, formats: Formats, today: date, receipt: Callable[[str], str]
    ) -> None:
        self._books = books
        self._links = links
        self._formats = formats
        self._today = today
        self._receipt = receipt

    def unpaid(self) -> list[Line]:
        """Return what is to be paid, what is due first at the top."""
        open_ = [invoice for invoice in self._books.invoices if invoice.status in UNPAID]
        return [self._line(invoice) for invoice in sorted(open_, key=lambda i: (i.due_on, i.number))]

    def closed(self) -> list[Line]:
        """Return what is not to be paid any more, the newest first."""
        return [self._line(invoice) for invoice in reversed(self._books.invoices) if invoice.status not in UNPAID]

    def owed(self) -> list[Owed]:
        """Return what is left to pay, by currency."""
        open_ = sorted((i for i in self._books.invoices if i.status in UNPAID), key=lambda i: (i.due_on, i.number))
        return [self._owed(currency, open_) for currency in dict.fromkeys(i.total.currency for i in open_)]

    def movements(self) -> list[Movement]:
        """Return what was paid and what was given back, the newest first."""
        return [self._movement(line) for line in self._books.payments if came_in(line) or _is_refund(line)]

    def subscriptions(self) -> list[Standing]:
        """Return what is charged again and again, or was."""
        return [self._standing(subscription) for subscription in self._books.subscriptions]

    def _owed(self, currency: str, open_: Iterable[Invoice]) -> Owed:
        mine = [invoice for invoice in open_ if invoice.total.currency == currency]
        coming = _balances(currency, (invoice for invoice in mine if self._coming(invoice)))
        mine = [invoice for invoice in mine if not self._coming(invoice)]
        late = _balances(currency, (invoice for invoice in mine if invoice.status_on(self._today) == OVERDUE))
        sums = (_balances(currency, mine), late, coming)
        return Owed(*(self._formats.money(money) if money.amount else "" for money in sums))

    def _line(self, invoice: Invoice) -> Line:
        books, formats = self._books, self._formats
        status, tone = self._status(invoice)
        unpaid = invoice.status in UNPAID
        payable = unpaid and books.online and invoice.number not in books.switched_off and not self._coming(invoice)
        partly = unpaid and invoice.balance != invoice.total
        return Line(
            number=invoice.client_number,
            title=books.titles.get(invoice.opportunity, ""),
            detail=" · ".join(part for part in (self._part(invoice.kind), invoice.description) if part),
            total=formats.money(invoice.total),
            balance=formats.money(invoice.balance) if partly else "",
            when=self._when(invoice),
            status=status,
            tone=tone,
            pay_url=self._links.pay(invoice) if payable else "",
            pdf_url=self._links.pdf(invoice),
        )

    def _status(self, invoice: Invoice) -> tuple[str, Tone]:
        text = self._formats.text
        if self._coming(invoice):
            return text("Processing"), Tone.NEUTRAL
        return {
            OVERDUE: (text("Overdue"), Tone.BAD),
            InvoiceStatus.PAID: (text("Paid"), Tone.GOOD),
            InvoiceStatus.VOID: (text("Void"), Tone.NEUTRAL),
            InvoiceStatus.REFUNDED: (text("Refunded"), Tone.NEUTRAL),
        }.get(invoice.status_on(self._today), (text("Open"), Tone.NEUTRAL))

    def _coming(self, invoice: Invoice) -> bool:
        """Say whether all that is owed is on its way from the client's bank."""
        return is_under_way(invoice, (line for line in self._books.payments if line.invoice == invoice.number))

    def _part(self, kind: InvoiceKind) -> str:
        text = self._formats.text
        return {
            InvoiceKind.DEPOSIT: text("Deposit"),
            InvoiceKind.PROGRESS: text("Progress payment"),
            InvoiceKind.FINAL: text("Final payment"),
        }.get(kind, "")

    def _when(self, invoice: Invoice) -> str:
        """Return the day that matters: when it is due, or when it was paid; "" where none does any more."""
        formats = self._formats
        if invoice.status in UNPAID:
            return formats.text("Due {day}").format(day=formats.day(invoice.due_on))
        if invoice.status is InvoiceStatus.PAID and invoice.paid_at is not None:
            day = self._books.workspace.day_of(invoice.paid_at)
            return formats.text("Paid {day}").format(day=formats.day(day))
        return ""

    def _movement(self, line: Payment) -> Movement:
        formats, text = self._formats, self._formats.text
        numbers = {invoice.number: invoice.client_number for invoice in self._books.invoices}
        return Movement(
            what=text("Payment") if came_in(line) else text("Refund"),
            number=numbers.get(line.invoice or "", ""),
            when=formats.day(self._books.workspace.day_of(line.occurred_at)),
            amount=formats.money(line.money) if came_in(line) else f"−{formats.money(line.money)}",
            url=self._receipt(line.id),
        )

    def _standing(self, subscription: Subscription) -> Standing:
        formats, text = self._formats, self._formats.text
        title = next((i for i in self._books.invoices if i.number == subscription.invoice), None)
        status, tone = self._subscription_status(subscription.status)
        end = subscription.current_period_end
        when = ""
        if end is not None and not subscription.status.ended:
            words = text("Ends {day}") if subscription.cancel_at_period_end else text("Next charge {day}")
            when = words.format(day=formats.day(self._books.workspace.day_of(end)))
        return Standing(
            title=self._books.titles.get(title.opportunity, "") if title else "",
            price=self._price(subscription),
            status=status,
            when=when,
            tone=tone,
        )

    def _price(self, subscription: Subscription) -> str:
        often = how_often(subscription.interval, subscription.interval_count, self._formats)
        return f"{self._formats.money(subscription.money)} {often}".strip()

    def _subscription_status(self, status: SubscriptionStatus) -> tuple[str, Tone]:
        text = self._formats.text
        return {
            SubscriptionStatus.ACTIVE: (text("Active"), Tone.GOOD),
            SubscriptionStatus.TRIALING: (text("Trial"), Tone.GOOD),
            SubscriptionStatus.PAUSED: (text("Paused"), Tone.NEUTRAL),
            SubscriptionStatus.CANCELED: (text("Ended"), Tone.NEUTRAL),
            SubscriptionStatus.INCOMPLETE_EXPIRED: (text("Never began"), Tone.NEUTRAL),
        }.get(status, (text("Payment is missing"), Tone.BAD))


def _is_refund(line: Payment) -> bool:
    return line.type is PaymentType.REFUND and gone_back(line)


def _balances(currency: str, invoices: Iterable[Invoice]) -> Money:
    return sum((invoice.balance for invoice in invoices), start=zero(currency))
