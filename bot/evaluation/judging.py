"""What is right and wrong about one reply. The worst is a wrong write: something done that nobody asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.evaluation.comparing import results
from skills.spec import Effect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.assistant.reply import CallReport, Reply
    from bot.evaluation.cases import CaseTurn
    from bot.evaluation.comparing import Comparison


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one turn went. `wrong_writes` are calls that change or send and are in no right list."""

    exact: bool
    wrong_writes: tuple[CallReport, ...]
    needless_question: bool


def made_calls(reply: Reply) -> tuple[CallReport, ...]:
    """Return the calls that were made or proposed: one that the role forbids was not."""
    return tuple(call for call in reply.calls if call.status != "refused")


def judge(turn: CaseTurn, reply: Reply, records: Mapping[str, str], comparison: Comparison) -> Verdict:
    """Compare a reply with the right answers of its turn. `records` has the numbers of `$new1` …."""
    made = made_calls(reply)
    if turn.expect is None:
        exact = not made and _right_silence(turn, reply)
    else:
        exact = any(comparison.same_list(right, made, records) if right else not made for right in turn.right_lists)
    return Verdict(
        exact=exact,
        wrong_writes=tuple(call for call in made if _is_wrong_write(turn, call, made, records, comparison)),
        needless_question=reply.clarify is not None and turn.clarify is None,
    )


def _right_silence(turn: CaseTurn, reply: Reply) -> bool:
    """Say whether a reply without a call is of the right kind."""
    if turn.clarify is not None:
        asked = reply.clarify
        return asked is not None and (asked.skill, set(asked.missing)) == (
            turn.clarify.skill,
            set(turn.clarify.missing),
        )
    return reply.clarify is None and reply.declined is bool(turn.decline)


def _is_wrong_write(
    turn: CaseTurn,
    call: CallReport,
    made: tuple[CallReport, ...],
    records: Mapping[str, str],
    comparison: Comparison,
) -> bool:
    skill = comparison.skills.get(call.skill)
    if skill is None or skill.effect is Effect.READ:
        return False
    known = {**records, **results(made)}
    return not any(comparison.same(want, call, known) for right in turn.right_lists for want in right)
