"""Carrying out the calls of one message in order, and turning how they ended into a reply.

A call may name what an earlier one made (`"$1"`). The first call that is refused, fails or asks back ends the row.
Outward calls are gathered on one card that waits for a yes.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from billing.conversations import Proposal, ProposalState, SkillCall
from billing.errors import InvoiceClosed, NoRecipient
from bot.assistant.reply import CallReport
from bot.assistant.understanding import Question
from skills.cards import Button, Card, Row, Tone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from billing.ports import Transaction
    from skills.context import Context
    from skills.runner import Ran, Runner

PROPOSAL_LIFETIME: Final = timedelta(hours=1)
# What a skill does in the words of a person, where that is not the verb of its name.
SAID: Final = {"use_automation": "Switch on", "set_automation": "Switch on"}
_STEP: Final = re.compile(r"\$([1-9]\d?)", re.ASCII)
_ENDS: Final = frozenset({"failed", "refused", "asked"})
# Reasons that lie in one record and say nothing of the others.
_OF_ONE_RECORD: Final = frozenset({InvoiceClosed.code, NoRecipient.code})


@dataclass(frozen=True, slots=True)
class Door:
    """How this message's calls are run: a context for the n-th call, and which calls are confirmed already."""

    runner: Runner
    context: Callable[[int], Context]
    confirmed: Callable[[SkillCall], bool]
    proposal: str | None = None


@dataclass(slots=True)
class Carried:
    """The calls of one message so far, and what came of them.

    `confirmed` is the proposal that they are of, `shown` the id of the one that the reply puts before the person.
    `model_tokens` is what a model read and wrote for it.
    """

    ran: list[Ran] = field(default_factory=list)
    question: Question | None = None
    confirmed: Proposal | None = None
    shown: str = ""
    model_tokens: int = 0

    @property
    def mentions(self) -> tuple[str, ...]:
        """Record numbers, those of the last call first."""
        found = [number for ran in reversed(self.ran) if ran.outcome for number in ran.outcome.mentions]
        named = [value for ran in reversed(self.ran) for value in ran.arguments.values() if _is_number(value)]
        return tuple(dict.fromkeys((*found, *named)))

    @property
    def listed(self) -> tuple[str, ...]:
        """Numbers of the records of one kind that the last call told of side by side; none where it was one.

        Several calls alike (“remind everyone overdue”) tell of theirs side by side too.
        """
        last = self.ran[-1] if self.ran else None
        alike = [ran for ran in self.ran if last is not None and ran.skill == last.skill]
        told: Iterable[str] = last.outcome.mentions if last is not None and last.outcome else ()
        if len(alike) > 1:
            told = (value for ran in alike for value in ran.arguments.values() if _is_number(value))
        numbers = tuple(dict.fromkeys(told))
        kinds = {number.partition("-")[0] for number in numbers}
        return numbers if len(numbers) > 1 and len(kinds) == 1 else ()

    @property
    def created(self) -> tuple[str, ...]:
        """Numbers of the records that were made, the last first."""
        return tuple(
            str(ran.outcome.result["number"])
            for ran in reversed(self.ran)
            if ran.skill.startswith("create_") and ran.outcome and "number" in ran.outcome.result
        )

    @property
    def proposed(self) -> tuple[SkillCall, ...]:
        """The calls that wait for a yes."""
        return tuple(ran.call for ran in self.ran if ran.status == "needs_confirmation")

    def reports(self) -> tuple[CallReport, ...]:
        """Return the calls for the reply object; a call that only asked back was not made."""
        return tuple(report(ran) for ran in self.ran if ran.status != "asked")


def _is_number(value: object) -> bool:
    return isinstance(value, str) and len(value) > 4 and value[3] == "-" and value[4:].isdigit()  # noqa: PLR2004 - as in INV-1


def carry_out(door: Door, calls: Sequence[SkillCall], carried: Carried | None = None) -> Carried:
    """Run the calls in order and return how each ended."""
    carried = carried or Carried()
    for position, call in enumerate(calls):
        ran = carry_out_one(door, call, carried)
        if ran.status == "asked":
            carried.question = Question(
                skill=ran.skill,
                arguments=dict(ran.arguments),
                missing=ran.missing,
                options=ran.options,
                then=tuple(_rebased(later, position, carried) for later in calls[position + 1 :]),
                text=ran.text,
            )
        if ran.status in _ENDS and not _is_one_of_many(ran, calls):
            break
    return carried


def _is_one_of_many(ran: Ran, calls: Sequence[SkillCall]) -> bool:
    """Say whether the call is one of several alike ("remind everyone overdue") that its own record alone forbids.

    That one is left out, and why is said; the others do not depend on it.
    """
    alike = len(calls) > 1 and all(call.skill == ran.skill for call in calls)
    return alike and ran.error is not None and ran.error[0] in _OF_ONE_RECORD


