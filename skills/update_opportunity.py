"""Changing a deal."""

from __future__ import annotations

from dataclasses import replace

from billing.errors import MissingArgument
from billing.money import parse_amount
from billing.roles import Role
from skills.arguments import Amount, Contact, Opportunity, Stage, Title
from skills.cards import Card
from skills.context import Context, Outcome
from skills.presenting import opportunity_row
from skills.spec import Effect, skill


@skill(
    effect=Effect.WRITE,
    role=Role.EDITOR,
    examples=(
        "mark {opportunity} as {stage}",
        "mark {opportunity} {stage}",
        "mark the {opportunity} deal {stage}",
        "move {opportunity} to {stage}",
        "move {opportunity} to the {stage} stage",
        "set {opportunity} to {stage}",
        "change {opportunity} to {stage}",
        "change the stage of {opportunity} to {stage}",
        "set the stage of {opportunity} to {stage}",
        "update {opportunity} to {stage}",
        "we have {stage} {opportunity}",
        "we {stage} {opportunity}",
        "{opportunity} is {stage}",
        "change the value of {opportunity} to {amount}",
        "set the value of {opportunity} to {amount}",
        "update the value of {opportunity} to {amount}",
        "make {opportunity} worth {amount}",
        "the {opportunity} deal is worth {amount}",
        "{opportunity} is now worth {amount}",
        "bump the value of {opportunity} to {amount}",
        "increase {opportunity} to {amount}",
        "rename {opportunity} to {name}",
        "rename the {opportunity} deal to {name}",
        "call {opportunity} {name}",
        "change the name of {opportunity} to {name}",
        "change the client of {opportunity} to {contact}",
        "assign {opportunity} to {contact}",
        "make {contact} the contact for {opportunity}",
        "make {contact} the contact of {opportunity}",
        "hand {opportunity} over to {contact} as its contact",
        "{opportunity} goes to {stage} at {amount}",
        "{opportunity} moves to {stage}",
        "{opportunity} has moved to {stage}",
        "put {opportunity} up to {amount}",
        "put {opportunity} at {stage}",
        "put {opportunity} down as {stage}",
        "{opportunity} has been {stage}",
        "we got {opportunity} {stage=won}",
        "we landed {opportunity} {stage=won}",
        "we have got {opportunity} {stage=won}",
        "{opportunity} said yes {stage=won}",
        "{opportunity} said no {stage=lost}",
        "{opportunity} fell through {stage=lost}",
        "{opportunity} went with somebody else {stage=lost}",
        "{opportunity} should be {stage}",
        "change {opportunity}'s name to {name}",
        "change {opportunity}'s value to {amount}",
        "change the amount of {opportunity} to {amount}",
        "the value of {opportunity} is {amount}",
        "update {opportunity} to {amount}",
        "{opportunity} belongs to {contact}",
        "rename the {opportunity} opportunity to {name}",
        "{opportunity} goes to {contact} now",
        "hand {opportunity} over to {contact}",
        "reassign {opportunity} to {contact}",
        "{opportunity} is up to {amount} now",
        "{opportunity} grew to {amount}",
        "the {opportunity} budget is {amount} now",
        "change the {opportunity} budget to {amount}",
        "{opportunity} should be worth {amount}",
        "value {opportunity} at {amount}",
        "we have {stage} the {opportunity} deal",
        "{opportunity} came through {stage=won}",
        "{opportunity} is ours {stage=won}",
        "{opportunity} signed {stage=won}",
        "{opportunity} signed the contract {stage=won}",
        "{opportunity} is off {stage=lost}",
        "{opportunity} turned us down {stage=lost}",
        "we did not get {opportunity} {stage=lost}",
        "retitle {opportunity} {name}",
        "the {opportunity} deal is called {name} now",
        "{opportunity}'s contact should be {contact}",
        "the contact of {opportunity} should be {contact}",
        "{opportunity} fell over {stage=lost}",
        "flag {opportunity} as {stage}",
        "flag {opportunity} as a {stage}",
        "{opportunity} ought to be at {amount}",
        "{opportunity} ought to be at {amount} rather than the old value",
        "{opportunity} should be at {amount}",
        "{opportunity} has gone to {stage}",
        "{opportunity} has gone up to {amount}",
        "{opportunity} has come down to {amount}",
        "push {opportunity} to {stage}",
        "shift {opportunity} into {stage}",
        "drag {opportunity} over to {stage}",
        "trim {opportunity} to {amount}",
        "trim the {opportunity} deal to {amount}",
        "cut {opportunity} to {amount}",
        "revise the {opportunity} deal to {amount}",
    ),
)
def update_opportunity(
    context: Context,
    *,
    opportunity: Opportunity,
    name: Title | None = None,
    stage: Stage | None = None,
    amount: Amount | None = None,
    contact: Contact | None = None,
) -> Outcome:
    """Change an opportunity's name, stage, value or client.

    Args:
        opportunity: The deal to change.
        name: Its new name.
        stage: How far it is now.
        amount: What it is worth now.
        contact: The client it belongs to.
    """
    changes: dict[str, object] = {"name": name, "stage": stage, "contact": contact}
    changes = {field: value for field, value in changes.items() if value is not None}
    if not changes and amount is None:
        raise MissingArgument("What should change: the name, the stage, the value or the client?", ("stage",))
    with context.transaction() as tx:
        current = tx.opportunities.get(opportunity, lock=True)
        if amount is not None:
            changes["value"] = parse_amount(amount, current.currency)
        changed = tx.opportunities.save(replace(current, **changes))  # type: ignore[arg-type] # fields by their names
        client = tx.contacts.get(changed.contact).label if changed.contact else "no client yet"
    row = opportunity_row(changed, client, context.formats)
    card = Card(title=f"Opportunity {changed.number}", summary=row.title, rows=(row,))
    text = f"Updated {changed.name}: {changed.stage.value}, {row.value}."
    return Outcome(text, {"number": changed.number}, card, (changed.number,))
