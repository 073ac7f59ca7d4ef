"""Ending a subscription."""

from __future__ import annotations

from billing.roles import Role
from billing.subscribing import End, require_reachable, running
from billing.subscribing import cancel_subscription as cancel
from billing.subscriptions import Subscription
from skills.arguments import Ending, Invoice
from skills.cards import Card, Field, Tone
from skills.context import Context, Outcome
from skills.presenting import invoice_card, plain, view
from skills.spec import Effect, skill


@skill(
    effect=Effect.OUTWARD,
    role=Role.EDITOR,
    examples=(
        "cancel the subscription of {invoice}",
        "cancel the subscription for {invoice}",
        "cancel the subscription on {invoice}",
        "cancel the {invoice} subscription",
        "cancel {invoice}'s subscription",
        "cancel the {invoice} subscription {when}",
        "cancel {invoice}'s subscription {when}",
        "cancel the subscription of {invoice} {when}",
        "cancel the subscription",
        "cancel their subscription {when}",
        "end the subscription of {invoice}",
        "end the subscription of {invoice} {when}",
        "end {invoice}'s subscription {when}",
        "stop the subscription of {invoice}",
        "stop the subscription for {invoice} {when}",
        "stop the {invoice} subscription",
        "stop charging {invoice} {when}",
        "stop the recurring payments for {invoice}",
        "terminate the subscription of {invoice} {when}",
        "{invoice} wants to cancel their subscription",
        "unsubscribe {invoice}",
        "end the {invoice} membership {when}",
        "cancel {invoice}'s membership {when}",
        "cancel the {invoice} membership {when}",
        "stop {invoice}'s subscription {when}",
        "end {invoice}'s plan {when}",
        "terminate {invoice}'s subscription {when}",
        "stop {invoice} from renewing",
        "kill {invoice}'s subscription {when}",
        "kill off the subscription of {invoice}",
        "call off the subscription of {invoice}",
        "discontinue {invoice}'s subscription {when}",
        "wind up {invoice}'s subscription {when}",
        "cancel {invoice}'s recurring payments",
        "stop {invoice}'s recurring payment {when}",
        "stop billing {invoice} every month",
        "stop charging {invoice} every month",
        "stop {invoice}'s monthly payments",
        "take {invoice} off the subscription",
        "let {invoice}'s subscription run out {when=period_end}",
        "let {invoice}'s subscription lapse {when=period_end}",
        "pull the plug on {invoice}'s subscription {when}",
        "put an end to {invoice}'s subscription {when}",
        "{invoice} does not want the subscription any more",
        "{invoice} end the subscription {when}",
        "{invoice} cancel the subscription {when}",
        "wind up {invoice}'s subscription once the period is over {when=period_end}",
        "i need {invoice}'s subscription wound up {when}",
        "stop {invoice}'s subscription once the period is over {when=period_end}",
        "cancel {invoice}'s subscription but not before the period is out {when=period_end}",
    ),
)
def cancel_subscription(context: Context, *, invoice: Invoice, when: Ending = End.PERIOD_END) -> Outcome:
    """Cancel the subscription of an invoice, at the end of the period that is paid for or now.

    Args:
        invoice: The invoice whose subscription ends.
        when: When it ends; left out, with the period that is paid for.
    """
    ended = cancel(context.transaction, context.services.gateways, invoice, when, now=context.now)
    with context.transaction() as tx:
        shown = view(tx, invoice)
    if ended.status.ended:
        text = f"The subscription of {invoice} ({shown.client}) is cancelled. Nothing more is charged."
    else:
        text = f"The subscription of {invoice} ({shown.client}) ends {_until(context, ended)}."
    card = invoice_card(shown, context.formats, context.today)
    return Outcome(text, {"invoice": invoice, "status": ended.status.value}, card, (invoice,))


def _preview(context: Context, *, invoice: Invoice, when: Ending = End.PERIOD_END) -> Card:
    with context.transaction() as tx:
        known = running(tx, invoice)
        require_reachable(tx, known)
        shown = view(tx, invoice)
    ends = "now" if when is End.NOW else _until(context, known)
    often = context.formats.interval(known.interval, known.interval_count)
    note = "The client keeps what is paid for until then, and is not charged again."
    if when is End.NOW:
        note = "Nothing is given back of what is paid for already: refund the payment for that."
    return Card(
        title=f"Cancel the subscription of {invoice}?",
        summary=f"Cancel the subscription of {invoice} ({shown.client}), ending {ends}?",
        tone=Tone.WARNING,
        text="A cancelled subscription cannot be taken up again: the client would have to subscribe anew.",
        fields=(
            Field("Client", shown.client),
            Field("For", shown.opportunity.name),
            Field("Charges", f"{context.formats.money(known.money)} {often}"),
            Field("Status", plain(known.status)),
            Field("Ends", ends),
        ),
        note=note,
    )


def _until(context: Context, subscription: Subscription) -> str:
    end = subscription.current_period_end
    return f"on {context.formats.day(context.workspace.day_of(end))}" if end else "with the period that is paid for"


cancel_subscription = cancel_subscription.previewed_by(_preview)
