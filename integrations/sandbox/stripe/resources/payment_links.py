"""Payment links: made, changed, switched off, and used up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from integrations.sandbox.stripe.addresses import is_web_address
from integrations.sandbox.stripe.books import public, random_id
from integrations.sandbox.stripe.expansion import list_of
from integrations.sandbox.stripe.faults import ApiFault, unsupported
from integrations.sandbox.stripe.listing import equals
from integrations.sandbox.stripe.resources.metadata import merged
from integrations.sandbox.stripe.resources.prices import make_price
from integrations.sandbox.stripe.routes import Route, listed, retrieve
from integrations.stripe_money import from_stripe, minimum

if TYPE_CHECKING:
    from integrations.sandbox.stripe.books import Books

_MOST_ITEMS: Final = 20
_MOST_OF_ONE: Final = 999_999
_LONGEST_MESSAGE: Final = 500
_UPDATE: Final = frozenset(
    """active after_completion expand inactive_message metadata payment_intent_data restrictions
    subscription_data""".split(),
)
_CREATE: Final = (_UPDATE - {"active"}) | {"line_items"}
# Which of the two a link has depends on whether its prices recur.
_DATA: Final = {"payment": "payment_intent_data", "subscription": "subscription_data"}


def create(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    """Make a link with its prices; raises ApiFault."""
    del ids
    _require_supported(params, _CREATE)
    items = _items(books, params["line_items"])
    recurring = any(item["price"]["recurring"] for item in items)
    mode = "subscription" if recurring else "payment"
    id_ = random_id("plink_")
    link = books.new(
        "payment_link",
        id=id_,
        active=True,
        after_completion={"type": "hosted_confirmation", "hosted_confirmation": {"custom_message": None}},
        billing_address_collection="auto",
        currency=items[0]["currency"],
        customer_creation="always" if recurring else "if_required",
        payment_method_collection="always",
        tax_id_collection={"enabled": False, "required": "never"},
        url=f"{books.base_url}/c/pay/{id_}",
        _line_items=items,
        _mode=mode,
    )
    _require_total(total(link), link["currency"])
    return public(books.save(_changed(link, params)))


def update(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    """Change a link, switch it on or off; raises ApiFault."""
    link = books.get("payment_link", ids[0], param="payment_link")
    _require_supported(params, _UPDATE)
    changed = _changed(link, params)
    books.emit("payment_link.updated", books.save(changed))
    return public(changed)


def line_items(books: Books, ids: list[str], params: dict[str, Any]) -> dict[str, Any]:
    """Return the link's items, at most twenty and so always in one page."""
    del params
    link = books.get("payment_link", ids[0], param="payment_link")
    return list_of(link["_line_items"], f"/v1/payment_links/{link['id']}/line_items")


def total(link: dict[str, Any]) -> int:
    """Return what one checkout through the link charges, in Stripe's smallest unit."""
    return sum(item["amount_total"] for item in link["_line_items"])


def used(books: Books, link: dict[str, Any]) -> None:
    """Count a completed session, and close the link when it has had as many as it may."""
    restrictions = link["restrictions"]
    if restrictions is None:
        return
    sessions = restrictions["completed_sessions"]
    sessions["count"] += 1
    if sessions["count"] >= sessions["limit"]:
        link["active"] = False
    books.emit("payment_link.updated", books.save(link))


