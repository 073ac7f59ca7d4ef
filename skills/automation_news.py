"""What automations did lately and what they ask, for a page that somebody looks at in the morning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.asking import Why
from billing.invoices import InvoiceStatus
from billing.runs import StepState
from billing.stepping import APPROVAL, why_unconfirmed
from skills.asking import ask_card
from skills.cards import Button, Card, for_reader
from skills.run_history import latest_runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from billing.conversations import Proposal
    from billing.ports import Formats, Transaction
    from billing.roles import Role
    from billing.workspaces import Workspace

_RUNS_SHOWN: Final = 5
_ASKED_SHOWN: Final = 3


def automation_news(
    tx: Transaction, workspace: Workspace, role: Role, formats: Formats, now: datetime
) -> tuple[Card, ...]:
    """Return a card for each thing that waits for a yes, the oldest first, and one of the latest runs.

    Who may not decide sees what waits without its buttons. There is no card where nothing is automated.
    """
    waiting, today = asked_now(tx, now), workspace.day_of(now)
    cards = [ask_card(tx, *asked, formats, today) for asked in waiting[:_ASKED_SHOWN]]
    return (*(for_reader(card, role) for card in cards), *_latest(tx, len(waiting), formats))


def asked_now(tx: Transaction, now: datetime) -> list[tuple[Proposal, dict[str, str]]]:
    """Return what automations ask and nobody has decided, the oldest first, each with what its card is drawn from."""
    open_questions = [asked for asked in tx.talk.undecided() if asked.expires_at > now]
    return [(asked, payload) for asked in open_questions if (payload := _payload(tx, asked)) is not None]


def _payload(tx: Transaction, proposal: Proposal) -> dict[str, str] | None:
    """Return what a card of the proposal is drawn from; None where it was decided in other words meanwhile."""
    step = tx.automations.asked_by(proposal.id)
    if step is None:
        return None
    run = tx.automations.get_run(step.run)
    payload = {"automation": run.automation, "invoice": run.invoice}
    if proposal.calls[0].skill == APPROVAL:
        why = why_unconfirmed(run, tx.automations.ever(run.automation)) or Why.LATE
        return payload | {"why": why} if step.state is StepState.ASKING else None
    made = tx.invoices.get(str(proposal.calls[-1].arguments["invoice"]))
    draft = made.status is InvoiceStatus.DRAFT
    return payload | {"invoice": made.number, "why": Why.NEXT_INVOICE} if draft else None


def _latest(tx: Transaction, waiting: int, formats: Formats) -> Iterator[Card]:
    rows = latest_runs(tx, formats, most=_RUNS_SHOWN)
    if not rows:
        return
    asks = f"{waiting} {'waits' if waiting == 1 else 'wait'} for a yes" if waiting else ""
    yield Card(
        title="Automations lately",
        summary=f"Automations lately: {len(rows)}",
        badge=asks,
        rows=rows,
        buttons=(Button("All runs", say="automation runs"), Button("All automations", say="list the automations")),
    )
