"""The database goes away, cuts connections, refuses transactions or is held by others; what was promised stays so."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.databases import PostgresqlServer
from tests.support.town import Town, a_town
from tests.support.walking_stripe import deliver

pytestmark = [pytest.mark.walk, pytest.mark.thorough, pytest.mark.timeout(300)]

AWAY_SECONDS = 10.0
HELD_SECONDS = 5.0
INVOICES = 4
# Now and then something gets through.
CUT_EVERY_SECONDS = 0.15
CUTS = 25
# Who held a row when the other writer came may not be able to put it back: then its lease (two minutes) has to pass.
LEASE_SECONDS = 150.0
TROUBLE = """
CREATE SEQUENCE troubles;
CREATE FUNCTION trouble() RETURNS trigger AS $$
BEGIN
  IF nextval('troubles') <= 6 THEN
    IF mod(currval('troubles'), 2) = 0 THEN
      RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001';
    END IF;
    RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01';
  END IF;
  RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER trouble BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION trouble();
"""


@pytest.fixture
def server() -> Iterator[PostgresqlServer]:
    """A PostgreSQL that nobody else uses, so that it may be stopped."""
    with TemporaryDirectory(prefix="evie-postgresql-") as folder:
        server = PostgresqlServer(Path(folder) / "data")
        yield server
        server.stop()


@pytest.fixture
def town_on_that(tmp_path: Path, server: PostgresqlServer) -> Iterator[Town]:
    with a_town(tmp_path, server.url, EVIE_WORKER_THREADS="2") as town:
        town.evie.beside = 1
        town.settle_in()
        yield town


def test_a_database_that_is_gone_for_a_while_costs_nothing_but_time(
    town_on_that: Town, server: PostgresqlServer
) -> None:
    town, evie = town_on_that, town_on_that.evie
    for _ in range(2):
        town.bill_and_pay()
    events = town.events()
    evie.stripe_tells(events[0][1], events[0][0])

    server.pause()
    evie.until(evie.is_unready, "the web process to say that its database is away")
    until = time.monotonic() + AWAY_SECONDS
    while time.monotonic() < until:
        assert deliver(evie.url, events[1][1]) == 503
        time.sleep(0.5)
    server.resume()

    evie.until(evie.is_ready, "the database to be found again")
    assert evie.lost() == []
    for event_id, body in events:
        evie.stripe_tells(body, event_id)
    evie.until_over()
    assert evie.deaths == []
    assert town.problems() == []


def test_connections_that_are_cut_again_and_again_under_load_lose_nothing(
    town_on_that: Town, server: PostgresqlServer
) -> None:
    town, evie = town_on_that, town_on_that.evie
    for _ in range(INVOICES):
        town.bill_and_pay()
    evie.until_over()

    def cut() -> None:
        for _ in range(CUTS):
            time.sleep(CUT_EVERY_SECONDS)
            server.cut_connections()

    with ThreadPoolExecutor(1) as cutter, ThreadPoolExecutor(8) as others:
        cutting = cutter.submit(cut)
        telling = [others.submit(evie.stripe_tells, body, event_id) for event_id, body in 3 * town.events()]
        threads = [town.ask("create a $500 invoice for OPP-1 and make a payment link") for _ in range(INVOICES)]
        for done in (cutting, *telling):
            done.result()
    for thread in threads:
        town.answer(thread)
    evie.until(evie.is_ready, "the database to be found again")
    evie.until_over()
    assert evie.deaths == []
    assert evie.lost() == []
    assert town.problems() == []
    assert len(evie.rows("payments", status="succeeded")) == INVOICES
    assert len(evie.rows("invoices")) == 2 * INVOICES


@pytest.mark.parametrize("table", ["inbox", "payments"])
def test_deadlocks_and_serialisation_failures_are_tried_again(
    town_on_that: Town, server: PostgresqlServer, table: str
) -> None:
    town = town_on_that
    town.bill_and_pay()
    server.command(server.url, TROUBLE.format(table=table))
    town.hear_of_everything()
    assert town.problems() == []
    assert len(town.evie.rows("payments", status="succeeded")) == 1


def test_another_writer_on_sqlite_is_waited_for_and_one_that_stays_is_no_reason_to_say_yes(
    town_on_sqlite: Town,
) -> None:
    town, evie = town_on_sqlite, town_on_sqlite.evie
    town.settle_in()
    town.bill_and_pay()
    first, second, *rest = town.events()
    file = evie.folder / "evie.db"

    with ThreadPoolExecutor(1) as stripe:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        told = stripe.submit(deliver, evie.url, first[1])
        time.sleep(HELD_SECONDS)
        assert not told.done()
        other.execute("COMMIT")
        assert told.result() == 200
        evie.taken.append(first[0])

        other.execute("BEGIN IMMEDIATE")
        refused = stripe.submit(partial(deliver, evie.url, second[1]))
        assert refused.result() == 503
        assert evie.is_unready()
        other.execute("COMMIT")
        other.close()

    assert [row["key"] for row in evie.rows("inbox", source="stripe")] == [f":{first[0]}"]
    for event_id, body in (second, *rest):
        evie.stripe_tells(body, event_id)
    evie.until(evie.is_ready, "the database to be written to again")
    evie.until_over(patience=LEASE_SECONDS)
    assert evie.lost() == []
    assert town.problems() == []


def test_a_backup_that_runs_is_in_nobodys_way_and_is_whole(town_on_sqlite: Town) -> None:
    town, evie = town_on_sqlite, town_on_sqlite.evie
    town.settle_in()
    for _ in range(3):
        town.bill_and_pay()
    over = threading.Event()

    def back_up() -> int:
        times = 0
        while not over.is_set():
            source, copy = sqlite3.connect(evie.folder / "evie.db"), sqlite3.connect(evie.folder / "backup.db")
            source.backup(copy, pages=5, sleep=0.001)
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            source.close()
            copy.close()
            times += 1
        return times

    with ThreadPoolExecutor(1) as thread:
        backing_up = thread.submit(back_up)
        town.hear_of_everything()
        over.set()
        assert backing_up.result() > 0
    assert town.problems() == []
