"""Sentences that were written before anybody saw how they are read, in many ways of speaking, to tell what is known.

They are worth something only as long as nobody tunes to them: mend a class of sentences, never the sentence that is
here. `dev` is the set that was learnt from. What each of the others scored at first sight, before anything was changed
for it, is what to expect of sentences that nobody has seen: see beside its bar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from bot.cli.rooms import rehearsal
from bot.evaluation.cases import read_cases
from bot.evaluation.comparing import Comparison
from bot.evaluation.running import run_case
from bot.evaluation.summary import Summary, summarise
from bot.exchange import read_workspace
from bot.settings import load
from skills.registry import SKILLS

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(900)]

HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Bar:
    """A set of sentences, the records and the time they are said with, and how much of it has to be understood.

    The share is of the turns whose right answer needs no skill that Evie has not got yet.
    """

    cases: str
    workspace: str
    now: str
    least_exact: float
    # Turns that are known to be read wrongly, by their ids.
    wrong: tuple[str, ...] = ()


BARS: Final = (
    Bar("dev.jsonl", "workspace.json", "2026-03-11T10:00:00+10:00", 0.97),
    # At first sight 64.4 % and 8 wrong writes.
    Bar("unseen.jsonl", "workspace.json", "2026-03-11T10:00:00+10:00", 0.91),
    # At first sight 68.0 % and 8 wrong writes; the half that nobody had looked at, later: 83.8 % and 4.
    Bar("second.jsonl", "second_workspace.json", "2026-05-14T09:30:00+01:00", 0.93),
    # At first sight 77.3 % and 4 wrong writes.
    Bar("third.jsonl", "third_workspace.json", "2026-08-19T15:00:00-04:00", 0.92),
    # At first sight 63.0 % and 5 wrong writes.
    Bar("fourth.jsonl", "workspace.json", "2026-03-11T10:00:00+10:00", 0.84),
    # At first sight 67.4 % and 6 turns with wrong writes.
    Bar("fifth.jsonl", "workspace.json", "2026-03-11T10:00:00+10:00", 0.79),
    # At first sight 82.5 % and 5 wrong writes.
    Bar("sixth.jsonl", "workspace.json", "2026-03-11T10:00:00+10:00", 0.91),
    # At first sight 77.5 % and 5 wrong writes. A channel that nobody has seen is taken as it is said (u7-135): one may
    # be new, and Slack says at the first post where it is not.
    Bar("seventh.jsonl", "workspace.json", "2026-03-11T10:00:00+10:00", 0.85, ("u7-135",)),
    # At first sight 80.8 % and 4 wrong writes; after the sixth and seventh had been learnt from, 84.6 % and 3.
    Bar("eighth.jsonl", "workspace.json", "2026-03-11T10:00:00+10:00", 0.89),
    # At first sight 62.5 % and 5 wrong writes.
    Bar("ninth.jsonl", "workspace.json", "2026-03-11T10:00:00+10:00", 0.87),
    # At first sight 68.5 % and 3 turns with wrong writes; after the ninth had been learnt from, 67.4 % and 5.
    Bar("tenth.jsonl", "workspace.json", "2026-03-11T10:00:00+10:00", 0.82),
    # At first sight 81.2 % and 9 turns with wrong writes; after the ninth and tenth had been learnt from, 85.3 % and 9.
    Bar(
        "eleventh.jsonl",
        "workspace.json",
        "2026-03-11T10:00:00+10:00",
        0.84,
        ("n11-184",),
    ),
    # At first sight 75.8 % and 7 wrong writes.
    Bar("twelfth.jsonl", "workspace.json", "2026-03-11T10:00:00+10:00", 0.88),
    # Never learnt from. At first sight 82.3 % and 5 turns with wrong writes by the grammar alone; with what was learnt
    # of whole messages 83.1 % and these 3.
    Bar(
        "thirteenth.jsonl",
        "workspace.json",
        "2026-03-11T10:00:00+10:00",
        0.82,
        ("t13-044", "t13-101", "t13-204"),
    ),
    # At first sight 69.8 % and 5 wrong writes.
    Bar("fourteenth.jsonl", "workspace.json", "2026-03-11T10:00:00+10:00", 0.87),
    # Corrections, traps and requests that look like traps. At first sight 77.6 % and 12 turns with wrong writes.
    Bar("fifteenth.jsonl", "workspace.json", "2026-03-11T10:00:00+10:00", 0.86),
    # Never learnt from. At first sight 83.6 % and these 2 turns with wrong writes.
    Bar("sixteenth.jsonl", "workspace.json", "2026-03-11T10:00:00+10:00", 0.83, ("p16-018", "p16-094")),
    # Never learnt from. At first sight 77.0 % and these 4 turns with wrong writes.
    Bar(
        "seventeenth.jsonl",
        "workspace.json",
        "2026-03-11T10:00:00+10:00",
        0.76,
        ("p17-050", "p17-063", "p17-076", "p17-142"),
    ),
)


@pytest.fixture(scope="module", params=BARS, ids=[bar.cases for bar in BARS])
def judged(request: pytest.FixtureRequest) -> tuple[Bar, Summary]:
    bar: Bar = request.param
    now = datetime.fromisoformat(bar.now)
    data = read_workspace((HERE / bar.workspace).read_bytes(), now)
    room = partial(rehearsal, data, now, load(_env_file=None, openai_api_key=None))
    cases = read_cases((HERE / bar.cases).read_text(encoding="utf-8"))
    return bar, summarise([turn for case in cases for turn in run_case(case, room, Comparison(SKILLS))], SKILLS)


def test_nothing_is_written_wrongly(judged: tuple[Bar, Summary]) -> None:
    bar, summary = judged
    assert {*summary.wrong_writes} <= {*bar.wrong}


def test_as_much_is_understood_as_was_measured(judged: tuple[Bar, Summary]) -> None:
    bar, summary = judged
    share = summary.reachable.exact / summary.reachable.turns
    assert share >= bar.least_exact, [f"{one.case.id}: {one.turn.user}" for one in summary.misses]
