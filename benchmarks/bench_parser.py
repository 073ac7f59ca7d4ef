"""A sentence in a workspace of 5,000 clients and 20,000 invoices is understood while somebody waits."""

from __future__ import annotations

import json
import statistics
import time
import tracemalloc
from contextlib import contextmanager
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.large_workspace import names
from bot.assistant.parser import Parser
from bot.assistant.understanding import Memory, Surroundings
from skills.names import Catalog
from skills.registry import SKILLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.assistant.understanding import Understanding

_ROUNDS: Final = 5
_WRITTEN: Final = Path(__file__).parents[1] / "tests" / "evaluation"
_SENTENCES: Final = (
    "create a 30% deposit invoice for Cedar77 Dental, due in two weeks",
    "send INV-1402",
    "which invoices are overdue?",
    "has Birch31 Bakery paid yet?",
    "how much did we collect last month?",
    "Marcus called and is happy, so could you bill Kestrel 12 Yoga £600 for the extra session",
    "payment link for the Juniper400 deposit",
)


@contextmanager
def bench_parse_among_many() -> Iterator[Callable[[], Understanding]]:
    """Understand one sentence among 5,000 clients and 20,000 invoices, seven kinds of sentences in turn."""
    yield _understanding(_SENTENCES)


def spread_parse_evaluation() -> dict[str, list[float]]:
    """Understand each of the sentences of the evaluation among 5,000 clients and 20,000 invoices."""
    files = [file.read_text(encoding="utf-8") for file in sorted(_WRITTEN.glob("*.jsonl"))]
    cases = [json.loads(line) for file in files for line in file.splitlines()]
    said = [turn["user"] for case in cases for turn in case["turns"]]
    understand = _understanding(said)
    rounds = [[_timed(understand) for _ in said] for _ in range(_ROUNDS)]
    whole = [[statistics.median(times) for times in zip(*clock, strict=True)] for clock in _by_clock(rounds)]
    return dict(zip(("processor", "clock"), whole, strict=True))


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that some work takes, of the processor's time and by the clock."""
    busy, now = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - busy, time.perf_counter() - now


def _by_clock(rounds: Sequence[Sequence[tuple[float, float]]]) -> Iterator[list[list[float]]]:
    for which in range(2):
        yield [[times[which] for times in one] for one in rounds]


def weigh_names() -> int:
    """Names of 5,000 clients and 20,000 invoices, and the parser."""
    tracemalloc.start()
    try:
        parsed = _understanding(_SENTENCES)
        parsed()
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return size


def _understanding(said: Sequence[str]) -> Callable[[], Understanding]:
    around = Surroundings(
        date(2026, 3, 11), "Australia/Brisbane", "AUD", "AU", "Robin", ("Robin",), ("#billing",), Catalog(names())
    )
    parser, sentences = Parser(SKILLS), cycle(said)
    for sentence in _SENTENCES:
        parser.parse(sentence, Memory(), around)  # the index is built once
    return lambda: parser.parse(next(sentences), Memory(), around)
