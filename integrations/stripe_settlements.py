"""What Stripe says of payments now, as settlements in our words.

A one-time payment is counted by its payment intent and a period of a subscription by its Stripe invoice, whichever
of their objects is asked: so the several events of one payment lead to one line in the payment log.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from stripe import Charge, PaymentIntent

from billing.errors import ProviderRefused
from billing.payments import PaymentStatus, PaymentType, Settlement
from integrations.stripe_balance import booked
from integrations.stripe_errors import in_our_words
from integrations.stripe_intents import intent_of
from integrations.stripe_links import LINK, named
from integrations.stripe_money import from_stripe
from integrations.stripe_reversals import StripeReversals

if TYPE_CHECKING:
    from stripe import Invoice as StripeInvoice
    from stripe.checkout import Session

    from billing.money import Money
    from billing.payments import Payment, Reversal
    from integrations.stripe_account import StripeAccount


class StripeSettlements:
    """Reads payments of one account. What carries no name of ours is somebody else's and yields nothing.

    Without `failed_refunds`, a charge of which nothing was given back is not asked for refunds: only failed ones could
    be found, which have events of their own, and each payment would cost a second request.
    """

    def __init__(self, account: StripeAccount, *, failed_refunds: bool = True) -> None:
        self._account = account
        self._failed_refunds = failed_refunds
        self._v1 = account.client.v1
        self._reversals = StripeReversals(account)

    def of_link(self, stripe_payment_link_id: str) -> list[Settlement]:
        """Return what came through every checkout session that the link ever had."""
        with in_our_words():
            sessions = self._v1.checkout.sessions.list(
                {
                    "payment_link": stripe_payment_link_id,
                    "limit": 100,
                    "expand": ["data.payment_intent.latest_charge.balance_transaction"],
                },
                self._account.options(),
            )
            return [settlement for session in sessions.auto_paging_iter() for settlement in self._session(session)]

    def of_session(self, session_id: str) -> list[Settlement]:
        """Return what a checkout session has led to."""
        with in_our_words():
            session = self._v1.checkout.sessions.retrieve(
                session_id,
                {"expand": ["payment_intent.latest_charge.balance_transaction"]},
                self._account.options(),
            )
            return self._session(session)

    def of_intent(self, intent_id: str) -> list[Settlement]:
        """Return what a payment intent says; one that pays a subscription speaks for its Stripe invoice."""
        with in_our_words():
            intent = intent_of(self._account, intent_id)
            return self._one_time(intent) or self._invoices_paid_by(intent)

    def of_invoice(self, stripe_invoice_id: str) -> list[Settlement]:
        """Return what a Stripe invoice, a period of a subscription, says."""
        with in_our_words():
            return self._invoice(self._v1.invoices.retrieve(stripe_invoice_id, options=self._account.options()))

    def of_invoice_payment(self, invoice_payment_id: str) -> list[Settlement]:
        """Return what the Stripe invoice says that an invoice payment is for."""
        with in_our_words():
            payment = self._v1.invoice_payments.retrieve(invoice_payment_id, options=self._account.options())
        return self.of_invoice(payment.invoice if isinstance(payment.invoice, str) else payment.invoice.id)

    def of_charge(self, charge_id: str) -> list[Settlement]:
        """Return what the payment of a charge says."""
        with in_our_words():
            charge = self._v1.charges.retrieve(charge_id, options=self._account.options())
        return self._of_intent_named(charge.payment_intent)

    def of_refund(self, refund_id: str) -> list[Settlement]:
        """Return what the payment says that a refund gives back."""
        with in_our_words():
            refund = self._v1.refunds.retrieve(refund_id, options=self._account.options())
        return self._of_intent_named(refund.payment_intent)

    def of_dispute(self, dispute_id: str) -> list[Settlement]:
        """Return what the payment says that a dispute contests."""
        with in_our_words():
            dispute = self._v1.disputes.retrieve(dispute_id, options=self._account.options())
        return self._of_intent_named(dispute.payment_intent)

    def intent_of(self, payment: Payment) -> str:
        """Return the intent that took a payment's money; raises ProviderRefused where its Stripe invoice has none."""
        if payment.type is not PaymentType.SUBSCRIPTION:
            return payment.stripe_object_id
        with in_our_words():
            intents = self._intents_of(payment.stripe_object_id)
        if not intents:
            raise ProviderRefused("Stripe knows no payment of that period that it could give back.")
        return intents[-1]

    def _of_intent_named(self, intent: str | PaymentIntent | None) -> list[Settlement]:
        if intent is None:
            return []
        return self.of_intent(intent if isinstance(intent, str) else intent.id)

    def _session(self, session: Session) -> list[Settlement]:
        if session.mode == "subscription":
            return self._subscription(session)
        intent = session.payment_intent
        if session.payment_status == "no_payment_required" or not isinstance(intent, PaymentIntent):
            return []
        return [_held_back(settlement, session) for settlement in self._one_time(intent)]

    def _one_time(self, intent: PaymentIntent) -> list[Settlement]:
        settlement = self._from_intent(intent)
        names = named(intent.metadata)
        if settlement is None or names is None:
            return []
        return [replace(settlement, workspace_id=names[0], invoice=names[1], used_up=self._used_up(intent))]

    def _used_up(self, intent: PaymentIntent) -> str:
        """Return our id of the link whose checkout a failed intent had completed, as a bank debit's has; "" for none.

        A declined card leaves its checkout open, so that its payer tries another one there.
        """
        if _status(intent) is not PaymentStatus.FAILED or LINK not in intent.metadata:
            return ""
        sessions = self._v1.checkout.sessions.list(
            {"payment_intent": intent.id, "status": "complete"}, self._account.options()
        )
        return str(intent.metadata[LINK]) if sessions.data else ""

    def _from_intent(self, intent: PaymentIntent) -> Settlement | None:
        """Return what the intent says, not yet whose it is; None where nothing was tried or it was called off."""
        status = _status(intent)
        if status is None:
            return None
        charge = intent.latest_charge if isinstance(intent.latest_charge, Charge) else None
        failed = status is PaymentStatus.FAILED
        amount = intent.amount_received if status is PaymentStatus.SUCCEEDED else intent.amount
        error = intent.last_payment_error
        fee, net = booked(charge.balance_transaction) if charge else (None, None)
        return Settlement(
            stripe_account_id=self._account.stripe_account_id,
            stripe_object_id=intent.id,
            livemode=intent.livemode,
            type=PaymentType.CHARGE,
            status=status,
            money=from_stripe(amount, intent.currency),
            occurred_at=_at(charge.created if charge else intent.created),
            workspace_id="",
            invoice="",
            payer=_payer(charge),
            failure_message=(error.message or "") if failed and error is not None else "",
            attempt=charge.id if failed and charge else "",
            reversals=self._reversals_of(charge),
            fee=fee,
            net=net,
            presented=_presented(intent),
        )

    def _reversals_of(self, charge: Charge | None) -> tuple[Reversal, ...]:
        if charge is None or not charge.captured:
            return ()
        told_of = self._failed_refunds or charge.amount_refunded or charge.disputed
        return self._reversals.of_charge(charge) if told_of else ()

    def _subscription(self, session: Session) -> list[Settlement]:
        subscription = session.subscription
        if subscription is None:
            return []
        invoices = self._v1.invoices.list(
            {"subscription": subscription if isinstance(subscription, str) else subscription.id, "limit": 100},
            self._account.options(),
        )
        return [settlement for invoice in invoices.auto_paging_iter() for settlement in self._invoice(invoice)]

    def _invoices_paid_by(self, intent: PaymentIntent) -> list[Settlement]:
        payments = self._v1.invoice_payments.list(
            {"payment": {"type": "payment_intent", "payment_intent": intent.id}},
            self._account.options(),
        )
        invoices = [payment.invoice for payment in payments.data]
        return [
            settlement
            for invoice in invoices
            for settlement in self.of_invoice(invoice if isinstance(invoice, str) else invoice.id)
        ]

    def _invoice(self, invoice: StripeInvoice) -> list[Settlement]:
        details = invoice.parent.subscription_details if invoice.parent is not None else None
        names = named(details.metadata) if details is not None else None
        if names is None:
            return []
        tried = [self._from_intent(intent_of(self._account, intent)) for intent in self._intents_of(invoice.id)]
        attempts = [attempt for attempt in tried if attempt is not None]
        settlement = self._paid(invoice, attempts) if invoice.status == "paid" else _unpaid(invoice, attempts)
        if settlement is None:
            return []
        return [
            replace(
                settlement,
                stripe_object_id=invoice.id,
                type=PaymentType.SUBSCRIPTION,
                workspace_id=names[0],
                invoice=names[1],
                payer=invoice.customer_name or invoice.customer_email or "",
            ),
        ]

    def _paid(self, invoice: StripeInvoice, attempts: list[Settlement]) -> Settlement | None:
        if invoice.amount_paid == 0:
            return None
        took = next((attempt for attempt in attempts if attempt.status is PaymentStatus.SUCCEEDED), None)
        return Settlement(
            stripe_account_id=self._account.stripe_account_id,
            stripe_object_id=invoice.id,
            livemode=invoice.livemode,
            type=PaymentType.SUBSCRIPTION,
            status=PaymentStatus.SUCCEEDED,
            money=from_stripe(invoice.amount_paid, invoice.currency),
            occurred_at=_at(invoice.status_transitions.paid_at or invoice.created),
            workspace_id="",
            invoice="",
            reversals=tuple(reversal for attempt in attempts for reversal in attempt.reversals),
            fee=took.fee if took else None,
            net=took.net if took else None,
            presented=next((attempt.presented for attempt in attempts if attempt.presented), None),
        )

    def _intents_of(self, stripe_invoice_id: str) -> list[str]:
        payments = self._v1.invoice_payments.list({"invoice": stripe_invoice_id}, self._account.options())
        intents = [payment.payment.payment_intent for payment in payments.data]
        return [intent for intent in intents if isinstance(intent, str)]


