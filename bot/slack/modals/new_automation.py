"""The form of a new automation: when, for which invoices, and what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.automations import ActionKind, Trigger
from billing.conversations import SkillCall
from bot.slack.modals.automation_fields import PARTS, STEPS, draw
from bot.slack.modals.form import Form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.slack.modals.form import Desk, Filled

# The one thing that an action cannot do without.
_NEEDED: Final[Mapping[str, tuple[str, str]]] = {
    ActionKind.POST_MESSAGE: ("channel", "Choose the channel that the message goes to."),
    ActionKind.MOVE_OPPORTUNITY: ("stage", "Choose the stage that the deal moves to."),
    ActionKind.ASSIGN_TASK: ("to", "Choose who gets the task."),
    ActionKind.CALL_WEBHOOK: ("url", "Write the address that is called."),
}

_CONDITIONS: Final = ("kind", "contact", "opportunity", "payment")


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
    actions = [_action(desk, filled, prefix) for prefix in STEPS if filled.text(f"{prefix}do")]
    return tuple(SkillCall("create_automation", {**occasion, "action": action}) for action in actions)


def _optional(name: str, value: object) -> dict[str, Any]:
    return {name: value} if value else {}


def _schedule(filled: Filled) -> str:
    """Return the rule of what runs at a time; what is missing for it is said at its field."""
    if Trigger.SCHEDULED not in filled.said.get("trigger", []):
        return ""
    if not filled.text("often"):
        filled.errors["often"] = "Choose at which times it runs."
    return f"{filled.text('often')};BYHOUR={filled.text('hour') or 9}"


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
    parts = {name: filled.said[f"{prefix}{name}"] for name in PARTS[do] if f"{prefix}{name}" in filled.said}
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
    submit="Make automation",
    draw=draw,
    read=_read,
    places={"where": "kind", "action": "do", "amount": "min_amount", "schedule": "often", "percent": "percent"},
)
