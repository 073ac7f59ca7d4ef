"""Forms, as the fronts fill them in: read by the code that reads sentences, and rehearsed by the one that runs calls.

Nothing here leaves a trace or asks anybody but our own database, so that an error can be shown while the form is still
open.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import structlog

from billing.errors import BadArgument
from billing.itemising import read_lines
from billing.money import parse_amount
from bot.assistant.assistant import SURE
from bot.assistant.model.answer import Inquiry, ModelUnavailable
from bot.assistant.parser.clues import clues
from bot.assistant.parser.currencies import meant_by
from bot.assistant.parser.fields import sum_in
from bot.assistant.surroundings import surroundings
from bot.assistant.understanding import Memory, Surroundings
from skills.arguments import SaidLine
from skills.context import Context
from skills.itemised import wanted_lines
from skills.names import Catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from billing.conversations import Actor, SkillCall
    from billing.ports import Formats, Store, Transaction
    from billing.workspaces import Workspace
    from bot.assistant.model.route import ModelRoute
    from bot.assistant.understanding import Question, Understanding
    from skills.cards import Card
    from skills.context import Services
    from skills.runner import Runner
    from skills.spec import Skill

_log = structlog.get_logger(__name__)
_REHEARSAL: Final = "rehearsal"
_SUM: Final = "Write an amount such as 500 or USD 1,250.50."
_SUM_OR_SHARE: Final = "Write an amount such as 500 or USD 1,250.50, or a percentage such as 30%."
_LINE: Final = "I cannot read “{row}”. Write each line like “3 days @ 900” or “Travel 120”."
_TWO_CURRENCIES: Final = "An invoice has one currency: write all prices in {currency}."


class Reads(Protocol):
    """What reads sentences, and the rows of a list."""

    def parse(self, text: str, memory: Memory, surroundings: Surroundings) -> Understanding:
        """Return what the text means in the conversation that `memory` is of."""

    def line(self, text: str, surroundings: Surroundings) -> tuple[dict[str, str], str | None] | None:
        """Return what a row bills, and the currency that its price names; None where it cannot be read."""


@dataclass(frozen=True, slots=True)
class Forms:
    """What a form needs of the assistant. `model` is None where no key is set."""

    skills: Mapping[str, Skill]
    runner: Runner
    parser: Reads
    services: Services
    formats_for: Callable[[Workspace], Formats]
    model: ModelRoute | None = None

    def context(self, actor: Actor) -> Context:
        """Return what a skill would be handed, of a call that is not made."""
        with self.services.store.transaction(actor.workspace_id) as tx:
            workspace = tx.people.workspace()
        return Context(actor, workspace, "", "", self.services, self.formats_for(workspace))

    def require(self, actor: Actor, skill: str) -> None:
        """Raise NotAllowed, with who may do it, unless the person's role allows the skill."""
        self.runner.require(self.context(actor), skill)

    def rehearsed(self, actor: Actor, *calls: SkillCall) -> tuple[SkillCall, ...]:
        """Return the calls as they will run; raises whatever BillingError the first that fails would end with.

        They are carried out, in order, in a transaction that is taken back.
        """
        context = self.context(actor)
        with _taken_back(self.services.store, actor.workspace_id) as store:
            services = replace(self.services, store=store)
            keyed = (replace(context, services=services, key=f"{_REHEARSAL}:{n}") for n in range(len(calls)))
            return tuple(map(self.runner.rehearsed, keyed, calls))

    def preview(self, actor: Actor, call: SkillCall) -> Card:
        """Return the card that says what an outward call would do; raises BillingError where it cannot be done."""
        return self.runner.preview(self.context(actor), call)

    def sum_in(self, actor: Actor, text: str, record: str, *, share: bool = False) -> dict[str, str]:
        """Return an amount (or a `share` of the deal) on a record as arguments; raises BadArgument or BadAmount."""
        context = self.context(actor)
        with context.transaction() as tx:
            own = currency_of(tx, record, context.workspace)
        found = sum_in(text, own, context.workspace.currency)
        if found is None or ("percent" in found and not share):
            raise BadArgument(_SUM_OR_SHARE if share else _SUM)
        if "amount" in found:
            parse_amount(found["amount"], found.get("currency", own))
        return found

    def lines_in(self, actor: Actor, text: str, record: str) -> list[dict[str, str]]:
        """Return the rows of a text as an invoice's lines; raises BadArgument or BadAmount, naming the row."""
        context = self.context(actor)
        with context.transaction() as tx:
            own = currency_of(tx, record, context.workspace)
        around = _nameless(context)
        lines = [self._line(row, own, around) for row in text.splitlines() if row.strip()]
        read_lines(wanted_lines(SaidLine(**line) for line in lines), own)
        return lines

    def _line(self, row: str, own: str, around: Surroundings) -> dict[str, str]:
        read = self.parser.line(row, around)
        if read is None:
            raise BadArgument(_LINE.format(row=row.strip()[:80]))
        line, named = read
        if named is not None and meant_by(named, own, around.currency) != own:
            raise BadArgument(_TWO_CURRENCIES.format(currency=own))
        return line

    def meant(self, actor: Actor, skill: str, *wordings: str) -> tuple[dict[str, Any], bool]:
        """Return the arguments that the first wording gives the skill which the parser reads as a request for it.

        Beside them, whether that is as good as certain.
        """
        around = self._around(actor)
        for text in wordings:
            understood = self.parser.parse(text, Memory(), around)
            asked = understood.question
            if asked is not None and asked.skill == skill:
                return dict(asked.arguments), understood.confidence >= SURE
            call = next((call for call in understood.calls if call.skill == skill), None)
            if call is not None:
                return dict(call.arguments), understood.confidence >= SURE
        return {}, False

    def clues(self, actor: Actor, text: str) -> dict[str, Any]:
        """Return what a message that asks for nothing says of an invoice: deal, sum and day, where they are plain."""
        return clues(text, self._around(actor))

    def meant_by_model(self, actor: Actor, name: str, text: str) -> dict[str, Any]:
        """Return the arguments for a skill that the model reads out of a text; none where it cannot, or is not there.

        Nothing is called: the model is stopped at what it would call.
        """
        if self.model is None:
            return {}
        around, skill = self._around(actor), self.skills[name]
        try:
            answer = self.model.converse(Inquiry(text, actor, around, [skill]), _heard)
        except _Heard as heard:
            return _known(skill, heard.call.arguments, around.catalog)
        except ModelUnavailable as error:
            _log.info("form_not_read_by_model", reason=error.reason)
            return {}
        return _known(skill, answer.question.arguments, around.catalog) if answer.question else {}

    def _around(self, actor: Actor) -> Surroundings:
        context = self.context(actor)
        with context.transaction() as tx:
            return surroundings(tx, context)


