"""Changing what a workspace has set, from a form: nobody has to ask for it in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from billing.news_settings import ADMINS, drop_digest, set_deal_channel, set_digest, set_people
from billing.reminder_settings import switch_off, switch_on
from billing.roles import Role
from skills.arguments import ArgumentType, Flag, Opportunity, Text, Triggers
from skills.context import Context, Outcome
from skills.spec import Effect, skill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing.ports import Transaction

NONE: Final = "none"

Days = Annotated[int, Field(ge=0, le=365), ArgumentType("count", "A number of days.", {"type": "integer"}, sample="14")]
Hour = Annotated[int, Field(ge=0, le=23), ArgumentType("count", "An hour, 0 to 23.", {"type": "integer"}, sample="9")]


@skill(effect=Effect.WRITE, role=Role.ADMIN, examples=())
def change_settings(  # noqa: PLR0913 - what a form holds
    context: Context,
    *,
    payment_terms: Days | None = None,
    reminders: Flag | None = None,
    people: Text | None = None,
    opportunity: Opportunity | None = None,
    deal_channel: Text | None = None,
    digest_channel: Text | None = None,
    digest_hour: Hour | None = None,
    silent: Triggers | None = None,
) -> Outcome:
    """Change what the workspace has set; what is left out stays as it is.

    Args:
        payment_terms: So many days after its issue an invoice is due.
        reminders: Whether clients are reminded by the schedule.
        people: Who is asked when somebody wants a person: a channel, a member, or admins.
        opportunity: The deal whose news goes to `deal_channel`.
        deal_channel: The deal's own channel, or none.
        digest_channel: Where the daily digest is posted, or none.
        digest_hour: When it is posted, where the business is.
        silent: The events that no channel hears of any more.
    """
    with context.transaction() as tx:
        said = [
            *_terms(tx, payment_terms),
            *_reminders(tx, context, reminders),
            *_people(tx, context, people),
            *_deal(tx, context, opportunity, deal_channel),
            *_digest(tx, context, digest_channel, digest_hour),
            *(_silenced(tx, event) for event in silent or ()),
        ]
    return Outcome(" ".join(said) or "Nothing was changed.")


def _terms(tx: Transaction, days: int | None) -> Iterator[str]:
    if days is not None:
        tx.people.save_workspace(replace(tx.people.workspace(), payment_terms_days=days))
        when = "on the day of its issue" if days == 0 else "a day later" if days == 1 else f"{days} days later"
        yield f"A new invoice is due {when} from now on."


def _reminders(tx: Transaction, context: Context, on: bool | None) -> Iterator[str]:  # noqa: FBT001 - what was set
    if on:
        switch_on(tx, context.actor, None, {}, now=context.now)
        yield "Clients are reminded by the schedule from now on."
    elif on is not None:
        switch_off(tx, context.actor, now=context.now)
        yield "Nobody is reminded by a schedule any more."


def _people(tx: Transaction, context: Context, place: str | None) -> Iterator[str]:
    if place is not None:
        asked = set_people(tx, context.actor, place).people
        yield f"Whoever wants to talk to a person is passed on to {asked or f'all {ADMINS}'}."


def _deal(tx: Transaction, context: Context, number: str | None, channel: str | None) -> Iterator[str]:
    if number is not None:
        own = None if channel in {None, NONE} else channel
        set_deal_channel(tx, context.actor, number, own)
        yield f"News about {number} goes {f'to {own}' if own else 'where all news goes'}."


def _digest(tx: Transaction, context: Context, channel: str | None, hour: int | None) -> Iterator[str]:
    if channel == NONE:
        drop_digest(tx, context.actor)
        yield "No daily digest is posted any more."
    elif channel is not None and hour is not None:
        named = set_digest(tx, context.actor, channel=channel, hour=hour, now=context.now).digest_channel
        yield f"A daily digest goes to {named} at {hour}:00."


def _silenced(tx: Transaction, event: str) -> str:
    tx.people.drop_route(event)
    return f"No channel hears of “{event.replace('_', ' ')}” any more."
