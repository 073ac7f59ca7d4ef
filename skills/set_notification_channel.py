"""Choosing where news of payments goes."""

from __future__ import annotations

from billing.automations import Trigger
from billing.reacting import NEWS
from billing.roles import Role
from billing.workspaces import Channel as ChannelRecord
from billing.workspaces import NotificationRoute
from skills.arguments import Channel, Triggers
from skills.context import Context, Outcome
from skills.spec import Effect, skill


@skill(
    effect=Effect.WRITE,
    role=Role.ADMIN,
    examples=(
        "set the notification channel to {channel}",
        "use {channel} as the notification channel for {events}",
        "use {channel} for notifications",
        "change the notification channel to {channel}",
        "make {channel} the notification channel",
        "notify {channel} about {events}",
        "notify {channel} of {events}",
        "send payment news to {channel}",
        "send notifications to {channel}",
        "send notifications about {events} to {channel}",
        "send alerts for {events} to {channel}",
        "post notifications in {channel}",
        "post alerts about {events} in {channel}",
        "post payment updates to {channel}",
        "tell {channel} about {events} from now on",
        "announce payments in {channel}",
        "route notifications to {channel}",
        "i want notifications in {channel}",
        "notifications go to {channel}",
        "where notifications go {channel}",
    ),
)
def set_notification_channel(context: Context, *, channel: Channel, events: Triggers | None = None) -> Outcome:
    """Set the channel that hears of payments and failures.

    Args:
        channel: The channel with its hash.
        events: The events it hears of; left out, all news of payments.
    """
    chosen: tuple[Trigger, ...] = tuple(events) if events else NEWS
    with context.transaction() as tx:
        known = {entry.name for entry in tx.people.channels()}
        if channel not in known:
            tx.people.save_channel(ChannelRecord(context.workspace.id, channel))
        for event in chosen:
            tx.people.set_route(NotificationRoute(context.workspace.id, event.value, channel))
    about = "payments" if not events else ", ".join(event.value.replace("_", " ") for event in chosen)
    return Outcome(f"Done: {channel} now hears of {about}.", {"channel": channel})
