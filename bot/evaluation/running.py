"""Running cases: each is a conversation with a fresh copy of the workspace, so that none sees another's records."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.assistant.reply import Reply
from bot.evaluation.judging import Verdict, judge, made_calls
from bot.logs import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from bot.evaluation.cases import Case, CaseTurn
    from bot.evaluation.comparing import Comparison
    from bot.speaking import Speaker

    # Makes a speaker of that name in a fresh copy of the workspace, for as long as the block lasts.
    Rehearsal = Callable[[str], AbstractContextManager[Speaker]]


@dataclass(frozen=True, slots=True)
class Answered:
    """One turn of a case: what was said, what was answered in how many seconds, and how right that was."""

    case: Case
    position: int
    turn: CaseTurn
    reply: Reply
    seconds: float
    verdict: Verdict


def run_case(case: Case, rehearsal: Rehearsal, comparison: Comparison) -> Iterator[Answered]:
    """Hold the case's conversation and yield each turn, judged."""
    created: list[str] = []
    with rehearsal(case.speaker) as speaker:
        for position, turn in enumerate(case.turns):
            records = {f"$new{count}": number for count, number in enumerate(created, 1)}
            started = time.perf_counter()
            reply = _reply(speaker, case.id, turn.user)
            seconds = time.perf_counter() - started
            verdict = judge(turn, reply, records, comparison)
            yield Answered(case, position, turn, reply, seconds, verdict)
            created += _new_invoices(reply)


def _reply(speaker: Speaker, conversation: str, text: str) -> Reply:
    """Return the answer; where there is none because of a mistake of ours, that is one more wrong turn."""
    try:
        return speaker.say(conversation, text)
    except Exception as error:  # noqa: BLE001 - the other cases are to be run all the same
        return Reply(conversation, unexpected(error), error=True)


def _new_invoices(reply: Reply) -> list[str]:
    return [
        str(call.result["number"])
        for call in made_calls(reply)
        if call.skill == "create_invoice" and call.result is not None and "number" in call.result
    ]
