"""Listing deals."""

from __future__ import annotations

from billing.roles import Role
from skills.arguments import Query, Stage
from skills.context import Context, Outcome
from skills.presenting import list_card, opportunity_row
from skills.spec import Effect, skill


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "list opportunities",
        "an overview of our deals",
        "give me an overview of all opportunities",
        "list our deals",
        "list the {stage} deals",
        "show me the deals",
        "show me our opportunities",
        "show all open deals",
        "which deals have we {stage}",
        "show me the deals we have {stage}",
        "what have we {stage}",
        "which deals are {stage}",
        "which opportunities are at {stage}",
        "show the {stage} opportunities",
        "show deals in the {stage} stage",
        "what opportunities do we have with {query}",
        "what deals do we have with {query}",
        "what opportunities are there for {query}",
        "opportunities for {query}",
        "deals with {query}",
        "show {query}'s deals",
        "show the deals for {query}",
        "our pipeline",
        "show me the pipeline",
        "what is in the pipeline",
        "what jobs do we have for {query}",
        "what projects are we doing for {query}",
        "what is the {query} deal worth",
        "how much is the {query} deal worth",
        "{stage} deals",
        "how many deals have we {stage}",
        "find the deal {query}",
        "find deals matching {query}",
        "look for deals matching {query}",
        "find the opportunity about {query}",
        "find opportunities about {query}",
        "search deals for {query}",
        "search the opportunities for {query}",
        "look up the {query} deal",
        "what are we working on for {query}",
        "what are we doing for {query}",
        "what is {query} worth",
        "show opportunities for {query}",
        "show me the {query} deals",
        "{stage}s",
        "deals for {query}",
        "what is in the pipeline at {stage} stage",
        "any deals with {query}",
        "any deals for {query}",
        "any deals going with {query}",
        "any opportunities for {query}",
        "what have we got going with {query}",
        "what do we have going with {query}",
        "what is going on with {query}",
        "which deals are still {stage}",
        "what is at {stage} stage",
        "opportunities with {query} in the name",
        "deals with {query} in the name",
        "anything in the pipeline for {query}",
        "list all opportunities",
        "list the opportunities for {query}",
        "which deals do we have with {query}",
        "what is cooking with {query}",
        "what deals are open",
        "run me through the {stage}s",
        "run me through the deals",
        "run me through the pipeline",
        "take me through the {stage}s",
        "take me through the pipeline",
        "talk me through the deals",
        "walk me through the pipeline",
        "what {stage}s have we got",
        "how is the pipeline looking",
        "what does the pipeline look like",
        "what is on the go with {query}",
    ),
)
def list_opportunities(context: Context, *, query: Query | None = None, stage: Stage | None = None) -> Outcome:
    """List opportunities, by a word of their name or client, or by stage.

    Args:
        query: A part of the deal's or the client's name.
        stage: How far they are.
    """
    with context.transaction() as tx:
        deals = tx.opportunities.list(stage=stage) if stage else tx.opportunities.list()
        clients = {contact.number: contact.label for contact in tx.contacts.list()}
        if query is not None:
            catalog = context.names(tx)
            fitting = {entry.number for kind in ("opportunity", "contact") for entry in catalog.search(kind, query)}
            deals = [
                deal
                for deal in deals
                if {deal.number, deal.contact} & fitting or query.casefold() in deal.name.casefold()
            ]
    rows = [opportunity_row(deal, clients.get(deal.contact or "", "no client yet"), context.formats) for deal in deals]
    empty = "No opportunity fits." if query or stage else "There are no opportunities yet."
    numbers = [deal.number for deal in deals]
    text = f"{len(deals)} {'opportunity' if len(deals) == 1 else 'opportunities'}." if deals else empty
    return Outcome(text, {"opportunities": numbers}, list_card("Opportunities", rows), tuple(numbers))
