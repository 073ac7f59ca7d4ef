"""Connecting the workspace's Stripe account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.connecting import TICKET_LIFETIME, connect_own, name_of, open_ticket
from billing.roles import Role
from skills.cards import Button, Card, Tone
from skills.context import Context, Outcome
from skills.spec import Effect, skill

if TYPE_CHECKING:
    from billing.ports import ConnectedAccount


@skill(
    effect=Effect.WRITE,
    role=Role.ADMIN,
    examples=(
        "connect stripe",
        "establish a connection with stripe",
        "establish the connection to stripe",
        "tie in stripe",
        "get stripe tied in",
        "connect our stripe account",
        "connect to stripe",
        "set up the stripe connection",
        "set up stripe",
        "hook up stripe",
        "hook us up to stripe",
        "link our stripe account",
        "plug stripe in",
        "get stripe connected",
        "reconnect stripe",
        "add our stripe account",
        "authorise stripe",
        "stripe connect",
        "i want to start taking card payments",
        "start accepting payments online",
        "integrate with stripe",
        "link stripe",
        "get stripe wired in",
        "wire stripe up",
        "bring stripe in",
        "we need stripe connected",
        "get stripe going",
        "get stripe set up",
        "sort out the stripe connection",
        "start using stripe",
        "enable stripe",
        "turn on stripe",
        "connect stripe to the workspace",
        "get us on stripe",
        "get us connected to stripe",
        "join up our stripe account",
        "start the stripe connection",
        "begin the stripe setup",
        "start the stripe setup",
        "we want to use stripe",
        "plug stripe back in",
        "hook stripe back up",
        "connect stripe again",
        "get stripe back",
        "stripe needs to be connected",
        "set stripe up here",
        "hitch stripe up",
        "hitch up our stripe account",
        "pair our stripe account",
        "pair stripe with this workspace",
        "add stripe as our payment provider",
        "switch stripe on",
        "get our stripe account linked up",
        "stripe should be set up here",
        "authorise our stripe account",
        "give you access to our stripe account",
        "let us get paid through stripe",
        "i want to take card payments through stripe",
        "start taking cards through stripe",
    ),
)
def connect_stripe(context: Context) -> Outcome:
    """Connect the business's Stripe account, so that clients can pay online.

    Answers with a link for the admin who asked. It works once, for half an hour.
    """
    with context.transaction() as tx:
        active = tx.connections.active()
    if active is not None:
        return _already(name_of(active))
    own = context.services.gateways.direct_account()
    if own is not None:
        return _connected(context, own)
    with context.transaction() as tx:
        token = open_ticket(tx, member=context.actor.member, conversation=context.conversation, now=context.now)
    url = context.links.connect(token)
    card = Card(
        title="Connect Stripe",
        summary="Connect Stripe",
        text="Open the link, sign in to Stripe and approve. I will say here when it is done.",
        note=f"The link is for you alone and works once, for {TICKET_LIFETIME.seconds // 60} minutes.",
        buttons=(Button("Connect Stripe", url=url, tone=Tone.GOOD),),
        private=True,
    )
    return Outcome(f"Open this link to connect Stripe: {url}", {"url": url}, card)


def _connected(context: Context, own: ConnectedAccount) -> Outcome:
    """Take up the account of the installation's own key, which needs no consent."""
    with context.transaction() as tx:
        connection = connect_own(tx, own, by=context.actor.member, now=context.now)
    mode = "" if connection.livemode else " (test mode)"
    text = f"Stripe is connected: {name_of(connection)}{mode}. You can make payment links now."
    return Outcome(text, {"account": name_of(connection)})


def _already(name: str) -> Outcome:
    text = f"Stripe is connected already: {name}. Say “disconnect Stripe” first to use another account."
    return Outcome(text, {"account": name})
