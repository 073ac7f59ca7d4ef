"""The argument types of the catalogue: what a skill's signature is written in.

Each is a plain Python type with an `ArgumentType` beside it. The type names the form for everything that is
derived from a signature: validation, the model's schema, the parser's slots, the help.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from billing.automations import Trigger
from billing.identity import EMAIL
from billing.invoices import OVERDUE, InvoiceKind
from billing.money import currency_code, parse_percent
from billing.opportunities import Stage as OpportunityStage
from billing.payments import Interval as LinkInterval
from billing.payments import PaymentMethod, PaymentType, RefundReason
from billing.reporting import Measure as ReportMeasure
from billing.roles import Role as MemberRole
from billing.subscribing import End
from billing.subscriptions import SubscriptionStatus
from skills import phrases

STATUSES: Final = ("draft", "open", "sent", OVERDUE, "paid", "void", "refunded")


@dataclass(frozen=True)
class ArgumentType:
    """A catalogue type: its name, its JSON Schema for a model, and one line that says what to write.

    `record` is the kind of record that a reference names (`invoice`, `contact` …): the runner resolves it from
    what a person would call it to its number. `many` allows a list of values where a filter takes one. `sample`
    is a value as a person says it, for help; `words` are what people say for the values of a choice. `parts` are the
    types of the fields where a value is an object.
    """

    name: str
    hint: str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"}, hash=False)
    record: str | None = None
    many: bool = False
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    sample: str = ""
    parts: Mapping[str, ArgumentType] = field(default_factory=dict, hash=False)


class Period(BaseModel):
    """A span of calendar days, both ends included."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="forbid")

    start: date = Field(alias="from")
    end: date = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.end < self.start:
            message = "a period ends on or after the day it starts"
            raise ValueError(message)
        return self


