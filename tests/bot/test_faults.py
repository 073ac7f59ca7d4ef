"""Fault points are for tests: they count, they kill at the step that was asked for, and they shun real accounts."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.faults import FaultPoints
from bot.settings import SettingsError, load
from tests.support.source import ROOT

THINK_AND_CALL = """
import sys
from http.client import HTTPConnection
from pathlib import Path
from socket import socketpair
from bot.faults import FaultPoints

points = FaultPoints(Path(sys.argv[1]))
points.listen()
ours, theirs = socketpair()
line = HTTPConnection("somebody.example")
line.sock = ours
for _ in range(5):
    points.step("thought")
    line.send(b"hello")
"""
HERE = {"stripe_api_base": "http://127.0.0.1:9/stripe", "slack_api_base_url": "http://localhost:9/api"}


def test_steps_are_counted_and_the_one_that_was_asked_for_is_the_last(tmp_path: Path) -> None:
    (tmp_path / "steps-left").write_text("3")
    died = subprocess.run([sys.executable, "-c", THINK_AND_CALL, str(tmp_path)], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    assert (tmp_path / "tape").read_text().splitlines() == ["thought", "called by HTTP", "thought (died)"]


def test_where_nothing_is_asked_for_steps_are_only_noted(tmp_path: Path) -> None:
    FaultPoints(tmp_path).step("wrote: INSERT INTO inbox")
    assert (tmp_path / "tape").read_text() == "wrote: INSERT INTO inbox\n"
    assert not (tmp_path / "steps-left").exists()


def test_the_clock_is_as_wrong_as_the_folder_says(tmp_path: Path) -> None:
    noon = datetime(2026, 3, 11, 12, tzinfo=UTC)
    clock = FaultPoints(tmp_path).clock(lambda: noon)
    assert clock() == noon
    (tmp_path / "clock-ahead").write_text("-3600")
    assert clock() == noon - timedelta(hours=1)


@pytest.mark.parametrize(
    "real",
    [
        {"stripe_api_key": "sk_test_123"},
        {"slack_bot_token": "xoxb-1", "slack_signing_secret": "shh"},
        {"smtp_url": "smtp://mail.studio.example"},
        {"openai_api_key": "sk-1"},
        {"stripe_api_key": "sk_test_123", "stripe_api_base": "https://stripe.example"},
    ],
)
def test_real_accounts_and_fault_points_do_not_go_together(tmp_path: Path, real: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="EVIE_FAULTS"):
        load(evie_faults=tmp_path, **real)


def test_stand_ins_on_this_machine_may_have_fault_points(tmp_path: Path) -> None:
    accounts = {"stripe_api_key": "sk_test_123", "slack_bot_token": "xoxb-1", "slack_signing_secret": "shh"}
    settings = load(evie_faults=tmp_path, smtp_url="smtp://127.0.0.1:2525", **accounts, **HERE)
    assert settings.evie_faults == tmp_path