def _nameless(context: Context) -> Surroundings:
    """Return the surroundings without the records' names, which take a while to load: a row of a list names none."""
    workspace = context.workspace
    return Surroundings(
        today=context.today,
        timezone=workspace.timezone,
        currency=workspace.currency,
        country=workspace.country,
        member=context.actor.member,
        members=(),
        channels=(),
        catalog=Catalog([]),
    )


class _Heard(Exception):
    """Stops the model at the call that it would make."""

    def __init__(self, call: SkillCall) -> None:
        super().__init__(call.skill)
        self.call = call


def _heard(call: SkillCall) -> Question:
    raise _Heard(call)


def _known(skill: Skill, said: Mapping[str, Any], catalog: Catalog) -> dict[str, Any]:
    """Return the arguments with records by number, without those that name none or several."""
    known: dict[str, Any] = {}
    for name, value in said.items():
        argument = skill.argument(name)
        if argument is not None and argument.type.record is not None:
            found = catalog.search(argument.type.record, str(value))
            known |= {name: found[0].number} if len(found) == 1 else {}
        elif argument is not None and value is not None:
            known[name] = value
    return known


class _TakenBack(Exception):
    """Rolls a rehearsal back."""


@dataclass(frozen=True, slots=True)
class _Rehearsal:
    """A store that has one transaction, which is somebody else's to end. Skills ask a store for nothing else."""

    tx: Transaction

    def transaction(self, _workspace_id: str) -> AbstractContextManager[Transaction]:
        return nullcontext(self.tx)


@contextmanager
def _taken_back(store: Store, workspace_id: str) -> Iterator[Store]:
    with suppress(_TakenBack), store.transaction(workspace_id) as tx:
        yield cast("Store", _Rehearsal(tx))
        raise _TakenBack


def currency_of(tx: Transaction, record: str, workspace: Workspace) -> str:
    """Return the currency of an opportunity or an invoice; the workspace's for what is neither."""
    if record.startswith("OPP-"):
        found = tx.opportunities.find(record)
        return found.currency if found is not None else workspace.currency
    invoice = tx.invoices.find(record) if record.startswith("INV-") else None
    return invoice.total.currency if invoice is not None else workspace.currency
