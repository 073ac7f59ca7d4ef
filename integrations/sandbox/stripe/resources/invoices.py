"""Stripe's invoices: one for each period of a subscription, paid through a payment intent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.books import random_id
from integrations.sandbox.stripe.expansion import list_of
from integrations.sandbox.stripe.listing import equals
from integrations.sandbox.stripe.resources.payment_intents import new_intent
from integrations.sandbox.stripe.resources.subscriptions import period_end
from integrations.sandbox.stripe.routes import Route, listed, retrieve

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books


def new_invoice(
    books: Books,
    subscription: dict[str, Any],
    customer: dict[str, Any],
    items: list[dict[str, Any]],
    reason: str,
) -> dict[str, Any]:
    """Make the open invoice of the period that the subscription is in, with the payment intent that is to pay it.

    `items` is what is charged for, and `reason` whether it is the first period or another: Stripe's words for it.
    """
    id_ = random_id("in_")
    start = subscription["items"]["data"][0]["current_period_start"]
    amount = sum(item["amount_total"] for item in items)
    invoice = books.new(
        "invoice",
        id=id_,
        auto_advance=False,
        billing_reason=reason,
        collection_method="charge_automatically",
        currency=subscription["currency"],
        effective_at=books.now,
        issuer={"type": "self"},
        lines=list_of([_line(books, id_, item, start) for item in items], f"/v1/invoices/{id_}/lines"),
        metadata={},
        number=_number(books, customer),
        parent=_parent(subscription),
        period_start=start,
        period_end=start,
        status="open",
        status_transitions=_transitions(finalized_at=books.now),
        **_owed_by(customer, amount),
    )
    intent = new_intent(books, amount, subscription["currency"], customer=customer["id"])
    _new_payment(books, invoice, intent)
    return books.save(invoice)


def _owed_by(customer: dict[str, Any], amount: int) -> dict[str, Any]:
    named = {"customer": customer["id"], "customer_email": customer["email"], "customer_name": customer["name"]}
    return {**named, **dict.fromkeys(("amount_due", "amount_remaining", "subtotal", "total"), amount)}


def intent_of(books: Books, invoice: dict[str, Any]) -> dict[str, Any]:
    """Return the payment intent that pays the invoice."""
    return books.get("payment_intent", _payment(books, invoice)["payment"]["payment_intent"])


def mark_paid(books: Books, invoice: dict[str, Any]) -> None:
    """Book that the invoice's intent has paid it."""
    invoice |= {
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "attempt_count": invoice["attempt_count"] + 1,
        "attempted": True,
        "status": "paid",
        "status_transitions": invoice["status_transitions"] | {"paid_at": books.now},
    }
    books.emit("invoice.paid", books.save(invoice))
    payment = _payment(books, invoice)
    payment |= {
        "amount_paid": invoice["total"],
        "status": "paid",
        "status_transitions": payment["status_transitions"] | {"paid_at": books.now},
    }
    books.emit("invoice_payment.paid", books.save(payment))


def mark_tried(books: Books, invoice: dict[str, Any]) -> None:
    """Book that a try to pay the invoice failed; it stays open."""
    tried = invoice | {"attempt_count": invoice["attempt_count"] + 1, "attempted": True}
    books.emit("invoice.payment_failed", books.save(tried))


def _payment(books: Books, invoice: dict[str, Any]) -> dict[str, Any]:
    return next(payment for payment in books.all("invoice_payment") if payment["invoice"] == invoice["id"])


def _number(books: Books, customer: dict[str, Any]) -> str:
    """Return the next number of the customer's invoices."""
    number = customer["next_invoice_sequence"]
    books.save(customer | {"next_invoice_sequence": number + 1})
    return f"{customer['invoice_prefix']}-{number:04}"


def _new_payment(books: Books, invoice: dict[str, Any], intent: dict[str, Any]) -> None:
    payment = books.new(
        "invoice_payment",
        amount_requested=invoice["total"],
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=True,
        payment={"type": "payment_intent", "payment_intent": intent["id"], "charge": None, "payment_record": None},
        status="open",
    )
    books.save(payment)


def _line(books: Books, invoice: str, item: dict[str, Any], start: int) -> dict[str, Any]:
    recurring = item["price"]["recurring"]
    return books.new(
        "line_item",
        amount=item["amount_total"],
        currency=item["currency"],
        description=item["description"],
        discountable=True,
        invoice=invoice,
        period={"start": start, "end": period_end(start, item["price"]) if recurring else start},
        quantity=item["quantity"],
        subtotal=item["amount_total"],
    )


def _parent(subscription: dict[str, Any]) -> dict[str, Any]:
    return {
        "quote_details": None,
        "subscription_details": {
            "metadata": subscription["metadata"],
            "subscription": subscription["id"],
            "subscription_proration_date": None,
        },
        "type": "subscription_details",
    }


def _transitions(finalized_at: int) -> dict[str, Any]:
    return {"finalized_at": finalized_at, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None}


def _pays_by(body: dict[str, Any], wanted: Any) -> bool:  # noqa: ANN401 - a nested parameter
    return bool(body["payment"]["payment_intent"] == wanted.get("payment_intent"))


ROUTES: Final[tuple[Route, ...]] = (
    retrieve("get /v1/invoices/{invoice}", "invoice"),
    listed(
        "get /v1/invoices",
        "invoice",
        {
            "customer": equals("customer"),
            "status": equals("status"),
            "subscription": equals("parent.subscription_details.subscription"),
        },
    ),
    retrieve("get /v1/invoice_payments/{invoice_payment}", "invoice_payment"),
    listed(
        "get /v1/invoice_payments",
        "invoice_payment",
        {"invoice": equals("invoice"), "payment": _pays_by, "status": equals("status")},
    ),
)
