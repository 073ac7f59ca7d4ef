"""Opening a deal."""

from __future__ import annotations

from billing.money import parse_amount
from billing.opportunities import Opportunity as OpportunityRecord
from billing.opportunities import Stage as OpportunityStage
from billing.roles import Role
from skills.arguments import Amount, Contact, Currency, Stage, Title
from skills.cards import Card
from skills.context import Context, Outcome
from skills.presenting import opportunity_row
from skills.spec import Effect, skill


@skill(
    effect=Effect.WRITE,
    role=Role.EDITOR,
    examples=(
        "create an opportunity called {name} for {contact} worth {amount} stage {stage}",
        "new lead {contact} wants a {name} {amount}",
        "new lead from {contact} they want a {name} {amount}",
        "create an opportunity named {name} for {contact}",
        "create an opportunity for {contact} called {name} valued at {amount}",
        "create a deal {name} for {contact}",
        "open an opportunity {name} for {contact} at {amount}",
        "open a deal called {name} with {contact} for {amount}",
        "new opportunity {name} for {contact}",
        "new deal {name} for {contact} worth {amount}",
        "new deal with {contact} called {name}",
        "new job {name} with {contact} {amount}",
        "new project {name} for {contact} value {amount}",
        "start a new project called {name} for {contact}",
        "add a deal called {name}",
        "add an opportunity called {name} for {contact} at {stage} stage",
        "add a {amount} deal called {name} for {contact}",
        "log a new {stage} called {name} for {contact}",
        "add a {stage} called {name} for {contact}",
        "new deal with {contact} {name} {amount}",
        "create a deal for {contact} {name} {amount}",
        "create an opportunity for {contact} {name} {amount}",
        "open an opportunity called {name} for {contact} at {amount}",
        "open a new opportunity for {contact} called {name} worth {amount}",
        "set up a deal called {name} for {contact}",
        "log an opportunity called {name} for {contact} worth {amount}",
        "add a project called {name} for {contact}",
        "put a deal called {name} in the pipeline for {contact}",
        "opportunity {name} for {contact} worth {amount}",
        "new job for {contact} {name} {amount}",
        "new job for {contact} called {name}",
        "new project for {contact} {name}",
        "new project for {contact} called {name} worth {amount}",
        "new deal for {contact} called {name}",
        "new opportunity {name} {contact} {amount}",
        "new {stage} {name} from {contact} {amount}",
        "new {stage} {name} for {contact} {amount}",
        "log an opportunity with {contact} for {name} {amount}",
        "start a deal called {name} for {contact}",
        "start a new job called {name} for {contact} worth {amount}",
        "add a job called {name} for {contact} {amount}",
        "add {name} to the pipeline for {contact} {amount}",
        "put {name} in the pipeline for {contact} at {amount}",
        "track a new deal {name} for {contact}",
        "we have a new job from {contact} called {name} worth {amount}",
        "create a project {name} for {contact} {amount}",
        "log a {stage} deal with {contact} {name} {amount}",
        "{contact} would like a {name} {amount} open a deal for it",
        "{contact} is after a {name} put that in the pipeline at {amount}",
        "{contact} is after a {name} put that in the pipeline as a {stage} at {amount}",
        "{contact} wants a {name} for {amount} add it to the pipeline",
        "start a {stage} for {contact} name it {name}",
        "start a {stage} for {contact} called {name}",
        "could a {stage} be started for {contact} name it {name}",
        "enter a new opportunity for {contact}",
        "i want to enter a new opportunity for {contact}",
        "new opp for {contact} {name} {amount}",
        "new opp {name} for {contact} {amount}",
        "we just won a new job {contact} wants a {name} for {amount} {stage=won}",
        "we won a new job {name} for {contact} at {amount} {stage=won}",
        "there is a new job from {contact} {name} {amount}",
        "put a {amount} deal in for {contact} {name}",
        "punch in a new deal for {contact} {name} {amount}",
        "pop a deal in for {contact} called {name}",
    ),
)
def create_opportunity(
    context: Context,
    *,
    name: Title,
    contact: Contact | None = None,
    amount: Amount | None = None,
    currency: Currency | None = None,
    stage: Stage = OpportunityStage.LEAD,
) -> Outcome:
    """Create an opportunity: a deal that invoices are made on.

    Args:
        name: What the deal is called.
        contact: The client.
        amount: What the whole deal is worth.
        currency: Its currency; left out, the workspace's.
        stage: How far it is.
    """
    money_in = currency or context.workspace.currency
    with context.transaction() as tx:
        opportunity = tx.opportunities.by_request(context.key) or tx.opportunities.add(
            OpportunityRecord(
                workspace_id=context.workspace.id,
                number=tx.opportunities.next_number(),
                name=name,
                contact=contact,
                currency=money_in,
                value=parse_amount(amount, money_in) if amount else None,
                stage=stage,
                created_at=context.now,
                request_key=context.key,
            ),
        )
        client = tx.contacts.get(contact).label if contact else "no client yet"
    row = opportunity_row(opportunity, client, context.formats)
    card = Card(title=f"Opportunity {opportunity.number}", summary=row.title, rows=(row,))
    text = f"Created {opportunity.number}: {opportunity.name}, {row.value}."
    return Outcome(text, {"number": opportunity.number}, card, (opportunity.number,))
