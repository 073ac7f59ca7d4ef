"""The settings that an admin clicks: who hears of what, how clients are billed, and what colleagues may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billing.automations import Trigger
from billing.conversations import SkillCall
from billing.roles import Role
from bot.slack.elements import header, section, small_print
from bot.slack.modals.fields import channel_field, choice_field, option, search_field
from bot.slack.modals.form import Drawn, Form
from bot.slack.modals.office_settings import business_blocks, business_values, read_business
from skills.connection_status import stripe_card
from skills.describing import happening

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing.ports import Transaction
    from bot.slack.elements import Block
    from bot.slack.modals.form import Desk, Filled

_EVENTS: Final = [event for event in Trigger if event not in {Trigger.SCHEDULED, Trigger.ORDER_CREATED}]
_ROLES: Final = [
    option("Viewer: looks at everything", Role.VIEWER),
    option("Editor: bills clients and changes records", Role.EDITOR),
    option("Admin: also connects accounts and gives roles", Role.ADMIN),
]
_ROLES_SHOWN: Final = 20
_BOTH: Final = "Choose the colleague and the role."
_SILENCE: Final = "Where news of each kind goes. I have to be there: /invite @Evie. Left empty, nobody is told."


def _draw(desk: Desk, _values: Mapping[str, Any]) -> Drawn:
    context = desk.context
    with context.transaction() as tx:
        active = tx.connections.active()
        stripe = stripe_card(active, context.formats)
        routes = _routes(tx)
        roles = _roles(tx)
        values = {event: routes.get(event.value, "") for event in _EVENTS} | business_values(tx)
        business = business_blocks(tx, values, context.formats)
    blocks = [
        section(f"{stripe.summary}. To change that, say “{'disconnect' if active else 'connect'} Stripe”."),
        header("News"),
        small_print(_SILENCE),
        *(_channel(event, str(values[event])) for event in _EVENTS),
        *business,
        header("Colleagues"),
        search_field("member", "Colleague", "member", placeholder="Type a name", hint=roles, optional=True),
        choice_field("role", "Role", _ROLES, optional=True),
        small_print("A colleague who is not in the list becomes known when they first write to me."),
    ]
    return Drawn(blocks, values)


def _routes(tx: Transaction) -> dict[str, str]:
    """Return the Slack id of the channel that hears of each event, where both are known."""
    known = {channel.name: channel.slack_channel_id or "" for channel in tx.people.channels()}
    return {route.event: known.get(route.channel, "") for route in tx.people.routes()}


def _roles(tx: Transaction) -> str:
    members = [member for member in tx.people.members() if not member.away]
    listed = ", ".join(f"{member.name}: {member.role.value}" for member in members[:_ROLES_SHOWN])
    return listed if len(members) <= _ROLES_SHOWN else f"{listed} and {len(members) - _ROLES_SHOWN} more"


def _channel(event: Trigger, slack_channel_id: str) -> Block:
    return channel_field(event.value, happening(event), value=slack_channel_id)


def _read(desk: Desk, filled: Filled) -> tuple[SkillCall, ...]:
    calls = [_route(event, filled.channel(event, desk)) for event in filled.changed(*_EVENTS)]
    business = read_business(desk, filled)
    silent = [event.value for event in _EVENTS if filled.emptied(event)]
    if silent:
        business["silent"] = silent
    if business:
        calls.append(SkillCall("change_settings", business))
    person = filled.plain("member", "role")
    if len(person) == 1:
        filled.errors["role" if "member" in person else "member"] = _BOTH
    if person:
        calls.append(SkillCall("set_role", person))
    if not calls and not filled.errors:
        filled.errors[_EVENTS[0]] = "Nothing is changed yet: change something, or cancel."
    return tuple(calls)


def _route(event: str, channel: str) -> SkillCall:
    return SkillCall("set_notification_channel", {"channel": channel, "events": [str(event)]})


SETTINGS: Final = Form(
    name="settings",
    needs="set_role",
    title="Settings",
    submit="Save",
    draw=_draw,
    read=_read,
    places={"": "role"},
)
