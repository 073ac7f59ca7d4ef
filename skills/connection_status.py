"""Saying what is connected."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing.connecting import name_of
from billing.roles import Role
from skills.cards import Button, Card, Field, Tone
from skills.context import Context, Outcome
from skills.schedules import spoken_schedule
from skills.spec import Effect, skill

if TYPE_CHECKING:
    from billing.ports import Formats
    from billing.workspaces import StripeConnection


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "is stripe connected",
        "are we connected to stripe",
        "are we linked with stripe",
        "are we hooked up to stripe",
        "is our stripe account linked",
        "is stripe working",
        "which stripe account is connected",
        "what is connected",
        "what integrations are connected",
        "which integrations are hooked up",
        "which integrations do we have",
        "what are we connected to",
        "connection status",
        "stripe status",
        "check the stripe connection",
        "show the connection status",
        "what is the status of our stripe connection",
        "do we have stripe set up",
        "which stripe account are we using",
        "is stripe hooked up",
        "check whether stripe is connected",
        "is our stripe account connected",
        "is the stripe connection working",
        "are we still connected to stripe",
        "whether our stripe account is connected",
        "have we connected stripe",
        "how is our stripe connection",
        "do we have stripe connected",
        "did stripe get connected",
        "is stripe set up",
        "is stripe still connected",
        "is stripe up",
        "is the stripe account connected",
        "what accounts are connected",
        "check our stripe connection",
        "tell me whether stripe is live",
        "is stripe live",
        "is stripe online",
        "is stripe alive",
        "is stripe healthy",
        "is the stripe connection healthy",
        "check our integrations are all healthy",
        "are our integrations healthy",
        "are the integrations working",
        "are all integrations up",
        "has the stripe connection fallen over",
        "has stripe fallen over",
        "has stripe dropped off",
        "has stripe dropped out",
        "has stripe been connected",
        "is stripe down",
        "is the stripe connection broken",
        "is stripe still linked",
        "is stripe still hooked up",
        "is anything connected",
        "what have we connected",
        "show our integrations",
        "list our integrations",
        "integrations status",
        "status of our integrations",
        "how healthy is the stripe connection",
        "can you see our stripe account",
        "find out if stripe is connected",
        "are we on stripe",
        "are we live with stripe",
        "do we still have stripe connected",
        "look at the stripe connection",
        "the state of the stripe connection",
    ),
)
def connection_status(context: Context) -> Outcome:
    """Say whether Stripe is connected, to which account, and since when."""
    with context.transaction() as tx:
        active = tx.connections.active()
        schedule = tx.reminders.schedule()
    card = stripe_card(active, context.formats)
    if schedule is not None:
        # It writes to clients without a further yes, so whoever asks how things are connected is told.
        card = replace(card, fields=(*card.fields, Field("Reminders", spoken_schedule(schedule, context.formats))))
    if active is None:
        return Outcome("Not yet. An admin can say “connect Stripe” to get a link.", {"stripe": None}, card)
    text = f"Yes, Stripe is connected to {name_of(active)} ({_mode(active)} mode)."
    return Outcome(text, {"stripe": active.stripe_account_id}, card)


def stripe_card(active: StripeConnection | None, formats: Formats) -> Card:
    """Return how Stripe is connected, as a card."""
    if active is None:
        return Card(
            title="Stripe",
            summary="Stripe is not connected yet",
            tone=Tone.WARNING,
            badge="not connected",
            text="Clients cannot pay online until a Stripe account is connected.",
            buttons=(Button("Connect Stripe", say="connect stripe", tone=Tone.GOOD, needs=Role.ADMIN),),
        )
    name = name_of(active)
    return Card(
        title="Stripe",
        summary=f"Stripe is connected: {name}",
        tone=Tone.GOOD,
        badge="connected",
        fields=(
            Field("Account", name),
            Field("Mode", _mode(active)),
            Field("Connected", f"{formats.moment(active.connected_at)} by {active.connected_by}"),
        ),
        buttons=(
            Button("Payments this month", say="list the payments of this month"),
            Button("Sync", say="sync all open invoices", needs=Role.EDITOR),
            Button("Disconnect", say="disconnect stripe", needs=Role.ADMIN),
        ),
    )


def _mode(active: StripeConnection) -> str:
    return "live" if active.livemode else "test"
