"""Many requests of Slack's at once into one process: each is taken, and answered once."""

from pathlib import Path

import pytest

from benchmarks.slack_load import run

pytestmark = pytest.mark.walk


def test_a_crowd_is_answered_once_each_while_a_model_thinks(tmp_path: Path) -> None:
    result = run(tmp_path, requests=48, a_second=40, model_seconds=0.5)

    assert (result.wanted, result.answered, result.refused, result.twice) == (32, 32, 0, ())
    assert result.by_model == 16
