"""Run the benchmarks: every function of `benchmarks/bench_*.py` whose name starts with `bench_`.

Such a function is a context manager: it builds what it needs, yields the work (a callable without arguments),
and cleans up. Its docstring says what is measured. The median of several rounds is printed, since the mean would
tell how busy the machine was; and for what takes long enough to be timed alone, what 99 of 100 calls stay below.
A function whose name starts with `weigh_` returns the bytes that something takes, one whose name starts with `spread_`
the seconds that each of many different things takes, by how they were measured.
"""

from __future__ import annotations

import importlib
import pkgutil
import statistics
import sys
import timeit
from typing import TYPE_CHECKING, Any, Final

import benchmarks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import TypeAlias

    Benchmark: TypeAlias = Callable[[], AbstractContextManager[Callable[[], object]]]

ROUNDS: Final = 7
_CALLS: Final = 500
_FEWEST: Final = 20
_PATIENCE: Final = 15.0  # seconds for what takes long
_TIMED_ALONE: Final = 1e-4
_UNITS: Final = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9))


def found(pattern: str = "") -> Iterator[Benchmark]:
    """Yield the benchmarks whose name contains the pattern, in the order of their modules."""
    return _named("bench_", pattern)


def _named(prefix: str, pattern: str) -> Iterator[Any]:
    for module in sorted(each.name for each in pkgutil.iter_modules(benchmarks.__path__, "benchmarks.")):
        if not module.startswith("benchmarks.bench_"):
            continue
        for name, value in vars(importlib.import_module(module)).items():
            if name.startswith(prefix) and pattern in name:
                yield value


def measure(benchmark: Benchmark) -> tuple[float, float | None]:
    """Return the seconds that the work takes once: the median over the rounds, and the 99th percentile of calls."""
    with benchmark() as work:
        timer = timeit.Timer(work)
        times, _ = timer.autorange()
        median = statistics.median(timer.repeat(ROUNDS, times)) / times
        if median < _TIMED_ALONE:
            return median, None
        return median, statistics.quantiles(timer.repeat(max(_FEWEST, min(_CALLS, int(_PATIENCE / median))), 1), n=100)[
            -1
        ]


def readable(seconds: float) -> str:
    """Return a duration with three digits in the unit that suits it."""
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds >= size), _UNITS[-1])
    return f"{seconds / size:.3g} {unit}"


def main(pattern: str = "") -> int:
    """Print a line for each benchmark; 1 if the pattern fits none."""
    ran = 0
    for benchmark in found(pattern):
        title = (benchmark.__doc__ or "").strip().splitlines()[0]
        median, most = measure(benchmark)
        print(f"{readable(median):>9}  {title}{f' p99 {readable(most)}.' if most else ''}", flush=True)
        ran += 1
    for spread in _named("spread_", pattern):
        for measured, seconds in spread().items():
            title = (spread.__doc__ or "").strip().splitlines()[0]
            rare = statistics.quantiles(seconds, n=100)[-1]
            print(f"{readable(statistics.median(seconds)):>9}  {title} p99 {readable(rare)} ({measured}).", flush=True)
        ran += 1
    for weigh in _named("weigh_", pattern):
        print(f"{weigh() / 1e6:>6.0f} MB  {(weigh.__doc__ or '').strip().splitlines()[0]}", flush=True)
        ran += 1
    return 0 if ran else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
