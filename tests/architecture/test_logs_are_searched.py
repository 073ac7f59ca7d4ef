"""The search through all logs of a run finds what it is there for: it can fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.source import ROOT

# Sessions within a session, each of which takes seconds to begin.
pytestmark = pytest.mark.thorough

LOGGING_TEST = """
import logging, structlog

def test_it_logs():
    {statement}
"""


def run(folder: Path, statement: str, *options: str, required: str = "1") -> subprocess.CompletedProcess[str]:
    """Run a test of its own in a session of its own, with the sink that this session has."""
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    (folder / "conftest.py").write_text('pytest_plugins = ["tests.support.log_sink"]\n', "utf-8")
    (folder / "test_it.py").write_text(LOGGING_TEST.format(statement=statement), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py", *options]
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(folder),
        "EVIE_REQUIRE_CLEAN_LOGS": required,
    }
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("structlog.get_logger('bot').info('sent', key='a-signing-secret')", "a-signing-secret"),
        ("logging.getLogger('a.library').warning('it lives at %s', '12 Harbour Lane')", "Harbour Lane"),
    ],
)
def test_a_secret_or_an_address_in_a_log_fails_the_run_although_its_tests_pass(
    tmp_path: Path, statement: str, found: str
) -> None:
    ran = run(tmp_path, statement)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout
    assert "secrets or addresses in a log" in ran.stdout
    assert found in ran.stdout


def test_what_another_process_of_pytest_logs_is_searched_too(tmp_path: Path) -> None:
    ran = run(tmp_path, "structlog.get_logger('bot').info('sent', key='a-signing-secret')", "-n1")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "secrets or addresses in a log" in ran.stdout


def test_where_it_is_not_required_it_is_only_said(tmp_path: Path) -> None:
    ran = run(tmp_path, "structlog.get_logger('bot').info('sent', key='a-signing-secret')", required="")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "secrets or addresses in a log" in ran.stdout


def test_the_check_requires_it() -> None:
    assert "EVIE_REQUIRE_CLEAN_LOGS=1 $(BIN)/coverage run -m pytest" in (ROOT / "Makefile").read_text("utf-8")


def test_a_run_whose_logs_are_clean_passes_and_leaves_nothing_behind(tmp_path: Path) -> None:
    ran = run(tmp_path, "structlog.get_logger('bot').info('sent', key='Ev1', to='nora@quist.example')")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("evie-logs-")] == []