def _items(books: Books, wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not 1 <= len(wanted) <= _MOST_ITEMS:
        raise ApiFault(f"A payment link has from 1 to {_MOST_ITEMS} line items.", param="line_items")
    items = [_item(books, item, f"line_items[{place}]") for place, item in enumerate(wanted)]
    if len({item["currency"] for item in items}) > 1:
        raise ApiFault("All prices of a payment link must have the same currency.", param="line_items")
    rhythms = {_rhythm(item["price"]) for item in items if item["price"]["recurring"]}
    if len(rhythms) > 1:
        raise ApiFault("All recurring prices of a payment link must have the same interval.", param="line_items")
    return items


def _item(books: Books, wanted: dict[str, Any], path: str) -> dict[str, Any]:
    quantity = wanted.get("quantity")
    if quantity is None or not 1 <= quantity <= _MOST_OF_ONE:
        raise ApiFault(f"Quantity must be from 1 to {_MOST_OF_ONE}.", param=f"{path}[quantity]")
    for name in wanted.keys() - {"price", "price_data", "quantity"}:
        raise unsupported(f"'{name}' of a line item", f"{path}[{name}]")
    price = _price(books, wanted, path)
    amount = price["unit_amount"] * quantity
    return books.new(
        "item",
        amount_subtotal=amount,
        amount_total=amount,
        currency=price["currency"],
        description=books.get("product", price["product"])["name"],
        price=public(price),
        quantity=quantity,
    )


def _price(books: Books, wanted: dict[str, Any], path: str) -> dict[str, Any]:
    if ("price" in wanted) == ("price_data" in wanted):
        raise ApiFault(f"You must specify either `price` or `price_data` in {path}.", param=path)
    if "price" in wanted:
        return books.get("price", wanted["price"], param=f"{path}[price]")
    return make_price(books, wanted["price_data"], f"{path}[price_data]")


def _rhythm(price: dict[str, Any]) -> tuple[str, int]:
    return price["recurring"]["interval"], price["recurring"]["interval_count"]


def _require_supported(params: dict[str, Any], supported: frozenset[str]) -> None:
    for name in params.keys() - supported:
        raise unsupported(f"'{name}' of a payment link", name)


def _require_total(amount: int, currency: str) -> None:
    least = minimum(currency.upper())
    if least is not None and from_stripe(amount, currency) < least:
        raise ApiFault(
            f"The Payment Link's total amount must add up to at least {least} {currency}.",
            param="line_items",
            code="amount_too_small",
        )


def _changed(link: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "active" in params:
        changes["active"] = params["active"]
    if "inactive_message" in params:
        changes["inactive_message"] = _message(params["inactive_message"], "inactive_message")
    if "metadata" in params:
        changes["metadata"] = merged(link["metadata"], params["metadata"], "metadata")
    if "after_completion" in params:
        changes["after_completion"] = _after_completion(params["after_completion"])
    if "restrictions" in params:
        changes["restrictions"] = _restrictions(link, params["restrictions"])
    return link | changes | _mode_data(link, params)


def _mode_data(link: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    """Return what the link hands on to its payment intents or subscriptions."""
    changes: dict[str, Any] = {}
    for mode, name in _DATA.items():
        if name not in params:
            continue
        if link["_mode"] != mode:
            raise ApiFault(f"You can not pass `{name}` in `{link['_mode']}` mode.", param=name)
        for inner in params[name].keys() - {"description", "metadata"}:
            raise unsupported(f"'{inner}' of {name}", f"{name}[{inner}]")
        changes[name] = {
            "description": params[name].get("description"),
            "metadata": merged({}, params[name].get("metadata", {}), f"{name}[metadata]"),
        }
    return changes


def _message(text: str, path: str) -> str | None:
    if len(text) > _LONGEST_MESSAGE:
        raise ApiFault(f"Invalid string: {text[:20]}…; must be at most {_LONGEST_MESSAGE} characters", param=path)
    return text or None


def _after_completion(wanted: dict[str, Any]) -> dict[str, Any]:
    if wanted["type"] == "hosted_confirmation":
        text = wanted.get("hosted_confirmation", {}).get("custom_message", "")
        message = _message(text, "after_completion[hosted_confirmation][custom_message]")
        return {"type": "hosted_confirmation", "hosted_confirmation": {"custom_message": message}}
    param = "after_completion[redirect][url]"
    if "redirect" not in wanted:
        raise ApiFault(f"Missing required param: {param}.", param=param, code="parameter_missing")
    url = wanted["redirect"]["url"]
    if not is_web_address(url):
        raise ApiFault("Not a valid URL", param=param, code="url_invalid")
    return {"type": "redirect", "redirect": {"url": url}}


def _restrictions(link: dict[str, Any], wanted: dict[str, Any] | str) -> dict[str, Any] | None:
    if not isinstance(wanted, dict):
        return None
    limit = wanted["completed_sessions"]["limit"]
    if limit < 1:
        param = "restrictions[completed_sessions][limit]"
        raise ApiFault("This value must be greater than or equal to 1.", param=param, code="parameter_invalid_integer")
    before = link["restrictions"]
    return {"completed_sessions": {"count": before["completed_sessions"]["count"] if before else 0, "limit": limit}}


ROUTES: Final[tuple[Route, ...]] = (
    Route("post /v1/payment_links", create),
    Route("post /v1/payment_links/{payment_link}", update),
    Route("get /v1/payment_links/{payment_link}/line_items", line_items),
    retrieve("get /v1/payment_links/{payment_link}", "payment_link"),
    listed("get /v1/payment_links", "payment_link", {"active": equals("active")}),
)
