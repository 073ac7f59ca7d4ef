"""The form of a new automation: when, for which invoices, and what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.automations import ActionKind, Trigger
from billing.conversations import SkillCall
from billing.opportunities import Stage
from bot.slack.elements import small_print
from bot.slack.modals.fields import channel_field, choice_field, option, search_field, several_field, text_field
from bot.slack.modals.form import Drawn, Form
from bot.slack.modals.new_invoice import KINDS, TEXT_LIMIT
from skills.gallery import READY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.slack.elements import Block
    from bot.slack.modals.form import Desk, Filled

_TRIGGERS: Final = [
    option("At a time (say when below)" if one is Trigger.SCHEDULED else one.replace("_", " ").capitalize(), one)
    for one in Trigger
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

# What each action is made of, and the one thing that it cannot do without.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    ActionKind.POST_MESSAGE: ("channel", "text"),
    ActionKind.MOVE_OPPORTUNITY: ("stage",),
    ActionKind.EMAIL_CONTACT: ("text",),
    ActionKind.SEND_REMINDER: ("text",),
    ActionKind.CREATE_INVOICE: (),
    ActionKind.ASSIGN_TASK: ("to", "text"),
    ActionKind.CALL_WEBHOOK: ("url",),
}
_NEEDED: Final[Mapping[str, tuple[str, str]]] = {
    ActionKind.POST_MESSAGE: ("channel", "Choose the channel that the message goes to."),
    ActionKind.MOVE_OPPORTUNITY: ("stage", "Choose the stage that the deal moves to."),
    ActionKind.ASSIGN_TASK: ("to", "Choose who gets the task."),
    ActionKind.CALL_WEBHOOK: ("url", "Write the address that is called."),
}


# The steps that a form has room for, by what the names of their fields begin with.
_STEPS: Final = ("", "second_", "third_")
_CONDITIONS: Final = ("kind", "contact", "opportunity", "payment")
_NOTE: Final = (
    "What writes to a client asks in the channel each time, until an admin switches the automation on: that confirms "
    "exactly this. It is off until then. Longer ones can be said in words."
)


def _draw(_desk: Desk, _values: Mapping[str, Any]) -> Drawn:
    steps = [block for place, prefix in enumerate(_STEPS, start=1) for block in _what(prefix, place)]
    return Drawn([*_when(), *_which(), *steps, small_print(_NOTE)])


def _when() -> list[Block]:
    return [
        choice_field(
            "ready",
            "Take a ready-made one",
            _READY,
            hint="You see its steps before it is switched on; leave the rest empty.",
            optional=True,
        ),
        several_field("trigger", "Or: when", _TRIGGERS, hint="Several mean any of them.", optional=True),
        choice_field("after", "How long after", [*_DELAYS, *_LEADS], hint="Left empty: at once.", optional=True),
        choice_field("often", "At which times", _OFTEN, optional=True),
        choice_field("hour", "At what hour", _HOURS, hint="Left empty: at nine.", optional=True),
    ]


def _which() -> list[Block]:
    return [
        choice_field("kind", "Only for invoices of a kind", KINDS, optional=True),
        text_field("min_amount", "Only from an amount on", placeholder="500", most=100),
        text_field("max_amount", "Only up to an amount", placeholder="5000", most=100),
        search_field("contact", "Only for a client", "contact", placeholder="Type a client", optional=True),
        search_field("opportunity", "Only for a deal", "opportunity", placeholder="Type a deal", optional=True),
        choice_field("deal_stage", "Only where the deal is at", _STAGES, optional=True),
        choice_field("payment", "Only for a payment that is", _TURNS, optional=True),
        text_field("days_overdue", "Only from so many days overdue on", placeholder="7", most=4),
    ]


def _what(prefix: str, place: int) -> list[Block]:
    do = "Do this" if place == 1 else f"{place}. Then do this"
    wait = choice_field(f"{prefix}wait", "How long after the step before", _DELAYS, optional=True)
    return [
        choice_field(f"{prefix}do", do, _ACTIONS, optional=True),
        *([wait] if place > 1 else []),
        channel_field(f"{prefix}channel", "Channel, for a message", hint="I have to be in it: /invite @Evie."),
        choice_field(f"{prefix}stage", "Stage, for moving the deal", _STAGES, optional=True),
        text_field(
            f"{prefix}percent", "Percent, for the next invoice", hint="Left empty: a final one of the rest.", most=10
        ),
        search_field(f"{prefix}to", "Colleague, for a task", "member", placeholder="Type a name", optional=True),
        text_field(f"{prefix}text", "Text, for a message, a mail or a task", rows=True, most=TEXT_LIMIT),
        text_field(f"{prefix}url", "Web address, for another system", placeholder="https://hooks.shop.example/paid"),
    ]


def _read(desk: Desk, filled: Filled) -> tuple[SkillCall, ...]:
    if filled.text("ready"):
        return (SkillCall("use_automation", filled.plain("ready")),)
    if not filled.said.get("trigger"):
        filled.errors["trigger"] = "Choose when it runs, or a ready-made one above."
    if not filled.text("do"):
        filled.errors["do"] = "Choose what is done."
    occasion = {
        "trigger": filled.said.get("trigger", []),
        **_optional("where", _conditions(desk, filled)),
        **filled.plain("after"),
        **_optional("schedule", _schedule(filled)),
    }
    actions = [_action(desk, filled, prefix) for prefix in _STEPS if filled.text(f"{prefix}do")]
    return tuple(SkillCall("create_automation", {**occasion, "action": action}) for action in actions)


def _optional(name: str, value: object) -> dict[str, Any]:
    return {name: value} if value else {}


def _schedule(filled: Filled) -> str:
    """Return the rule of what runs at a time; what is missing for it is said at its field."""
    timed = Trigger.SCHEDULED in filled.said.get("trigger", [])
    often, hour = filled.text("often"), filled.text("hour")
    if timed and not often:
        filled.errors["often"] = "Choose at which times it runs."
    if not timed and (often or hour):
        filled.errors["often" if often else "hour"] = "Choose “At a time” above, or leave this empty."
    return f"{often};BYHOUR={hour or 9}" if timed and often else ""


def _conditions(desk: Desk, filled: Filled) -> dict[str, Any]:
    amounts = {name: sum_ for name in ("min_amount", "max_amount") if (sum_ := _amount(desk, filled, name))}
    stage = _optional("stage", filled.text("deal_stage"))
    days = filled.text("days_overdue")
    if days and not (days.isascii() and days.isdigit()):
        filled.errors["days_overdue"] = "Write a number of days, such as 7."
        days = ""
    return {**filled.plain(*_CONDITIONS), **amounts, **stage, **_optional("days_overdue", days and int(days))}


def _amount(desk: Desk, filled: Filled, name: str) -> str:
    found = filled.read(name, lambda text: desk.forms.sum_in(desk.actor, text, "")) or {}
    if "currency" in found:
        filled.errors[name] = f"Write it in {desk.context.workspace.currency}."
    return str(found.get("amount", ""))


def _action(desk: Desk, filled: Filled, prefix: str) -> dict[str, Any]:
    """Return one step as the catalogue writes it; what it lacks is said at its field."""
    do = filled.text(f"{prefix}do")
    needed, sentence = _NEEDED.get(do, ("", ""))
    if needed and not filled.text(f"{prefix}{needed}"):
        filled.errors[f"{prefix}{needed}"] = sentence
    parts = {name: filled.said[f"{prefix}{name}"] for name in _PARTS.get(do, ()) if f"{prefix}{name}" in filled.said}
    if "channel" in parts:
        parts["channel"] = filled.channel(f"{prefix}channel", desk)
    if do == ActionKind.CREATE_INVOICE:
        share = filled.text(f"{prefix}percent").removesuffix("%").strip()
        parts = {"kind": "progress", "percent": share} if share else {"kind": "final"}
    return {"do": do, **parts, **_optional("after", filled.text(f"{prefix}wait"))}


NEW_AUTOMATION: Final = Form(
    name="create_automation",
    needs="create_automation",
    title="New automation",
    submit="Make it",
    draw=_draw,
    read=_read,
    places={"where": "kind", "action": "do", "amount": "min_amount", "schedule": "often", "percent": "percent"},
)
