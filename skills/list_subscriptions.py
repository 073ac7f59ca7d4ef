"""Listing subscriptions."""

from __future__ import annotations

from billing.roles import Role
from skills.arguments import Contact, SubscriptionState
from skills.context import Context, Outcome
from skills.presenting import list_card, plain, view
from skills.spec import Effect, skill
from skills.subscription_rows import subscription_row


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "subscriptions",
        "list subscriptions",
        "list all subscriptions",
        "list {status} subscriptions",
        "show subscriptions",
        "show the subscriptions",
        "show me the subscriptions",
        "show the {status} subscriptions",
        "{status} subscriptions",
        "subscriptions of {contact}",
        "subscriptions for {contact}",
        "{contact}'s subscriptions",
        "{status} subscriptions of {contact}",
        "show {contact}'s subscriptions",
        "what subscriptions does {contact} have",
        "which subscriptions does {contact} have",
        "what subscriptions do we have",
        "which subscriptions are {status}",
        "which subscriptions are running {status=active}",
        "does {contact} have a subscription",
        "who has a subscription",
        "who is subscribed",
        "who subscribes",
        "is {contact} subscribed",
        "any {status} subscriptions",
        "any subscriptions",
        "how many subscriptions do we have",
        "who is on a subscription",
        "which clients are on a subscription",
        "subscriptions that are {status}",
        "who has a running subscription",
        "does {contact} have a subscription with us",
        "has {contact} got a subscription",
        "is {contact} on a subscription",
        "is {contact}'s subscription still {status}",
        "what is the status of {contact}'s subscription",
        "which clients pay every month",
        "who pays us every month",
        "who is paying us monthly",
        "who is on a monthly plan",
        "recurring clients",
        "{contact}'s recurring plan",
        "who has {status} their subscription",
        "the {status} subscriptions",
        "have any subscriptions been {status}",
        "have any subscriptions {status}",
        "has anybody {status} their subscription",
        "were any subscriptions {status}",
        "run me through the subscriptions",
        "take me through the {status} subscriptions",
    ),
)
def list_subscriptions(
    context: Context, *, contact: Contact | None = None, status: SubscriptionState | None = None
) -> Outcome:
    """List subscriptions: what each charges, how often, and when next or until when.

    Args:
        contact: Only those of this client.
        status: Only those with this status at Stripe.
    """
    with context.transaction() as tx:
        found = tx.subscriptions.list(status=status) if status else tx.subscriptions.list()
        shown = [(subscription, view(tx, subscription.invoice)) for subscription in found]
    shown = [(one, invoice) for one, invoice in shown if contact in {None, invoice.invoice.contact}]
    rows = [subscription_row(one, invoice, context.formats) for one, invoice in shown]
    kind = f"{plain(status)} subscription" if status else "subscription"
    text = f"{len(rows)} {kind}{'' if len(rows) == 1 else 's'}." if rows else f"No {kind} fits."
    result = {"subscriptions": [one.stripe_subscription_id for one, _ in shown]}
    numbers = dict.fromkeys(one.invoice for one, _ in shown)
    return Outcome(text, result, list_card("Subscriptions", rows), tuple(numbers))
