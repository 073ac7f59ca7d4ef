"""Histories in which workers are killed at every step, and no effect is there twice or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.databases import PostgresqlServer

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(900)]

HERE = Path(__file__).parents[2]


def play(database: str, histories: int) -> str:
    """Play the histories, and return the last line that was said of them."""
    command = [sys.executable, "-m", "benchmarks.crashes", "--database", database, "--histories", str(histories)]
    played = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=280, check=False)
    assert played.returncode == 0, played.stdout + played.stderr
    return played.stdout.splitlines()[-1]


@pytest.mark.walk
@pytest.mark.timeout(300)
def test_however_often_the_worker_is_killed_each_effect_is_there_once() -> None:
    assert play("sqlite", 12).startswith("12 histories")


@pytest.mark.walk
@pytest.mark.timeout(300)
def test_two_workers_that_are_killed_leave_each_effect_there_once(postgresql_server: PostgresqlServer) -> None:
    url = postgresql_server.create()
    assert play(url, 8).startswith("8 histories")
    postgresql_server.drop(url)
