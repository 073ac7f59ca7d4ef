"""The fields of a new automation: few at first, and then those that belong to what is chosen in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.automations import ActionKind, Trigger
from billing.opportunities import Stage
from bot.slack.elements import section, small_print
from bot.slack.modals.choosing import chosen
from bot.slack.modals.fields import channel_field, choice_field, option, search_field, several_field, text_field
from bot.slack.modals.form import Drawn
from bot.slack.modals.new_invoice import KINDS, TEXT_LIMIT
from skills.describing import happening
from skills.gallery import READY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from billing.ports import Transaction
    from bot.slack.elements import Block
    from bot.slack.modals.form import Desk

    Values = Mapping[str, Any]

_TRIGGERS: Final = [
    *(option(happening(one), one) for one in Trigger if one is not Trigger.SCHEDULED),
    option("A time comes (say which below)", Trigger.SCHEDULED),
]
_ACTIONS: Final = [
    option("Post a message in a channel", ActionKind.POST_MESSAGE),
    option("Move the deal to a stage", ActionKind.MOVE_OPPORTUNITY),
    option("E-mail the client", ActionKind.EMAIL_CONTACT),
    option("Remind the client", ActionKind.SEND_REMINDER),
    option("Make the next invoice", ActionKind.CREATE_INVOICE),
    option("Give a colleague a task", ActionKind.ASSIGN_TASK),
    option("Tell another system", ActionKind.CALL_WEBHOOK),
]
_DELAYS: Final = [
    option("An hour later", "PT1H"),
    option("A day later", "P1D"),
    option("Two days later", "P2D"),
    option("Three days later", "P3D"),
    option("A week later", "P1W"),
    option("Two weeks later", "P2W"),
]
_LEADS: Final = [
    option("A day before (what is due)", "-P1D"),
    option("Three days before (what is due)", "-P3D"),
    option("A week before (what is due)", "-P1W"),
]
_OFTEN: Final = [
    option("Every day", "FREQ=DAILY"),
    option("Every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    *(
        option(f"Every {day}", f"FREQ=WEEKLY;BYDAY={day[:2].upper()}")
        for day in "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
    ),
    *(option(f"On day {day} of every month", f"FREQ=MONTHLY;BYMONTHDAY={day}") for day in range(1, 29)),
    option("On the last day of every month", "FREQ=MONTHLY;BYMONTHDAY=-1"),
]
_HOURS: Final = [option(f"{hour}:00", str(hour)) for hour in range(24)]
_READY: Final = [option(entry.title, name) for name, entry in READY.items()]
_TURNS: Final = [option("The one that pays the invoice", "first"), option("A renewal", "renewal")]
_STAGES: Final = [option(stage.value.capitalize(), stage.value) for stage in Stage]
_TEXTS: Final[Mapping[str, str]] = {
    ActionKind.POST_MESSAGE: "The message",
    ActionKind.EMAIL_CONTACT: "What the mail says",
    ActionKind.SEND_REMINDER: "What the reminder says",
    ActionKind.ASSIGN_TASK: "What there is to do",
}
# What each action is made of.
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    ActionKind.POST_MESSAGE: ("channel", "text"),
    ActionKind.MOVE_OPPORTUNITY: ("stage",),
    ActionKind.EMAIL_CONTACT: ("text",),
    ActionKind.SEND_REMINDER: ("text",),
    ActionKind.CREATE_INVOICE: ("percent",),
    ActionKind.ASSIGN_TASK: ("to", "text"),
    ActionKind.CALL_WEBHOOK: ("url",),
}
# The steps that a form has room for, by what the names of their fields begin with.
STEPS: Final = ("", "second_", "third_")
_STARTS: Final = (
    "Take a ready-made automation, or say when something is done and what. "
    "What belongs to your choice appears below it."
)
_READY_NOTE: Final = "You see its steps before it is switched on."
_ANY: Final = "Several mean any of them."
_NOTE: Final = (
    "What writes to a client asks in the channel each time, until an admin switches the automation on: that confirms "
    "exactly this. It is off until then. Longer ones can be said in words."
)


def draw(desk: Desk, values: Values) -> Drawn:
    """Return the fields that belong to what is filled in so far."""
    ready = choice_field(
        "ready",
        "A ready-made one",
        _READY,
        value=str(values.get("ready", "")),
        hint=_READY_NOTE,
        optional=True,
        decisive=True,
    )
    if values.get("ready"):
        return Drawn([ready])
    with desk.context.transaction() as tx:
        which, steps = _which(tx, values), _steps(tx, values)
    return Drawn([section(_STARTS), ready, *_when(values), *which, *steps, small_print(_NOTE)])


def _when(values: Values) -> list[Block]:
    triggers = values.get("trigger", [])
    fields = [
        several_field("trigger", "When", _TRIGGERS, values=triggers, hint=_ANY, optional=True, decisive=True),
    ]
    if Trigger.SCHEDULED in triggers:
        fields += [
            _choice(values, "often", "At which times", _OFTEN),
            _choice(values, "hour", "At what hour", _HOURS, hint="Left empty: at nine."),
        ]
    if set(triggers) - {Trigger.SCHEDULED}:
        fields.append(_choice(values, "after", "How long after", [*_DELAYS, *_LEADS], hint="Left empty: at once."))
    return fields


# Each condition with what it is called where one chooses among them, and its field.
_Maker = tuple[str, "Callable[[Transaction, Values], Block]"]
_CONDITIONS: Final[Mapping[str, _Maker]] = {
    "kind": ("Invoices of a kind", lambda _, v: _choice(v, "kind", "Of this kind", KINDS)),
    "min_amount": ("From an amount on", lambda _, v: _text(v, "min_amount", "From this amount on", "500")),
    "max_amount": ("Up to an amount", lambda _, v: _text(v, "max_amount", "Up to this amount", "5000")),
    "contact": ("A client", lambda tx, v: _search(tx, v, "contact", "For this client", "contact")),
    "opportunity": ("A deal", lambda tx, v: _search(tx, v, "opportunity", "For this deal", "opportunity")),
    "deal_stage": ("Deals at a stage", lambda _, v: _choice(v, "deal_stage", "Where the deal is at", _STAGES)),
    "payment": ("First payments or renewals", lambda _, v: _choice(v, "payment", "For a payment that is", _TURNS)),
    "days_overdue": (
        "So many days overdue",
        lambda _, v: _text(v, "days_overdue", "From so many days overdue on", "7"),
    ),
}
_ONLY: Final = [option(title, name) for name, (title, _) in _CONDITIONS.items()]


def _which(tx: Transaction, values: Values) -> list[Block]:
    wanted = [str(name) for name in values.get("only", [])]
    only = several_field(
        "only", "Only for", _ONLY, values=wanted, hint="Left empty: for all.", optional=True, decisive=True
    )
    return [only, *(_CONDITIONS[name][1](tx, values) for name in _CONDITIONS if name in wanted)]


def _steps(tx: Transaction, values: Values) -> list[Block]:
    """Return each step with its parts, and room for the one after it."""
    blocks: list[Block] = []
    for place, prefix in enumerate(STEPS, start=1):
        do = str(values.get(f"{prefix}do", ""))
        label = "Do this" if place == 1 else f"{place}. Then do this"
        blocks.append(
            choice_field(f"{prefix}do", label, _ACTIONS, value=do, optional=True, decisive=True),
        )
        if not do:
            break
        if place > 1:
            blocks.append(_choice(values, f"{prefix}wait", "How long after the step before", _DELAYS))
        blocks += [_part(tx, values, prefix, do, part) for part in PARTS[do]]
    return blocks


def _part(tx: Transaction, values: Values, prefix: str, do: str, part: str) -> Block:
    name = f"{prefix}{part}"
    value = str(values.get(name, ""))
    match part:
        case "channel":
            return channel_field(name, "In this channel", value=value, hint="I have to be in it: /invite @Evie.")
        case "stage":
            return _choice(values, name, "To this stage", _STAGES)
        case "percent":
            return text_field(
                name, "Percent of the deal", value=value, hint="Left empty: a final one of the rest.", most=10
            )
        case "to":
            return _search(tx, values, name, "For this colleague", "member")
        case "url":
            return text_field(name, "Web address", value=value, placeholder="https://hooks.shop.example/paid")
    return text_field(name, _TEXTS[do], value=value, rows=True, most=TEXT_LIMIT)


def _choice(values: Values, name: str, label: str, options: list[Any], *, hint: str = "") -> Block:
    return choice_field(name, label, options, value=str(values.get(name, "")), hint=hint, optional=True)


def _text(values: Values, name: str, label: str, example: str) -> Block:
    return text_field(name, label, value=str(values.get(name, "")), placeholder=example, most=100)


def _search(tx: Transaction, values: Values, name: str, label: str, record: str) -> Block:
    found = chosen(tx, record, str(values[name])) if values.get(name) else None
    return search_field(name, label, record, chosen=found, placeholder="Type a name", optional=True)
