"""What automations did and did not do, told line by line; first of all of those whom the question names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from skills.describing import names_of, occasion
from skills.explaining import evaluation_row, run_row, step_words, why_not

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from billing.ports import Formats, Transaction
    from billing.runs import AutomationRun, Evaluation
    from skills.asked_about import Named
    from skills.cards import Row

_MOST: Final = 20
_FEW: Final = 3
# So many evaluations are looked through for those of one client.
_DEEP: Final = 500


@dataclass(frozen=True, slots=True)
class Within:
    """The instants between which it happened; None is without a bound."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What is told: the runs and what did not lead to one, as records and as lines. `answer` is of whom was named."""

    runs: Sequence[AutomationRun]
    missed: Sequence[Evaluation]
    rows: tuple[Row, ...]
    answer: str = ""


def latest_runs(tx: Transaction, formats: Formats, *, most: int) -> tuple[Row, ...]:
    """Return the latest runs of all automations as lines."""
    runs = tx.automations.runs(limit=most)
    about = _about(tx, {run.invoice for run in runs})
    return tuple(run_row(run, tx.automations.steps(run.key), about[run.invoice], formats) for run in runs)


def told_of(tx: Transaction, automation: str | None, within: Within, named: Named | None, formats: Formats) -> History:
    """Return what the automation, or any, did and did not do within the time; the newest first of each."""
    limit = _DEEP if named else _MOST
    runs = tx.automations.runs(automation, start=within.start, end=within.end, limit=limit)
    looked = tx.automations.evaluations(automation, start=within.start, end=within.end, limit=_DEEP)
    missed = [one for one in looked if one.unmet is not None]
    if named is not None:
        runs = sorted(runs, key=lambda run: not named.has(run.invoice))
        missed.sort(key=lambda one: not named.has(one.invoice))
    runs, missed = runs[:_MOST], missed[:_MOST]
    about = _about(tx, {*(run.invoice for run in runs), *(one.invoice for one in missed)})
    names = _names(tx, missed)
    ran = [run_row(run, tx.automations.steps(run.key), about[run.invoice], formats) for run in runs]
    left = [evaluation_row(one, about[one.invoice], formats, names) for one in missed]
    own = named is not None and any(named.has(one.invoice) for one in missed)
    # Of what was asked about, that it did not run is what is looked for.
    rows = (*left, *ran) if own else (*ran, *left)
    answer = _answer(tx, automation, named, (runs, missed), formats) if named is not None else ""
    return History(runs, missed, rows, answer)


def _answer(
    tx: Transaction,
    automation: str | None,
    named: Named,
    found: tuple[Sequence[AutomationRun], Sequence[Evaluation]],
    formats: Formats,
) -> str:
    """Return what is to be said of whom the question names."""
    runs = [run for run in found[0] if named.has(run.invoice)][:_FEW]
    missed = [one for one in found[1] if named.has(one.invoice)][:_FEW]
    names = _names(tx, missed)
    told = [_ran(tx, run, formats) for run in runs]
    for one in missed:
        why = why_not(one.unmet, formats, names) if one.unmet else ""
        told.append(f"{one.automation} did not run for {one.invoice} on {formats.moment(one.evaluated_at)}: {why}.")
    return " ".join(told) or _nothing(tx, automation, named, formats)


def _ran(tx: Transaction, run: AutomationRun, formats: Formats) -> str:
    steps = "; ".join(step_words(step, formats) for step in tx.automations.steps(run.key))
    return f"{run.automation} ran for {run.invoice} on {formats.moment(run.started_at)}: {steps}."


def _nothing(tx: Transaction, automation: str | None, named: Named, formats: Formats) -> str:
    if not named.invoices:
        return f"{named.label} has no invoices, so there was nothing to run for."
    stand = " and ".join(f"{one.number} is {one.status.value}" for one in named.invoices[:_FEW])
    nothing = f"Nothing that starts {automation or 'an automation'} has happened to {named.label} lately: {stand}."
    if automation is None:
        return nothing
    found = tx.automations.ever(automation)
    return f"{nothing} It runs {occasion(found, formats, names_of(tx, found))}."


def _about(tx: Transaction, numbers: set[str]) -> dict[str, str]:
    """Return, for each invoice, how a line names it with its client."""
    named = {"": ""}
    for number in numbers - {""}:
        invoice = tx.invoices.find(number)
        contact = tx.contacts.find(invoice.contact) if invoice and invoice.contact else None
        named[number] = f", {number} ({contact.label})" if contact else f", {number}"
    return named


def _names(tx: Transaction, missed: Sequence[Evaluation]) -> dict[str, str]:
    """Return what the clients and deals are called that were wanted and found, by number."""
    numbers = {str(value) for one in missed if one.unmet for value in (one.unmet.wanted, one.unmet.found)}
    clients = {one.number: one.label for one in map(tx.contacts.find, numbers) if one}
    return clients | {one.number: one.name for one in map(tx.opportunities.find, numbers) if one}
