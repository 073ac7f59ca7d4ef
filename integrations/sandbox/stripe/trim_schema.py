"""Makes `schema.json`, the part of Stripe's published interface that the sandbox serves.

    python -m integrations.sandbox.stripe.trim_schema FILE > integrations/sandbox/stripe/schema.json

FILE describes the operations and objects of the `stripe` package in JSON Schema's words. Kept are the parameters of
the operations below and the properties of their objects, nested ones to a small depth.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

_OPERATIONS: Final = (
    "delete /v1/subscriptions/{subscription_exposed_id}",
    "get /v1/account",
    "get /v1/accounts/{account}",
    "get /v1/balance_transactions",
    "get /v1/balance_transactions/{id}",
    "get /v1/charges",
    "get /v1/charges/{charge}",
    "get /v1/checkout/sessions",
    "get /v1/checkout/sessions/{session}",
    "get /v1/customers",
    "get /v1/customers/{customer}",
    "get /v1/disputes",
    "get /v1/disputes/{dispute}",
    "get /v1/events",
    "get /v1/events/{id}",
    "get /v1/invoice_payments",
    "get /v1/invoice_payments/{invoice_payment}",
    "get /v1/invoices",
    "get /v1/invoices/{invoice}",
    "get /v1/payment_intents",
    "get /v1/payment_intents/{intent}",
    "get /v1/payment_links",
    "get /v1/payment_links/{payment_link}",
    "get /v1/payment_links/{payment_link}/line_items",
    "get /v1/prices",
    "get /v1/prices/{price}",
    "get /v1/products",
    "get /v1/products/{id}",
    "get /v1/refunds",
    "get /v1/refunds/{refund}",
    "get /v1/subscriptions",
    "get /v1/subscriptions/{subscription_exposed_id}",
    "get /v1/webhook_endpoints",
    "post /v1/disputes/{dispute}",
    "post /v1/disputes/{dispute}/close",
    "post /v1/payment_links",
    "post /v1/payment_links/{payment_link}",
    "post /v1/refunds",
    "post /v1/refunds/{refund}",
    "post /v1/subscriptions/{subscription_exposed_id}",
)
# FILE has payouts as objects and not their operations: they are those of refunds, with another filter.
_ONLY_OF_REFUNDS: Final = frozenset({"charge", "payment_intent"})
_OBJECTS: Final = (
    "account",
    "balance_transaction",
    "charge",
    "checkout.session",
    "customer",
    "dispute",
    "event",
    "invoice",
    "invoice_payment",
    "item",
    "line_item",
    "payment_intent",
    "payment_link",
    "payout",
    "price",
    "product",
    "refund",
    "subscription",
    "subscription_item",
    "webhook_endpoint",
)
# Large, and never read by anybody here beyond their being objects.
_SHALLOW: Final = frozenset(
    "capabilities company individual payment_method_details payment_method_options requirements".split()
    + "future_requirements last_payment_error last_finalization_error next_action tos_acceptance".split(),
)
_DEPTH: Final = 3
_MANY: Final = 50
_REFERENCE: Final = "#/components/schemas/"


def trim(published: dict[str, Any]) -> dict[str, Any]:
    """Return the served part: operations by method and path, objects by name, and where it all is from."""
    operations = {}
    for operation in _OPERATIONS:
        method, path = operation.split()
        operations[operation] = published["paths"][path][method]["params"]
    operations |= _payouts(operations["get /v1/refunds"], operations["get /v1/refunds/{refund}"])
    for name, schema in published["oauth"].items():
        operations[f"oauth {name}"] = schema
    schemas = published["components"]["schemas"]
    return {
        "info": {key: published["info"][key] for key in ("source", "sdk_version", "api_version")},
        "operations": operations,
        "objects": {name: _shape(schemas[name], _DEPTH) for name in _OBJECTS},
    }


def _payouts(listed: dict[str, Any], retrieved: dict[str, Any]) -> dict[str, dict[str, Any]]:
    common = {name: schema for name, schema in listed["properties"].items() if name not in _ONLY_OF_REFUNDS}
    return {
        "get /v1/payouts": listed | {"properties": {**common, "status": {"type": "string"}}},
        "get /v1/payouts/{payout}": retrieved,
    }


def _shape(schema: dict[str, Any], depth: int) -> dict[str, Any]:
    """Return what the sandbox needs of a property: its type, whether it may be null, and what it expands to."""
    if "anyOf" in schema:
        return _expandable(schema)
    shape: dict[str, Any] = {key: schema[key] for key in ("type", "enum", "x-open", "nullable") if key in schema}
    if len(shape.get("enum", ())) > _MANY:
        del shape["enum"]
    if "$ref" in schema:
        return {"type": "object"}
    if "properties" in schema and depth:
        shape["properties"] = {
            name: _shape(inner, 0 if name in _SHALLOW else depth - 1) for name, inner in schema["properties"].items()
        }
        shape["required"] = schema.get("required", [])
    if "items" in schema:
        shape["items"] = _shape(schema["items"], depth - 1) if depth else {}
    return shape


def _expandable(schema: dict[str, Any]) -> dict[str, Any]:
    """Return an id that may be expanded to an object of a kind that is served, or any value at all."""
    kinds = [part["$ref"].removeprefix(_REFERENCE) for part in schema["anyOf"] if "$ref" in part]
    shape: dict[str, Any] = {"type": "string"} if {"type": "string"} in schema["anyOf"] else {}
    if schema.get("nullable"):
        shape["nullable"] = True
    served = [kind for kind in kinds if kind in _OBJECTS]
    return shape | ({"expands": served[0]} if served else {})


def write(trimmed: dict[str, Any]) -> str:
    """Return the file: JSON with a line for each operation and object, so that a difference can be read."""
    parts = {
        name: ",\n".join(f"  {json.dumps(key)}: {json.dumps(value, sort_keys=True)}" for key, value in section.items())
        for name, section in trimmed.items()
    }
    return "{\n" + ",\n".join(f' "{name}": {{\n{lines}\n }}' for name, lines in parts.items()) + "\n}\n"


if __name__ == "__main__":
    sys.stdout.write(write(trim(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
