"""The real processes are killed at steps of all three walks, and nothing is lost and nothing there twice.

`make reliability` does it at every step; here it is every so-manieth.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.databases import PostgresqlServer
from tests.support.source import ROOT

pytestmark = [pytest.mark.thorough, pytest.mark.walk, pytest.mark.timeout(600)]


def play(database: str, *, first: int, every: int) -> str:
    command = [sys.executable, "-m", "benchmarks.every_point", "--database", database]
    steps = ["--first", str(first), "--every", str(every)]
    played = subprocess.run([*command, *steps], cwd=ROOT, capture_output=True, text=True, timeout=580, check=False)
    assert played.returncode == 0, played.stdout[-5000:] + played.stderr[-5000:]
    return played.stdout.splitlines()[-1]


def test_one_process_on_sqlite_that_is_killed_on_its_way_leaves_everything_done_once() -> None:
    assert play("sqlite", first=7, every=41).endswith("s)")


def test_a_web_process_and_a_worker_on_postgresql_that_are_killed_leave_everything_done_once(
    postgresql_server: PostgresqlServer,
) -> None:
    url = postgresql_server.create()
    assert play(url, first=11, every=47).endswith("s)")
    postgresql_server.drop(url)
