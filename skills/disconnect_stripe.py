"""Ending the connection to Stripe."""

from __future__ import annotations

from billing.connecting import disconnect, name_of
from billing.roles import Role
from skills.cards import Card, Tone
from skills.context import Context, Outcome
from skills.spec import Effect, skill


@skill(
    effect=Effect.OUTWARD,
    role=Role.ADMIN,
    examples=(
        "disconnect stripe",
        "disconnect us from stripe",
        "unlink our stripe account",
        "unplug stripe",
        "pull the plug on stripe",
        "take stripe away",
        "we do not want stripe any more",
        "remove the stripe connection",
        "remove our stripe account",
        "revoke access to our stripe account",
        "cut the connection to stripe",
        "stop using stripe",
        "cut the stripe connection",
        "end the stripe connection",
        "take stripe off",
        "get rid of stripe",
        "turn off stripe",
        "close the stripe connection",
        "disconnect stripe from the workspace",
        "disconnect our stripe account",
        "unlink stripe",
        "unlink stripe from here",
        "detach stripe",
        "sever the stripe connection",
        "unhook stripe",
        "close our stripe connection",
        "drop the stripe connection",
        "break the link to stripe",
        "log us out of stripe",
        "get stripe out of the workspace",
        "get stripe out",
        "cut the connection",
        "unhook stripe from here",
        "stripe has to go",
        "stripe must go",
        "stripe can go",
        "we are done with stripe",
        "we are leaving stripe",
        "we are finished with stripe",
        "ditch stripe",
        "drop stripe",
        "dump stripe",
        "remove stripe",
        "kick stripe out",
        "cut stripe off",
        "cut the tie to stripe",
        "cut our ties with stripe",
        "unpair stripe",
        "unpair our stripe account",
        "let go of our stripe account",
        "get stripe off here",
        "stop the stripe connection",
    ),
)
def disconnect_stripe(context: Context) -> Outcome:
    """Disconnect the Stripe account. Payment links stop being made; what is in Stripe stays there."""
    ended = disconnect(context.transaction, context.services.gateways, by=context.actor.member, now=context.now)
    if ended is None:
        return Outcome("Stripe is not connected (any more), so there is nothing to disconnect.")
    text = f"Stripe is disconnected: {name_of(ended)}. Invoices stay as they are; clients cannot pay online for now."
    return Outcome(text)


def _preview(context: Context) -> Card:
    connection = context.connection()
    name = name_of(connection)
    return Card(
        title="Disconnect Stripe?",
        summary="Disconnect Stripe?",
        tone=Tone.WARNING,
        text=f"Evie loses access to {name}. Clients cannot pay invoices online until an account is connected again.",
        note="Nothing is deleted at Stripe.",
    )


disconnect_stripe = disconnect_stripe.previewed_by(_preview)
