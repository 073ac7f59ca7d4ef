"""Every promise of the reliability page names tests that there are."""

from __future__ import annotations

import re

from tests.support.source import ROOT

PAGE = (ROOT / "docs/reliability.md").read_text("utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)


def test_every_test_that_the_page_names_is_there() -> None:
    missing = [(file, name) for file, name in NAMED if f"def {name}(" not in (ROOT / file).read_text("utf-8")]

    assert len(NAMED) > 40
    assert missing == []


def test_every_line_of_a_table_of_faults_names_a_test() -> None:
    faults = [line for line in PAGE.splitlines() if line.count(" | ") == 2 and "`tests/" not in line]
    heads = ("| fault |", "| --- |", "| what was played |", "| command |", "| 300 ", "| every f")

    assert [line for line in faults if not line.startswith(heads)] == []
