"""The form of a new automation: when, for which invoices, and what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.automations import ActionKind, Trigger
from billing.conversations import SkillCall
from billing.opportunities import Stage
from bot.slack.modals.fields import channel_field, choice_field, option, search_field, several_field, text_field
from bot.slack.modals.form import Drawn, Form
from bot.slack.modals.new_invoice import KINDS, TEXT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.slack.elements import Block
    from bot.slack.modals.form import Desk, Filled

# What runs by the clock, or is made of several steps, is easier said in words.
_TRIGGERS: Final = [
    option(trigger.value.replace("_", " ").capitalize(), trigger.value)
    for trigger in Trigger
    if trigger is not Trigger.SCHEDULED
]
_ACTIONS: Final = [
    option("Post a message in a channel", ActionKind.POST_MESSAGE),
    option("Move the deal to a stage", ActionKind.MOVE_OPPORTUNITY),
    option("E-mail the client", ActionKind.EMAIL_CONTACT),
    option("Remind the client", ActionKind.SEND_REMINDER),
    option("Make the final invoice", ActionKind.CREATE_INVOICE),
    option("Give a colleague a task", ActionKind.ASSIGN_TASK),
    option("Tell another system", ActionKind.CALL_WEBHOOK),
]
_DELAYS: Final = [
    option("An hour later", "PT1H"),
    option("A day later", "P1D"),
    option("Three days later", "P3D"),
    option("A week later", "P1W"),
    option("Two weeks later", "P2W"),
]
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


def _draw(_desk: Desk, _values: Mapping[str, Any]) -> Drawn:
    return Drawn([*_when(), *_what()])


def _when() -> list[Block]:
    return [
        several_field("trigger", "When", _TRIGGERS, hint="Several mean any of them."),
        choice_field("kind", "Only for invoices of a kind", KINDS, optional=True),
        text_field("min_amount", "Only from an amount on", placeholder="500", most=100),
        search_field("contact", "Only for a client", "contact", placeholder="Type a client", optional=True),
        choice_field("after", "How long after", _DELAYS, hint="Left empty: at once.", optional=True),
    ]


def _what() -> list[Block]:
    return [
        choice_field("do", "Do this", _ACTIONS),
        channel_field("channel", "Channel, for a message", hint="I have to be in it: /invite @Evie."),
        choice_field("stage", "Stage, for moving the deal", _STAGES, optional=True),
        search_field("to", "Colleague, for a task", "member", placeholder="Type a name", optional=True),
        text_field("text", "Text, for a message, a mail or a task", rows=True, most=TEXT_LIMIT),
        text_field("url", "Web address, for another system", placeholder="https://hooks.shop.example/paid"),
    ]


def _read(desk: Desk, filled: Filled) -> tuple[SkillCall, ...]:
    do = filled.text("do")
    needed, sentence = _NEEDED.get(do, ("", ""))
    if needed and not filled.text(needed):
        filled.errors[needed] = sentence
    least = filled.read("min_amount", lambda text: desk.forms.sum_in(desk.actor, text, "")) or {}
    if "currency" in least:
        filled.errors["min_amount"] = f"Write it in {desk.context.workspace.currency}."
    where = filled.plain("kind", "contact") | ({"min_amount": least["amount"]} if least else {})
    parts = filled.plain(*_PARTS.get(do, ()))
    if "channel" in parts:
        parts["channel"] = filled.channel("channel", desk)
    final = {"kind": "final"} if do == ActionKind.CREATE_INVOICE else {}
    arguments = {"trigger": filled.said.get("trigger", []), "action": {"do": do, **parts, **final}}
    optional = {"where": where} if where else {}
    return (SkillCall("create_automation", {**arguments, **optional, **filled.plain("after")}),)


NEW_AUTOMATION: Final = Form(
    name="create_automation",
    needs="create_automation",
    title="New automation",
    submit="Make it",
    draw=_draw,
    read=_read,
    places={"where": "kind", "action": "do", "amount": "min_amount"},
)
