"""A sentence in a workspace of 5,000 clients and 20,000 invoices is understood while somebody waits."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from itertools import cycle
from typing import TYPE_CHECKING, Final

from bot.assistant.parser import Parser
from bot.assistant.understanding import Memory, Surroundings
from skills.names import Catalog, Names
from skills.registry import SKILLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.assistant.understanding import Understanding

_CLIENTS: Final = 5_000
_INVOICES: Final = 20_000
_PLACES: Final = "Ash Birch Cedar Dell Elm Fern Glen Heath Iron Juniper Kestrel Linden Maple Nettle Oak".split()
_TRADES: Final = "Bakery Dental Freight Yoga Studio Joinery Optics Roofing Media Labs".split()
_KINDS: Final = ("deposit", "progress", "final")
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
    around = Surroundings(
        date(2026, 3, 11), "Australia/Brisbane", "AUD", "AU", "Robin", ("Robin",), ("#billing",), Catalog(_records())
    )
    parser, sentences = Parser(SKILLS), cycle(_SENTENCES)
    for _ in _SENTENCES:
        parser.parse(next(sentences), Memory(), around)  # the index is built once
    yield lambda: parser.parse(next(sentences), Memory(), around)


def _records() -> Iterator[Names]:
    for count in range(1, _CLIENTS + 1):
        yield Names(
            "contact", f"CON-{count}", _company(count), (_company(count), f"CON-{count}"), contact=f"CON-{count}"
        )
        title = f"{_company(count)} website"
        words = (title, f"OPP-{count}", _company(count))
        yield Names("opportunity", f"OPP-{count}", title, words, f"CON-{count}", f"OPP-{count}", amount="1000.00")
    for count in range(_INVOICES):
        client, number = count % _CLIENTS + 1, f"INV-{1001 + count}"
        yield Names(
            "invoice",
            number,
            number,
            (number, _company(client)),
            f"CON-{client}",
            f"OPP-{client}",
            _KINDS[count % len(_KINDS)],
            "sent" if count % 10 == 0 else "paid",
            "AUD",
            "500.00",
            date(2026, 3, 1),
        )


def _company(count: int) -> str:
    return f"{_PLACES[count % len(_PLACES)]}{count} {_TRADES[count % len(_TRADES)]}"
