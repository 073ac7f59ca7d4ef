"""What an import refuses, with the place and the reason that a person gets to read."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bot.exchange.document import Document
from bot.exchange.references import check
from bot.exchange.refusal import DocumentRefused
from tests.support.workspaces import SMALL


def refusal_of(data: object) -> str:
    with pytest.raises(DocumentRefused) as caught:
        check(Document.read(data))
    return str(caught.value)


def changed(value: object, *path: str | int) -> dict[str, Any]:
    """Return the small workspace with one value replaced."""
    data = copy.deepcopy(SMALL)
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return data


def test_a_whole_workspace_is_accepted() -> None:
    document = Document.read(SMALL)
    check(document)
    assert [invoice.number for invoice in document.invoices] == ["INV-1", "INV-2", "INV-3"]


@pytest.mark.parametrize("data", [None, [], 1, "x"])
def test_a_document_that_is_no_object_is_refused_as_a_whole(data: object) -> None:
    assert refusal_of(data) == "has to be an object."


def test_only_the_workspace_itself_is_needed() -> None:
    assert Document.read({"workspace": SMALL["workspace"]}).invoices == ()


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("invoices", 1, "due"), "31/3/2026", "invoices[1].due: has to be a date such as 2026-03-31."),
        (("invoices", 1, "due"), 20_260_331, "invoices[1].due: has to be a date such as 2026-03-31."),
        (("invoices", 0, "amount"), 500, "invoices[0].amount: has to be text in quotation marks."),
        (("invoices", 0, "colour"), "red", "invoices[0].colour: is not a field that I know."),
        (("invoices", 0, "number"), "INV-0", "invoices[0].number: is not of the form that this field has."),
        (
            ("invoices", 0, "status"),
            "overdue",
            "invoices[0].status: has to be 'draft', 'open', 'sent', 'paid', 'void' or 'refunded'.",
        ),
        (("invoices",), {}, "invoices: has to be a list."),
        (
            ("contacts", 0, "email"),
            "ada@b.example\nBcc: x@y.example",
            "contacts[0].email: not an e-mail address.",
        ),
        (
            ("workspace", "currency"),
            "DOLLARS",
            "workspace.currency: “DOLLARS” is not a currency I know. Use its three-letter code, such as AUD or EUR.",
        ),
        (("workspace", "locale"), "xx_YY", "workspace.locale: “xx_YY” is not a locale; write it like en_AU."),
        (
            ("workspace", "timezone"),
            "../../etc/passwd",
            "workspace.timezone: “../../etc/passwd” is not a time zone; write it like Australia/Brisbane.",
        ),
        (("members", 0, "role"), "owner", "members[0].role: has to be 'viewer', 'editor' or 'admin'."),
        (
            ("automations", 0, "action"),
            {"do": "post_message", "channel": "billing"},
            "automations[0].action.channel: a channel is written like #billing.",
        ),
        (("automations", 0, "after"), "2 days", "automations[0].after: 2 days is not a duration such as P2D or PT1H."),
        (("automations", 0, "after"), f"P{'9' * 12}D", f"automations[0].after: P{'9' * 12}D is too long."),
        (("automations", 0, "action"), None, "automations[0]: needs either an action or a list of actions."),
        (
            ("invoices", 0, "payment_link"),
            {"interval": "month", "url": "https://pay.example/x"},
            (
                "invoices[0].payment_link: "
                "needs url, stripe_payment_link_id and stripe_account_id together, or none of them."
            ),
        ),
        (
            ("invoices", 0, "sent_at"),
            "2026-03-11T10:00:00",
            "invoices[0].sent_at: has to be an instant with its offset, such as 2026-03-11T10:00:00+10:00.",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(path: tuple[str | int, ...], value: object, said: str) -> None:
    assert refusal_of(changed(value, *path)) == said


def test_a_missing_field_is_named() -> None:
    data = copy.deepcopy(SMALL)
    del data["invoices"][2]["due"]
    assert refusal_of(data) == "invoices[2].due: is missing."


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("opportunities", 0, "contact"), "CON-9", "opportunities[0].contact: CON-9 is not among the contacts."),
        (("invoices", 1, "opportunity"), "OPP-9", "invoices[1].opportunity: OPP-9 is not among the opportunities."),
        (("orders", 0, "product"), "PRD-9", "orders[0].product: PRD-9 is not among the products."),
        (("notifications", 0, "channel"), "#x", "notifications[0].channel: #x is not among the channels."),
        (
            ("automations", 0, "action", "channel"),
            "#x",
            "automations[0].action.channel: #x is not among the channels.",
        ),
        (
            ("automations", 1, "where"),
            {"contact": "CON-9"},
            "automations[1].where.contact: CON-9 is not among the contacts.",
        ),
        (("invoices", 2, "number"), "INV-1", "invoices[2].number: INV-1 is there twice."),
        (("members", 1, "name"), "ada", "members[1].name: ada is there twice."),
    ],
)
def test_records_refer_to_records_that_are_there_and_once(
    path: tuple[str | int, ...],
    value: object,
    said: str,
) -> None:
    assert refusal_of(changed(value, *path)) == said


def test_one_stripe_object_is_one_line_of_the_payment_log() -> None:
    line = {
        "type": "charge",
        "status": "succeeded",
        "amount": "1.00",
        "currency": "AUD",
        "occurred_at": "2026-03-11T10:00:00+10:00",
        "stripe_account_id": "acct_1",
        "stripe_object_id": "pi_1",
    }
    assert refusal_of({**SMALL, "payments": [line, line]}) == (
        "payments[1].stripe_object_id: acct_1 pi_1 is there twice."
    )


def test_a_list_that_is_too_long_is_refused_with_how_long_it_may_be() -> None:
    lines = [{"text": "Day", "quantity": "1", "unit_price": "10.00"}] * 2000
    assert refusal_of(changed(lines, "invoices", 0, "lines")).endswith("has 2000 entries, and at most 500 are taken.")
