"""Trying an automation with an invoice: what would happen, and nothing does."""

from __future__ import annotations

from billing.automations import Trigger
from billing.errors import BadArgument
from billing.rehearsing import Tried, rehearse
from billing.roles import Role
from skills.arguments import Automation, Invoice
from skills.automation_cards import told
from skills.cards import Button, Card, Row, Tone
from skills.context import Context, Outcome
from skills.describing import caution, deed, span
from skills.explaining import why_not
from skills.spec import Effect, skill


@skill(
    effect=Effect.READ,
    role=Role.VIEWER,
    examples=(
        "test {automation} with {invoice}",
        "test the {automation} automation with {invoice}",
        "test the {automation} automation on {invoice}",
        "test it with {invoice}",
        "try {automation} with {invoice}",
        "try the {automation} automation on {invoice}",
        "try it with {invoice}",
        "dry run {automation} with {invoice}",
        "do a dry run of {automation} with {invoice}",
        "rehearse {automation} with {invoice}",
        "simulate {automation} with {invoice}",
        "test it on {invoice}",
        "try it on {invoice}",
        "try it out with {invoice}",
        "test {automation} on {invoice}",
        "try {automation} out on {invoice}",
        "give {automation} a test run with {invoice}",
        "what would {automation} do with {invoice}",
        "would {automation} run for {invoice}",
        "would {automation} fire for {invoice}",
        "would the {automation} automation run for {invoice}",
        "what would {automation} do if {invoice} was paid",
    ),
)
def try_automation(context: Context, *, automation: Automation, invoice: Invoice) -> Outcome:
    """Show what an automation would do for an invoice, without doing anything.

    Args:
        automation: The automation.
        invoice: The invoice to try it with.
    """
    with context.transaction() as tx:
        record = tx.automations.get(automation)
    if record.trigger is Trigger.SCHEDULED:
        what = told(context, record)
        raise BadArgument(f"{automation} runs by the calendar and is about no one invoice: {what}")
    found = rehearse(context.transaction, automation, invoice, context.formats, now=context.now)
    if found.unmet is None:
        text = f"With {invoice}, {automation} would run. Nothing was done."
    else:
        text = f"With {invoice}, {automation} would not run: {why_not(found.unmet, context.formats)}. Nothing was done."
    rows = tuple(_row(tried) for tried in found.steps)
    on = () if record.active else (Button("Switch on", say=f"turn on {automation}", tone=Tone.GOOD),)
    note = caution(record, context.formats)
    card = Card(f"{automation} with {invoice}", text, badge="dry run", text=text, rows=rows, note=note, buttons=on)
    result = {"automation": automation, "would_run": found.unmet is None}
    return Outcome(text, result, card, (automation, invoice))


def _row(tried: Tried) -> Row:
    step = deed(tried.action)
    if tried.fault:
        return Row(f"Cannot {step}", detail=tried.fault, tone=Tone.BAD)
    wait = f", {span(tried.action.after)} later" if span(tried.action.after) else ""
    return Row(f"Would {step}{wait}", detail=f"“{tried.text}”" if tried.text else "")