class SaidLine(BaseModel):
    """One thing that an invoice bills: decimal strings, the price of one in major units."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    unit_price: str
    quantity: str = "1"
    unit: str = ""


def _one_of(values: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": values}


def _is_email(text: str) -> str:
    if not EMAIL.fullmatch(text):
        message = "not an e-mail address"
        raise ValueError(message)
    return text


def _is_channel(text: str) -> str:
    if not re.fullmatch(r"#[^\s#@,<>|]{1,80}", text):
        message = "a channel is written like #billing"
        raise ValueError(message)
    return text.lower()


def _is_percent(text: str) -> str:
    return f"{parse_percent(text).normalize():f}"


def _is_text(text: str) -> str:
    cleaned = "".join(sign for sign in text if sign in "\n\t" or sign.isprintable()).strip()
    if not cleaned:
        message = "is empty"
        raise ValueError(message)
    return cleaned


def _reference(record: str, example: str, sample: str) -> ArgumentType:
    hint = f"The {record} as the person names it, or its number such as {example}."
    return ArgumentType(record, hint, record=record, sample=sample)


Invoice = Annotated[str, _reference("invoice", "INV-1002", "INV-1002")]
Opportunity = Annotated[str, _reference("opportunity", "OPP-3", "the website job")]
Contact = Annotated[str, _reference("contact", "CON-2", "Acme")]
Automation = Annotated[str, _reference("automation", "AUT-1", "the thank-you automation")]
Amount = Annotated[str, ArgumentType("amount", "A decimal string in major units, such as 500.00.", sample="500")]
Percent = Annotated[
    str,
    AfterValidator(_is_percent),
    ArgumentType("percent", "A decimal string: percent of the opportunity's value, such as 30.", sample="30%"),
]
Currency = Annotated[
    str,
    AfterValidator(currency_code),
    ArgumentType("currency", "An ISO 4217 code, only where the person named a currency.", sample="EUR"),
]
Date = Annotated[date, ArgumentType("date", "A calendar date, YYYY-MM-DD.", sample="next Friday")]
PeriodArgument = Annotated[
    Period,
    ArgumentType(
        "period",
        "The first and the last day, YYYY-MM-DD, both included.",
        {
            "type": "object",
            "properties": {"from": {"type": "string"}, "to": {"type": "string"}},
            "required": ["from", "to"],
            "additionalProperties": False,
        },
        sample="last month",
    ),
]
Kind = Annotated[
    InvoiceKind,
    ArgumentType(
        "kind", "Which part of the deal it asks for.", _one_of([*InvoiceKind]), words=phrases.KIND, sample="deposit"
    ),
]
Stage = Annotated[
    OpportunityStage,
    ArgumentType("stage", "How far the deal is.", _one_of([*OpportunityStage]), words=phrases.STAGE, sample="won"),
]
Interval = Annotated[
    LinkInterval,
    ArgumentType(
        "interval",
        "How often the client is charged.",
        _one_of([*LinkInterval]),
        words=phrases.INTERVAL,
        sample="monthly",
    ),
]
Count = Annotated[
    int,
    Field(ge=1, le=156),
    ArgumentType("count", "Every how many intervals, such as 2 for every 2 weeks.", {"type": "integer"}, sample="2"),
]
Statuses = Annotated[
    list[str],
    ArgumentType(
        "status",
        "One or more statuses; unpaid is open, sent and overdue.",
        _one_of([*STATUSES]),
        many=True,
        words=phrases.STATUS,
        sample="unpaid",
    ),
]
Movement = Annotated[
    PaymentType,
    ArgumentType(
        "payment_type", "The kind of movement.", _one_of([*PaymentType]), words=phrases.PAYMENT_TYPE, sample="refund"
    ),
]
Method = Annotated[
    PaymentMethod,
    ArgumentType(
        "method", "How the money came.", _one_of([*PaymentMethod]), words=phrases.METHOD, sample="bank transfer"
    ),
]
Reason = Annotated[
    RefundReason,
    ArgumentType(
        "reason", "Why money goes back.", _one_of([*RefundReason]), words=phrases.REASON, sample="a duplicate"
    ),
]
SubscriptionState = Annotated[
    SubscriptionStatus,
    ArgumentType(
        "subscription_status",
        "How a subscription is, in Stripe's words.",
        _one_of([*SubscriptionStatus]),
        words=phrases.SUBSCRIPTION_STATUS,
        sample="active",
    ),
]
Ending = Annotated[
    End,
    ArgumentType("ending", "When a subscription ends.", _one_of([*End]), words=phrases.ENDING, sample="now"),
]
Measure = Annotated[
    ReportMeasure,
    ArgumentType(
        "measure", "What is added up.", _one_of([*ReportMeasure]), words=phrases.MEASURE, sample="outstanding"
    ),
]
Role = Annotated[
    MemberRole,
    ArgumentType("role", "What somebody may do.", _one_of([*MemberRole]), words=phrases.ROLE, sample="editor"),
]
Triggers = Annotated[
    list[Trigger],
    ArgumentType(
        "events",
        "The events to be told of.",
        _one_of([*Trigger]),
        many=True,
        words=phrases.EVENTS,
        sample="failed payments",
    ),
]
Channel = Annotated[
    str,
    AfterValidator(_is_channel),
    ArgumentType("channel", "A channel with its hash, such as #billing.", sample="#billing"),
]

Member = Annotated[
    str, Field(max_length=200), ArgumentType("member", "A colleague with the at, such as @Sam.", sample="@Sam")
]


def _called(what: str, sample: str) -> ArgumentType:
    return ArgumentType("name", f"The {what}, as it should be written.", sample=sample)


_NAME = (AfterValidator(_is_text), Field(max_length=200))
Name = Annotated[str, *_NAME, _called("person's name", "Mia Chen")]
Company = Annotated[str, *_NAME, _called("company's name", "Lotus Cafe")]
Title = Annotated[str, *_NAME, _called("name of the deal", "Menu photos")]
RuleName = Annotated[str, AfterValidator(_is_text), Field(max_length=120), _called("automation's name", "Thank-you")]
_TEXT = (AfterValidator(_is_text), Field(max_length=2000))
Text = Annotated[str, *_TEXT, ArgumentType("text", "Free text, as the person said it.", sample="the website")]
Query = Annotated[str, *_TEXT, ArgumentType("text", "A part of a name, as the person said it.", sample="Acme")]
Email = Annotated[
    str, AfterValidator(_is_email), ArgumentType("email", "An e-mail address.", sample="mia@lotus.example")
]
Lines = Annotated[
    list[SaidLine],
    ArgumentType(
        "lines",
        "Each thing that is billed by itself; prices and quantities are decimal strings, such as 900.00 and 2.5.",
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "description": "What it is, as it should read on the invoice."},
                    "unit_price": {"type": "string", "description": "The price of one, in major units."},
                    "quantity": {"type": "string", "description": "How many; null means 1."},
                    "unit": {"type": "string", "description": "What is counted, such as day or h; null for pieces."},
                },
                "required": ["text", "unit_price"],
            },
        },
        sample="3 days at 900 and travel 120",
    ),
]
Phone = Annotated[str, Field(max_length=40), ArgumentType("phone", "A phone number.", sample="0400 111 222")]
Flag = Annotated[bool, ArgumentType("flag", "True or false.", {"type": "boolean"})]
