"""The figures of a run: what is counted, before it is printed."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from bot.evaluation.cases import CaseTurn
    from bot.evaluation.running import Answered


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a group of turns were exact."""

    name: str
    exact: int
    turns: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A run's figures. `wrong_writes` names cases, once for each call; seconds are of single turns.

    `reachable` are the turns whose right answer needs no skill that Evie has not got yet.
    """

    turns: Share
    reachable: Share
    cases: Share
    tags: tuple[Share, ...]
    skills: tuple[Share, ...]
    wrong_writes: tuple[str, ...]
    needless_questions: tuple[str, ...]
    p50_seconds: float
    p99_seconds: float
    misses: tuple[Answered, ...]


def summarise(answered: Sequence[Answered], known: Container[str]) -> Summary:
    """Return the figures of all turns of a run, at least one. `known` are the skills that Evie has."""
    reachable = [one for one in answered if all(skill in known for skill in one.turn.skills)]
    by_case: dict[str, list[bool]] = defaultdict(list)
    for one in answered:
        by_case[one.case.id].append(one.verdict.exact)
    seconds = sorted(one.seconds for one in answered)
    return Summary(
        turns=Share("turns", sum(one.verdict.exact for one in answered), len(answered)),
        reachable=Share("reachable", sum(one.verdict.exact for one in reachable), len(reachable)),
        cases=Share("cases", sum(all(turns) for turns in by_case.values()), len(by_case)),
        tags=_shares((tag, one.verdict.exact) for one in answered for tag in one.case.tags),
        skills=_shares((skill, one.verdict.exact) for one in answered for skill in one.turn.skills),
        wrong_writes=tuple(one.case.id for one in answered for _ in one.verdict.wrong_writes),
        needless_questions=tuple(one.case.id for one in answered if one.verdict.needless_question),
        p50_seconds=_quantile(seconds, 0.5),
        p99_seconds=_quantile(seconds, 0.99),
        misses=tuple(one for one in answered if not one.verdict.exact),
    )


def _shares(results: Iterable[tuple[str, bool]]) -> tuple[Share, ...]:
    exact: dict[str, int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    for name, right in results:
        exact[name] += right
        total[name] += 1
    return tuple(Share(name, exact[name], total[name]) for name in sorted(total))


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return the smallest value that at least that share of the values does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1]


def miss(one: Answered) -> dict[str, Any]:
    """Return what went wrong as JSON: what was said, what would have been right, and what was done instead."""
    return {
        "id": one.case.id,
        "turn": one.position + 1,
        "as": one.case.speaker,
        "user": one.turn.user,
        "expected": expected(one.turn),
        "got": one.reply.public(),
        "wrong_writes": [call.skill for call in one.verdict.wrong_writes],
    }


def expected(turn: CaseTurn) -> dict[str, Any]:
    """Return the right answer of a turn as the file has it."""
    return turn.model_dump(mode="json", exclude={"user"}, exclude_none=True, exclude_defaults=True)
