"""Evie's real processes, killed at every single step of her three walks, and what is there afterwards.

`make reliability` runs it on SQLite, where one process does everything, and on PostgreSQL, with a web process and a
worker. A step is a write, a commit, or bytes to Slack, Stripe or the mail server. Each walk is played once for each
of its steps: the process that takes the step dies by kill -9, is started again, and the walk has to end as always.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import create_engine, update

from benchmarks.servers import fresh, reachable
from storage import tables
from tests.support.town import Town, a_town

_MOST_STEPS: Final = 1000
_PATIENCE_SECONDS: Final = 30


class FaultError(Exception):
    """Something is lost, or there twice."""


class Walk(Protocol):
    """One of the three walks, which can be played any number of times in one town."""

    def prepare(self, town: Town) -> None:
        """Do what has to be there before it; nobody dies of that."""

    def play(self, town: Town) -> None:
        """Play it to its end, whoever dies on the way."""


class Request:
    """A request: an invoice with its link is asked for, and sent after a click."""

    def prepare(self, town: Town) -> None:
        """Have everything running."""
        town.settle_in()

    def play(self, town: Town) -> None:
        """Ask, see the answer, ask to send, click, and see that it is sent."""
        thread = town.ask("create a $500 invoice for OPP-1 and make a payment link")
        town.answer(thread, 1)
        town.evie.slack_tells(town.slack.message("send it", thread_ts=thread))
        card = town.answer(thread, 2)
        button = card.button("Send")
        town.evie.slack_tells(town.slack.click(button["action_id"], button["value"], card.post))
        town.answer(thread, 3)
        town.evie.until_over()


class Payment:
    """A payment: Stripe tells of one in its events, and the channel and the client hear of it."""

    def prepare(self, town: Town) -> None:
        """Have an invoice with its link, and Stripe's money for it."""
        town.settle_in()
        town.bill_and_pay()
        town.evie.until_over()

    def play(self, town: Town) -> None:
        """Hear of all that Stripe tells."""
        for event_id, body in town.events():
            town.evie.stripe_tells(body, event_id)
        town.evie.until_over()


class Schedule:
    """A schedule: Evie starts, finds that an automation is due, and the channel hears of it."""

    def prepare(self, town: Town) -> None:
        """Let an automation become due while nobody is there."""
        town.evie.stop()
        engine = create_engine(town.evie.database_url)
        with engine.begin() as connection:
            due = datetime.now(UTC) - timedelta(minutes=1)
            connection.execute(
                update(tables.automations).where(tables.automations.c.number == "AUT-2").values(next_at=due)
            )
        engine.dispose()

    def play(self, town: Town) -> None:
        """Start, and see that it ran."""
        before = len(town.evie.rows("automation_runs", automation="AUT-2"))
        town.evie.be_there()
        town.evie.until(lambda: len(town.evie.rows("automation_runs", automation="AUT-2")) > before, "the automation")
        town.evie.until_over()


WALKS: Final[dict[str, type[Walk]]] = {"request": Request, "payment": Payment, "schedule": Schedule}


def play(town: Town, name: str, steps: range) -> int:
    """Play a walk once for each of the steps, dying at that one; stop behind its last one and return how many died."""
    walk, deaths = WALKS[name](), 0
    for step in steps:
        walk.prepare(town)
        began = len(town.evie.tape)
        town.evie.arm(step)
        walk.play(town)
        town.evie.arm(0)
        problems = _lasting_problems(town)
        if problems:
            raise FaultError(f"{name}, step {step} ({town.evie.deaths[-1:]}): {'; '.join(problems)}")
        if len(town.evie.deaths) == deaths:
            return deaths
        deaths = len(town.evie.deaths)
        print(f"{name} {step}: {town.evie.deaths[-1]} ({len(town.evie.tape) - began} steps)", flush=True)
    return deaths


def _lasting_problems(town: Town) -> list[str]:
    """Return what is wrong when nothing moves any more: who was just started still looks for what it missed."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        town.evie.until_over()
        problems = town.problems()
        if not problems or time.monotonic() > end:
            return problems


def _folder(home: Path, name: str) -> Path:
    folder = home / name
    folder.mkdir()
    return folder


def run(database: str, walks: list[str], steps: range) -> int:
    """Play walks on a database, emptied for each; return how many processes died. Raises FaultError."""
    deaths = 0
    with tempfile.TemporaryDirectory(prefix="evie-points-") as home:
        for name in walks:
            with fresh(database) as url, a_town(_folder(Path(home), name), url) as town:
                town.evie.beside = 0 if url is None else 1
                deaths += play(town, name, steps)
    return deaths


def main() -> int:
    """Read the command line, play, and print what happened; 1 if something is lost or there twice."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--database", default="sqlite", help="sqlite, postgresql, or the URL of an empty PostgreSQL")
    asked.add_argument("--walks", nargs="+", choices=WALKS, default=list(WALKS))
    asked.add_argument("--first", type=int, default=1, help="the first step to die at")
    asked.add_argument("--every", type=int, default=1, help="how many steps from one to the next")
    told = asked.parse_args()
    began = time.monotonic()
    try:
        with reachable(told.database) as database:
            deaths = run(database, told.walks, range(told.first, _MOST_STEPS, told.every))
    except FaultError as error:
        print(error)
        return 1
    print(f"{deaths} processes killed, nothing lost, nothing twice ({time.monotonic() - began:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
