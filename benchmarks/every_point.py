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
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from sqlalchemy import create_engine, update

from benchmarks.servers import fresh, reachable
from benchmarks.town import Town, a_town
from storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.walking_slack import Message

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
        _settle_in(town)

    def play(self, town: Town) -> None:
        """Ask, see the answer, ask to send, click, and see that it is sent."""
        thread = _ask(town, "create a $500 invoice for OPP-1 and make a payment link")
        _answer(town, thread, 1)
        town.evie.slack_tells(town.slack.message("send it", thread_ts=thread))
        card = _answer(town, thread, 2)
        button = card.button("Send")
        town.evie.slack_tells(town.slack.click(button["action_id"], button["value"], card.post))
        _answer(town, thread, 3)
        town.evie.until_over()


class Payment:
    """A payment: Stripe tells of one in its events, and the channel and the client hear of it."""

    def prepare(self, town: Town) -> None:
        """Have an invoice with its link, and Stripe's money for it."""
        _settle_in(town)
        thread = _ask(town, "create a $500 invoice for OPP-1 and make a payment link")
        town.stripe.pay(_answer(town, thread, 1).link("Open pay page"), "Nora Quist")
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


def _settle_in(town: Town) -> None:
    """Have everything running, with the first look at what Stripe may have told before behind it."""
    town.evie.be_there()
    yesterday = datetime.now(UTC) - timedelta(days=1)

    def looked() -> bool:
        (connection,) = town.evie.rows("stripe_connections") or [{}]
        at = connection.get("reconciled_at")
        return at is not None and at > yesterday

    town.evie.until(looked, "the first look at Stripe's events")


def _ask(town: Town, text: str) -> str:
    said = town.slack.message(text)
    town.evie.slack_tells(said)
    return str(said["event"]["ts"])


def _answer(town: Town, thread: str, place: int) -> Message:
    return town.evie.until(lambda: town.thread(thread)[place - 1 : place], f"answer {place}")[0]


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
        problems = [*_problems(town)]
        if not problems or time.monotonic() > end:
            return problems


def _problems(town: Town) -> Iterator[str]:
    """Name what is there twice, or is not there."""
    evie = town.evie
    posts = town.posts()
    yield from (f"{key} was posted {times} times" for key, times in posts.items() if times > 1)
    for row in evie.rows("outbox"):
        if row["state"].value != "done":
            yield f"{row['key']} is {row['state'].value}: {row['last_error']}"
        if row["kind"].value in {"reply", "notify", "say"} and row["key"] not in posts and "left" not in row["receipt"]:
            yield f"{row['key']} was never posted"
    for row in evie.rows("inbox"):
        if row["state"].value not in {"done", "ignored"}:
            yield f"{row['key']} is {row['state'].value}: {row['last_error']}"
    yield from (f"an event was lost: {key}" for key in evie.lost())
    yield from _doubtful_mails(town)
    yield from _doubtful_money(town)


def _doubtful_mails(town: Town) -> Iterator[str]:
    taken = town.mails()
    yield from (f"the mail {mail} was sent {times} times" for mail, times in taken.items() if times > 1)
    rows = town.evie.rows("mails")
    states = Counter(row["state"].value for row in rows)
    # A mail server cannot be asked whether it took a mail: one that died with it in its hands is said to be uncertain.
    if not states["sent"] <= len(taken) <= states["sent"] + states["uncertain"]:
        yield f"{len(taken)} mails were sent; Evie says {dict(states)}"
    if states.keys() - {"sent", "uncertain"}:
        yield f"mails are {dict(states)}"


def _doubtful_money(town: Town) -> Iterator[str]:
    evie = town.evie
    links = Counter(row["invoice"] for row in evie.rows("payment_links"))
    asked = {row["number"] for row in evie.rows("invoices")}
    yield from (f"{number} has {links[number]} links" for number in sorted(asked) if links[number] != 1)
    made = town.links_made()
    yield from (f"Stripe has {times} links of {number}" for number, times in made.items() if times != 1)
    paid = Counter(row["invoice"] for row in evie.rows("payments", status="succeeded"))
    yield from (f"{number} was paid {times} times" for number, times in paid.items() if times != 1)
    ran = Counter(row["invoice"] for row in evie.rows("automation_runs", automation="AUT-1"))
    if ran != paid or paid.keys() != town.paid():
        yield f"Stripe has money for {len(town.paid())} invoices, {len(paid)} are paid, {len(ran)} started AUT-1"


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
