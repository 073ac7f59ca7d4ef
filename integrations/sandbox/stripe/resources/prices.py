"""Prices and products, as a payment link makes them inline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.amounts import check_coins
from integrations.sandbox.stripe.faults import ApiFault, unsupported
from integrations.sandbox.stripe.listing import equals
from integrations.sandbox.stripe.routes import Route, listed, retrieve
from integrations.stripe_money import CURRENCIES

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books

# Three years, which is as far apart as Stripe lets two charges be.
_LONGEST_INTERVAL: Final = {"day": 1095, "week": 156, "month": 36, "year": 3}
_LARGEST_AMOUNT: Final = 99_999_999
_LARGEST_AMOUNTS: Final = {"idr": 999_999_999_999}
_SUPPORTED: Final = frozenset({"currency", "product_data", "recurring", "unit_amount"})


def make_price(books: Books, data: dict[str, Any], path: str) -> dict[str, Any]:
    """Make the price and the product that `price_data` describes; raises ApiFault. `path` is the parameter's name."""
    for name in data.keys() - _SUPPORTED:
        raise unsupported(f"'{name}' of an inline price", f"{path}[{name}]")
    for name in ("product_data", "unit_amount"):
        if name not in data:
            raise ApiFault(
                f"Missing required param: {path}[{name}].", param=f"{path}[{name}]", code="parameter_missing"
            )
    currency = _currency(data["currency"], f"{path}[currency]")
    _check_amount(data["unit_amount"], currency, f"{path}[unit_amount]")
    product = _make_product(books, data["product_data"], f"{path}[product_data]")
    recurring = _recurring(data["recurring"], f"{path}[recurring]") if "recurring" in data else None
    return books.save(
        books.new(
            "price",
            active=True,
            billing_scheme="per_unit",
            currency=currency,
            product=product["id"],
            recurring=recurring,
            tax_behavior="unspecified",
            type="one_time" if recurring is None else "recurring",
            unit_amount=data["unit_amount"],
            unit_amount_decimal=str(data["unit_amount"]),
        ),
    )


def _make_product(books: Books, data: dict[str, Any], path: str) -> dict[str, Any]:
    for name in data.keys() - {"name", "description"}:
        raise unsupported(f"'{name}' of an inline product", f"{path}[{name}]")
    return books.save(
        books.new(
            "product",
            active=True,
            name=data["name"],
            description=data.get("description"),
            type="service",
            updated=books.now,
        ),
    )


def _currency(code: str, path: str) -> str:
    if code.upper() not in CURRENCIES:
        known = ", ".join(sorted(CURRENCIES)).lower()
        raise ApiFault(f"Invalid currency: {code}. Stripe currently supports these currencies: {known}", param=path)
    return code.lower()


def _check_amount(amount: int, currency: str, path: str) -> None:
    if amount < 0:
        raise ApiFault("This value must be greater than or equal to 0.", param=path, code="parameter_invalid_integer")
    if amount > _LARGEST_AMOUNTS.get(currency, _LARGEST_AMOUNT):
        raise ApiFault(
            "Amount must be no more than the largest that can be charged.", param=path, code="amount_too_large"
        )
    check_coins(amount, currency, path)


def _recurring(data: dict[str, Any], path: str) -> dict[str, Any]:
    count = data.get("interval_count", 1)
    if not 1 <= count <= _LONGEST_INTERVAL[data["interval"]]:
        raise ApiFault(
            "Invalid interval_count: must be at least 1, and prices recur at least every three years.",
            param=f"{path}[interval_count]",
        )
    return {
        "interval": data["interval"],
        "interval_count": count,
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


ROUTES: Final[tuple[Route, ...]] = (
    retrieve("get /v1/prices/{price}", "price"),
    listed(
        "get /v1/prices", "price", {"active": equals("active"), "product": equals("product"), "type": equals("type")}
    ),
    retrieve("get /v1/products/{id}", "product"),
    listed("get /v1/products", "product", {"active": equals("active")}),
)
