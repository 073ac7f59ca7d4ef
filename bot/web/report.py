"""`/report`: the billing report as a page, for the people of the business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from billing.conversations import Actor
from billing.pages import Page
from billing.reporting import Measure
from bot.web.headers import FORM_POLICY
from bot.web.held_up import held_up
from bot.web.opening import shut, visitor
from bot.web.pages import render
from skills.arguments import Period
from skills.context import Context
from skills.summing_up import Asked, paying, report_card, sums

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from billing.contacts import Contact
    from billing.page_tickets import Visitor
    from bot.web.site import Site
    from skills.cards import Card

_FRONT: Final = "web"
# With more clients, a list to choose from is no help any more.
_MOST_CLIENTS: Final = 500


@dataclass(frozen=True, slots=True)
class _Query:
    """What the address asks for, as it says it."""

    client: str
    start: str
    end: str


def report(site: Site, request: Request) -> Response:
    """Show the report, of one client or all, of some days or of all."""
    who = visitor(site, request, Page.REPORT)
    if who is None:
        return shut()
    context = _context(site, who)
    query = _Query(*(request.query_params.get(name, "").strip()[:40] for name in ("client", "from", "to")))
    with context.transaction() as tx:
        clients = sorted(tx.contacts.list(), key=lambda contact: contact.label.casefold())[:_MOST_CLIENTS]
    period, problem = _period(query)
    card = None if problem else _card(context, period, _number(clients, query.client))
    return render(
        "report.html",
        policy=FORM_POLICY,
        status=400 if problem else 200,
        business=context.workspace.name,
        today=context.formats.day(context.today),
        query=query,
        clients=clients,
        card=card,
        problem=problem,
        held_up=held_up(site, context.workspace),
        narrowed=any((query.client, query.start, query.end)),
    )


def _context(site: Site, who: Visitor) -> Context:
    """Return what a skill would be handed if the visitor asked in the chat."""
    with site.services.store.transaction(who.workspace_id) as tx:
        workspace = tx.people.workspace()
    actor = Actor(who.workspace_id, who.member, who.role, _FRONT)
    return Context(actor, workspace, _FRONT, _FRONT, site.services, site.formats_for(workspace))


def _card(context: Context, period: Period | None, contact: str | None) -> Card:
    asked = Asked(tuple(Measure), period, contact)
    with context.transaction() as tx:
        client = tx.contacts.get(contact).label if contact else None
        found = [sums(tx, context, measure, asked) for measure in asked.measures]
        return report_card(found, client, paying(tx, context, asked))


def _number(clients: list[Contact], asked: str) -> str | None:
    """Return the client's number where it is one of theirs; anything else asks for everybody."""
    return next((contact.number for contact in clients if contact.number == asked), None)


def _period(query: _Query) -> tuple[Period | None, str]:
    """Return the days asked for, and what is wrong with them where something is."""
    if not query.start and not query.end:
        return None, ""
    try:
        return Period.model_validate({"from": query.start or query.end, "to": query.end or query.start}), ""
    except ValidationError:
        return None, "These are no days that follow each other. Choose a first and a last day."
