"""Sentences that nobody wrote the parser for: authored apart from it, in eight ways of speaking, to tell what it knows.

They are worth something only as long as they stay unseen: mend a class of sentences, never the sentence that is here.
"""

from __future__ import annotations

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

HERE: Final = Path(__file__).parent
NOW: Final = datetime.fromisoformat("2026-03-11T10:00:00+10:00")

# Measured at first sight: 64.4 % of 317 turns; 67.8 % since their causes were read. Raise it when more is understood.
LEAST_EXACT: Final = 0.66
# Measured at first sight: 8; none since their causes were mended, and none is to come back.
MOST_WRONG_WRITES: Final = 0


@pytest.fixture(scope="module")
def summary() -> Summary:
    data = read_workspace((HERE / "workspace.json").read_bytes(), NOW)
    room = partial(rehearsal, data, NOW, load(_env_file=None, openai_api_key=None))
    cases = read_cases((HERE / "unseen.jsonl").read_text(encoding="utf-8"))
    return summarise([turn for case in cases for turn in run_case(case, room, Comparison(SKILLS))], SKILLS)


def test_no_more_is_written_wrongly_than_was_measured(summary: Summary) -> None:
    assert len(summary.wrong_writes) <= MOST_WRONG_WRITES, summary.wrong_writes


def test_as_much_is_understood_as_was_measured(summary: Summary) -> None:
    share = summary.turns.exact / summary.turns.turns
    assert share >= LEAST_EXACT, [f"{one.case.id}: {one.turn.user}" for one in summary.misses]
