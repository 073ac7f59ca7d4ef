"""Money is read and written on every line of every card."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from billing.money import Money, parse_amount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def bench_parse_amount() -> Iterator[Callable[[], Money]]:
    """Read an amount from text."""
    yield lambda: parse_amount("1234567.89", "AUD")


@contextmanager
def bench_format_amount() -> Iterator[Callable[[], str]]:
    """Write an amount as a plain decimal string."""
    money = Money(123456789, "AUD")
    yield lambda: str(money)
