"""Customers: made when somebody subscribes. Who pays once stays a guest, as at Stripe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.books import random_id
from integrations.sandbox.stripe.listing import equals
from integrations.sandbox.stripe.routes import Route, listed, retrieve

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books
    from integrations.sandbox.stripe.cards import Payer


def new_customer(books: Books, payer: Payer) -> dict[str, Any]:
    """Make a customer of the payer."""
    customer = books.new(
        "customer",
        balance=0,
        delinquent=False,
        email=payer.email,
        invoice_prefix=random_id("", 8).upper(),
        metadata={},
        name=payer.name,
        next_invoice_sequence=1,
        preferred_locales=[],
        tax_exempt="none",
    )
    books.emit("customer.created", books.save(customer))
    return customer


ROUTES: Final[tuple[Route, ...]] = (
    retrieve("get /v1/customers/{customer}", "customer"),
    listed("get /v1/customers", "customer", {"email": equals("email")}),
)
