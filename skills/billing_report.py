"""Reporting what came in, what is owed, what is late and what comes back by itself."""

from __future__ import annotations

from dataclasses import replace

from billing.pages import Page
from billing.reporting import Measure as ReportMeasure
from billing.roles import Role
from skills.arguments import Contact, Flag, Measure, PeriodArgument
from skills.cards import Button
from skills.context import Context, Outcome
from skills.next_steps import after_report
from skills.opening_pages import ticket_to
from skills.spec import Effect, skill
from skills.summing_up import Asked, paying, report_card, sums


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "billing report",
        "share the total {measure}",
        "share what is {measure}",
        "billing report for {period}",
        "show me the billing report",
        "give me a report for {period}",
        "the numbers for {period}",
        "how are we doing {period}",
        "how is business",
        "where do we stand with our money",
        "summary of {period}",
        "report on {contact}",
        "how much have we {measure}",
        "how much have we {measure} {period}",
        "how much did we {measure} {period}",
        "how much did we {measure} from {contact} {period}",
        "how much money did we {measure} {period}",
        "how much money has {measure} {period}",
        "what did we {measure} {period}",
        "what did {contact} bring us {period}",
        "{measure} so far {period}",
        "{measure} in {period}",
        "{measure} since {period}",
        "how much is {measure}",
        "how much is {measure} in total",
        "how much is still {measure}",
        "how much is {measure} from {contact}",
        "how much does {contact} {measure=outstanding} owe us",
        "what does {contact} {measure=outstanding} owe",
        "how much are we {measure=outstanding} owed",
        "how much are we {measure=outstanding} owed by {contact}",
        "total {measure}",
        "total {measure} amount",
        "{measure} total",
        "what is our {measure}",
        "what is our {measure} {period}",
        "what is our monthly {measure=recurring} revenue",
        "how much comes in every month {measure=recurring} from subscriptions",
        "what do our subscriptions bring in {measure=recurring}",
        "what do subscriptions bring us each month {measure=recurring}",
        "how much do our subscriptions make {measure=recurring}",
        "{measure} report",
        "ageing report {measure=overdue}",
        "open the billing report {page=true}",
        "open the billing report for {period} {page=true}",
        "open the billing report for {contact} {page=true}",
        "open the billing report for {contact} {period} {page=true}",
        "show the billing report as a page {page=true}",
        "how much did we make {period} {measure=collected}",
        "what did we make {period} {measure=collected}",
        "how much have we made {period} {measure=collected}",
        "how much have we {measure} from {contact} {period}",
        "amount {measure} {period}",
        "the amount {measure} {period}",
        "{period} {measure}",
        "our monthly {measure=recurring} revenue",
        "how much money is {measure}",
        "how much money are we {measure=outstanding} waiting for",
        "sales figures for {period}",
        "how much did {contact} {measure} us {period}",
        "how much money is {measure} {period}",
        "what are we {measure=outstanding} owed",
        "what are we {measure=outstanding} owed in total",
        "how much is owing to us {measure=outstanding}",
        "how much do people {measure=outstanding} owe us",
        "how much do our clients {measure=outstanding} owe us",
        "what does everyone {measure=outstanding} owe us",
        "what did we turn over {period} {measure=collected}",
        "how much have we taken {period} {measure=collected}",
        "how much have we banked {period} {measure=collected}",
        "what is our turnover {period} {measure=collected}",
        "total {measure} {period}",
        "give me the {measure} figure",
        "what is the {measure} total",
        "how are the numbers {period}",
        "how did we do {period}",
        "how did {period} go",
        "a financial summary {period}",
        "run a billing report for {period}",
        "run a report for {period}",
        "do a billing report for {period}",
        "pull a billing report for {period}",
        "sum up what {contact} owes us {measure=outstanding}",
        "sum up what we are owed {measure=outstanding}",
        "tot up what {contact} owes us {measure=outstanding}",
        "tally up what is {measure}",
        "add up what we {measure} {period}",
        "how much did we take {period} {measure=collected}",
        "what did we take {period} {measure=collected}",
        "how much did we take from {contact} {period} {measure=collected}",
        "how much have we taken from {contact} {measure=collected}",
        "how much money did we take {period} {measure=collected}",
        "{measure} from {contact} {period} how much is that",
    ),
)
def billing_report(
    context: Context,
    *,
    measure: Measure | None = None,
    period: PeriodArgument | None = None,
    contact: Contact | None = None,
    page: Flag | None = None,
) -> Outcome:
    """Report what was collected, what is outstanding and overdue, and what recurs each month.

    Args:
        measure: Only this; left out, all of them.
        period: The days in which money was collected; the rest is as of today.
        contact: Only what has to do with this client.
        page: True where the person wants the report as a page in the browser.
    """
    if page:
        text = "What came in, what is owed and since when, by client and by day."
        return ticket_to(context, Page.REPORT, text, period=period, asked={"client": contact})
    asked = Asked((measure,) if measure else tuple(ReportMeasure), period, contact)
    with context.transaction() as tx:
        client = tx.contacts.get(contact).label if contact else None
        found = [sums(tx, context, one, asked) for one in asked.measures]
        took = [] if measure else paying(tx, context, asked)
    text = " ".join(part.sentence for part in found)
    result: dict[str, object] = {part.measure.value: part.totals for part in found}
    if took:
        result["days_to_pay"] = {line.currency: str(line.median) for line in took}
    opening = Button("Open as a page", say=f"open the billing report{f' for {contact}' if contact else ''}")
    following = after_report(contact, late=bool(result.get("overdue")))
    card = replace(report_card(found, client, took), buttons=(opening, *following))
    return Outcome(text, result, card, (contact,) if contact else ())
