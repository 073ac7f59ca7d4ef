"""Choosing where news of payments goes."""

from __future__ import annotations

from billing.automations import Trigger
from billing.news import NEWS
from billing.roles import Role
from billing.workspaces import Channel as ChannelRecord
from billing.workspaces import NotificationRoute
from skills.arguments import Channel, Triggers
from skills.context import Context, Outcome
from skills.spec import Effect, skill

_NEWS_WORDS = {
    Trigger.PAYMENT_SUCCEEDED: "payments that came in",
    Trigger.PAYMENT_FAILED: "payments that failed",
    Trigger.INVOICE_CREATED: "new invoices",
    Trigger.INVOICE_SENT: "invoices that were sent",
    Trigger.INVOICE_DUE: "invoices that are due",
    Trigger.INVOICE_OVERDUE: "overdue invoices",
    Trigger.REFUND_CREATED: "refunds",
    Trigger.DISPUTE_OPENED: "disputes",
    Trigger.SUBSCRIPTION_RENEWED: "renewed subscriptions",
    Trigger.SUBSCRIPTION_CANCELLED: "cancelled subscriptions",
}


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
        "post {events} in {channel}",
        "post our updates in {channel}",
        "{events} should go to {channel}",
        "alerts should go to {channel}",
        "notifications should go to {channel}",
        "change where you post notifications",
        "change where you post the notifications to {channel}",
        "change where notifications go to {channel}",
        "put notifications in {channel}",
        "move notifications to {channel}",
        "switch notifications to {channel}",
        "alerts for {events} go to {channel}",
        "{events} notices go to {channel}",
        "make {channel} the channel for {events} notices",
        "make {channel} the channel for {events}",
        "let {channel} know about {events} from now on",
        "post all billing updates in {channel} from now on",
        "announce {events} in {channel}",
        "shout about {events} in {channel}",
        "use {channel} for {events}",
        "send {events} to {channel}",
        "only {events} in {channel}",
        "{events} in {channel}",
        "make {channel} the place where you post {events}",
        "make {channel} the place for {events}",
        "{channel} should get {events}",
        "{channel} is where {events} go",
        "point notifications at {channel}",
        "redirect notifications to {channel}",
        "billing news goes to {channel}",
        "keep {channel} posted about {events}",
        "from now on post in {channel}",
        "notifications belong in {channel}",
        "the notifications need to go in a different channel",
        "notifications need to go in {channel}",
        "notifications should go somewhere else",
        "post the notifications in a different channel",
        "a different channel for notifications",
        "i only want {events} announced in {channel}",
        "i only want {events} announced and that in {channel}",
        "only {events} should be announced in {channel}",
        "{events} only should be announced in {channel}",
        "set them to {channel} from now on notifications",
        "we want notifications in {channel} from now on",
        "announce only {events} in {channel}",
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
    about = " and ".join(_NEWS_WORDS.get(event, event.value.replace("_", " ")) for event in chosen)
    about = about if events else "payments"
    return Outcome(f"Done: {channel} now hears of {about}.", {"channel": channel})