def _unpaid(invoice: StripeInvoice, attempts: list[Settlement]) -> Settlement | None:
    """Return how the payment of an open invoice stands: under way, or declined."""
    if invoice.status != "open":
        return None
    # An invoice that is not paid has nothing settled, whatever its intent says in this very moment.
    return next((attempt for attempt in attempts if attempt.status is not PaymentStatus.SUCCEEDED), None)


def _status(intent: PaymentIntent) -> PaymentStatus | None:
    if intent.status == "succeeded":
        return PaymentStatus.SUCCEEDED
    if intent.status == "processing":
        return PaymentStatus.PROCESSING
    if intent.status == "requires_payment_method" and intent.last_payment_error is not None:
        return PaymentStatus.FAILED
    return None


def _held_back(settlement: Settlement, session: Session) -> Settlement:
    """Return the settlement as under way where its session is not paid: only both together are money that came."""
    if session.payment_status == "unpaid" and settlement.status is PaymentStatus.SUCCEEDED:
        return replace(settlement, status=PaymentStatus.PROCESSING)
    return settlement


def _presented(intent: PaymentIntent) -> Money | None:
    """Return what the payer was shown and paid, where Stripe presented the price in another currency than ours."""
    shown = intent.presentment_details
    if shown is None or shown.presentment_currency == intent.currency:
        return None
    return from_stripe(shown.presentment_amount, shown.presentment_currency)


def _payer(charge: Charge | None) -> str:
    if charge is None:
        return ""
    return charge.billing_details.name or charge.billing_details.email or ""


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