def _rebased(call: SkillCall, asked: int, carried: Carried) -> SkillCall:
    """Return a later call for the message that answers, in which the call that asks now will be the first."""

    def moved(value: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
        position = _reference(value)
        if position is None:
            return value
        return _filled(value, carried) if position < asked else f"${position - asked + 1}"

    return SkillCall(call.skill, {name: moved(value) for name, value in call.arguments.items()})


def carry_out_one(door: Door, call: SkillCall, carried: Carried) -> Ran:
    """Run one call as the next of the message."""
    filled = SkillCall(call.skill, {name: _filled(value, carried) for name, value in call.arguments.items()})
    context = door.context(len(carried.ran))
    ran = door.runner.run(context, filled, confirmed=door.confirmed(filled), proposal=door.proposal)
    carried.ran.append(ran)
    return ran


def _filled(value: Any, carried: Carried) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """Return the number that an earlier call made where `value` is `"$n"`."""
    position = _reference(value)
    if position is None or position >= len(carried.ran):
        return value
    outcome = carried.ran[position].outcome
    return outcome.result.get("number", outcome.result.get("invoice", value)) if outcome else value


def _reference(value: object) -> int | None:
    """Return the place, from 0, of the call that `"$n"` means."""
    found = _STEP.fullmatch(value) if isinstance(value, str) else None
    return int(found[1]) - 1 if found else None


def report(ran: Ran) -> CallReport:
    """Return a call as the reply object shows it."""
    arguments = {name: _single(value) for name, value in ran.arguments.items()}
    error = {"code": ran.error[0], "message": ran.error[1]} if ran.error else None
    result = dict(ran.outcome.result) if ran.outcome else None
    status = "failed" if ran.status == "asked" else ran.status
    if ran.status == "asked":
        error = {"code": "missing_argument", "message": ran.text}
    return CallReport(ran.skill, arguments, status, result, error)


def _single(value: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
    # A filter with one value is that value; one line of an invoice is still a list of lines.
    one = isinstance(value, list) and len(value) == 1 and not isinstance(value[0], dict)
    return value[0] if one else value


def propose(tx: Transaction, context: Context, calls: tuple[SkillCall, ...]) -> Proposal:
    """Store the calls as a proposal; the one that waited before is dropped, so that a yes has one meaning."""
    earlier = tx.talk.pending(context.conversation, context.actor.member)
    if earlier is not None:
        tx.talk.save_proposal(replace(earlier, state=ProposalState.DROPPED))
    proposal = Proposal(
        workspace_id=context.workspace.id,
        id=f"prop_{secrets.token_urlsafe(18)}",
        conversation=context.conversation,
        member=context.actor.member,
        calls=calls,
        state=ProposalState.PENDING,
        created_at=context.now,
        expires_at=context.now + PROPOSAL_LIFETIME,
    )
    tx.talk.save_proposal(proposal)
    return proposal


def proposal_card(proposed: Sequence[Ran], proposal: Proposal) -> Card:
    """Return the one card that says exactly what a yes will do."""
    cards = [ran.card for ran in proposed if ran.card]
    skill = proposed[0].skill
    verb = SAID.get(skill, skill.split("_", 1)[0].capitalize())
    same = all(ran.skill == skill for ran in proposed)
    buttons = (
        Button(verb if same else "Do it", confirm=proposal.id, tone=_weight(proposed)),
        # “Cancel” beside “Cancel” would say nothing.
        Button("Keep it" if verb == "Cancel" and same else "Cancel", drop=proposal.id),
    )
    if len(cards) == 1:
        return replace(cards[0], buttons=buttons)
    rows = tuple(Row(card.title, detail=_in_a_line(card)) for card in cards)
    title = f"{verb if same else 'Do'} these {len(cards)}?"
    return Card(title=title, summary=title, rows=rows, buttons=buttons)


def _weight(proposed: Sequence[Ran]) -> Tone:
    """Return how the yes looks: like a danger where its card warns that something is taken away."""
    taken = [ran for ran in proposed if ran.card and ran.card.tone is Tone.WARNING and ran.skill not in SAID]
    return Tone.BAD if taken else Tone.GOOD


def _in_a_line(card: Card) -> str:
    """Return what a card says beside its title, each fact once: the subject of a mail names the sum and the day."""
    said = [card.title]
    told = []
    for entry in card.fields:
        if not any(entry.value in before for before in said):
            told.append(f"{entry.label}: {entry.value}")
            said.append(entry.value)
    told += [": ".join(part for part in (row.title, row.detail) if part) for row in card.rows]
    return " · ".join(told) or card.text
