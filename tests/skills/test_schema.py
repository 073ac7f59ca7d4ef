from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import snapshot

from billing.errors import BadArgument
from billing.invoices import InvoiceKind
from billing.roles import Role
from skills.arguments import Amount, Count, Flag, Invoice, Kind, Name, PeriodArgument, Phone, Statuses
from skills.context import Context, Outcome
from skills.registry import SKILLS
from skills.schema import arguments_from_tool, function_tool, read_object, tools
from skills.spec import Effect, skill
from tests.support.strict_schema import tool_problems


@skill(effect=Effect.OUTWARD, role=Role.EDITOR, examples=("remind {invoice}",))
def remind(
    context: Context,
    *,
    invoice: Invoice,
    statuses: Statuses | None = None,
    kind: Kind = InvoiceKind.STANDARD,
    period: PeriodArgument | None = None,
    count: Count = 1,
    phone: Phone | None = None,
) -> Outcome:
    """Remind a client.

    A second line that explains.

    Args:
        invoice: Late.
        statuses: Only these.
        period: Only then.
        phone: A phone number.
    """
    return Outcome("")


@skill(effect=Effect.READ, role=Role.VIEWER, examples=("tally",))
def tally(context: Context) -> Outcome:
    """Count everything."""
    return Outcome("")


@skill(effect=Effect.WRITE, role=Role.EDITOR, examples=("price {name} {amount}",))
def price(context: Context, name: Name, amount: Amount, active: Flag) -> Outcome:
    """Set a price."""
    return Outcome("")


def test_a_skill_becomes_a_strict_tool_with_nullable_optional_arguments() -> None:
    assert tools([remind]) == snapshot(
        [
            {
                "type": "function",
                "name": "remind",
                "description": """\
Remind a client.

A second line that explains.

Nothing leaves at once: the person sees a card that says exactly what will happen, and confirms it.\
""",
                "parameters": {
                    "type": "object",
                    "properties": {
                        "invoice": {
                            "type": "string",
                            "description": "Late. The invoice as the person names it, or its number such as INV-1002.",
                        },
                        "statuses": {
                            "anyOf": [
                                {
                                    "type": "array",
                                    "items": {
                                        "type": "string",
                                        "enum": ["draft", "open", "sent", "overdue", "paid", "void", "refunded"],
                                    },
                                },
                                {"type": "null"},
                            ],
                            "description": "Only these.",
                        },
                        "kind": {
                            "anyOf": [
                                {"type": "string", "enum": ["deposit", "progress", "final", "standard"]},
                                {"type": "null"},
                            ],
                            "description": "Which part of the deal it asks for. Null means standard.",
                        },
                        "period": {
                            "anyOf": [
                                {
                                    "type": "object",
                                    "properties": {"from": {"type": "string"}, "to": {"type": "string"}},
                                    "required": ["from", "to"],
                                    "additionalProperties": False,
                                },
                                {"type": "null"},
                            ],
                            "description": "Only then. The first and the last day, YYYY-MM-DD, both included.",
                        },
                        "count": {
                            "type": ["integer", "null"],
                            "description": "Every how many intervals, such as 2 for every 2 weeks. Null means 1.",
                        },
                        "phone": {"type": ["string", "null"], "description": "A phone number."},
                    },
                    "required": ["invoice", "statuses", "kind", "period", "count", "phone"],
                    "additionalProperties": False,
                },
                "strict": True,
            }
        ]
    )


def test_a_skill_without_arguments_takes_an_empty_object() -> None:
    [tool] = tools([tally])

    assert tool["parameters"] == {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    assert tool["description"] == "Count everything."


@pytest.mark.parametrize("entry", [remind, tally, price, *SKILLS.values()], ids=lambda entry: entry.name)
def test_every_tool_keeps_to_the_strict_subset(entry: Any) -> None:
    [tool] = tools([entry])

    assert tool_problems(tool) == []


@pytest.mark.parametrize("entry", SKILLS.values(), ids=lambda entry: entry.name)
def test_every_record_is_named_as_the_person_names_it(entry: Any) -> None:
    [tool] = tools([entry])
    described = {
        argument.name: tool["parameters"]["properties"][argument.name]["description"]
        for argument in entry.arguments
        if argument.type.record
    }

    assert all("as the person names it" in text for text in described.values())


def test_objects_inside_objects_become_strict_too() -> None:
    where = {"type": "object", "properties": {"kind": {"type": "string", "enum": ["a"]}, "least": {"type": "string"}}}
    either = {"anyOf": [where, {"type": "object", "properties": {"day": {"type": "string"}}, "required": ["day"]}]}
    properties = {"where": where, "either": either, "list": {"type": "array", "items": where}}

    tool = function_tool("nest", "Nests.", properties, required=["where"])

    assert tool_problems(tool) == []
    inner = tool["parameters"]["properties"]
    assert inner["where"]["required"] == ["kind", "least"]
    assert inner["either"]["anyOf"][-1] == {"type": "null"}
    assert inner["list"]["anyOf"][0]["items"]["properties"]["least"] == {"type": ["string", "null"]}


def test_making_a_tool_leaves_the_argument_types_as_they_are() -> None:
    before = [dict(argument.type.schema) for argument in remind.arguments]

    tools([remind])

    assert [argument.type.schema for argument in remind.arguments] == before


def test_what_was_not_said_is_left_out() -> None:
    raw = '{"invoice": "Acme", "statuses": [], "kind": null, "period": {"from": "2026-03-01", "to": null}, "phone": ""}'

    assert arguments_from_tool(remind, raw) == {"invoice": "Acme", "period": {"from": "2026-03-01"}}


def test_false_and_zero_were_said() -> None:
    raw = '{"name": "Print", "amount": "0", "active": false}'

    assert arguments_from_tool(price, raw) == {"name": "Print", "amount": "0", "active": False}
    assert read_object('{"count": 0}') == {"count": 0}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ('{"invoice": "Acme"', "not JSON"),
        ("", "not JSON"),
        ('["Acme"]', "one JSON object"),
        ('"Acme"', "one JSON object"),
        ("null", "one JSON object"),
        ('{"count": NaN}', "not JSON"),
        ('{"count": -Infinity}', "not JSON"),
        ('{"invoice": "\\ud800"}', "not JSON"),
        ('{"invoice": "\ud800"}', "not JSON"),
        ("[" * 19_000, "not JSON"),
        ('{"invoice": "' + "9" * 30_000 + '"}', "too long"),
        ('{"count": ' + "9" * 5_000 + "}", "not JSON"),
    ],
)
def test_what_is_no_object_of_arguments_is_refused_with_what_to_mend(raw: str, reason: str) -> None:
    with pytest.raises(BadArgument, match=reason):
        arguments_from_tool(remind, raw)


def test_an_argument_that_the_skill_does_not_have_is_named_with_those_it_has() -> None:
    with pytest.raises(BadArgument) as refused:
        arguments_from_tool(price, '{"name": "Print", "cost": "5.00"}')

    assert refused.value.user_message == "price takes no cost; it takes name, amount, active."


def test_a_skill_without_arguments_says_that_it_takes_nothing() -> None:
    with pytest.raises(BadArgument, match="it takes nothing"):
        arguments_from_tool(tally, '{"query": "x"}')
