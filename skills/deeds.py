"""What an automation is made of, as a person, a model or a file writes it: when, if what holds, and what it does."""

# Pydantic reads every annotation here at run time.

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias, get_args, get_type_hints

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from billing.automations import Action, ActionKind, PaymentTurn, Trigger
from billing.durations import duration
from billing.invoices import InvoiceKind
from skills import phrases
from skills.arguments import (
    Amount,
    ArgumentType,
    Channel,
    Contact,
    Currency,
    Kind,
    Opportunity,
    Percent,
    Stage,
    Text,
)
from skills.recurring import checked_schedule


def _duration(text: str) -> str:
    try:
        duration(text)
    except OverflowError:
        message = f"{text} is too long"
        raise ValueError(message) from None
    return text


Duration = Annotated[
    str,
    AfterValidator(_duration),
    ArgumentType("duration", "An ISO 8601 duration such as P2D or PT1H; -P3D is three days before.", sample="2 days"),
]
Schedule = Annotated[
    str,
    AfterValidator(checked_schedule),
    ArgumentType(
        "schedule", "An RFC 5545 recurrence rule such as FREQ=WEEKLY;BYDAY=MO;BYHOUR=9.", sample="every Monday at 9"
    ),
]
Occasions = Annotated[
    list[Trigger],
    Field(min_length=1, max_length=len(Trigger)),
    ArgumentType(
        "occasion",
        "What starts it; several mean any of them.",
        {"type": "string", "enum": [*Trigger]},
        many=True,
        words=phrases.EVENTS,
        sample="an invoice is paid",
    ),
]
WebAddress = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[^\s<>\"]{1,2000}$"),
    ArgumentType("url", "A web address.", sample="https://hooks.shop.example/paid"),
]
Recipient = Annotated[
    str,
    StringConstraints(pattern=r"^(@[^@\n]{1,80}|viewer|editor|admin)$"),
    ArgumentType("recipient", "A colleague such as @Sam, or a role: everybody who has it.", sample="@Sam"),
]
Days = Annotated[int, Field(ge=0, le=3650), ArgumentType("days", "A number of days.", {"type": "integer"}, sample="7")]
Turn = Annotated[
    PaymentTurn,
    ArgumentType(
        "payment_turn",
        "Whether it is the payment that pays the invoice, or a later one of its subscription.",
        {"type": "string", "enum": [*PaymentTurn]},
        sample="renewal",
    ),
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Deed(_Part):
    """One step; `after` is how long it waits after the one before it."""

    after: Duration | None = None


class PostMessage(_Deed):
    """Say something in a channel."""

    do: Literal["post_message"]
    channel: Channel
    text: Text | None = None


class MoveOpportunity(_Deed):
    """Move the deal to a stage."""

    do: Literal["move_opportunity"]
    stage: Stage


class EmailContact(_Deed):
    """Write to the client."""

    do: Literal["email_contact"]
    text: Text | None = None


class CreateInvoice(_Deed):
    """Make the next invoice of the deal; a final one without an amount is what is left of its value."""

    do: Literal["create_invoice"]
    kind: Kind = InvoiceKind.STANDARD
    percent: Percent | None = None
    amount: Amount | None = None


class SendReminder(_Deed):
    """Remind the client."""

    do: Literal["send_reminder"]
    text: Text | None = None


class CallWebhook(_Deed):
    """Tell another system."""

    do: Literal["call_webhook"]
    url: WebAddress


class AssignTask(_Deed):
    """Give a colleague something to do."""

    do: Literal["assign_task"]
    to: Recipient
    text: Text | None = None


Deed: TypeAlias = PostMessage | MoveOpportunity | EmailContact | CreateInvoice | SendReminder | CallWebhook | AssignTask


class Conditional(_Part):
    """What has to hold. The amounts are in the workspace's currency, and inclusive."""

    kind: Kind | None = None
    min_amount: Amount | None = None
    max_amount: Amount | None = None
    currency: Currency | None = None
    contact: Contact | None = None
    opportunity: Opportunity | None = None
    stage: Stage | None = None
    payment: Turn | None = None
    days_overdue: Days | None = None


def argument_types(model: type[BaseModel]) -> dict[str, ArgumentType]:
    """Return the type of each field that is written in the catalogue's types."""
    hints = get_type_hints(model, include_extras=True)
    found = {name: _type_in(hint) for name, hint in hints.items()}
    return {name: type_ for name, type_ in found.items() if type_ is not None}


def _type_in(hint: object) -> ArgumentType | None:
    if isinstance(hint, ArgumentType):
        return hint
    parts = (hint, *getattr(hint, "__metadata__", ()), *get_args(hint))[1:]
    return next((found for part in parts if (found := _type_in(part)) is not None), None)


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the model's JSON Schema for a language model, from the catalogue's types alone."""
    kinds = get_args(get_type_hints(model)["do"]) if "do" in model.model_fields else ()
    do = {"do": {"type": "string", "enum": list(kinds), "description": str(model.__doc__)}} if kinds else {}
    typed = {name: {**type_.schema, "description": type_.hint} for name, type_ in argument_types(model).items()}
    required = [*do, *(name for name in typed if model.model_fields[name].is_required())]
    return {"type": "object", "properties": {**do, **typed}, "required": required, "additionalProperties": False}


_DEEDS: Final = get_args(Deed)
_DEED_PARTS: Final = {name: type_ for model in _DEEDS for name, type_ in argument_types(model).items()}

Where = Annotated[
    Conditional,
    ArgumentType(
        "conditions",
        "What has to hold; leave out what was not said.",
        _schema(Conditional),
        parts=argument_types(Conditional),
        sample="deposits over 5000",
    ),
]
Doing = Annotated[
    Deed,
    Field(discriminator="do"),
    ArgumentType(
        "action",
        "What it does. For several steps, call this once for each of them, in their order.",
        {"anyOf": [_schema(model) for model in _DEEDS]},
        parts=_DEED_PARTS,
        sample="post to #billing",
    ),
]


def action_of(deed: Deed) -> Action:
    """Return the step that is written there."""
    written = deed.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    rest = {name: value for name, value in written.items() if name not in {"do", "after"}}
    return Action(ActionKind(deed.do), rest, deed.after)
