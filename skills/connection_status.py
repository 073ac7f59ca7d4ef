"""Saying what is connected."""

from __future__ import annotations

from billing.connecting import name_of
from billing.roles import Role
from skills.cards import Button, Card, Field, Tone
from skills.context import Context, Outcome
from skills.spec import Effect, skill


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "is stripe connected",
        "are we connected to stripe",
        "are we hooked up to stripe",
        "is our stripe account linked",
        "is stripe working",
        "which stripe account is connected",
        "what is connected",
        "connection status",
        "stripe status",
        "check the stripe connection",
        "show the connection status",
        "what is the status of our stripe connection",
        "do we have stripe set up",
        "which stripe account are we using",
        "is stripe hooked up",
        "check whether stripe is connected",
    ),
)
def connection_status(context: Context) -> Outcome:
    """Say whether Stripe is connected, to which account, and since when."""
    with context.transaction() as tx:
        active = tx.connections.active()
    if active is None:
        card = Card(
            title="Stripe",
            summary="Stripe is not connected yet",
            tone=Tone.WARNING,
            badge="not connected",
            text="Clients cannot pay online until a Stripe account is connected.",
            buttons=(Button("Connect Stripe", say="connect stripe"),),
        )
        return Outcome("Not yet. An admin can say “connect Stripe” to get a link.", {"stripe": None}, card)
    name = name_of(active)
    mode = "live" if active.livemode else "test"
    card = Card(
        title="Stripe",
        summary=f"Stripe is connected: {name}",
        tone=Tone.GOOD,
        badge="connected",
        fields=(
            Field("Account", name),
            Field("Mode", mode),
            Field("Connected", f"{context.formats.moment(active.connected_at)} by {active.connected_by}"),
        ),
    )
    return Outcome(f"Yes, Stripe is connected to {name} ({mode} mode).", {"stripe": active.stripe_account_id}, card)
